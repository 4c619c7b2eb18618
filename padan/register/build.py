"""Builds the immutable file of one DTSEN release, step by step: a build that was stopped goes on after its last whole step.

Steps: segment after segment of persons, with the posting lists that every size has; then what is counted over all of them.
A step is one transaction of the file `register.duckdb.building`, whose table `built` names the steps that are done; what is
only needed on the way lies in a scratch file beside it.
Does not belong here: what a step makes (persons, words, postings, frequencies, agregat), records, models or decisions.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from padan.config import Machine
from padan.errors import Defect
from padan.home import Home
from padan.progress import Progress, quiet
from padan.register.agregat import count_children, create_agregat
from padan.register.frequencies import (
    count_names,
    create_block_sizes,
    create_chances,
    create_name_counts,
    create_token_counts,
    create_unlisted,
    create_value_counts,
)
from padan.register.names import create_name_macros
from padan.register.persons import append_segment, create_person_tables, create_reading_macros, read_segment
from padan.register.postings import CROWDED, POSTINGS, Posting, create_key_macros
from padan.register.release import DELIVERED, INDEX, Release, current_release, read_release, release_folder
from padan.register.segments import PERSONS, Segment, plan_segments
from padan.register.views import view_sql
from padan.register.words import create_word_tables
from padan.warehouse import STORED, configure, count_rows, literal, without_values

#: Bumped whenever a built file of the older code would answer differently.
INDEX_VERSION = "4"


def build_release(home: Home, machine: Machine, release: dt.date, progress: Progress = quiet) -> Release:
    """The built release of `release`: made from its delivered tables if it is not there yet, swapped in atomically.

    A build that was stopped goes on where it was, if the same code finds the same delivery.

    Raises:
        Defect: nothing was delivered for the release, or DuckDB failed.
    """
    folder = release_folder(home, release)
    built = folder / INDEX
    if built.exists():
        return read_release(built)
    if not (folder / DELIVERED).exists():
        raise Defect(f"rilis DTSEN {release}: belum ada penyerahan.", todo="Muat dtsen/anggota dan dtsen/keluarga lebih dahulu.")
    work = folder / f"{INDEX}.building"
    try:
        with _opened(home, machine, folder, work) as con:
            _build(con, release, progress)
    except duckdb.Error as error:
        raise without_values(error) from None
    work.chmod(0o400)
    work.rename(built)
    _scratch(folder).unlink(missing_ok=True)
    return read_release(built)


def ensure_current(home: Home, machine: Machine, as_of: dt.date, progress: Progress = quiet) -> Release | None:
    """The newest release delivered by `as_of`, built now if it is not yet; None when none was delivered."""
    delivered = (dt.date.fromisoformat(path.parent.name) for path in home.register.glob(f"????-??-??/{DELIVERED}"))
    due = [date for date in delivered if date <= as_of]
    if due:
        build_release(home, machine, max(due), progress)
    return current_release(home, as_of)


def _scratch(folder: Path) -> Path:
    return folder / f"{INDEX}.scratch"


@contextmanager
def _opened(home: Home, machine: Machine, folder: Path, work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file under construction, with the delivery and a scratch file attached; begun anew unless it can go on."""
    status = (folder / DELIVERED).stat()
    source = f"{INDEX_VERSION}/{status.st_size}/{status.st_mtime_ns}"
    if not (work.exists() and _scratch(folder).exists() and _source_of(work) == source):
        for path in (work, _scratch(folder)):
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
    con = duckdb.connect(str(work), config=STORED)
    try:
        configure(con, machine, home.tmp)
        con.execute("SET preserve_insertion_order = true")  # rows are appended in the order of their numbers
        for path, name, mode in ((folder / DELIVERED, "delivered", "(READ_ONLY)"), (_scratch(folder), "scratch", "")):
            con.execute(f"ATTACH {literal(path)} AS {name} {mode}")
        for create in (create_name_macros, create_key_macros, create_reading_macros):
            create(con)
        con.execute("CREATE TABLE IF NOT EXISTS built (step VARCHAR, rows BIGINT, seconds DOUBLE)")
        con.execute("CREATE TABLE IF NOT EXISTS source AS SELECT ? AS source", [source])
        yield con
        for name in ("delivered", "scratch"):
            con.execute(f"DETACH {name}")
        con.execute("CHECKPOINT")
    finally:
        con.close()


def _source_of(work: Path) -> str | None:
    """What the file was begun from; None when it cannot say."""
    try:
        with duckdb.connect(str(work), read_only=True) as con:
            return str(con.execute("SELECT source FROM source").fetchall()[0][0])
    except duckdb.Error:
        return None


@dataclass(frozen=True)
class _Step:
    """One step: what it makes, in one transaction, the table whose rows tell its size, and what it needs before that."""

    name: str
    make: Callable[[], None]
    counted: str
    before: Callable[[], None] = lambda: None


