"""What linkage is promised: intermediate.int_person__standardized, one row a person record of any agency."""

from __future__ import annotations

from typing import Any

import ibis.expr.datatypes as dt
import pandera.ibis as pa

NIK_STATUS = ("valid", "missing", "malformed", "placeholder", "truncated_by_spreadsheet", "sex_or_date_conflict")
PRECISIONS = ("day", "month", "year", "age", "none")
#: Only these may come with sixteen digits.
NIK_USABLE = ("valid", "truncated_by_spreadsheet", "sex_or_date_conflict")


class StandardPerson(pa.DataFrameModel):
    """One row per person record; identifiers are text, what could not be read is null."""

    record_id: str = pa.Field(str_length={"min_value": 1})
    agency: str = pa.Field(str_length={"min_value": 1})
    feed: str = pa.Field(str_length={"min_value": 1})
    delivery_date: dt.Date = pa.Field()
    source_file: str = pa.Field()
    source_row: dt.Int64 = pa.Field(ge=1)
    nik: str = pa.Field(nullable=True, str_matches=r"^[0-9]{16}$")
    nik_status: str = pa.Field(isin=NIK_STATUS)
    no_kk: str = pa.Field(nullable=True, str_matches=r"^[0-9]{16}$")
    nama: str = pa.Field(nullable=True)
    tanggal_lahir: dt.Date = pa.Field(nullable=True)
    tanggal_lahir_precision: str = pa.Field(isin=PRECISIONS)
    jenis_kelamin: str = pa.Field(nullable=True, isin=["L", "P"])
    nama_ibu: str = pa.Field(nullable=True)
    kode_kecamatan: str = pa.Field(nullable=True, str_matches=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$")
    kode_kabupaten: str = pa.Field(nullable=True, str_matches=r"^[0-9]{2}\.[0-9]{2}$")
    kode_kecamatan_lama: str = pa.Field(nullable=True)
    kode_kabupaten_lama: str = pa.Field(nullable=True)
    nik_wali: str = pa.Field(nullable=True, str_matches=r"^[0-9]{16}$")
    nama_wali: str = pa.Field(nullable=True)
    kelompok: str = pa.Field(nullable=True)
    tanggal_acuan: dt.Date = pa.Field()
    anak: bool = pa.Field()

    @pa.dataframe_check(name="nik_menurut_status")
    def nik_follows_status(cls, data: Any) -> Any:  # noqa: N805 (Pandera passes the class)
        """Sixteen digits come only with a status that may hold them, and 'valid' never without."""
        t = data.table
        return (t.nik.isnull() & (t.nik_status != "valid")) | (t.nik.notnull() & t.nik_status.isin(NIK_USABLE))

    @pa.dataframe_check(name="tanggal_menurut_presisi")
    def date_follows_precision(cls, data: Any) -> Any:  # noqa: N805 (Pandera passes the class)
        """A date has a precision, and no date has the precision 'none'."""
        t = data.table
        return t.tanggal_lahir.isnull() == (t.tanggal_lahir_precision == "none")

    class Config:
        """Columns in this order, no others; uniqueness at table level, since Pandera ignores it on an ibis column."""

        strict = True
        ordered = True
        unique = ["record_id"]  # noqa: RUF012 (Pandera reads a list)
