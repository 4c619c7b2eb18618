"""Kemensos: programmes (PKH, YAPI, ATENSI), PPKS, institutions and their residents, social workers, safe houses."""

from __future__ import annotations

import datetime as dt

from schemas.extracts.contract import (
    Csv,
    Due,
    Extract,
    Feed,
    Kind,
    Legal,
    PersonExtract,
    Scope,
    Sensitivity,
    Xlsx,
    column,
    extract,
)

LEGAL = Legal(
    basis="UU 14/2019; Permensos 3/2025; UU 27/2022 pasal 20(2)(e)",
    agreement="NK-KEMENSOS-KPAI-2025",
    purpose="layanan",
    valid_until=dt.date(2028, 2, 18),
    retention_years=5,
)
MONTHLY = Due(every_days=31, grace_days=5)
QUARTERLY = Due(every_days=92, grace_days=14)
FOOTER = ("Jumlah", "Total", "JUMLAH", "TOTAL")
PERSONAL = Sensitivity.PERSONAL
PPKS_CODES = tuple(f"{n:02d}" for n in range(1, 27))


@extract(
    Feed(
        agency="kemensos",
        name="pkh",
        title="Komponen PKH",
        owner="team:kemensos-pkh",
        format=Csv(delimiter=";", encoding="cp1252"),
        legal=LEGAL,
        due=QUARTERLY,
        key=("id_pkh",),
        footer=FOOTER,
        person=True,
        child=True,
    )
)
class Pkh(PersonExtract):
    """One aided component (a child) of a family in the PKH cash programme."""

    id_pkh: str = column("ID_PKH", about="nomor komponen PKH", filled=True)
    nik_wali: str = column("NIK_PENGURUS", Kind.NIK, about="NIK pengurus (biasanya ibu)", sensitivity=PERSONAL)
    nama_wali: str = column("NAMA_PENGURUS", Kind.NAME, about="nama pengurus", sensitivity=PERSONAL)
    no_kk: str = column("NOKK", Kind.KK, about="nomor kartu keluarga", sensitivity=PERSONAL)
    nik: str = column("NIK_KOMPONEN", Kind.NIK, about="NIK anak", dtsen="nik", sensitivity=PERSONAL)
    nama: str = column("NAMA_KOMPONEN", Kind.NAME, about="nama anak", dtsen="nama", sensitivity=PERSONAL)
    tanggal_lahir: str = column("TGL_LAHIR", Kind.DATE, about="tanggal lahir", dtsen="tanggal_lahir", sensitivity=PERSONAL)
    jenis_kelamin: str = column("JK", Kind.CODE, about="L atau P", codes="jenis_kelamin", dtsen="id_jenis_kelamin")
    komponen: str = column(
        "KOMPONEN",
        Kind.CODE,
        about="komponen PKH",
        allowed=("BUMIL", "AUD", "SD", "SMP", "SMA", "DIS_BERAT", "LANSIA"),
        codes="komponen_pkh",
    )
    tahap: str = column("TAHAP", Kind.INTEGER, about="tahap penyaluran 1-4")
    tahun: str = column("TAHUN", Kind.INTEGER, about="tahun penyaluran")
    nominal: str = column("NOMINAL", Kind.MONEY, about="rupiah", required=False)
    bank: str = column("BANK", about="bank penyalur", required=False)
    status_salur: str = column("STATUS_SALUR", Kind.CODE, about="SALUR ... atau GAGAL", codes="status_salur")
    kode_kabupaten: str = column("KDKAB", Kind.REGION_CODE, about="kabupaten tempat tinggal", codes="wilayah", dtsen="kode_kabupaten")


