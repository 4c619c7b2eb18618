"""What linkage promises about the register rows that decisions name: link.register_key and link.register_person."""

from __future__ import annotations

import ibis.expr.datatypes as dt
import pandera.ibis as pa


class RegisterKey(pa.DataFrameModel):
    """One row per register row that a decision names: its keys."""

    register_id: str = pa.Field(str_matches=r"^D[0-9]{8}-[0-9]+$")
    nik: str = pa.Field(nullable=True, str_matches=r"^[0-9]{16}$")
    id_keluarga: str = pa.Field(str_length={"min_value": 1})

    class Config:
        """One row a register row."""

        strict = True
        ordered = True
        unique = ["register_id"]  # noqa: RUF012 (Pandera reads a list)


class RegisterPerson(pa.DataFrameModel):
    """One row per register row that a decision names: family, desil and traits, as DTSEN's codes."""

    register_id: str = pa.Field(str_matches=r"^D[0-9]{8}-[0-9]+$")
    dtsen_versi: dt.Date = pa.Field()
    id_keluarga: str = pa.Field(str_length={"min_value": 1})
    desil: dt.Int32 = pa.Field(nullable=True, ge=1, le=10)
    kode_kecamatan: str = pa.Field(nullable=True)
    kode_kabupaten: str = pa.Field(nullable=True)
    jenis_kelamin: str = pa.Field(nullable=True, isin=["L", "P"])
    tanggal_lahir: dt.Date = pa.Field(nullable=True)
    status_dtsen: str = pa.Field(nullable=True)
    hubungan_kepala: str = pa.Field(nullable=True)
    partisipasi_sekolah: str = pa.Field(nullable=True)
    penglihatan: str = pa.Field(nullable=True)
    pendengaran: str = pa.Field(nullable=True)
    berjalan: str = pa.Field(nullable=True)
    belajar: str = pa.Field(nullable=True)
    perilaku: str = pa.Field(nullable=True)
    disabilitas: str = pa.Field(nullable=True)
    pbi: str = pa.Field(nullable=True)

    class Config:
        """One row a register row."""

        strict = True
        ordered = True
        unique = ["register_id"]  # noqa: RUF012 (Pandera reads a list)
