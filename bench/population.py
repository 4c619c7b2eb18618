"""An invented register of any size, in SQL: `python -m bench population --persons 1000000 --home DIR`.

A person is a hash of family and position, so that nothing has to be looked up: a mother's name is computed again in the
row of each child, and a case is drawn without reading the register. Same seed and DuckDB version, same rows, whatever
the number of threads. Families of three on average, one-word names, heaped birth dates, clan names where they are
usual, twins; a NIK that fits place, date and sex; a card number a family.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from pathlib import Path

import duckdb

from bench.places import SLOTS, load_places
from bench.vocabulary import GIVEN, KIND, LAST_WORDS, load_words
from padan.config import Machine
from padan.home import Home
from padan.linkage.siblings import keep_siblings
from padan.progress import Progress, quiet
from padan.register import Release, build_release
from padan.warehouse import configure

VERSION = dt.date(2026, 10, 1)

#: Sizes of 25 families in turn: 76 persons. So the n-th person's family is arithmetic, and N persons are exactly N.
_SIZES = (3, 1, 4, 2, 3, 5, 2, 4, 3, 1, 6, 3, 2, 4, 3, 1, 5, 3, 2, 4, 3, 1, 4, 3, 4)
_ROUND = sum(_SIZES)

#: Persons flow by: the lists stay on the build side of every join, whatever the optimiser thinks of their sizes.
STREAMED = "SET disabled_optimizers = 'join_order,build_side_probe_side'"

#: Persons that one statement makes.
CHUNK = 25_000 * _ROUND

#: How flat the head of the words' frequencies is in names of several words: 1.6 million full names among 2 million persons.
COMMON = 100

#: A hash of several values. Hashed twice: DuckDB joins two hashes by XOR, so those of (x, 1) and (x, 2) would go together.
_RANDOM = """CREATE OR REPLACE TEMP MACRO acak(a, b) AS hash(hash(a, b)), (a, b, c) AS hash(hash(hash(hash(a, b)), c)),
    (a, b, c, d) AS hash(hash(hash(hash(hash(hash(a, b)), c)), d))"""

_EMPTY = "CAST(NULL AS VARCHAR)"


def _share(key: str, bits: int = 24) -> str:
    """A number in [0, 1) from a hash."""
    return f"((({key}) >> {64 - bits}) / {2**bits}.0)"


def _rank(key: str, words: int, flat: float) -> str:
    """A rank from 0 under Zipf's law flattened at the head: density 1 / (rank + flat)."""
    return f"CAST(floor({flat} * pow({(words + flat) / flat}, {_share(key)}) - {flat}) AS INTEGER)"


def _name(alias: str, key: str, sex: str, clan_key: str) -> str:
    """Columns `<alias>1..4`: keys into `kata` of the words of a name, NULL where it has no such word.

    One word in nine; else a last word, a second given one, or a first word such as MUHAMMAD before it; the clan's name
    last where it is handed down, which elsewhere is the father's last word in one family of eight.
    """
    form, given = f"(acak({key}, 1) % 1000)", f"CASE {sex} WHEN 'L' THEN {KIND['given_L']} ELSE {KIND['given_P']} END * 1000000"
    handed = f"({clan_key} % 100 < CASE WHEN marga IS NULL THEN 12 ELSE 80 END)"
    kind = f"CASE {sex} WHEN 'L' THEN 0 ELSE 1 END"
    first = f"({KIND['first_L']} + {kind}) * 1000000 + CAST(acak({key}, 5) % 6 * (acak({key}, 5) // 6 % 6) // 5 AS INTEGER)"
    bali = f"({KIND['bali_L']} + {kind}) * 1000000 + CAST(acak({key}, 5) % 10 AS INTEGER)"
    clan = f"CASE WHEN marga IS NULL THEN {KIND['last_L'] * 1_000_000} + {_rank(clan_key, LAST_WORDS, COMMON)} " \
        f"ELSE marga * 1000000 + CAST(floor(14 * pow({_share(clan_key)}, 2)) AS INTEGER) END"  # fmt: skip
    last = f"({KIND['last_L']} + {kind}) * 1000000 + {_rank(f'acak({key}, 4)', LAST_WORDS, COMMON)}"
    return f"""
        CASE WHEN bali AND {form} % 10 < 8 THEN {bali} WHEN {form} BETWEEN 440 AND 639 THEN {first} END AS {alias}1,
        {given} + CASE WHEN {form} < 120 THEN {_rank(f"acak({key}, 2)", GIVEN, 10)}
            ELSE {_rank(f"acak({key}, 2)", GIVEN, COMMON)} END AS {alias}2,
        CASE WHEN {form} >= 640 THEN {given} + {_rank(f"acak({key}, 3)", GIVEN, COMMON)} END AS {alias}3,
        CASE WHEN {form} >= 120 AND {handed} THEN {clan} WHEN {form} BETWEEN 120 AND 529 OR {form} >= 740 THEN {last} END AS {alias}4"""


