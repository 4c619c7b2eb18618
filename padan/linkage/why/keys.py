"""Which keys a record looks up under each blocking rule, which of them the other side has, and which blocks were too large."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from padan.linkage.candidates import seeking
from padan.linkage.rules import RULES, Rule
from padan.linkage.why.answer import Keys
from padan.linkage.workspace import REGISTER
from padan.register.postings import create_key_macros, posting_sql

#: Keys that are spelt out for a rule: a damaged NIK alone makes 160.
SPELT = 6

#: A register person under the name that the posting queries read.
OF_REGISTER = f"CREATE OR REPLACE VIEW person AS SELECT * FROM {REGISTER}.person WHERE person_no = {{number}}"


def keys_of(con: duckdb.DuckDBPyConnection, rec_no: int, other: int | None, *, reveal: bool) -> tuple[Keys, ...]:
    """One row a rule for record `rec_no`, against row `other` of view `person` if given; needs table `block_loss`."""
    seeking(con, f"SELECT CAST({rec_no} AS INTEGER) AS rec_no")
    dropped = dict(con.execute("SELECT rule, max(block_size) FROM block_loss WHERE rec_no = ? GROUP BY 1", [rec_no]).fetchall())
    indexed = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ?", [REGISTER]).fetchall()}
    found = [_counted(con, rule, other, dropped.get(rule.name), f"posting_{rule.posting}" in indexed) for rule in RULES]
    if reveal:
        texts = _spelt(con, other)
        found = [replace(keys, texts=texts[keys.rule]) for keys in found]
    return tuple(found)


def _theirs(rule: Rule, other: int) -> str:
    return f"SELECT DISTINCT key FROM ({posting_sql()[rule.posting]}) WHERE key IS NOT NULL AND person_no = {other}"


def _counted(con: duckdb.DuckDBPyConnection, rule: Rule, other: int | None, dropped: int | None, indexed: bool) -> Keys:
    own = f"SELECT DISTINCT key FROM ({rule.sql}) WHERE key IS NOT NULL"
    if other is None:
        record = con.execute(f"SELECT count(*) FROM ({own})").fetchall()[0][0]
        return Keys(rule.name, rule.title, record, None, None, dropped, indexed)
    record, person, common = con.execute(
        f"""WITH own AS ({own}), theirs AS ({_theirs(rule, other)})
        SELECT (SELECT count(*) FROM own), (SELECT count(*) FROM theirs), (SELECT count(*) FROM own SEMI JOIN theirs USING (key))"""
    ).fetchall()[0]
    return Keys(rule.name, rule.title, record, person, common, dropped, indexed)


def _spelt(con: duckdb.DuckDBPyConnection, other: int | None) -> dict[str, tuple[str, ...]]:
    """The record's keys as text, by rule: the same queries with a hash that leaves its text alone."""
    con.execute("CREATE OR REPLACE TEMP MACRO block_key(x) AS CAST(x AS VARCHAR)")
    try:
        texts = {}
        for rule in RULES:
            theirs = "SELECT NULL AS key WHERE false" if other is None else _theirs(rule, other)
            rows = con.execute(
                f"""SELECT CAST(key AS VARCHAR) AS text FROM (SELECT DISTINCT key FROM ({rule.sql}) WHERE key IS NOT NULL)
                ORDER BY key IN (SELECT key FROM ({theirs})) DESC, text LIMIT {SPELT}"""
            ).fetchall()
            texts[rule.name] = tuple(row[0] for row in rows)
        return texts
    finally:
        create_key_macros(con)
