"""Small invented registers and records for the tests of linkage. Nobody in them exists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from padan.config import InstitutionPolicy, LinkageConfig, Machine, PersonPolicy
from padan.home import Home
from padan.linkage import LinkSummary, link_persons
from padan.linkage.engine import HERE, Engine
from padan.register import Release, build_release

VERSION = dt.date(2026, 10, 1)
DELIVERED = dt.date(2026, 11, 23)
CONFIG = LinkageConfig(policy_version="uji", person=PersonPolicy(), institution=InstitutionPolicy())
KEY = b"k" * 32

ANGGOTA = (
    "dtsen_versi", "nik", "id_keluarga", "no_kk", "nama", "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "hubungan_kepala",
    "status_perkawinan", "nama_ibu", "partisipasi_sekolah", "penglihatan", "pendengaran", "berjalan", "belajar", "perilaku", "disabilitas",
    "pbi", "status_dtsen",
)  # fmt: skip
KELUARGA = (
    "dtsen_versi",
    "id_keluarga",
    "no_kk",
    "nama_kepala",
    "kode_kecamatan",
    "alamat",
    "rt",
    "rw",
    "jumlah_anggota",
    "lantai",
    "daya",
    "desil",
)
LANDED = ("record_id", "delivery_id", "delivery_date", "source_file", "source_row", "scope")

STANDARD = """record_id VARCHAR, agency VARCHAR, feed VARCHAR, delivery_date DATE, source_file VARCHAR, source_row BIGINT, nik VARCHAR,
    nik_status VARCHAR, no_kk VARCHAR, nama VARCHAR, tanggal_lahir DATE, tanggal_lahir_precision VARCHAR, jenis_kelamin VARCHAR,
    nama_ibu VARCHAR, kode_kecamatan VARCHAR, kode_kabupaten VARCHAR, kode_kecamatan_lama VARCHAR, kode_kabupaten_lama VARCHAR,
    nik_wali VARCHAR, nama_wali VARCHAR, kelompok VARCHAR, tanggal_acuan DATE, anak BOOLEAN"""

Row = dict[str, Any]


def home_of(folder: Path) -> Home:
    return Home(folder).prepare()


def deliver_register(home: Home, persons: list[Row], version: dt.date = VERSION) -> None:
    """Lay down delivered.duckdb as intake does; a family's kecamatan and desil come from its first person."""
    folder = home.register / version.isoformat()
    folder.mkdir()
    families: dict[str, Row] = {}
    for person in persons:
        families.setdefault(person["id_keluarga"], person)
    with duckdb.connect(str(folder / "delivered.duckdb")) as con:
        con.execute("CREATE SCHEMA raw")
        _landed(con, "raw.dtsen__anggota", ANGGOTA, [{"dtsen_versi": version.isoformat(), **p} for p in persons])
        _landed(con, "raw.dtsen__keluarga", KELUARGA, [{"dtsen_versi": version.isoformat(), "desil": "2", **f} for f in families.values()])


