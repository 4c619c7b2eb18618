"""Ditjenpas (Bapas): children in conflict with the law. The vault only."""

from __future__ import annotations

import datetime as dt

from schemas.extracts.contract import Due, Feed, Kind, Legal, PersonExtract, Sensitivity, Xlsx, column, extract

CASE = Sensitivity.CASE
PERSONAL = Sensitivity.PERSONAL


@extract(
    Feed(
        agency="ditjenpas",
        name="abh",
        title="Register litmas anak",
        owner="team:ditjenpas",
        format=Xlsx(),
        legal=Legal(
            basis="UU 11/2012 pasal 19, 97; UU 27/2022 pasal 20(2)(e), 25",
            agreement="NK-KEMENSOS-KPAI-2025",
            purpose="layanan",
            valid_until=dt.date(2028, 2, 18),
            retention_years=2,
        ),
        due=Due(every_days=31, grace_days=5),
        key=("no_litmas",),
        footer=("Jumlah", "Total"),
        person=True,
        child=True,
    )
)
class Abh(PersonExtract):
    """One social inquiry (litmas) on a child in conflict with the law."""

    no_litmas: str = column("NO_LITMAS", about="nomor litmas", filled=True, sensitivity=CASE)
    nama: str = column("NAMA", Kind.NAME, about="nama atau inisial", dtsen="nama", sensitivity=PERSONAL)
    tanggal_lahir: str = column("TGL_LAHIR", Kind.DATE, about="tanggal lahir", dtsen="tanggal_lahir", sensitivity=PERSONAL)
    jenis_kelamin: str = column("JK", Kind.CODE, about="L atau P", codes="jenis_kelamin", dtsen="id_jenis_kelamin")
    nik: str = column("NIK", Kind.NIK, about="NIK", dtsen="nik", sensitivity=PERSONAL)
    kabupaten: str = column("KAB/KOTA", Kind.REGION_NAME, about="kabupaten seperti diketik", dtsen="kode_kabupaten")
    pasal: str = column("PASAL", Kind.CODE, about="pasal sangkaan", codes="pasal", sensitivity=CASE)
    tahap: str = column("TAHAP", Kind.CODE, about="tahap perkara", codes="tahap_abh", sensitivity=CASE)
    diversi: str = column("DIVERSI", Kind.CODE, about="hasil diversi", codes="diversi", required=False, sensitivity=CASE)
    penempatan: str = column("PENEMPATAN", Kind.CODE, about="penempatan", codes="penempatan", required=False, sensitivity=CASE)
    tanggal_litmas: str = column("TGL_LITMAS", Kind.DATE, about="tanggal litmas", sensitivity=CASE)
