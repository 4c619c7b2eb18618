"""The vocabulary of sharing: an audience has tables, a table has rows and columns, a column has an owner.

Belongs here: what may be said about a served table. Does not belong here: any table.
"""

from __future__ import annotations

from dataclasses import dataclass

PSEUDONYM = "pseudonim"


@dataclass(frozen=True)
class Served:
    """One served column. `source`: the agency whose data it is, or `padan` for what the match itself says."""

    name: str
    about: str
    source: str


@dataclass(frozen=True)
class Table:
    """One served table of schema `marts`: its grain, its rows and its columns in order.

    `agency`: only rows that this agency delivered are its own; None where the mart holds no rows of several agencies.
    `own_view`: what is said of a person is what this agency's records and DTSEN say (`intermediate.int_<name>__own`).
    """

    name: str
    about: str
    columns: tuple[Served, ...]
    agency: str | None = None
    own_view: bool = False

    @property
    def relation(self) -> str:
        """The warehouse table that its rows come from."""
        return f"intermediate.int_{self.name}__own" if self.own_view else f"marts.{self.name}"

    @property
    def has_persons(self) -> bool:
        """Whether a pseudonym stands for the mart's person_id."""
        return any(column.name == PSEUDONYM for column in self.columns)


@dataclass(frozen=True)
class Audience:
    """Those who open one file. `title` is what its description says."""

    name: str
    title: str
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """The table of that name; KeyError where this audience has none."""
        return {table.name: table for table in self.tables}[name]


def of(source: str, **columns: str) -> tuple[Served, ...]:
    """Columns of one owner: name = what it says."""
    return tuple(Served(name, about, source) for name, about in columns.items())


WHO = of(
    "padan",
    pseudonim="nama samaran orang, hanya berlaku dalam berkas ini",
    jenis_kelamin="L atau P; kosong bila tidak diketahui",
    kelompok_umur="kelompok umur pada tanggal acuan terbitan",
)
STATUS = of("padan", status_padanan="ditemukan, perlu_tinjauan atau belum_ditemukan di DTSEN; belum ditemukan bukan berarti tidak berhak")


def where(source: str) -> tuple[Served, ...]:
    """Regency and province of a row."""
    return of(source, kode_kabupaten="kode Kemendagri kabupaten/kota, edisi kini", kode_provinsi="kode Kemendagri provinsi")
