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


def trace(con: duckdb.DuckDBPyConnection, contract: Contract, rows: Sequence[Drawn], retaken: Retaken, *, reveal: bool) -> list[Traced]:
    """Follow the rows of one file: what the archive says is read again, what follows is looked up, each table once for all of them."""
    known = _look_up(con, contract, [row.record_id for row in rows if row.record_id is not None])
    return [_follow(contract, row, known, retaken, reveal=reveal) for row in rows]


def _follow(contract: Contract, row: Drawn, known: _Known, retaken: Retaken, *, reveal: bool) -> Traced:
    found = Traced(row, retaken.sha256)
    if row.record_id is None:
        if retaken.rule_of(row.source_row) != row.rule:
            found.misfits.append("berkas arsip tidak lagi menghasilkan karantina yang sama")
        return found
    _cells(contract, found, known, retaken, reveal=reveal)
    _decisions(found, known)
    keys = known.keys_of(row.record_id)
    found.marts = [table for table, (key, held) in known.marts.items() if keys.get(key) in held]
    found.indicators = known.indicators
    return found


def _feeds() -> list[Contract]:
    return [contract for contract in contracts().values() if not contract.feed.is_register]


def _frame(contract: Contract) -> str:
    # A file that was erased with a certificate cannot be compared any more; what else it held stays in the tables.
    return f"""
    SELECT * FROM ({_DELIVERED.format(table=contract.feed.table)}) one WHERE NOT EXISTS (
        SELECT 1 FROM ledger.taken t JOIN ledger.taken_file f USING (sequence) JOIN ledger.erased_file e USING (sha256)
        WHERE t.delivery_id = one.delivery_id AND f.file = one.source_file)"""


@dataclass(frozen=True)
class _Known:
    """What the warehouse says of some records of one feed, by record_id. `marts`: table → its key and the keys of theirs that it holds."""

    raw: Mapping[str, Mapping[str, Any]]
    standard: Mapping[str, Mapping[str, Any]]
    expected: Counter[str]
    persons: Mapping[str, list[tuple[Any, ...]]]
    institutions: Mapping[str, list[tuple[Any, ...]]]
    indicators: list[str]
    marts: dict[str, tuple[str, set[Any]]] = field(default_factory=dict)

    def keys_of(self, record_id: str) -> dict[str, Any]:
        """By which of MART_KEYS a mart may name the record."""
        standard, persons = self.standard.get(record_id, {}), self.persons.get(record_id)
        keys = {key: standard[key] for key in MART_KEYS if standard.get(key) is not None}
        return keys | ({"person_id": persons[0][-1]} if persons else {})


def _look_up(con: duckdb.DuckDBPyConnection, contract: Contract, records: list[str]) -> _Known:
    def of(sql: str) -> duckdb.DuckDBPyConnection:
        return con.execute(f"SELECT * FROM ({sql}) SEMI JOIN (SELECT unnest($records::VARCHAR[]) AS record_id) USING (record_id)", told)

    told, table = {"records": records}, contract.feed.table
    decided = "SELECT record_id, decision, method, reason"
    known = _Known(
        raw=_by_record(of(f"FROM raw.{table}")),
        standard=_by_record(of(f"FROM staging.stg_{table}")),
        expected=Counter(record for (record,) in of("SELECT record_id FROM intermediate.int_person__standardized").fetchall()),
        persons=_answers(of(f"{decided}, round(match_weight, 2), model_version, policy_version, person_id FROM link.decision")),
        institutions=_answers(of(f"{decided} FROM link.institution_decision")),
        indicators=_indicators(con, contract.feed.path),
    )
    keys = [known.keys_of(record) for record in records]
    for mart, key in _marts(con).items():
        wanted = [str(one[key]) for one in keys if key in one]
        query = f'SELECT DISTINCT "{key}" FROM marts."{mart}" SEMI JOIN (SELECT unnest($wanted::VARCHAR[]) AS "{key}") USING ("{key}")'
        known.marts[mart] = (key, {value for (value,) in con.execute(query, {"wanted": wanted}).fetchall()})
    return known


def _by_record(cursor: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return {row["record_id"]: row for row in (dict(zip(names, values, strict=True)) for values in cursor.fetchall())}


def _answers(cursor: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    answers: dict[str, list[tuple[Any, ...]]] = {}
    for record, *answer in cursor.fetchall():
        answers.setdefault(record, []).append(tuple(answer))
    return answers


def _cells(contract: Contract, found: Traced, known: _Known, retaken: Retaken, *, reveal: bool) -> None:
    """Each delivered column: as in the archive? filled, kept as it was, or brought to the standard's form?"""
    record = str(found.row.record_id)
    raw, again, standard = known.raw.get(record), retaken.row(found.row.source_row), known.standard.get(record)
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


def _decisions(found: Traced, known: _Known) -> None:
    """The row's decisions, as a person and as a mention of an institution; every standard person must have one."""
    record = str(found.row.record_id)
    persons, mentions = known.persons.get(record, []), known.institutions.get(record, [])
    if len(persons) != known.expected[record]:
        found.misfits.append(f"{known.expected[record]} orang baku, {len(persons)} keputusan")
    found.decision = persons[0] if persons else ()
    found.institution = mentions[0] if mentions else ()


def _marts(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Row-level marts with the column that names their row."""
    rows = con.execute("SELECT table_name, list(column_name) FROM duckdb_columns() WHERE schema_name = 'marts' GROUP BY ALL ORDER BY ALL")
    keys = {table: next((key for key in MART_KEYS if key in columns), None) for table, columns in rows.fetchall()}
    return {table: key for table, key in keys.items() if key}


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
