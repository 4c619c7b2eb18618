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
    """A case's record and candidate, the candidate as a ruling names it, and by field whether the runner-up agrees (None: unknown)."""

    record: Side
    candidate: Side
    subject: RegisterSubject
    runner_up: tuple[bool | None, ...] | None

    @property
    def differing(self) -> tuple[str, ...]:
        """Fields in which the two sides differ, where both say anything."""
        pairs = zip(FIELDS, self.record.cells, self.candidate.cells, strict=True)
        return tuple(name for name, left, right in pairs if left and right and left != right)

    @property
    def same_family(self) -> bool | None:
        """Whether both bear the same family card; None where one bears none."""
        return self.record.family == self.candidate.family if self.record.family and self.candidate.family else None


@dataclass(frozen=True)
class Member:
    """Somebody on the candidate's family card, and how they are related to its head."""

    relation: str
    name: str
    born: str
    sex: str
    asked_about: bool


@dataclass(frozen=True)
class Around:
    """What a reader of the centre sees beside the two sides: the candidate's family, other candidates, and the record's guardian."""

    family: tuple[Member, ...]
    others: tuple[Side, ...]
    guardian: str


#: Members of a family card, and other candidates, beyond which a reader sees no more.
MOST_MEMBERS, MOST_OTHERS = 15, 2

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
        agrees = tuple(a == b if a and b else None for a, b in zip(left.cells, other.cells, strict=True)) if other else None
        found[case] = Sides(left, right, RegisterSubject(person[5], person[7], person[1], person[8]), agrees)
    return found


_FAMILY = f"""
SELECT coalesce(h.nama, ''), array_to_string(m.nama, ' '), m.tanggal_lahir, m.jenis_kelamin, m.person_no = p.person_no
FROM {REGISTER}.person p JOIN {REGISTER}.person m USING (keluarga_no)
LEFT JOIN {{warehouse}}.codes.codes_hubungan_kepala h ON h.kode = m.hubungan_kepala
WHERE p.person_no = CAST(split_part(?, '-', 2) AS INTEGER) ORDER BY m.hubungan_kepala, m.tanggal_lahir, m.person_no LIMIT {MOST_MEMBERS}"""
_OTHERS = (
    f"""SELECT register_id FROM {{warehouse}}.link.candidate WHERE record_id = ? AND register_id <> ? ORDER BY rank LIMIT {MOST_OTHERS}"""
)
_GUARDIAN = "SELECT coalesce(nama_wali, '') FROM {warehouse}.intermediate.int_person__standardized WHERE record_id = ?"


def around(con: duckdb.DuckDBPyConnection, register: Path, record: str, register_id: str) -> Around:
    """Who else stands around a case: the candidate's family card, the other candidates, the guardian that the record names."""
    with workspace(con, register) as (work, warehouse):
        members = work.execute(_FAMILY.format(warehouse=warehouse), [register_id]).fetchall()
        ids = [row[0] for row in work.execute(_OTHERS.format(warehouse=warehouse), [record, register_id]).fetchall()]
        persons = {row[0]: row[1:] for row in work.execute(_PERSON, [ids]).fetchall()}
        guardian = work.execute(_GUARDIAN.format(warehouse=warehouse), [record]).fetchall()
    family = (Member(relation, name, _day(born), _sex(sex), asked) for relation, name, born, sex, asked in members)
    return Around(tuple(family), tuple(_side(persons[one]) for one in ids if one in persons), guardian[0][0] if guardian else "")


def _day(born: object) -> str:
    return f"{born:%d-%m-%Y}" if isinstance(born, dt.date) else ""


def _sex(code: object) -> str:
    return {"1": "L", "2": "P"}.get(str(code), str(code or ""))


def _side(row: tuple[object, ...]) -> Side:
    name, born, sex, mother, district, nik, family = row[:7]
    cells = tuple(str(cell or "") for cell in (name, _day(born), _sex(sex), mother, district))
    return Side(cells, f"…{str(nik)[-4:]}" if nik else "", str(family) if family else None)