def _words(alias: str) -> tuple[str, str]:
    """The text of a name and the joins that it needs."""
    text = f"concat_ws(' ', {', '.join(f'{alias}k{i}.kata' for i in range(1, 5))})"
    return text, " ".join(f"LEFT JOIN kata {alias}k{i} ON {alias}k{i}.kunci = {alias}{i}" for i in range(1, 5))


def _registered(birth: str) -> str:
    """A birth date as registered: adults' are heaped on 1 January, 31 December and 1 July, children's hardly."""
    heap = "acak(orang, 'tumpuk') % 1000"
    return f"""CASE WHEN {heap} < CASE WHEN usia > 10957 THEN 50 ELSE 6 END THEN make_date(year({birth}), 1, 1)
        WHEN usia > 10957 AND {heap} < 60 THEN make_date(year({birth}), 12, 31)
        WHEN usia > 10957 AND {heap} < 70 THEN make_date(year({birth}), 7, 1) ELSE {birth} END"""


def _digits(day: str, sex: str) -> str:
    """DDMMYY as a number, women's day plus 40."""
    return f"((day({day}) + CASE {sex} WHEN 'P' THEN 40 ELSE 0 END) * 10000 + month({day}) * 100 + year({day}) % 100)"


def _families(source: str, seed: int) -> str:
    """The addresses with place and role: couple or lone head, a grandparent in some larger families, else children."""
    roles = f"""SELECT *, acak({seed}, f) AS hf, acak({seed}, f, pos) AS hp, size >= 2 AND acak({seed}, f, 'dua') % 100 < 86 AS dua,
        size >= 4 AND acak({seed}, f, 'nenek') % 100 < 12 AS dengan_nenek,
        acak({seed}, f, 'kepala') % 100 < CASE WHEN size = 1 THEN 50 ELSE 75 END AS kepala_ibu FROM ({source})"""
    return f"""SELECT r.*, t.kode_kecamatan, t.angka, t.kabupaten, t.marga, t.bali, pos = 0 AS kepala, dua AND pos = 1 AS istri,
        dengan_nenek AND pos = size - 1 AS nenek, pos - CASE WHEN dua THEN 2 ELSE 1 END AS ke,
        greatest(size - CASE WHEN dua THEN 2 ELSE 1 END - CAST(dengan_nenek AS INTEGER), 1) AS anak
        FROM ({roles}) r JOIN tempat t ON t.slot = CAST(hf % {SLOTS} AS INTEGER)"""


def _members(families: str, seed: int) -> str:
    """The members with sex, mother (hash hm), age in days (usia) and whose clan name they carry (hash turun)."""
    sexed = f"""SELECT *, NOT (kepala OR istri OR nenek) AS si_anak,
        CASE WHEN kepala AND dua THEN 'L' WHEN kepala THEN CASE WHEN kepala_ibu THEN 'P' ELSE 'L' END WHEN istri THEN 'P'
            WHEN nenek THEN CASE WHEN hp % 10 < 7 THEN 'P' ELSE 'L' END ELSE CASE WHEN hp % 200 < 103 THEN 'L' ELSE 'P' END END AS jk,
        CASE WHEN dua THEN acak({seed}, f, 1) WHEN kepala_ibu THEN acak({seed}, f, 0) ELSE acak({seed}, f, 'ibu') END AS hi,
        -- a twin has the birth date of the child before
        CASE WHEN ke > 0 AND acak(hp, 'kembar') % 90 = 0 THEN pos - 1 ELSE pos END AS lahir_pos,
        CAST(7300 + CASE WHEN size > 2 THEN 13900 * pow({_share("acak(hf, 'usia')")}, 1.4) ELSE 20000 * {_share("acak(hf, 'usia')")} END
            AS INTEGER) AS usia_ibu FROM ({families})"""
    birth = f"acak({seed}, f, lahir_pos, 'lahir')"
    return f"""SELECT *, {birth} AS orang,
        CAST(CASE WHEN nenek THEN usia_ibu + 7300 + 5500 * {_share("hp")}
            WHEN kepala AND dua THEN usia_ibu - 700 + 3650 * {_share("hp")}
            WHEN si_anak THEN least(usia_ibu - 6800, 10000) * ((ke - pos + lahir_pos) % anak + {_share(birth)}) / anak
            ELSE usia_ibu END AS INTEGER) AS usia,
        CASE WHEN si_anak OR (kepala AND jk = 'L') THEN acak(hf, 'marga') ELSE acak(hp, 'marga') END AS turun,
        CASE WHEN si_anak THEN hi ELSE acak(hp, 'ibu') END AS hm FROM ({sexed})"""


