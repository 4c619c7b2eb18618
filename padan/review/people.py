"""What the two sides of a case say, as a reviewer may see it: fields side by side, and of anybody else only whether they agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from padan.linkage.fetching import fetch_persons
from padan.linkage.workspace import REGISTER, workspace
from padan.review.rulings import RegisterSubject

#: Fields that are compared, by the word for a reviewer.
FIELDS = ("Nama", "Tanggal lahir", "L/P", "Nama ibu", "Wilayah")


@dataclass(frozen=True)
class Side:
    """One side, in the order of FIELDS; `nik`: its last four digits."""

    cells: tuple[str, ...]
    nik: str
    family: str | None


def agreeing(one: Side, other: Side) -> tuple[bool | None, ...]:
    """By field whether both say the same; None where one says nothing. A regency agrees with every district in it."""
    *fields, places = zip(one.cells, other.cells, strict=True)
    codes = [place.split(" ")[0] for place in places]
    near = codes[0].startswith(codes[1]) or codes[1].startswith(codes[0])
    return (*(a == b if a and b else None for a, b in fields), near if all(codes) else None)


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
        return tuple(name for name, same in zip(FIELDS, agreeing(self.record, self.candidate), strict=True) if same is False)

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
SELECT record_id, nama, tanggal_lahir, jenis_kelamin, nama_ibu, coalesce(kode_kecamatan, kode_kabupaten) AS wilayah, nik, no_kk
FROM {warehouse}.intermediate.int_person__standardized WHERE record_id IN (SELECT unnest(?))"""
_PERSON = """
SELECT p.register_id, array_to_string(p.nama, ' ') AS nama, p.tanggal_lahir, p.jenis_kelamin, array_to_string(p.ibu, ' ') AS ibu,
    p.kode_kecamatan, p.nik, p.no_kk, p.id_keluarga, name_sorted(p.nama) AS kunci
FROM side_person p"""
_PLACE = """
SELECT w.kode, concat_ws(', ', w.nama, k.nama) FROM {warehouse}.codes.codes_wilayah w
LEFT JOIN {warehouse}.codes.codes_wilayah k ON k.kode = w.kode_induk AND k.tingkat <> 'provinsi' WHERE w.kode IN (SELECT unnest(?))"""


def sides_of(con: duckdb.DuckDBPyConnection, register: Path, cases: list[tuple[str, str, str, str | None]]) -> dict[str, Sides]:
    """Both sides of cases (case, record, register and runner-up ids), by case; a case whose release is gone is left out."""
    with workspace(con, register) as (work, warehouse):
        records = {row[0]: row[1:] for row in work.execute(_RECORD.format(warehouse=warehouse), [[case[1] for case in cases]]).fetchall()}
        ids = sorted({one for case in cases for one in case[2:] if one})
        persons = _persons(work, ids)
        places = _places(work, warehouse, [*records.values(), *persons.values()])
    found = {}
    for case, record, register_id, runner_up in cases:
        if record not in records or register_id not in persons:
            continue
        person = persons[register_id]
        left, right = _side(records[record], places), _side(person, places)
        agrees = agreeing(left, _side(persons[runner_up], places)) if runner_up in persons else None
        found[case] = Sides(left, right, RegisterSubject(person[5], person[7], person[1], person[8]), agrees)
    return found


def _persons(work: duckdb.DuckDBPyConnection, register_ids: list[str]) -> dict[str, tuple[Any, ...]]:
    """Columns of _PERSON by register id; an id of another release has no row."""
    fetch_persons(work, f"SELECT unnest({[_number(one) for one in register_ids]}::INTEGER[]) AS person_no", "side_person")
    return {row[0]: row[1:] for row in work.execute(_PERSON).fetchall()}


def _number(register_id: str) -> int:
    return int(register_id.split("-")[1])


_MEMBERS = f"""
SELECT person_no FROM {REGISTER}.person_row
SEMI JOIN (SELECT keluarga_no FROM {REGISTER}.person_row WHERE person_no = {{number}}) USING (keluarga_no)"""
_FAMILY = f"""
SELECT coalesce(h.nama, ''), array_to_string(m.nama, ' '), m.tanggal_lahir, m.jenis_kelamin, m.person_no = {{number}}
FROM member_person m LEFT JOIN {{warehouse}}.codes.codes_hubungan_kepala h ON h.kode = m.hubungan_kepala
ORDER BY m.hubungan_kepala, m.tanggal_lahir, m.person_no LIMIT {MOST_MEMBERS}"""
_OTHERS = (
    f"""SELECT register_id FROM {{warehouse}}.link.candidate WHERE record_id = ? AND register_id <> ? ORDER BY rank LIMIT {MOST_OTHERS}"""
)
_GUARDIAN = "SELECT coalesce(nama_wali, '') FROM {warehouse}.intermediate.int_person__standardized WHERE record_id = ?"


def around(con: duckdb.DuckDBPyConnection, register: Path, record: str, register_id: str) -> Around:
    """Who else stands around a case: the candidate's family card, the other candidates, the guardian that the record names."""
    with workspace(con, register) as (work, warehouse):
        number = _number(register_id)
        fetch_persons(work, _MEMBERS.format(number=number), "member_person")
        members = work.execute(_FAMILY.format(warehouse=warehouse, number=number)).fetchall()
        ids = [row[0] for row in work.execute(_OTHERS.format(warehouse=warehouse), [record, register_id]).fetchall()]
        persons = _persons(work, ids)
        places = _places(work, warehouse, list(persons.values()))
        guardian = work.execute(_GUARDIAN.format(warehouse=warehouse), [record]).fetchall()
    family = (Member(relation, name, _day(born), _sex(sex), asked) for relation, name, born, sex, asked in members)
    return Around(tuple(family), tuple(_side(persons[one], places) for one in ids if one in persons), guardian[0][0] if guardian else "")


def _day(born: object) -> str:
    return f"{born:%d-%m-%Y}" if isinstance(born, dt.date) else ""


def _sex(code: object) -> str:
    return {"1": "L", "2": "P"}.get(str(code), str(code or ""))


def _places(work: duckdb.DuckDBPyConnection, warehouse: str, rows: list[tuple[object, ...]]) -> dict[str, str]:
    """Name by code of every district or regency that one of the rows lives in."""
    codes = sorted({str(row[4]) for row in rows if row[4]})
    return dict(work.execute(_PLACE.format(warehouse=warehouse), [codes]).fetchall())


def _side(row: tuple[object, ...], places: dict[str, str]) -> Side:
    name, born, sex, mother, place, nik, family = row[:7]
    named = f"{place} {places.get(str(place), '')}".strip() if place else ""
    cells = tuple(str(cell or "") for cell in (name, _day(born), _sex(sex), mother, named))
    return Side(cells, f"…{str(nik)[-4:]}" if nik else "", str(family) if family else None)
