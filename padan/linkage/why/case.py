"""Reads what one explanation needs from the warehouse into memory, and lets the warehouse go: a night may start meanwhile."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from padan.config import Machine
from padan.errors import ConfigError, Defect, InputRefused
from padan.home import Home
from padan.linkage.person_v1.levels import create_level_macros
from padan.linkage.records import GENERATION
from padan.linkage.why.answer import Decided
from padan.lock import require_free
from padan.review import create_ruling_table
from padan.warehouse import ATTACHED, attach, configure, without_values

_PLACE = re.compile(r"(?P<agency>\w+)/(?P<feed>\w+)(@(?P<date>\d{4}-\d{2}-\d{2}))?:(?P<row>\d+)")
_SUBJECT = {"decision": ("person_id", "register_id"), "institution_decision": ("institution_id", "no_td")}

#: Digits of a record id that are enough to mean it, if no other begins so.
SHORTEST_ID = 6


@dataclass(frozen=True)
class Case:
    """What was asked, and a database in memory that holds the records of it (and nothing else of the warehouse).

    `other`: the record of the second name, or `other_id`: a row of the register or an LKS. `records`: person records of the night.
    """

    con: duckdb.DuckDBPyConnection
    subject: Decided
    other: Decided | None
    other_id: str | None
    as_of: dt.date | None
    records: int


@contextmanager
def read_case(home: Home, machine: Machine, asked: str, other: str | None, *, institution: bool) -> Iterator[Case]:
    """The case of the record `asked` (its id, the beginning of it, or agency/feed[@date]:row) and, if given, of another.

    Raises:
        ConfigError: there is no night in this home.
        InputRefused: no record is called so, or several are.
        Locked: a night is at work.
        Defect: the warehouse cannot be opened.
    """
    con = duckdb.connect(":memory:")
    try:
        configure(con, machine, home.tmp)
        _attach(con, home)
        case = _read(con, asked, other, "institution_decision" if institution else "decision")
        con.execute(f"DETACH {ATTACHED}")
        yield case
    except duckdb.Error as error:
        raise without_values(error) from None
    finally:
        con.close()


def _attach(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    if not home.warehouse.exists():
        raise ConfigError("belum ada malam di folder ini.", todo="Periksa --home, atau jalankan padan run lebih dahulu.")
    require_free(home.lock)
    try:
        attach(con, home)
    except Defect:
        require_free(home.lock)
        raise
    tables = {row[0] for row in con.execute(f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{ATTACHED}'").fetchall()}
    if not {"decision", "institution_decision", "night"} <= tables:
        raise ConfigError("belum ada malam yang memadankan di folder ini.", todo="Jalankan padan run sampai selesai lebih dahulu.")


def _read(con: duckdb.DuckDBPyConnection, asked: str, other: str | None, table: str) -> Case:
    subject = _find(con, table, asked)
    if subject is None and table == "decision":
        table = "institution_decision"
        subject = _find(con, table, asked)
    if subject is None:
        raise InputRefused(
            "catatan_tidak_ada",
            "tidak ada catatan dengan nama itu pada malam terakhir.",
            todo="Sebut record_id (sedikitnya 6 angka awal), atau lembaga/feed:baris, misalnya kpai/pengaduan:17.",
        )
    other_record = _find(con, "decision", other) if other and table == "decision" else None
    ids = [decided.record_id for decided in (subject, other_record) if decided]
    if table == "decision":
        _copy_persons(con, ids, subject)
    else:
        _copy_institutions(con, ids)
    return Case(
        con=con,
        subject=subject,
        other=other_record,
        other_id=other if other_record is None else None,
        as_of=_as_of(con, subject.run_id),
        records=con.execute(f"SELECT count(*) FROM {ATTACHED}.link.decision").fetchall()[0][0],
    )


def _find(con: duckdb.DuckDBPyConnection, table: str, asked: str) -> Decided | None:
    place = _PLACE.fullmatch(asked)
    if place:
        where = "agency = ? AND feed = ? AND source_row = ? AND coalesce(delivery_date = TRY_CAST(? AS DATE), true)"
        values: list[object] = [place["agency"], place["feed"], int(place["row"]), place["date"]]
    elif len(asked) >= SHORTEST_ID:
        where, values = "starts_with(record_id, ?)", [asked]
    else:
        return None
    subject, target = _SUBJECT[table]
    columns = f"""record_id, agency, feed, delivery_date, source_row, entity_type, {subject}, {target}, decision, method, reason,
        next_action, match_weight, match_probability, margin, runner_up_weight, model_version, policy_version, run_id"""
    rows = con.execute(
        f"""SELECT {columns}, '' AS explained, (SELECT count(*) FROM {ATTACHED}.link.{table} o WHERE o.{subject} = d.{subject}) AS records
        FROM {ATTACHED}.link.{table} d WHERE {where} ORDER BY record_id LIMIT 6""",
        values,
    ).fetchall()
    if len(rows) > 1:
        several = "; ".join(f"{row[0]} ({row[1]}/{row[2]}@{row[3]}:{row[4]})" for row in rows[:5])
        raise InputRefused(
            "catatan_lebih_dari_satu", f"beberapa catatan bernama itu: {several}{' …' if len(rows) > 5 else ''}.", todo="Sebut salah satu."
        )
    return Decided(*rows[0]) if rows else None


def _copy_persons(con: duckdb.DuckDBPyConnection, ids: list[str], subject: Decided) -> None:
    persons = f"{ATTACHED}.intermediate.int_person__standardized"
    con.execute("CREATE SCHEMA intermediate")
    con.execute(
        f"CREATE TABLE intermediate.int_person__standardized AS SELECT * FROM {persons} WHERE record_id IN (SELECT unnest(?))", [ids]
    )
    # a record alone does not tell of whom its feed is
    con.execute(f"CREATE TEMP VIEW record AS SELECT * FROM {persons} SEMI JOIN intermediate.int_person__standardized USING (agency, feed)")
    create_level_macros(con)
    con.execute(f"CREATE TABLE main.feed_generation AS {GENERATION}")
    con.execute("DROP VIEW record")
    create_ruling_table(con)
    if con.execute(f"SELECT 1 FROM duckdb_tables() WHERE database_name = '{ATTACHED}' AND table_name = 'ruling'").fetchone():
        con.execute(f"INSERT INTO review.ruling BY NAME SELECT * FROM {ATTACHED}.review.ruling")
    con.execute(
        f"""CREATE TABLE main.stored AS SELECT register_id, match_weight FROM {ATTACHED}.link.candidate WHERE record_id = ?""",
        [subject.record_id],
    )


def _copy_institutions(con: duckdb.DuckDBPyConnection, ids: list[str]) -> None:
    con.execute("CREATE SCHEMA intermediate")
    con.execute("CREATE SCHEMA staging")
    con.execute(
        f"""CREATE TABLE intermediate.int_institution__named AS
        SELECT * FROM {ATTACHED}.intermediate.int_institution__named WHERE mention_id IN (SELECT unnest(?))""",
        [ids],
    )
    con.execute(f"CREATE TABLE staging.stg_kemensos__lks AS SELECT * FROM {ATTACHED}.staging.stg_kemensos__lks")


def _as_of(con: duckdb.DuckDBPyConnection, run_id: str) -> dt.date | None:
    """The day of the night that decided; of the last one if that is not in the ledger."""
    row = con.execute(f"SELECT as_of FROM {ATTACHED}.ledger.night ORDER BY run_id = ? DESC, started_at DESC LIMIT 1", [run_id]).fetchone()
    return row[0] if row else None
