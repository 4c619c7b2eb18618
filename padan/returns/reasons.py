"""What a list says, in the words of an office: reasons, answers, and what each asks for. Nothing here is a reason to take help away."""

from __future__ import annotations

#: Reason → what the office is asked to do. None of them needs a case to be true of a child.
REASONS: dict[str, str] = {
    "perlu_layanan": "Tercatat PPKS dan belum dilayani: datangi dan layani.",
    "perlu_pendaftaran": "Belum ditemukan di DTSEN, bukan tidak berhak: bantu keluarganya mendaftar; layani seperti biasa.",
    "perlu_dinilai_pkh": "Keluarganya belum terlihat di PKH: nilai apakah dapat diusulkan.",
    "perlu_dinilai_yapi": "Yatim, piatu, atau yatim piatu dan belum terlihat di YAPI: nilai apakah dapat diusulkan.",
}
#: Answer as typed in the sheet → as kept.
ANSWERS: dict[str, str] = {
    "ditemukan": "ditemukan",
    "pindah": "pindah",
    "sudah dilayani": "sudah_dilayani",
    "dirujuk": "dirujuk",
    "bukan anak ini": "bukan_anak_ini",
}
NOTES = (
    "Daftar ini hanya memuat baris yang dikirim lembaga Anda sendiri, untuk layanan.",
    "Tidak satu baris pun menjadi alasan mengurangi, menunda, atau menghentikan bantuan; belum ditemukan di DTSEN bukan tidak berhak.",
    "Daftar tidak mengatakan di mana anak tinggal sekarang.",
    "Isi kolom Jawaban dan Tanggal saja, simpan, lalu kirim kembali berkas ini; kolom lain terkunci.",
    "Baris DITARIK: abaikan baris itu pada daftar sebelumnya, karena padanannya berubah.",
    "Jangan meneruskan berkas ini tanpa kata sandi, dan jangan menulis kata sandinya bersama berkasnya.",
)