def persons_sql(source: str, seed: int, version: dt.date = VERSION) -> str:
    """SELECT of the persons at the addresses of `source(n, f, pos, size)`: family f of `size`, position pos.

    Position `size` is one more child of the family, whom a register of these sizes lacks. Columns: n, f, pos, size, nama,
    ibu, lahir (DATE), jk (L, P), si_anak (a child of the head), hf (hash of the family), hp (of the person), kode_kecamatan,
    tempat_lahir, hub, nik, no_kk.
    """
    own, own_joins = _words("o")
    mother, mother_joins = _words("i")
    keyed = f"""SELECT *, {_registered(f"(DATE '{version}' - usia)")} AS lahir, {_name("o", "hp", "jk", "turun")},
        {_name("i", "hm", "'P'", "acak(hm, 'marga')")},
        CASE WHEN hp % 100 < 14 THEN CAST(acak(hp, 'daftar') % {SLOTS} AS INTEGER) ELSE CAST(hf % {SLOTS} AS INTEGER) END AS daftar
        FROM ({_members(_families(source, seed), seed)})"""
    recorded = _digits("(DATE '2005-01-01' + CAST(hf // 7 % 7900 AS INTEGER))", "'L'")
    return f"""
    SELECT n, f, pos, size, {own} AS nama, {mother} AS ibu, lahir, jk, si_anak, hf, hp, k.kode_kecamatan, d.kabupaten AS tempat_lahir,
        CASE WHEN kepala THEN '1' WHEN istri THEN '2' WHEN nenek THEN '6' ELSE '3' END AS hub,
        CAST(d.angka * 10000000000 + {_digits("lahir", "jk")} * 10000 + CAST(acak(hp, 'nik') % 9998 + 1 AS BIGINT) AS VARCHAR) AS nik,
        CAST(k.angka * 10000000000 + {recorded} * 10000 + CAST(acak(hf, 'kk') % 9998 + 1 AS BIGINT) AS VARCHAR) AS no_kk
    FROM ({keyed}) k JOIN tempat d ON d.slot = k.daftar {own_joins} {mother_joins}"""