@extract(
    Feed(
        agency="kemensos",
        name="yapi",
        title="ATENSI YAPI (yatim piatu)",
        owner="team:kemensos-rehsos",
        format=Xlsx(),
        legal=LEGAL,
        due=MONTHLY,
        counter="no",
        footer=FOOTER,
        person=True,
        child=True,
    )
)
class Yapi(PersonExtract):
    """One orphan who receives YAPI in one month."""

    no: str = column("NO", Kind.INTEGER, about="nomor urut berkas", required=False)
    nik: str = column("NIK_ANAK", Kind.NIK, about="NIK anak", dtsen="nik", sensitivity=PERSONAL)
    nama: str = column("NAMA_ANAK", Kind.NAME, about="nama anak", dtsen="nama", sensitivity=PERSONAL)
    tanggal_lahir: str = column("TGL_LAHIR", Kind.DATE, about="tanggal lahir", dtsen="tanggal_lahir", sensitivity=PERSONAL)
    jenis_kelamin: str = column("JK", Kind.CODE, about="L atau P", codes="jenis_kelamin", dtsen="id_jenis_kelamin")
    status_ortu: str = column("STATUS", Kind.CODE, about="yatim, piatu, yatim piatu", codes="status_ortu")
    nama_wali: str = column("NAMA_WALI", Kind.NAME, about="nama wali", required=False, sensitivity=PERSONAL)
    tempat: str = column("TEMPAT", Kind.CODE, about="keluarga atau LKSA", codes="tempat_asuh", required=False)
    kabupaten: str = column("KAB", Kind.REGION_NAME, about="kabupaten seperti diketik", dtsen="kode_kabupaten")
    bulan: str = column("BULAN", Kind.MONTH, about="bulan penyaluran")
    nominal: str = column("NOMINAL", Kind.MONEY, about="rupiah", required=False)


@extract(
    Feed(
        agency="kemensos",
        name="atensi",
        title="Layanan ATENSI",
        owner="team:kemensos-rehsos",
        format=Xlsx(),
        legal=LEGAL,
        due=MONTHLY,
        key=("no_kasus",),
        footer=FOOTER,
        person=True,
        child=True,
    )
)
class Atensi(PersonExtract):
    """One social rehabilitation case: intake, services given, outcome."""

    no_kasus: str = column("NO_KASUS", about="nomor kasus ATENSI", filled=True)
    tanggal_masuk: str = column("TGL_MASUK", Kind.DATE, about="tanggal masuk layanan")
    nik: str = column("NIK", Kind.NIK, about="NIK", dtsen="nik", sensitivity=PERSONAL)
    nama: str = column("NAMA", Kind.NAME, about="nama", dtsen="nama", sensitivity=PERSONAL)
    tanggal_lahir: str = column("TGL_LAHIR", Kind.DATE, about="tanggal lahir", dtsen="tanggal_lahir", sensitivity=PERSONAL)
    jenis_kelamin: str = column("JK", Kind.CODE, about="L atau P", codes="jenis_kelamin", dtsen="id_jenis_kelamin")
    kabupaten: str = column("KAB", Kind.REGION_NAME, about="kabupaten seperti diketik", dtsen="kode_kabupaten")
    kluster: str = column("KLUSTER", Kind.CODE, about="kluster ATENSI", codes="kluster_atensi")
    komponen: str = column("KOMPONEN", Kind.LIST, about="layanan yang diberikan, dipisah ;", codes="komponen_atensi")
    sentra: str = column("SENTRA", about="sentra atau balai", required=False)
    rujukan_dari: str = column("RUJUKAN_DARI", Kind.CODE, about="instansi perujuk", codes="instansi_perujuk", required=False)
    no_rujukan: str = column("NO_RUJUKAN", about="nomor rujukan (No Pengaduan KPAI)", required=False, sensitivity=Sensitivity.CASE)
    status: str = column("STATUS", Kind.CODE, about="BERJALAN atau SELESAI", codes="status_atensi")
    tanggal_selesai: str = column("TGL_SELESAI", Kind.DATE, about="tanggal selesai", required=False)
    hasil: str = column("HASIL", Kind.CODE, about="hasil layanan", codes="hasil_atensi", required=False)