def _build(con: duckdb.DuckDBPyConnection, release: dt.date, progress: Progress) -> None:
    done = {row[0] for row in con.execute("SELECT step FROM built").fetchall()}
    for step in _steps(con, release):
        if step.name in done:
            continue
        began = time.monotonic()
        step.before()
        con.execute("BEGIN TRANSACTION")
        step.make()
        rows = count_rows(con, step.counted)
        con.execute("INSERT INTO built VALUES (?, ?, ?)", [step.name, rows, round(time.monotonic() - began, 3)])
        con.execute("COMMIT")
        progress(step.name, rows)


def _steps(con: duckdb.DuckDBPyConnection, release: dt.date) -> Iterator[_Step]:
    size = count_rows(con, PERSONS)
    kept = [posting for posting in POSTINGS if posting.fits(size)]
    yield _Step("tabel", partial(_create_tables, con, release, kept, size), "release")
    segments = plan_segments(con)
    for segment in segments:
        name = f"orang {segment.number}/{len(segments)}"
        yield _Step(name, partial(_append, con, kept, size), "named", before=partial(_read, con, segment, release))
    yield _Step("frequency_token", partial(create_token_counts, con), "frequency_token")
    yield _Step("frequency_tanggal_lahir", partial(create_value_counts, con), "frequency_tanggal_lahir")
    for posting in kept:
        if posting.most is not None:
            yield _Step(f"posting_{posting.name}", partial(_create_posting, con, posting), f"posting_{posting.name}")
    for name in ("nama", "ibu"):
        yield _Step(f"frequency_{name}", partial(create_name_counts, con, name, len(segments), size), f"frequency_{name}")
    yield _Step("u_probability", partial(create_chances, con, size), "u_probability")
    yield _Step("block_size", partial(create_block_sizes, con, [p.name for p in kept]), "block_size")
    yield _Step("agregat", partial(create_agregat, con, len(segments)), "agregat")
    yield _Step("release", partial(_close, con), "release")


def _create_tables(con: duckdb.DuckDBPyConnection, release: dt.date, kept: list[Posting], size: int) -> None:
    con.execute(
        """CREATE TABLE release AS SELECT CAST(? AS DATE) AS dtsen_versi, CAST(NULL AS BIGINT) AS persons, CAST(NULL AS BIGINT) AS families,
        CAST(? AS VARCHAR) AS index_version""",
        [release, INDEX_VERSION],
    )
    create_person_tables(con)
    create_word_tables(con)
    create_unlisted(con)
    for view in view_sql():
        con.execute(view)
    for posting in _by_segment(kept):
        more = ", anggota INTEGER" if posting.whole_family else ", tanda INTEGER" if posting.signed and size > CROWDED else ""
        con.execute(f"CREATE TABLE posting_{posting.name} (key BIGINT, person_no INTEGER{more})")


def _read(con: duckdb.DuckDBPyConnection, segment: Segment, release: dt.date) -> None:
    """All that may be done again when the step was stopped: words are learnt once, scratch tables are replaced."""
    read_segment(con, segment)
    count_names(con, segment.number)
    count_children(con, segment.number, release)


def _append(con: duckdb.DuckDBPyConnection, kept: list[Posting], size: int) -> None:
    append_segment(con)
    for posting in _by_segment(kept):
        con.execute(f"INSERT INTO posting_{posting.name} {_keyed_sql(posting, signed=posting.signed and size > CROWDED)}")


def _by_segment(kept: list[Posting]) -> list[Posting]:
    """Lists of a release of any size, whose keys each segment has at hand; the family's own is a view."""
    return [posting for posting in kept if posting.most is None and posting.name != "keluarga"]


def _keyed_sql(posting: Posting, *, signed: bool) -> str:
    """Rows of a posting list from the segment that was read, sorted by key."""
    whose = "keluarga_no" if posting.whole_family else "person_no, tanda" if signed else "person_no"
    keys = f"SELECT * FROM (SELECT {posting.key} AS key, {whose} FROM keyed) WHERE key IS NOT NULL"
    if posting.whole_family:
        families = f"SELECT DISTINCT key, keluarga_no FROM ({keys})"
        keys = f"SELECT key, f.person_no, f.anggota FROM ({families}) JOIN family_named f USING (keluarga_no)"
    return f"{keys} ORDER BY key, person_no"


def _create_posting(con: duckdb.DuckDBPyConnection, posting: Posting) -> None:
    con.execute("CREATE TEMP TABLE IF NOT EXISTS person AS SELECT * FROM main.person")  # the view's text, put together once
    con.execute(
        f"CREATE TABLE posting_{posting.name} AS SELECT key, person_no FROM ({posting.sql}) WHERE key IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )


def _close(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE release SET persons = (SELECT count(*) FROM person_row), families = (SELECT count(*) FROM family)")
    con.execute("DROP TABLE word")
    con.execute("ALTER TABLE sifat DROP COLUMN gabungan")
