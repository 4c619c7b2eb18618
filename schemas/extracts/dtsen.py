"""DTSEN, the national social and economic register, as BPS hands it over once a quarter."""

from __future__ import annotations

import datetime as dt

from schemas.extracts.contract import Due, Extract, Feed, Kind, Legal, Parquet, PersonExtract, Sensitivity, column, extract

LEGAL = Legal(
    basis="Inpres 4/2025; Permen PPN 7/2025; UU 27/2022 pasal 20(2)(c), (e)",
    agreement="NK-DTSEN-KEMENSOS-2025",
    purpose="layanan",
    valid_until=dt.date(2029, 12, 31),
    retention_years=5,
)
DUE = Due(every_days=92, grace_days=14)
DIFFICULTY = "1 tidak bisa, 2 banyak kesulitan, 3 sedikit, 4 tidak"


@extract(
    Feed(
        agency="dtsen",
        name="anggota",
        title="DTSEN anggota keluarga",
        owner="team:dtsen",
        format=Parquet(),
        legal=LEGAL,
        due=DUE,
    )
)
class Anggota(PersonExtract):
    """One person of the register in one release."""

    dtsen_versi: str = column("dtsen_versi", Kind.DATE, about="tanggal rilis DTSEN", filled=True, sensitivity=Sensitivity.PUBLIC)
    nik: str = column("nik", Kind.NIK, about="nomor induk kependudukan", dtsen="nik", sensitivity=Sensitivity.PERSONAL)
    id_keluarga: str = column("id_keluarga", about="kunci keluarga dalam rilis", filled=True)
    no_kk: str = column("nomor_kartu_keluarga", Kind.KK, about="nomor kartu keluarga", sensitivity=Sensitivity.PERSONAL)
    nama: str = column("nama", Kind.NAME, about="nama lengkap", dtsen="nama", sensitivity=Sensitivity.PERSONAL)
    tempat_lahir: str = column("tempat_lahir", about="tempat lahir", required=False, sensitivity=Sensitivity.PERSONAL)
    tanggal_lahir: str = column("tanggal_lahir", Kind.DATE, about="tanggal lahir", dtsen="tanggal_lahir", sensitivity=Sensitivity.PERSONAL)
    jenis_kelamin: str = column(
        "id_jenis_kelamin", Kind.CODE, about="1 laki-laki, 2 perempuan", codes="jenis_kelamin", dtsen="id_jenis_kelamin"
    )
    hubungan_kepala: str = column("id_hub_kepala_keluarga", Kind.CODE, about="hubungan dengan kepala keluarga", codes="hubungan_kepala")
    status_perkawinan: str = column("id_status_perkawinan", Kind.CODE, about="status perkawinan", codes="status_perkawinan", required=False)
    nama_ibu: str = column("nama_ibu_kandung", Kind.NAME, about="nama ibu kandung", required=False, sensitivity=Sensitivity.PERSONAL)
    partisipasi_sekolah: str = column(
        "id_partisipasi_sekolah", Kind.CODE, about="1 belum pernah, 2 masih, 3 tidak lagi", codes="partisipasi_sekolah", required=False
    )
    penglihatan: str = column("id_penglihatan", Kind.CODE, about=DIFFICULTY, codes="kesulitan", required=False)
    pendengaran: str = column("id_pendengaran", Kind.CODE, about=DIFFICULTY, codes="kesulitan", required=False)
    berjalan: str = column("id_berjalan_atau_naik_tangga", Kind.CODE, about=DIFFICULTY, codes="kesulitan", required=False)
    belajar: str = column("id_belajar_kemampuan_intelektual", Kind.CODE, about=DIFFICULTY, codes="kesulitan", required=False)
    perilaku: str = column("id_pengendalian_perilaku", Kind.CODE, about=DIFFICULTY, codes="kesulitan", required=False)
    disabilitas: str = column("id_disabilitas", Kind.CODE, about="0 tidak, 1 ya", codes="ya_tidak", required=False)
    pbi: str = column("pbi", Kind.CODE, about="penerima bantuan iuran, 0 atau 1", codes="ya_tidak", required=False)
    status_dtsen: str = column("status_dtsen", Kind.CODE, about="status keaktifan", codes="status_dtsen", required=False)


@extract(
    Feed(
        agency="dtsen",
        name="keluarga",
        title="DTSEN keluarga",
        owner="team:dtsen",
        format=Parquet(),
        legal=LEGAL,
        due=DUE,
        key=("dtsen_versi", "id_keluarga"),
    )
)
class Keluarga(Extract):
    """One family of the register in one release, with its desil (1 poorest to 10)."""

    dtsen_versi: str = column("dtsen_versi", Kind.DATE, about="tanggal rilis DTSEN", filled=True, sensitivity=Sensitivity.PUBLIC)
    id_keluarga: str = column("id_keluarga", about="kunci keluarga dalam rilis", filled=True)
    no_kk: str = column("nomor_kartu_keluarga", Kind.KK, about="nomor kartu keluarga", sensitivity=Sensitivity.PERSONAL)
    nama_kepala: str = column(
        "nama_kepala_keluarga", Kind.NAME, about="nama kepala keluarga", required=False, sensitivity=Sensitivity.PERSONAL
    )
    kode_kecamatan: str = column(
        "kode_kecamatan", Kind.REGION_CODE, about="kecamatan tempat tinggal", codes="wilayah", dtsen="kode_kecamatan"
    )
    alamat: str = column("alamat", about="alamat", required=False, sensitivity=Sensitivity.PERSONAL)
    rt: str = column("rt", about="rukun tetangga", required=False, sensitivity=Sensitivity.PERSONAL)
    rw: str = column("rw", about="rukun warga", required=False, sensitivity=Sensitivity.PERSONAL)
    jumlah_anggota: str = column("jumlah_anggota_keluarga", Kind.INTEGER, about="jumlah anggota keluarga", required=False)
    lantai: str = column("id_lantai_terluas", Kind.CODE, about="bahan lantai terluas", codes="lantai", required=False)
    daya: str = column("id_dayapenerangan", Kind.CODE, about="daya listrik", codes="daya", required=False)
    desil: str = column(
        "desil_nasional_keluarga",
        Kind.CODE,
        about="desil kesejahteraan 1 (termiskin) sampai 10",
        codes="desil",
        dtsen="desil_nasional_keluarga",
    )
