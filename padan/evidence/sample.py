"""A sample of delivered rows, each traced from the cell in the archived file to the indicators that read it.

Belongs here: drawing the sample and tracing it in the warehouse as the last night left it. Does not belong here: the workbook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from padan.evidence.retake import Retaken
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

#: Columns by which a mart names the row that it was made of, the surest first.
MART_KEYS = ("record_id", "no_was", "no_td", "id_rumah_aman", "person_id")

_DELIVERED = """
SELECT $feed, record_id, delivery_id, delivery_date, source_file, source_row, NULL FROM raw.{table}__in_force
UNION ALL
SELECT $feed, NULL, d.delivery_id, q.delivery_date, q.source_file, q.source_row, q.rule FROM quality.quarantine q
JOIN ledger.delivery d ON d.agency = q.agency AND d.feed = q.feed AND d.delivery_date = q.delivery_date AND d.file = q.source_file
WHERE q.agency || '/' || q.feed = $feed AND q.status = 'open' AND d.status = 'accepted'
"""


@dataclass(frozen=True)
class Drawn:
    """One delivered row. `record_id` is empty and `rule` named where it was set aside."""

    feed: str
    record_id: str | None
    delivery_id: str
    delivery_date: str
    source_file: str
    source_row: int
    rule: str | None


@dataclass(frozen=True)
class Cell:
    """One column of a row: does the archive still say what the raw table holds, and what became of it. Values only where revealed."""

    column: str
    as_archived: bool
    outcome: str
    raw: str | None = None
    standard: str | None = None


@dataclass
class Traced:
    """What was found of one row; `misfits` names each step that does not fit, and is empty where all do."""

    row: Drawn
    sha256: str = ""
    cells: list[Cell] = field(default_factory=list)
    decision: tuple[Any, ...] = ()
    institution: tuple[Any, ...] = ()
    marts: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)


def frame_sizes(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows that could be drawn, by feed: those in force, and those set aside."""
    return {
        contract.feed.path: con.execute(f"SELECT count(*) FROM ({_frame(contract)})", {"feed": contract.feed.path}).fetchall()[0][0]
        for contract in _feeds()
    }


def draw(con: duckdb.DuckDBPyConnection, n: int, seed: str) -> list[Drawn]:
    """`n` rows, of each feed its share and at least one, by a hash of seed and place: whoever draws again draws the same."""
    sizes = frame_sizes(con)
    drawn: list[Drawn] = []
    for contract in _feeds():
        path = contract.feed.path
        order = "md5(concat_ws('|', $seed, $feed, delivery_date, source_file, source_row)), source_file, source_row"
        query = f"SELECT * FROM ({_frame(contract)}) ORDER BY {order} LIMIT $n"
        rows = con.execute(query, {"feed": path, "seed": seed, "n": shares(sizes, n)[path]}).fetchall()
        drawn += [Drawn(feed, record, delivery, str(date), file, row, rule) for feed, record, delivery, date, file, row, rule in rows]
    return drawn


