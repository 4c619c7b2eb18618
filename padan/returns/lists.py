"""The month's lists to offices: `returns/<agency>/daftar/<YYYY-MM>/<office>.xlsx`, made with the month's first publication.

Kemensos's offices get whom Kemensos itself delivered and who needs something; KPAI and Ditjenpas, at the centre, what may be told them
about their own open cases. What is on a list is kept in `returns.listed`, so that an answer finds its row and a row that no longer holds
is withdrawn from the next list.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from padan.keys import keyed_hash, load_key, load_password
from padan.night import Night
from padan.returns.offices import CENTRE, Need, OfficeList, lists_of
from padan.returns.own_cells import own_cells
from padan.returns.reasons import REASONS
from padan.returns.sheet import write_sheet
from padan.returns.tables import create_return_tables
from padan.returns.told import TOLD_COLUMNS, told_rows
from padan.warehouse import append_rows

AGENCY = "kemensos"
_COLUMNS = (("Sumber", 22), ("Berkas", 28), ("Baris ke-", 10), ("Nama", 30), ("Tanggal lahir", 14), ("L/P", 6), ("Perlu", 70))
_NEEDED = """
SELECT n.record_id, n.feed, n.kode_kabupaten, n.alasan, k.register_key
FROM intermediate.int_return__needed n JOIN link.decision d USING (record_id)
LEFT JOIN link.register_known k USING (register_id)
-- A child whom two of the agency's rows name is on the list once: by its first row.
QUALIFY row_number() OVER (PARTITION BY coalesce(k.register_key, n.record_id) ORDER BY n.feed DESC, d.source_row, n.record_id) = 1"""
# Listed before, not withdrawn since, and now linked otherwise or not delivered any more.
_CHANGED = """
SELECT l.row_id, l.periode, l.wilayah FROM returns.listed l
LEFT JOIN link.decision d USING (record_id)
LEFT JOIN link.register_known k USING (register_id)
WHERE l.agency = ? AND l.periode < ? AND (d.record_id IS NULL OR k.register_key IS DISTINCT FROM l.register_key)
    AND NOT EXISTS (SELECT 1 FROM returns.withdrawn w WHERE w.row_id = l.row_id AND w.periode = l.periode)
    AND l.periode = (SELECT max(m.periode) FROM returns.listed m WHERE m.row_id = l.row_id)"""


@dataclass(frozen=True)
class Written:
    """What a month's lists came to, in counts: lists and children by agency, rows withdrawn, children that wait for next month."""

    lists: dict[str, int]
    children: dict[str, int]
    withdrawn: int
    waiting: int
    again: bool = False


def write_lists(con: duckdb.DuckDBPyConnection, night: Night) -> Written:
    """Write the lists of the as-of month, once: a later night of the month changes none.

    Args:
        con: the warehouse, open for writing.
        night: a night that published.
    """
    create_return_tables(con)
    periode = f"{night.as_of:%Y-%m}"
    folder = night.home.returns / AGENCY / "daftar" / periode
    if folder.exists():
        return Written({}, {}, 0, 0, again=True)
    offices, waiting = lists_of(_needs(con, load_key(night.home.keys, f"returns-{AGENCY}")))
    withdrawn = _withdrawn(con, periode)
    _remember(con, night, periode, offices, withdrawn)
    unfinished = folder.with_name(f".{periode}")
    # What a night that died left there may name offices that get no list today.
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    cells = own_cells(con, [(need.feed, need.record_id) for office in offices for need in office.rows])
    by_office = {office.wilayah: office for office in offices}
    for wilayah in sorted(by_office.keys() | withdrawn.keys()):
        _write_office(night, unfinished, periode, by_office.get(wilayah, OfficeList(wilayah, ())), cells, withdrawn.get(wilayah, []))
    told = {agency: _write_told(con, night, periode, agency) for agency in ("kpai", "ditjenpas")}
    unfinished.rename(folder)
    counts = {AGENCY: sum(len(office.rows) for office in offices), **told}
    lists = {AGENCY: len(by_office.keys() | withdrawn.keys()), **{agency: int(rows > 0) for agency, rows in told.items()}}
    return Written(lists, counts, sum(map(len, withdrawn.values())), len(waiting))


def _needs(con: duckdb.DuckDBPyConnection, key: bytes) -> list[Need]:
    rows = con.execute(_NEEDED).fetchall()
    return [Need(_row_id(key, record), record, feed, kabupaten, tuple(alasan), known) for record, feed, kabupaten, alasan, known in rows]


def _row_id(key: bytes, record_id: str) -> str:
    """The row's name on lists: the same every month, of no use to anyone without the key."""
    return f"R-{keyed_hash(key, record_id)[:12]}"


def _withdrawn(con: duckdb.DuckDBPyConnection, periode: str) -> dict[str, list[tuple[str, str]]]:
    """Row ids and their months, by the office that had them."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row_id, listed, wilayah in con.execute(_CHANGED, [AGENCY, periode]).fetchall():
        found[wilayah].append((row_id, listed))
    return found


def _remember(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    periode: str,
    offices: list[OfficeList],
    withdrawn: dict[str, list[tuple[str, str]]],
) -> None:
    """Keep what goes out before it does; a month that was begun and not finished is kept anew."""
    con.execute("DELETE FROM returns.listed WHERE agency = ? AND periode = ?", [AGENCY, periode])
    con.execute("DELETE FROM returns.withdrawn WHERE run_id = ?", [night.run_id])
    when = (night.as_of, night.run_id)
    listed = [
        (n.row_id, AGENCY, periode, office.wilayah, n.record_id, n.kode_kabupaten, list(n.alasan), n.register_key, *when)
        for office in offices
        for n in office.rows
    ]
    append_rows(con, "returns.listed", listed)
    gone = [(row_id, month, office, *when) for office, rows in withdrawn.items() for row_id, month in rows]
    append_rows(con, "returns.withdrawn", gone)


def _write_office(
    night: Night,
    folder: Path,
    periode: str,
    office: OfficeList,
    cells: dict[str, tuple[str, ...]],
    withdrawn: list[tuple[str, str]],
) -> None:
    rows = [[n.row_id, *cells[n.record_id], "; ".join(REASONS[a] for a in n.alasan)] for n in office.rows]
    place = "pusat" if office.wilayah == CENTRE else office.wilayah
    _sheet(night, folder / f"{place}.xlsx", AGENCY, periode, f"Daftar layanan anak, {place}, {periode}", _COLUMNS, rows, withdrawn)


def _write_told(con: duckdb.DuckDBPyConnection, night: Night, periode: str, agency: str) -> int:
    """The status list of a case agency about its own open cases; returns its rows."""
    rows = told_rows(con, agency, load_key(night.home.keys, f"returns-{agency}"))
    if rows:
        folder = night.home.returns / agency / "daftar" / periode
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sheet(night, folder / "pusat.xlsx", agency, periode, f"Keadaan kasus terbuka {agency}, {periode}", TOLD_COLUMNS[agency], rows, [])
    return len(rows)


def _sheet(
    night: Night,
    path: Path,
    agency: str,
    periode: str,
    title: str,
    columns: Any,
    rows: list[list[str]],
    withdrawn: list[tuple[str, str]],
) -> None:
    keys = night.home.keys
    password = load_password(keys, f"returns-{agency}") if night.config.returns.passwords else None
    write_sheet(
        path, title=title, periode=periode, columns=columns, rows=rows, withdrawn=[row for row, _ in withdrawn],
        key=load_key(keys, f"returns-{agency}"), password=password,
    )  # fmt: skip
