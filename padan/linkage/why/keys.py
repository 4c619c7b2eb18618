"""Which keys a record looks up under each blocking rule, which of them the other side has, and which blocks were too large."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from padan.linkage.candidates import seeking
from padan.linkage.rules import RULES
from padan.linkage.why.answer import Keys
from padan.linkage.workspace import REGISTER
from padan.register.postings import POSTINGS

#: Keys of a side that are shown for a rule once values are revealed: a damaged NIK alone makes 160.
SHOWN = 4

#: A register person under the name that the posting queries read.
OF_REGISTER = f"CREATE OR REPLACE VIEW person AS SELECT * FROM {REGISTER}.person WHERE person_no = {{number}}"

_COLUMNS = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = ? AND starts_with(table_name, 'posting_')"


def keys_of(con: duckdb.DuckDBPyConnection, rec_no: int, other: int | None, *, reveal: bool) -> tuple[Keys, ...]:
    """One row a rule for record `rec_no`, against row `other` of view `person` if given; needs table `block_loss`."""
    seeking(con, f"SELECT CAST({rec_no} AS INTEGER) AS rec_no")
    dropped = dict(con.execute("SELECT rule, max(block_size) FROM block_loss WHERE rec_no = ? GROUP BY 1", [rec_no]).fetchall())
    lists: dict[str, set[str]] = {}
    for table, column in con.execute(_COLUMNS, [REGISTER]).fetchall():
        lists.setdefault(table.removeprefix("posting_"), set()).add(column)
    sql_of = {posting.name: posting.sql for posting in POSTINGS}
    found = []
    for rule in RULES:
        own = _keys(con, rule.sql)
        theirs = set() if other is None else _keys(con, f"SELECT key FROM ({sql_of[rule.posting]}) WHERE person_no = {other}")
        keys = Keys(
            rule=rule.name,
            title=rule.title,
            record=len(own),
            other=None if other is None else len(theirs),
            common=None if other is None else len(own & theirs),
            dropped=dropped.get(rule.name),
            indexed=rule.posting in lists,
            screened="tanda" in lists.get(rule.posting, ()),
        )
        found.append(replace(keys, record_keys=_shown(own, theirs), other_keys=_shown(theirs, own)) if reveal else keys)
    return tuple(found)


def _keys(con: duckdb.DuckDBPyConnection, sql: str) -> set[int]:
    return {row[0] for row in con.execute(f"SELECT DISTINCT key FROM ({sql}) WHERE key IS NOT NULL").fetchall()}


def _shown(own: set[int], theirs: set[int]) -> tuple[str, ...]:
    """Some keys of a side as the posting lists hold them, those of both sides first."""
    return tuple(map(str, sorted(own, key=lambda key: (key not in theirs, key))[:SHOWN]))
