"""Erasure: every row of a person out of the warehouse, its bytes out of the files, and a tombstone against its return."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from padan.errors import InputRefused
from padan.home import Home
from padan.intake.rules import message_of
from padan.intake.tombstones import ERASED, bury
from padan.intake.transaction import transaction
from padan.keys import load_key
from padan.ledger import create_tables
from padan.rights.files import erase_files, files_of, landed_copies, returned_files
from padan.rights.rewrite import owe_rewrite
from padan.rights.subject import Subject
from schemas.extracts import contracts

#: Histories that name a record by its id alone, and hold no value: they say that there was an erasure.
_KEPT = {("ledger", "access"), ("ledger", "tombstone")}
# Tables (no views) with one of the columns.
_NAMING = """
SELECT c.schema_name, c.table_name, c.column_name FROM duckdb_columns() c
JOIN duckdb_tables() t USING (database_name, schema_name, table_name)
WHERE c.column_name IN (SELECT unnest(?)) AND NOT c.internal ORDER BY ALL"""


@dataclass(frozen=True)
class Decision:
    """By whose decision, and on what ground. `kind`: erasure or retention."""

    kind: str
    basis: str
    document: str
    approvers: tuple[str, str]


@dataclass(frozen=True)
class Certificate:
    """What was done, without a value of anybody: counts, record ids, names of files.

    `left`: what still holds the rows and is not ours to rewrite (copies in the landing folder, backups), for the operator.
    """

    certificate: str
    decided_at: str
    kind: str
    basis: str
    document: str
    approvers: tuple[str, str]
    records: dict[str, tuple[str, ...]]
    rows: dict[str, int]
    files: tuple[str, ...]
    left: tuple[str, ...]


def erase(con: duckdb.DuckDBPyConnection, home: Home, subject: Subject, decision: Decision, *, landing: Path) -> Certificate:
    """Erase a person's rows; the caller has asked whether it is allowed, holds the lock, and calls `finish_rewrite` when `con` is closed.

    Files go first and rows last, all or none: killed anywhere, the command can be repeated. The night and every command that opens the
    warehouse do the rewriting that is still owed.
    """
    create_tables(con)
    now = dt.datetime.now(dt.UTC)
    number = f"S-{now:%Y%m%d}-{secrets.token_hex(4)}"
    delivered = files_of(con, subject)
    erased = erase_files(home, delivered, returned_files(con, home, subject))
    left = (*landed_copies(landing, delivered), *(f"cadangan {path}" for path in _backups(con)))
    owe_rewrite(home.warehouse)
    with transaction(con):
        bury(con, load_key(home.keys, "record"), subject, number, cases_only=decision.kind == "retention")
        rows = _erase_rows(con, subject)
        record = [number, decision.kind, now.replace(tzinfo=None), decision.basis, decision.document, *decision.approvers]
        con.execute(
            "INSERT INTO ledger.erasure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*record, len(subject.ids), sum(rows.values()), len(delivered)],
        )
        for sha in sorted({file.sha256 for file in delivered}):
            con.execute("INSERT INTO ledger.erased_file VALUES (?, ?)", [sha, number])
        made = Certificate(
            certificate=number,
            decided_at=str(record[2]),
            kind=decision.kind,
            basis=decision.basis,
            document=decision.document,
            approvers=decision.approvers,
            records={f"{a}/{f}": ids for (a, f), ids in sorted(subject.records.items())},
            rows=rows,
            files=erased,
            left=left,
        )
        _write(home, made)
    return made


def _erase_rows(con: duckdb.DuckDBPyConnection, subject: Subject) -> dict[str, int]:
    """Delete the rows of every table that names the records, or persons of whom nothing is left; counts by table."""
    counts = {f"raw.{contracts()[f'{a}/{f}'].feed.table}": _set_aside(con, a, f, records) for (a, f), records in subject.records.items()}
    counts["quality.quarantine"] = _empty_quarantine(con, subject)
    alone = [
        row[0]
        for row in con.execute(
            "SELECT person_id FROM link.decision GROUP BY person_id HAVING bool_and(record_id IN (SELECT unnest(?))) ORDER BY 1",
            [subject.ids],
        ).fetchall()
    ]
    named = {"record_id": subject.ids, "other_record_id": subject.ids, "person_id": alone}
    for schema, table, column in con.execute(_NAMING, [list(named)]).fetchall():
        if (schema, table) in _KEPT or not named[column]:
            continue
        gone = con.execute(f'DELETE FROM {schema}."{table}" WHERE {column} IN (SELECT unnest(?))', [named[column]]).fetchall()[0][0]
        counts[f"{schema}.{table}"] = counts.get(f"{schema}.{table}", 0) + int(gone)
    _forget_register_rows(con)
    return {table: rows for table, rows in sorted(counts.items()) if rows}


def _set_aside(con: duckdb.DuckDBPyConnection, agency: str, feed: str, records: tuple[str, ...]) -> int:
    """Rows of the raw table become empty rows of the quarantine, so that every delivery still adds up."""
    table = contracts()[f"{agency}/{feed}"].feed.table
    con.execute(
        "INSERT INTO quality.quarantine SELECT ?, ?, delivery_date, source_file, source_row, ?, ?, '{}', 'erased' "
        f"FROM raw.{table} WHERE record_id IN (SELECT unnest(?))",
        [agency, feed, ERASED, message_of(ERASED), list(records)],
    )
    return int(con.execute(f"DELETE FROM raw.{table} WHERE record_id IN (SELECT unnest(?))", [list(records)]).fetchall()[0][0])


def _empty_quarantine(con: duckdb.DuckDBPyConnection, subject: Subject) -> int:
    """Rows that were set aside and hold one of the person's NIKs lose their cells, and stay as counts."""
    if not subject.niks:
        return 0
    feeds = [f"{agency}/{feed}" for agency, feed in subject.records]
    done = con.execute(
        "UPDATE quality.quarantine SET raw = '{}', rule = ?, message = ?, status = 'erased' WHERE status <> 'erased' "
        "AND agency || '/' || feed IN (SELECT unnest(?)) AND len(list_filter(?, lambda nik: contains(raw::VARCHAR, nik))) > 0",
        [ERASED, message_of(ERASED), feeds, list(subject.niks)],
    )
    return int(done.fetchall()[0][0])


