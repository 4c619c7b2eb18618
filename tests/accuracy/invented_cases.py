"""Records about invented people, written straight into the standard columns under an error model, with who they are.

No files, intake or dbt: what is tested is linkage and what is said of it, on as many populations as a test needs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from padan.config import Machine
from padan.home import Home
from padan.register import Release, build_release
from padan.synth.dates import misremembered
from padan.synth.dice import Dice
from padan.synth.population import Person, Population, populate
from padan.synth.profiles import Profile
from padan.synth.regions import Regions
from padan.synth.release import anggota, keluarga, misregister
from padan.synth.spelling import Speller

VERSION, DELIVERED = dt.date(2026, 10, 1), dt.date(2026, 11, 23)
LANDED = ("record_id", "delivery_id", "delivery_date", "source_file", "source_row", "scope", "lainnya")

#: The standard persons.
TYPED = {
    "delivery_date": pa.date32(),
    "tanggal_lahir": pa.date32(),
    "tanggal_acuan": pa.date32(),
    "source_row": pa.int64(),
    "anak": pa.bool_(),
}
COLUMNS = (
    "record_id", "agency", "feed", "delivery_date", "source_file", "source_row", "nik", "nik_status", "no_kk", "nama", "tanggal_lahir",
    "tanggal_lahir_precision", "jenis_kelamin", "nama_ibu", "kode_kecamatan", "kode_kabupaten", "kode_kecamatan_lama",
    "kode_kabupaten_lama", "nik_wali", "nama_wali", "kelompok", "tanggal_acuan", "anak",
)  # fmt: skip
SCHEMA = pa.schema([(name, TYPED.get(name, pa.string())) for name in COLUMNS])

#: Cells that a feed fills, as shares of its records: NIK, KK, mother, birth date, kecamatan.
FEEDS = {"pkh": (0.75, 0.95, 0.6, 0.98, 1.0), "ppks": (0.5, 0.3, 0.3, 0.9, 1.0), "pengaduan": (0.35, 0.0, 0.25, 0.85, 0.0)}


@dataclass(frozen=True)
class Errors:
    """An error model. `hides_nik`: how many times as often the NIK is missing where name or birth date are wrong."""

    name: str
    profile: Profile
    hides_nik: float = 1.0


def invent(folder: Path, persons: int, seed: int, errors: Errors) -> tuple[Population, Home, Release]:
    """People, and the register that holds most of them, built."""
    population = populate(Regions(others=30), persons, seed, VERSION)
    misregister(population, seed, errors.profile)
    home = Home(folder).prepare()
    (home.register / VERSION.isoformat()).mkdir()
    with duckdb.connect(str(home.register / VERSION.isoformat() / "delivered.duckdb")) as con:
        con.execute("CREATE SCHEMA raw")
        for table, columns in (("dtsen__anggota", anggota(population, VERSION)), ("dtsen__keluarga", keluarga(population, VERSION))):
            rows = pa.table({name: [None if v is None else str(v) for v in values] for name, values in columns.items()})
            con.register("rows", rows)
            empty = ", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in LANDED)
            con.execute(f"CREATE TABLE raw.{table} AS SELECT *, {empty} FROM rows")
            con.unregister("rows")
    return population, home, build_release(home, Machine(), VERSION)


def write_cases(con: duckdb.DuckDBPyConnection, population: Population, records: int, seed: int, errors: Errors) -> None:
    """`intermediate.int_person__standardized`, and `truth(record_id, nik)`: the register's NIK of the person, null where it has none."""
    children = [p for p in population.persons if p.age(DELIVERED) < 18]
    rows, truth = [], []
    for number in range(records):
        dice = Dice(seed, errors.name, "case", number)
        person, feed = dice.pick(children), dice.pick(tuple(FEEDS))
        rows.append(_case(dice, person, feed, number, errors))
        truth.append((rows[-1]["record_id"], person.register_nik if person.in_register else None, person.in_register))
    con.execute("CREATE SCHEMA intermediate")
    con.register("rows", pa.Table.from_pylist(rows, schema=SCHEMA))
    con.execute("CREATE TABLE intermediate.int_person__standardized AS FROM rows")
    con.unregister("rows")
    con.execute("CREATE TABLE truth (record_id VARCHAR, nik VARCHAR, held BOOLEAN)")
    con.executemany("INSERT INTO truth VALUES (?, ?, ?)", truth)


def _case(dice: Dice, person: Person, feed: str, number: int, errors: Errors) -> dict[str, Any]:
    nik_share, kk, mother, born, district = FEEDS[feed]
    speller = Speller(dice, errors.profile, child=True, encodable=False)
    name, date = speller.write(person.name, person.father, person.sex).upper(), misremembered(dice, person.born, errors.profile)
    wrong = name.split() != person.name.split() or date != person.born
    given = dice.hit(1 - min(0.97, (1 - nik_share) * (errors.hides_nik if wrong else 1.0)))
    place = person.family.kecamatan
    return {
        "record_id": f"{dice.between(0, 10**9):09d}-{number}", "agency": "kpai" if feed == "pengaduan" else "kemensos", "feed": feed,
        "delivery_date": DELIVERED, "source_file": "a.csv", "source_row": number + 1,
        "nik": _nik(dice, person, errors.profile) if given else None,
        "nik_status": "valid" if given else "missing", "no_kk": person.family.no_kk if dice.hit(kk) else None, "nama": name,
        "tanggal_lahir": date if (dated := dice.hit(born)) else None, "tanggal_lahir_precision": "day" if dated else "none",
        "jenis_kelamin": person.sex if dice.hit(0.97) else None,
        "nama_ibu": Speller(dice, errors.profile, child=False, encodable=False).write(person.mother).upper()
        if person.mother and dice.hit(mother) else None,
        "kode_kecamatan": place if dice.hit(district) else None, "kode_kabupaten": place[:5], "kode_kecamatan_lama": None,
        "kode_kabupaten_lama": None, "nik_wali": None, "nama_wali": None, "kelompok": None, "tanggal_acuan": DELIVERED, "anak": True,
    }  # fmt: skip


def _nik(dice: Dice, person: Person, profile: Profile) -> str:
    if person.carer is not None and dice.hit(profile.nik_parent):
        return person.carer.nik
    if dice.hit(profile.nik_digit):
        place = dice.between(0, 15)
        return person.nik[:place] + dice.pick([d for d in "0123456789" if d != person.nik[place]]) + person.nik[place + 1 :]
    return person.nik