def shares(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many rows of each feed: one at least of each that has any, the rest by size, largest remainder first."""
    there = {feed: size for feed, size in sizes.items() if size}
    left, total = max(0, n - len(there)), sum(there.values())
    exact = {feed: left * size / total for feed, size in there.items()}
    given = Counter({feed: min(size, 1 + int(exact[feed])) for feed, size in there.items()})
    by_remainder = sorted(there, key=lambda feed: (-(exact[feed] % 1), feed))
    for feed in [*by_remainder, *by_remainder]:
        if given.total() < n and given[feed] < there[feed]:
            given[feed] += 1
    return {feed: given[feed] for feed in sizes}


def trace(con: duckdb.DuckDBPyConnection, row: Drawn, retaken: Retaken, *, reveal: bool) -> Traced:
    """Follow one row; what the archived file says is read again, what follows is looked up in the warehouse."""
    found = Traced(row, retaken.sha256)
    if row.record_id is None:
        if retaken.rule_of(row.source_row) != row.rule:
            found.misfits.append("berkas arsip tidak lagi menghasilkan karantina yang sama")
        return found
    contract = contracts()[row.feed]
    _cells(con, contract, found, retaken, reveal=reveal)
    _decisions(con, found)
    known = _known(con, contract, row.record_id, found)
    found.marts = [table for table, key in _marts(con).items() if _in_mart(con, table, key, known)]
    found.indicators = _indicators(con, row.feed)
    return found


def _feeds() -> list[Contract]:
    return [contract for contract in contracts().values() if not contract.feed.is_register]


def _frame(contract: Contract) -> str:
    # A file that was erased with a certificate cannot be compared any more; what else it held stays in the tables.
    return f"""
    SELECT * FROM ({_DELIVERED.format(table=contract.feed.table)}) one WHERE NOT EXISTS (
        SELECT 1 FROM ledger.taken t JOIN ledger.taken_file f USING (sequence) JOIN ledger.erased_file e USING (sha256)
        WHERE t.delivery_id = one.delivery_id AND f.file = one.source_file)"""


def _one(con: duckdb.DuckDBPyConnection, table: str, record_id: str) -> dict[str, Any] | None:
    rows = con.execute(f"SELECT * FROM {table} WHERE record_id = ?", [record_id])
    names, row = [column[0] for column in rows.description], rows.fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def _cells(con: duckdb.DuckDBPyConnection, contract: Contract, found: Traced, retaken: Retaken, *, reveal: bool) -> None:
    """Each delivered column: as in the archive? filled, kept as it was, or brought to the standard's form?"""
    table, record = contract.feed.table, str(found.row.record_id)
    raw, again = _one(con, f"raw.{table}", record), retaken.row(found.row.source_row)
    standard = _one(con, f"staging.stg_{table}", record)
    if raw is None or again is None:
        found.misfits.append("baris tidak ada lagi di berkas arsip" if raw else "baris tidak ada di tabel mentah")
        return
    if standard is None:
        found.misfits.append("baris tidak sampai ke tabel baku")
    for column in (c.name for c in contract.columns):
        cell, value = raw[column], (standard or {}).get(column)
        outcome = _outcome(cell, value, (standard or {}).get(f"{column}_status"), column in (standard or {}))
        shown = (cell, None if value is None else str(value)) if reveal else (None, None)
        found.cells.append(Cell(column, again.get(column) == cell, outcome, *shown))
    if not all(cell.as_archived for cell in found.cells):
        found.misfits.append("sel di tabel mentah berbeda dari berkas arsip")


def _outcome(raw: str | None, standard: object, status: str | None, carried: bool) -> str:
    """What became of a cell, without saying what it holds."""
    if not carried:
        return "dipakai lewat kolom lain"
    told = f" ({status})" if status else ""
    if standard is None:
        return ("kosong" if raw is None else "tidak terbaca") + told
    return ("tetap" if str(standard) == raw else "dibakukan") + told


def _decisions(con: duckdb.DuckDBPyConnection, found: Traced) -> None:
    """The row's decisions, as a person and as a mention of an institution; every standard person must have one."""
    record, columns = found.row.record_id, "decision, method, reason, round(match_weight, 2), model_version, policy_version"
    persons = con.execute(f"SELECT {columns}, person_id FROM link.decision WHERE record_id = ?", [record]).fetchall()
    expected = con.execute("SELECT count(*) FROM intermediate.int_person__standardized WHERE record_id = ?", [record]).fetchall()[0][0]
    if len(persons) != expected:
        found.misfits.append(f"{expected} orang baku, {len(persons)} keputusan")
    found.decision = persons[0] if persons else ()
    mention = con.execute("SELECT decision, method, reason FROM link.institution_decision WHERE record_id = ?", [record]).fetchone()
    found.institution = mention or ()


def _known(con: duckdb.DuckDBPyConnection, contract: Contract, record_id: str, found: Traced) -> dict[str, Any]:
    standard = _one(con, f"staging.stg_{contract.feed.table}", record_id) or {}
    known = {key: standard[key] for key in MART_KEYS if standard.get(key) is not None}
    return known | ({"person_id": found.decision[-1]} if found.decision else {})


def _marts(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Row-level marts with the column that names their row."""
    rows = con.execute("SELECT table_name, list(column_name) FROM duckdb_columns() WHERE schema_name = 'marts' GROUP BY ALL ORDER BY ALL")
    keys = {table: next((key for key in MART_KEYS if key in columns), None) for table, columns in rows.fetchall()}
    return {table: key for table, key in keys.items() if key}


def _in_mart(con: duckdb.DuckDBPyConnection, table: str, key: str, known: Mapping[str, Any]) -> bool:
    if key not in known:
        return False
    query = f'SELECT 1 FROM marts."{table}" WHERE "{key}" = ? LIMIT 1'
    return con.execute(query, [known[key]]).fetchone() is not None


def _indicators(con: duckdb.DuckDBPyConnection, feed: str) -> list[str]:
    """National figures of the newest period that are counted from this feed: code, numerator of denominator."""
    rows = con.execute(
        """SELECT indicator_code, periode, numerator, denominator FROM marts.indicator
        WHERE tingkat = 'nasional' AND kategori IN ('semua', $feed) AND jenis_kelamin = 'semua' AND kelompok_umur = 'semua'
          AND list_contains(string_split(cakupan_sumber, ', '), $feed)
        QUALIFY row_number() OVER (PARTITION BY indicator_code ORDER BY periode DESC, kategori) = 1 ORDER BY indicator_code""",
        {"feed": feed},
    ).fetchall()
    return [f"{code} {period}: {n if n is not None else '–'} dari {d if d is not None else '–'}" for code, period, n, d in rows]


def cells_of(traced: Sequence[Traced]) -> Counter[bool]:
    """How many delivered cells were compared with the archive, by whether they fit."""
    return Counter(cell.as_archived for one in traced for cell in one.cells)