def _landed(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    con.execute(f"CREATE TABLE {table} ({', '.join(f'{c} VARCHAR' for c in (*LANDED, *columns, 'lainnya'))})")
    _insert(con, table, columns, rows)


def _insert(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    if rows:
        laid = pa.table({column: [row.get(column) for row in rows] for column in columns})
        con.register("laid", laid)
        con.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM laid")
        con.unregister("laid")


def built(home: Home, persons: list[Row], version: dt.date = VERSION) -> Release:
    deliver_register(home, persons, version)
    return build_release(home, Machine(), version)


def child(n: int, name: str, born: str, **other: Any) -> Row:
    """A register child of family n with its own NIK; women's days in a NIK are 40 higher."""
    sex = other.pop("jenis_kelamin", "1")
    area = other.pop("area", "327301")
    day = int(born[8:10]) + (40 if sex == "2" else 0)
    nik = f"{area}{day:02d}{born[5:7]}{born[2:4]}{n:04d}"
    return {
        "nik": nik, "id_keluarga": f"K-{n:05d}", "no_kk": f"3273010101{n:06d}", "nama": name, "tanggal_lahir": born, "jenis_kelamin": sex,
        "hubungan_kepala": "3", "kode_kecamatan": "32.73.01", "status_dtsen": "DTSEN AKTIF", **other,
    }  # fmt: skip


FIRST = (
    "BAGUS", "WAHYU", "SATRIA", "INDRA", "GILANG", "YUDHA", "REZA", "FARHAN", "HAFIZ", "DANANG",
    "ARYA", "KEVIN", "RENDI", "TEGUH", "ILYAS", "NUGRAHA", "LUKMAN", "JEFRI", "MARWAN", "OKTA",
)  # fmt: skip
SECOND = (
    "PRAYOGA", "SETIADI", "KURNIAWAN", "SUSANTO", "MAHENDRA", "HERMAWAN", "SANJAYA",
    "WIRATAMA", "FIRMANSYAH", "GINANJAR", "PERMADI", "ADINATA", "RAMADHAN", "SAPUTRA",
)  # fmt: skip


def crowd(size: int, first: int = 1000) -> list[Row]:
    """Other people of the register, so that agreement means something; each in a family and kecamatan of its own."""
    people = []
    for i in range(size):
        n = first + i
        born = dt.date(2008, 1, 1) + dt.timedelta(days=(i * 37) % 6000)
        place = f"{31 + i % 7}.{1 + i % 9:02d}.{1 + i % 11:02d}"
        name = f"{FIRST[i % 20]} {SECOND[(i // 3) % 14]}" + ("" if i % 5 else f" {FIRST[(i * 7) % 20]}")
        people.append(child(n, name, born.isoformat(), kode_kecamatan=place, area=place.replace(".", ""), jenis_kelamin=str(1 + i % 2)))
    return people


def record(n: int, name: str | None, born: str | None, **other: Any) -> Row:
    """A standard person record; `feed` defaults to atensi, precision to the day."""
    row: Row = {
        "record_id": f"r{n:04d}", "agency": "kemensos", "feed": "atensi", "delivery_date": DELIVERED, "source_file": "a.xlsx",
        "source_row": n,
        "nik": None, "no_kk": None, "nama": name, "tanggal_lahir": dt.date.fromisoformat(born) if born else None,
        "tanggal_lahir_precision": "day" if born else "none", "jenis_kelamin": "L", "kode_kecamatan": None, "kode_kabupaten": "32.73",
        "tanggal_acuan": DELIVERED, "anak": True, **other,
    }  # fmt: skip
    row.setdefault("nik_status", "valid" if row["nik"] else "missing")
    return row


def warehouse(records: list[Row], threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with the standard persons."""
    con = duckdb.connect(":memory:", config={"threads": threads})
    con.execute("SET preserve_insertion_order = false")
    con.execute("CREATE SCHEMA intermediate")
    con.execute(f"CREATE TABLE intermediate.int_person__standardized ({STANDARD})")
    con.execute("CREATE SCHEMA codes; CREATE TABLE codes.codes_wilayah (kode VARCHAR, nama VARCHAR, tingkat VARCHAR, kode_induk VARCHAR)")
    put(con, records)
    return con


def put(con: duckdb.DuckDBPyConnection, records: list[Row]) -> None:
    """Add standard persons."""
    columns = tuple(part.split()[0] for part in STANDARD.replace("\n", " ").split(","))
    _insert(con, "intermediate.int_person__standardized", columns, records)


def linked(
    con: duckdb.DuckDBPyConnection, home: Home, release: Release | None, run_id: str = "uji-1", *, engine: Engine = HERE, **policy: Any
) -> LinkSummary:
    config = CONFIG.model_copy(update={"person": CONFIG.person.model_copy(update=policy)})
    return link_persons(con, home, release, config, run_id, KEY, engine=engine)


def answers(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str, str | None]]:
    """record_id → decision, reason, NIK of the register row."""
    rows = con.execute(
        "SELECT record_id, decision, reason, k.nik FROM link.decision d LEFT JOIN link.register_key k USING (register_id)"
    ).fetchall()
    return {record_id: tuple(rest) for record_id, *rest in rows}


def persons_of(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """record_id → person_id."""
    return dict(con.execute("SELECT record_id, person_id FROM link.decision").fetchall())


def families() -> list[Row]:
    """Families of three, every fifth with twins, and a namesake of each first child elsewhere."""
    people = []
    for n in range(1, 61):
        card = {"id_keluarga": f"K-{n:05d}", "no_kk": f"3273010101{n:06d}"}
        day = f"20{10 + n % 9:02d}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        name = f"{('BUDI', 'CITRA', 'DEWI', 'EKO', 'FITRI')[n % 5]} {('HARTONO', 'LESTARI', 'PUTRA', 'WIJAYA')[n % 4]}"
        people += [
            child(n, "SULASTRI", "1985-01-01", hubungan_kepala="1", jenis_kelamin="2", nik=f"3273014101850{n:03d}", **card),
            child(n, name, day, **card),
            child(n, f"AGUS {name.split()[1]}", day if n % 5 == 0 else "2018-08-08", nik=f"3273011111110{n:03d}", **card),
            child(500 + n, name, day, kode_kecamatan="32.04.10"),
        ]
    return people


def records_of(people: list[Row]) -> list[Row]:
    """Of every child a record: with its card, a mother's NIK, a wrong day or name, its NIK, a damaged one, or nothing but name and day."""
    rows = []
    for i, person in enumerate(p for p in people if p["hubungan_kepala"] == "3"):
        said: Row = {"source_row": i + 1, "kode_kabupaten": None}
        name, day = person["nama"], person["tanggal_lahir"]
        if i % 7 < 4:
            said["no_kk"] = person["no_kk"]
        if i % 7 == 1:
            name = name.replace("U", "O", 1).replace("I", "Y", 1)
        if i % 7 == 2:
            said["nik"] = person["nik"][:15] + str((int(person["nik"][15]) + 3) % 10)
        if i % 7 == 4:
            said["nik"] = person["nik"]
        if i % 7 == 5:
            day = day[:8] + "15"
        rows.append(record(i + 1, name, day, **said))
    return rows