def _forget_register_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Register rows are kept here only while a decision names them."""
    for schema, table, _ in con.execute(_NAMING, [["register_id"]]).fetchall():
        if schema != "link" or table not in ("register_key", "register_person", "register_known"):
            continue
        con.execute(
            f"DELETE FROM {schema}.{table} WHERE register_id NOT IN (SELECT register_id FROM link.decision WHERE register_id IS NOT NULL)"
        )


def _backups(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in con.execute("SELECT folder FROM ledger.backup ORDER BY made_at").fetchall() if Path(row[0]).exists()]


def _write(home: Home, made: Certificate) -> None:
    folder = home.review / "sertifikat"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / f"{made.certificate}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(made), file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())


def read_certificate(path: Path) -> tuple[Subject, Decision]:
    """What a certificate says was erased, and by whose decision: to be done again in a home that was restored from before it.

    Raises:
        InputRefused: the file is no certificate.
    """
    try:
        told = json.loads(path.read_text())
        records = {(feed.split("/")[0], feed.split("/")[1]): tuple(ids) for feed, ids in told["records"].items()}
        first, second = told["approvers"]
        return Subject(records, (), ()), Decision(told["kind"], told["basis"], told["document"], (first, second))
    except (OSError, ValueError, KeyError, AttributeError, IndexError):
        raise InputRefused("bukan_sertifikat", f"{path.name}: bukan sertifikat penghapusan.", todo="Lihat review/sertifikat.") from None
