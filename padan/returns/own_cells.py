"""An agency's own cells of a row, as it delivered them: by these its office knows the child again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import duckdb

from schemas.extracts import contracts

#: Columns of a contract that a list shows beside file and row, where the feed has them; never where anyone lives.
SHOWN = ("nama", "tanggal_lahir", "jenis_kelamin")


def own_cells(con: duckdb.DuckDBPyConnection, records: Iterable[tuple[str, str]], agency: str = "kemensos") -> dict[str, tuple[str, ...]]:
    """Of each (feed, record_id): feed, file, row, and the shown columns as text; a column that a feed lacks is empty."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for feed, record in records:
        wanted[feed].append(record)
    found: dict[str, tuple[str, ...]] = {}
    for feed, ids in wanted.items():
        contract = contracts()[f"{agency}/{feed}"]
        there = {column.name for column in contract.columns}
        shown = ", ".join(f"coalesce({name}, '')" if name in there else "''" for name in SHOWN)
        rows = con.execute(
            f"""SELECT record_id, source_file, source_row::VARCHAR, {shown} FROM raw.{contract.feed.table}__in_force
            WHERE record_id IN (SELECT unnest($ids))""",
            {"ids": ids},
        ).fetchall()
        found |= {record: (f"{agency}/{feed}", *cells) for record, *cells in rows}
    return found
