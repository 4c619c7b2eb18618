"""What the two sides of a case say, as a reviewer may see it: fields side by side, and of anybody else only whether they agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.linkage.workspace import REGISTER, workspace
from padan.review.rulings import RegisterSubject

#: Fields that are compared, by the word for a reviewer.
FIELDS = ("Nama", "Tanggal lahir", "L/P", "Nama ibu", "Kecamatan")


@dataclass(frozen=True)
class Side:
    """One side, in the order of FIELDS; `nik`: its last four digits."""

    cells: tuple[str, ...]
    nik: str
    family: str | None


@dataclass(frozen=True)
class Sides:
    """A case's record and candidate, the candidate as a ruling names it, and field by field whether the runner-up agrees."""

    record: Side
    candidate: Side
    subject: RegisterSubject
    runner_up: tuple[bool, ...] | None

    @property
    def differing(self) -> tuple[str, ...]:
        """Fields in which the two sides differ, where both say anything."""
        pairs = zip(FIELDS, self.record.cells, self.candidate.cells, strict=True)
        return tuple(name for name, left, right in pairs if left and right and left != right)

    @property
    def same_family(self) -> bool | None:
        """Whether both bear the same family card; None where one bears none."""
        return self.record.family == self.candidate.family if self.record.family and self.candidate.family else None


_RECORD = """
SELECT record_id, nama, tanggal_lahir, jenis_kelamin, nama_ibu, kode_kecamatan, nik, no_kk
FROM {warehouse}.intermediate.int_person__standardized WHERE record_id IN (SELECT unnest(?))"""
_PERSON = f"""
SELECT p.register_id, array_to_string(p.nama, ' ') AS nama, p.tanggal_lahir, p.jenis_kelamin, array_to_string(p.ibu, ' ') AS ibu,
    p.kode_kecamatan, p.nik, p.no_kk, f.id_keluarga, name_sorted(p.nama) AS kunci
FROM {REGISTER}.person p JOIN {REGISTER}.family f USING (keluarga_no)
WHERE p.person_no IN (SELECT CAST(split_part(id, '-', 2) AS INTEGER) FROM unnest(?) t(id))"""


def sides_of(con: duckdb.DuckDBPyConnection, register: Path, cases: list[tuple[str, str, str, str | None]]) -> dict[str, Sides]:
    """Both sides of cases (case, record, register and runner-up ids), by case; a case whose release is gone is left out."""
    with workspace(con, register) as (work, warehouse):
        records = {row[0]: row[1:] for row in work.execute(_RECORD.format(warehouse=warehouse), [[case[1] for case in cases]]).fetchall()}
        ids = sorted({one for case in cases for one in case[2:] if one})
        persons = {row[0]: row[1:] for row in work.execute(_PERSON, [ids]).fetchall()}
    found = {}
    for case, record, register_id, runner_up in cases:
        if record not in records or register_id not in persons:
            continue
        person = persons[register_id]
        left, right = _side(records[record]), _side(person)
        other = _side(persons[runner_up]) if runner_up in persons else None
        agrees = tuple(a == b for a, b in zip(left.cells, other.cells, strict=True)) if other else None
        found[case] = Sides(left, right, RegisterSubject(person[5], person[7], person[1], person[8]), agrees)
    return found


def _side(row: tuple[object, ...]) -> Side:
    name, born, sex, mother, district, nik, family = row[:7]
    day = f"{born:%d-%m-%Y}" if isinstance(born, dt.date) else ""
    cells = tuple(str(cell or "") for cell in (name, day, {"1": "L", "2": "P"}.get(str(sex), sex), mother, district))
    return Side(cells, f"…{str(nik)[-4:]}" if nik else "", str(family) if family else None)
