"""KPAI's own rows, and the statuses of help that it may know of the children in them."""

from __future__ import annotations

from schemas.sharing.vocabulary import STATUS, WHO, Rows, Table, of, where

CASES = Table(
    "kasus",
    "Satu baris tiap anak dalam satu pengaduan KPAI.",
    (
        *of("kpai", nomor="No Pengaduan", tanggal="tanggal pengaduan"),
        *WHO,
        *of(
            "padan",
            kelompok_umur_kejadian="kelompok umur pada tanggal pengaduan",
            anak_saat_kejadian="benar bila di bawah 18 tahun saat pengaduan",
        ),
        *where("kpai"),
        *STATUS,
        *of(
            "kpai",
            klaster="klaster KHA",
            jenis_kasus="jenis kasus",
            peran="korban, pelaku atau saksi",
            tindak_lanjut="tindak lanjut KPAI",
            status="status pengaduan",
            dirujuk="benar bila dirujuk",
        ),
        *of("kemensos", sampai_layanan="benar bila rujukan ini terlihat sampai ke layanan ATENSI; kosong bila tidak dirujuk"),
    ),
    Rows(agency="kpai"),
)
CHILDREN = Table(
    "anak",
    "Satu baris tiap anak dalam pengaduan KPAI, dengan status bantuan keluarganya.",
    (
        *WHO,
        *STATUS,
        *of(
            "kemensos",
            pkh_terlihat="benar bila keluarga anak terlihat menerima PKH tahun ini; kosong bila tidak dapat diketahui",
            yapi_terlihat="benar bila anak terlihat menerima YAPI; kosong bila YAPI tidak dikirim",
        ),
    ),
    Rows(persons_in=("kasus",)),
)
VISITS = Table(
    "pengawasan",
    "Satu baris tiap kunjungan pengawasan KPAI.",
    (
        *of(
            "kpai",
            no_was="nomor pengawasan",
            tanggal="tanggal kunjungan",
            objek_jenis="jenis objek",
            nama_lks="nama lembaga seperti diketik",
        ),
        *of("kemensos", no_td="tanda daftar LKS yang cocok; kosong bila belum ditemukan"),
        *of("padan", status_lembaga="ditemukan, perlu_tinjauan atau belum_ditemukan di daftar LKS"),
        *where("kpai"),
        *of(
            "kpai",
            temuan="temuan, dipisah titik koma",
            jumlah_temuan="banyaknya temuan",
            temuan_kekerasan="benar bila ada temuan kekerasan",
            ada_rekomendasi="benar bila ada rekomendasi",
            batas="batas tindak lanjut",
            status="TERBUKA atau SELESAI",
            lewat_batas="benar bila terbuka dan melewati batas",
        ),
    ),
)

TABLES = (CASES, CHILDREN, VISITS)