@extract(
    Feed(
        agency="kemensos",
        name="ppks",
        title="PPKS",
        owner="team:kemensos-ppks",
        format=Csv(delimiter="|", encoding="utf-8"),
        legal=LEGAL,
        due=QUARTERLY,
        counter="no",
        footer=FOOTER,
        scope=Scope.REGENCY,
        scope_column="kode_kecamatan",
        person=True,
        child=True,
    )
)
class Ppks(PersonExtract):
    """One person in need of social services, by one of the 26 PPKS categories."""

    no: str = column("NO", Kind.INTEGER, about="nomor urut berkas", required=False)
    kode_ppks: str = column("KODE_PPKS", Kind.CODE, about="kategori PPKS 01-26", allowed=PPKS_CODES, codes="ppks")
    nik: str = column("NIK", Kind.NIK, about="NIK", dtsen="nik", sensitivity=PERSONAL)
    no_kk: str = column("NOKK", Kind.KK, about="nomor kartu keluarga", required=False, sensitivity=PERSONAL)
    nama: str = column("NAMA", Kind.NAME, about="nama", dtsen="nama", sensitivity=PERSONAL)
    tanggal_lahir: str = column("TGL_LAHIR", Kind.DATE, about="tanggal lahir", dtsen="tanggal_lahir", sensitivity=PERSONAL)
    jenis_kelamin: str = column("JK", Kind.CODE, about="L atau P", codes="jenis_kelamin", dtsen="id_jenis_kelamin")
    ragam_disabilitas: str = column("RAGAM_DISABILITAS", Kind.CODE, about="ragam disabilitas", codes="ragam_disabilitas", required=False)
    kode_kecamatan: str = column("KDKEC", Kind.REGION_CODE, about="kecamatan tempat tinggal", codes="wilayah", dtsen="kode_kecamatan")
    terlayani: str = column("TERLAYANI", Kind.CODE, about="SUDAH atau BELUM", codes="terlayani")
    tanggal_data: str = column("TGL_DATA", Kind.DATE, about="tanggal pendataan")


@extract(
    Feed(
        agency="kemensos",
        name="lks",
        title="Daftar LKS",
        owner="team:kemensos-lks",
        format=Xlsx(),
        legal=LEGAL,
        due=QUARTERLY,
        key=("no_td",),
        counter="no",
        footer=FOOTER,
        institution=True,
    )
)
class Lks(Extract):
    """One registered welfare institution with its accreditation."""

    no: str = column("NO", Kind.INTEGER, about="nomor urut berkas", required=False)
    no_td: str = column("NO_TD", about="nomor tanda daftar", filled=True)
    nama_lks: str = column("NAMA LEMBAGA", about="nama lembaga", aliases=("NAMA_LEMBAGA",))
    jenis: str = column(
        "JENIS", Kind.CODE, about="jenis LKS", allowed=("LKSA", "LKS-LU", "LKS-PD", "LKS-KPO", "LKS-NAPZA", "LPKS"), codes="jenis_lks"
    )
    alamat: str = column("ALAMAT", about="alamat lembaga", required=False)
    kode_kabupaten: str = column("KODE_KAB", Kind.REGION_CODE, about="kabupaten", codes="wilayah", dtsen="kode_kabupaten")
    kapasitas: str = column("KAPASITAS", Kind.INTEGER, about="kapasitas, orang", required=False)
    jumlah_anak: str = column("JML_ANAK", Kind.INTEGER, about="anak yang diasuh menurut lembaga", required=False)
    peringkat: str = column(
        "PERINGKAT AKREDITASI", Kind.CODE, about="A, B atau C", codes="akreditasi", aliases=("PERINGKAT", "PERINGKAT_AKREDITASI")
    )
    tanggal_sk: str = column("TGL_SK", Kind.DATE, about="tanggal SK akreditasi", required=False)
    tanggal_akhir: str = column("TGL_AKHIR", Kind.DATE, about="akreditasi berlaku sampai")
    aktif: str = column("AKTIF", Kind.CODE, about="YA atau TIDAK", codes="aktif")


