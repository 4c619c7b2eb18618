"""KPAI: children in complaints, and supervision visits. Whatever is here is a case: the vault only."""

from __future__ import annotations

import datetime as dt

from schemas.extracts.contract import Due, Extract, Feed, Json, Kind, Legal, PersonExtract, Sensitivity, Xlsx, column, extract

LEGAL = Legal(
    basis="UU 35/2014 pasal 76; UU 11/2012 pasal 19; UU 12/2022; UU 27/2022 pasal 20(2)(d), (e), 25",
    agreement="NK-KEMENSOS-KPAI-2025",
    purpose="layanan",
    valid_until=dt.date(2028, 2, 18),
    retention_years=5,
)
MONTHLY = Due(every_days=31, grace_days=5)
CASE = Sensitivity.CASE
PERSONAL = Sensitivity.PERSONAL


@extract(
    Feed(
        agency="kpai",
        name="pengaduan",
        title="Pengaduan KPAI",
        owner="team:kpai",
        format=Xlsx(),
        legal=LEGAL,
        due=MONTHLY,
        key=("no_pengaduan", "nama"),
        counter="no",
        footer=("Jumlah", "Total"),
        person=True,
        child=True,
    )
)
class Pengaduan(PersonExtract):
    """One child in one complaint."""

    no: str = column("No", Kind.INTEGER, about="nomor urut berkas", required=False)
    no_pengaduan: str = column("No Pengaduan", about="nomor pengaduan", filled=True, sensitivity=CASE)
    tanggal: str = column("Tanggal", Kind.DATE, about="tanggal pengaduan", sensitivity=CASE)
    kanal: str = column("Kanal", Kind.CODE, about="kanal pengaduan", codes="kanal", required=False)
    hubungan_pelapor: str = column(
        "Hubungan Pelapor", Kind.CODE, about="hubungan pelapor dengan anak", codes="hubungan_pelapor", required=False, sensitivity=CASE
    )
    nama: str = column("Nama Anak", Kind.NAME, about="nama anak", dtsen="nama", sensitivity=PERSONAL)
    jenis_kelamin: str = column("JK", Kind.CODE, about="L atau P", codes="jenis_kelamin", dtsen="id_jenis_kelamin")
    usia: str = column("Usia", Kind.INTEGER, about="usia pada tanggal pengaduan, tahun", required=False)
    tanggal_lahir: str = column("Tgl Lahir", Kind.DATE, about="tanggal lahir", dtsen="tanggal_lahir", sensitivity=PERSONAL)
    nik: str = column("NIK Anak", Kind.NIK, about="NIK anak", dtsen="nik", sensitivity=PERSONAL)
    no_kk: str = column("No KK", Kind.KK, about="nomor kartu keluarga", required=False, sensitivity=PERSONAL)
    nama_ibu: str = column("Nama Ibu", Kind.NAME, about="nama ibu", required=False, dtsen="nama_ibu_kandung", sensitivity=PERSONAL)
    kabupaten: str = column("Kab/Kota", Kind.REGION_NAME, about="kabupaten seperti diketik", dtsen="kode_kabupaten")
    klaster: str = column("Klaster", Kind.CODE, about="klaster KHA", codes="klaster_kpai", sensitivity=CASE)
    jenis_kasus: str = column("Jenis Kasus", Kind.CODE, about="jenis kasus", codes="jenis_kasus_kpai", sensitivity=CASE)
    peran: str = column("Peran", Kind.CODE, about="korban, pelaku, saksi", codes="peran", required=False, sensitivity=CASE)
    hubungan_pelaku: str = column(
        "Hubungan Pelaku", Kind.CODE, about="hubungan terduga pelaku", codes="hubungan_pelaku", required=False, sensitivity=CASE
    )
    nama_lks: str = column("Lembaga", about="lembaga yang disebut", required=False, sensitivity=CASE)
    tindak_lanjut: str = column("Tindak Lanjut", Kind.CODE, about="tindak lanjut", codes="tindak_lanjut", required=False, sensitivity=CASE)
    status: str = column("Status", Kind.CODE, about="PROSES, DIRUJUK, TERMINASI", codes="status_pengaduan", sensitivity=CASE)


@extract(
    Feed(
        agency="kpai",
        name="pengawasan",
        title="Pengawasan KPAI",
        owner="team:kpai",
        format=Json(),
        legal=LEGAL,
        due=MONTHLY,
        key=("no_was",),
    )
)
class Pengawasan(Extract):
    """One supervision visit to an institution, named as typed."""

    no_was: str = column("no_was", about="nomor pengawasan", filled=True)
    tanggal: str = column("tgl", Kind.DATE, about="tanggal kunjungan")
    objek_jenis: str = column("objek.jenis", Kind.CODE, about="jenis objek", codes="jenis_objek")
    nama_lks: str = column("objek.nama", about="nama objek seperti diketik")
    kabupaten: str = column("objek.kab", Kind.REGION_NAME, about="kabupaten seperti diketik", dtsen="kode_kabupaten")
    temuan: str = column("temuan", Kind.LIST, about="temuan, larik JSON", codes="temuan")
    rekomendasi: str = column("rekomendasi", Kind.LIST, about="rekomendasi, larik JSON", codes="rekomendasi", required=False)
    batas: str = column("batas", Kind.DATE, about="batas tindak lanjut", required=False)
    status: str = column("status", Kind.CODE, about="TERBUKA atau SELESAI", codes="status_pengawasan")
