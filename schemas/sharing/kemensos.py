"""Kemensos's own rows; nothing of a case of another agency, not even that there is one.

No row says whether a person was found in DTSEN: whoever gets help is never named as unlinked, only counted (I01).
"""

from __future__ import annotations

from schemas.sharing.category import category
from schemas.sharing.vocabulary import WHO, Table, of, where

AID = Table(
    "bantuan",
    "Satu baris tiap bantuan: komponen PKH pada satu tahap, atau YAPI pada satu bulan.",
    (
        *of("kemensos", program="PKH atau YAPI"),
        *WHO,
        *where("kemensos"),
        *of(
            "kemensos",
            komponen="komponen PKH, atau status orang tua untuk YAPI",
            tahun="tahun penyaluran",
            tahap="tahap PKH 1-4",
            bulan="bulan YAPI",
            status_salur="status penyaluran seperti dikirim",
            tersalur="benar bila tersalur",
            berjalan="benar bila dihitung berjalan pada tanggal acuan",
        ),
        *of("padan", tujuan="tujuan pemakaian baris ini: layanan; bukan dasar mengurangi atau menghentikan bantuan"),
    ),
    agency="kemensos",
    own_view=True,
)
SERVICE = Table(
    "layanan",
    "Satu baris tiap kasus ATENSI atau pendataan PPKS.",
    (
        *of("kemensos", jenis="ATENSI atau PPKS", no_kasus="nomor kasus ATENSI", tanggal="tanggal masuk atau pendataan"),
        *WHO,
        *of("padan", kelompok_umur_kejadian="kelompok umur pada tanggal itu", anak="benar bila orang ini anak"),
        *where("kemensos"),
        *of(
            "kemensos",
            rujukan_dari="instansi perujuk menurut ATENSI",
            kluster="kluster ATENSI",
            komponen="layanan yang diberikan, dipisah titik koma",
            sentra="sentra atau balai",
            status="BERJALAN atau SELESAI",
            tanggal_selesai="tanggal selesai",
            hasil="hasil layanan",
            kode_ppks="kategori PPKS 01-26",
            ragam_disabilitas="ragam disabilitas",
            terlayani="benar bila sudah terlayani",
        ),
    ),
    agency="kemensos",
    own_view=True,
)
STAY = Table(
    "hunian",
    "Satu baris tiap masa tinggal seorang anak di lembaga.",
    (
        *WHO,
        *of(
            "kemensos",
            no_td="tanda daftar lembaga; kosong bila belum ditemukan",
            status_lembaga="ditemukan, perlu_tinjauan atau belum_ditemukan di daftar LKS",
        ),
        *where("kemensos"),
        *of(
            "kemensos",
            akreditasi="keadaan akreditasi lembaga pada tanggal acuan",
            tanggal_masuk="tanggal masuk",
            tanggal_keluar="tanggal keluar",
            alasan_keluar="alasan keluar",
            terbuka="benar bila masih tinggal pada tanggal acuan",
            status_ortu="keadaan orang tua",
            orang_tua_hidup="benar bila ada orang tua yang hidup",
        ),
    ),
    agency="kemensos",
    own_view=True,
)
INSTITUTION = Table(
    "lembaga",
    "Satu baris tiap lembaga kesejahteraan sosial terdaftar.",
    (
        *of("kemensos", no_td="nomor tanda daftar", nama_lks="nama lembaga", jenis="jenis LKS"),
        *where("kemensos"),
        *of(
            "kemensos",
            aktif="benar bila aktif",
            kapasitas="kapasitas, orang",
            jumlah_anak="anak yang diasuh menurut lembaga",
            penghuni="anak yang masih tinggal menurut daftar anak asuh",
            peringkat="peringkat akreditasi",
            tanggal_sk="tanggal SK akreditasi",
            tanggal_akhir="akreditasi berlaku sampai",
            akreditasi="keadaan akreditasi pada tanggal acuan",
        ),
    ),
)
WORKER = Table(
    "pekerja_sosial",
    "Satu baris tiap pekerja sosial, jabatan dan kabupaten.",
    (
        *of("padan", pseudonim="nama samaran orang, hanya berlaku dalam berkas ini", jenis_kelamin="L atau P"),
        *of("kemensos", jabatan="jabatan"),
        *where("kemensos"),
        *of(
            "kemensos",
            bersertifikat="benar bila bersertifikat kompetensi",
            str_akhir="STR berlaku sampai",
            berizin="benar bila STR berlaku dan jabatan pekerja sosial",
        ),
    ),
    agency="kemensos",
    own_view=True,
)
SAFE_HOUSE = Table(
    "rumah_aman",
    "Satu baris tiap rumah aman: kabupatennya, tidak pernah alamatnya.",
    (
        *of("kemensos", id_rumah_aman="nomor rumah aman"),
        *where("kemensos"),
        *of(
            "kemensos",
            kapasitas="kapasitas, orang",
            jenis_sertifikat="jenis sertifikat",
            sertifikat_akhir="sertifikat berlaku sampai",
            bersertifikat="benar bila sertifikat berlaku",
        ),
    ),
)
CHILDREN = Table(
    "anak",
    "Satu baris tiap anak yang menerima bantuan, layanan atau asuhan Kemensos.",
    (
        *WHO,
        *of(
            "kemensos",
            pkh_terlihat="benar bila keluarga anak terlihat menerima PKH tahun ini",
            yapi_terlihat="benar bila anak terlihat menerima YAPI",
        ),
    ),
    agency="kemensos",
    own_view=True,
)

TABLES = (CHILDREN, AID, SERVICE, STAY, category("kemensos"), INSTITUTION, WORKER, SAFE_HOUSE)