@extract(
    Feed(
        agency="kemensos",
        name="lksa_anak",
        title="Anak asuh LKSA",
        owner="team:kemensos-lks",
        format=Csv(delimiter=",", encoding="utf-8"),
        legal=LEGAL,
        due=MONTHLY,
        counter="no",
        footer=FOOTER,
        person=True,
        child=True,
    )
)
class LksaAnak(PersonExtract):
    """One stay of a child in an institution."""

    no: str = column("NO", Kind.INTEGER, about="nomor urut berkas", required=False)
    no_td: str = column("NO_TD", about="nomor tanda daftar lembaga")
    nama_lks: str = column("NAMA_LKS", about="nama lembaga seperti diketik")
    nik: str = column("NIK", Kind.NIK, about="NIK anak", dtsen="nik", sensitivity=PERSONAL)
    nama: str = column("NAMA", Kind.NAME, about="nama anak", dtsen="nama", sensitivity=PERSONAL)
    tanggal_lahir: str = column("TGL_LAHIR", Kind.DATE, about="tanggal lahir", dtsen="tanggal_lahir", sensitivity=PERSONAL)
    jenis_kelamin: str = column("JK", Kind.CODE, about="L atau P", codes="jenis_kelamin", dtsen="id_jenis_kelamin")
    nama_ibu: str = column("NAMA_IBU", Kind.NAME, about="nama ibu", required=False, dtsen="nama_ibu_kandung", sensitivity=PERSONAL)
    status_ortu: str = column("STATUS_ORTU", Kind.CODE, about="lengkap, yatim, piatu, yatim piatu", codes="status_ortu", required=False)
    tanggal_masuk: str = column("TGL_MASUK", Kind.DATE, about="tanggal masuk")
    tanggal_keluar: str = column("TGL_KELUAR", Kind.DATE, about="tanggal keluar", required=False)
    alasan_keluar: str = column("ALASAN_KELUAR", Kind.CODE, about="alasan keluar", codes="alasan_keluar", required=False)


@extract(
    Feed(
        agency="kemensos",
        name="peksos",
        title="Pekerja sosial",
        owner="team:kemensos-sdm",
        format=Xlsx(),
        legal=LEGAL,
        due=QUARTERLY,
        counter="no",
        footer=FOOTER,
        person=True,
    )
)
class Peksos(PersonExtract):
    """One social worker in one role."""

    no: str = column("NO", Kind.INTEGER, about="nomor urut berkas", required=False)
    nik: str = column("NIK", Kind.NIK, about="NIK", dtsen="nik", sensitivity=PERSONAL)
    nama: str = column("NAMA", Kind.NAME, about="nama", dtsen="nama", sensitivity=PERSONAL)
    tanggal_lahir: str = column("TGL_LAHIR", Kind.DATE, about="tanggal lahir", required=False, dtsen="tanggal_lahir", sensitivity=PERSONAL)
    jabatan: str = column("JABATAN", Kind.CODE, about="jabatan", codes="jabatan")
    kode_kabupaten: str = column("KODE_KAB", Kind.REGION_CODE, about="kabupaten tugas", codes="wilayah", dtsen="kode_kabupaten")
    no_sertifikat: str = column("NO_SERTIFIKAT", about="sertifikat kompetensi", required=False)
    no_str: str = column("NO_STR", about="surat tanda registrasi", required=False)
    str_akhir: str = column("STR_AKHIR", Kind.DATE, about="STR berlaku sampai")


@extract(
    Feed(
        agency="kemensos",
        name="rumah_aman",
        title="Rumah aman",
        owner="team:kemensos-rehsos",
        format=Csv(delimiter=",", encoding="utf-8"),
        legal=LEGAL,
        due=QUARTERLY,
        key=("id_rumah_aman",),
        footer=FOOTER,
    )
)
class RumahAman(Extract):
    """One safe house: its regency, never its address."""

    id_rumah_aman: str = column("ID", about="nomor rumah aman", filled=True)
    kode_kabupaten: str = column("KDKAB", Kind.REGION_CODE, about="kabupaten", codes="wilayah", dtsen="kode_kabupaten")
    kapasitas: str = column("KAPASITAS", Kind.INTEGER, about="kapasitas, orang", required=False)
    jenis_sertifikat: str = column("JENIS_SERTIFIKAT", Kind.CODE, about="jenis sertifikat", codes="sertifikat_rumah_aman", required=False)
    no_sertifikat: str = column("NO_SERTIFIKAT", about="nomor sertifikat", required=False)
    sertifikat_akhir: str = column("SERTIFIKAT_AKHIR", Kind.DATE, about="sertifikat berlaku sampai")
