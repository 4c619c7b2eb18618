"""KPAI's own rows, and the statuses of help that it may know of the children in them."""

from __future__ import annotations

from schemas.sharing.category import category
from schemas.sharing.vocabulary import STATUS, WHO, Table, of, where

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
    agency="kpai",
    own_view=True,
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
    agency="kpai",
    own_view=True,
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

FINDINGS = Table(
    "temuan",
    "Satu baris tiap kunjungan pengawasan dan temuannya.",
    (
        *of("kpai", no_was="nomor pengawasan", tanggal="tanggal kunjungan", nama_lks="nama lembaga seperti diketik"),
        *of("kemensos", no_td="tanda daftar LKS yang cocok; kosong bila belum ditemukan"),
        *of("padan", status_lembaga="ditemukan, perlu_tinjauan atau belum_ditemukan di daftar LKS"),
        *where("kpai"),
        *of(
            "kpai",
            temuan="kode temuan",
            rekomendasi="rekomendasi kunjungan itu, dipisah titik koma",
            batas="batas tindak lanjut",
            status="TERBUKA atau SELESAI",
            selesai="benar bila kunjungannya SELESAI",
            lewat_batas="benar bila terbuka dan melewati batas",
        ),
        *of("kemensos", penghuni="anak yang tinggal di lembaga itu, dibulatkan ke lima; kosong bila di bawah sepuluh atau belum ditemukan"),
    ),
    own_view=True,
)
JOURNEY = Table(
    "child_journey",
    "Satu baris tiap anak dalam satu pengaduan: pengaduan, rujukan, layanan, hasil; jaraknya dalam kelompok hari.",
    (
        *of("kpai", nomor="No Pengaduan", tanggal="tanggal pengaduan"),
        *of(
            "padan",
            pseudonim="nama samaran orang, hanya berlaku dalam berkas ini",
            jenis_kelamin="L atau P; kosong bila tidak diketahui",
            kelompok_umur_kejadian="kelompok umur pada tanggal pengaduan",
            anak_saat_kejadian="benar bila di bawah 18 tahun saat pengaduan",
        ),
        *where("kpai"),
        *of("padan", tahap="langkah terjauh: diadukan, dirujuk, dilayani, layanan_selesai, selesai"),
        *of("kpai", dirujuk="benar bila dirujuk"),
        *of(
            "kemensos",
            sampai_layanan="benar bila rujukannya sampai; kosong bila tidak dirujuk",
            jarak_layanan="hari dari pengaduan sampai layanan pertama, dalam kelompok; kosong bila tidak dirujuk",
            lama_layanan="lama layanan itu, dalam kelompok; kosong bila belum dilayani",
        ),
    ),
    agency="kpai",
)

TABLES = (CASES, CHILDREN, VISITS, FINDINGS, JOURNEY, category("kpai"))