def load_lists(con: duckdb.DuckDBPyConnection) -> None:
    """What `persons_sql` and `address_sql` read: words, places, the addresses of one round of families, and macro `acak`."""
    con.execute(_RANDOM)
    load_words(con)
    load_places(con)
    con.execute("CREATE OR REPLACE TEMP TABLE alamat (sisa INTEGER, keluarga INTEGER, pos INTEGER, size INTEGER)")
    rows = [(family, pos, size) for family, size in enumerate(_SIZES) for pos in range(size)]
    con.executemany("INSERT INTO alamat VALUES (?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])


def address_sql(source: str) -> str:
    """SELECT (n, f, pos, size) of the persons numbered n in `source(n)`."""
    return f"""SELECT n, n // {_ROUND} * {len(_SIZES)} + keluarga AS f, pos, size FROM ({source}) JOIN alamat ON sisa = n % {_ROUND}"""


_DIFFICULTIES = ("penglihatan", "pendengaran", "berjalan", "belajar", "perilaku")


def _anggota_sql(version: dt.date) -> str:
    difficulties = ", ".join(
        f"CASE WHEN (hp >> {9 * i}) % 100 < 2 THEN CASE hp % 3 WHEN 0 THEN '1' WHEN 1 THEN '2' ELSE '3' END ELSE '4' END"
        for i in range(len(_DIFFICULTIES))
    )
    return f"""SELECT {_EMPTY}, 'dtsen/anggota@{version}#tiruan', DATE '{version}', 'anggota.parquet', n + 1, {_EMPTY}, '{version}', nik,
        'K-' || (100000000 + f), no_kk, nama, tempat_lahir, CAST(lahir AS VARCHAR), CASE jk WHEN 'L' THEN '1' ELSE '2' END,
        hub, CASE WHEN hub = '3' THEN '1' WHEN hub = '6' THEN '4' WHEN size = 1 THEN '3' ELSE '2' END,
        CASE WHEN si_anak OR hp % 10 < 8 THEN ibu END,
        CASE WHEN lahir > DATE '{version}' - 2550 THEN '1' WHEN lahir > DATE '{version}' - 6200 THEN '2' ELSE '3' END, {difficulties},
        CASE WHEN acak(hp, 'cacat') % 100 < 2 THEN '1' ELSE '0' END, CASE WHEN hf % 10 < 4 THEN '1' ELSE '0' END,
        CASE WHEN acak(hp, 'status') % 100 < 97 THEN 'DTSEN AKTIF' ELSE 'DTSEN NONAKTIF' END, {_EMPTY} FROM orang"""


def _keluarga_sql(version: dt.date) -> str:
    return f"""SELECT {_EMPTY}, 'dtsen/keluarga@{version}#tiruan', DATE '{version}', 'keluarga.parquet', f + 1, {_EMPTY},
        '{version}',
        'K-' || (100000000 + f), no_kk, nama, kode_kecamatan, 'DSN ' || hf % 900,
        '00' || hf % 9, '00' || hf // 9 % 9, CAST(size AS VARCHAR),
        CAST(hf % 9 + 1 AS VARCHAR), CAST(hf // 9 % 5 + 1 AS VARCHAR),
        CAST(acak(hf, 'desil') % 10 + 1 AS VARCHAR), {_EMPTY} FROM orang WHERE pos = 0"""


_LANDED = ("record_id", "delivery_id", "delivery_date", "source_file", "source_row", "scope")
_TYPES = {"delivery_date": "DATE", "source_row": "BIGINT"}
_ANGGOTA = (
    "dtsen_versi", "nik", "id_keluarga", "no_kk", "nama", "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "hubungan_kepala",
    "status_perkawinan", "nama_ibu", "partisipasi_sekolah", *_DIFFICULTIES, "disabilitas", "pbi", "status_dtsen", "lainnya",
)  # fmt: skip
_KELUARGA = (
    "dtsen_versi", "id_keluarga", "no_kk", "nama_kepala", "kode_kecamatan", "alamat", "rt", "rw", "jumlah_anggota", "lantai", "daya",
    "desil", "lainnya",
)  # fmt: skip


_TABLES = {"anggota": (_anggota_sql, _ANGGOTA), "keluarga": (_keluarga_sql, _KELUARGA)}


def delivered_sql(table: str, version: dt.date = VERSION) -> str:
    """SELECT of raw.dtsen__<table> (anggota, keluarga) as intake leaves it, from the persons in `orang` (`persons_sql`)."""
    select, columns = _TABLES[table]
    return f"SELECT * FROM ({select(version)}) t({', '.join((*_LANDED, *columns))})"


def write_delivered(home: Home, persons: int, seed: int = 1, version: dt.date = VERSION, machine: Machine | None = None) -> float:
    """Write `<home>/register/<version>/delivered.duckdb` as intake leaves it (raw.dtsen__anggota, raw.dtsen__keluarga, all text).

    Memory does not grow with the persons; `source_row` is their number plus one. Returns the rows a second.
    """
    folder = home.register / version.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    work = folder / "delivered.duckdb.writing"
    work.unlink(missing_ok=True)
    start = time.monotonic()
    with duckdb.connect(str(work), config={"storage_compatibility_version": "latest"}) as con:
        configure(con, machine or Machine(), home.tmp)
        con.execute(STREAMED)
        load_lists(con)
        con.execute("CREATE SCHEMA raw")
        for table, (_, columns) in _TABLES.items():
            typed = ", ".join(f"{column} {_TYPES.get(column, 'VARCHAR')}" for column in (*_LANDED, *columns))
            con.execute(f"CREATE TABLE raw.dtsen__{table} ({typed})")
        con.execute(f"CREATE TEMP TABLE nomor AS SELECT i FROM range({CHUNK}) t(i)")
        for first in range(0, persons, CHUNK):
            source = address_sql(f"SELECT i + {first} AS n FROM nomor WHERE i < {persons - first}")
            con.execute(f"CREATE OR REPLACE TEMP TABLE orang AS {persons_sql(source, seed, version)}")
            for table in _TABLES:
                con.execute(f"INSERT INTO raw.dtsen__{table} {delivered_sql(table, version)}")
    (folder / "register.duckdb").unlink(missing_ok=True)  # an index of what lay here before
    work.rename(folder / "delivered.duckdb")
    return persons / (time.monotonic() - start)


def ensure_register(
    home: Home, persons: int, seed: int = 1, version: dt.date = VERSION, machine: Machine | None = None, progress: Progress = quiet
) -> Release:
    """The built release of `persons` invented persons in `home`, delivered and built now if it is not there."""
    home.prepare()
    if not (home.register / version.isoformat() / "delivered.duckdb").exists():
        write_delivered(home, persons, seed, version, machine)
    release = build_release(home, machine or Machine(), version, progress)
    if release.persons != persons:
        raise SystemExit(f"{home.root} holds {release.persons:,} persons, not {persons:,}: another folder, please")
    with duckdb.connect() as con:
        keep_siblings(con, release.path)
    return release


def main(arguments: list[str]) -> None:
    """Write and build an invented register: `--persons N --home DIR [--seed S] [--no-build]`."""
    parser = argparse.ArgumentParser(prog="python -m bench population")
    parser.add_argument("--persons", type=int, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-build", action="store_true", help="delivered tables only")
    options = parser.parse_args(arguments)
    home = Home(options.home).prepare()
    print(f"{write_delivered(home, options.persons, options.seed):,.0f} rows/s")
    if not options.no_build:
        ensure_register(home, options.persons, options.seed)
