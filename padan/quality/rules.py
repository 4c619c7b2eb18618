"""quality.rule: what each rule asks, what it counts, who owns it, which tool judges it; one row a rule and table.

Belongs here: a rule as data, and the table of them. Does not belong here: which rules there are (catalogue, dbt_rules).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

import duckdb

from padan.warehouse import append_rows
from schemas.extracts import contracts

PADAN_TEAM = "team:padan"

#: ISO/IEC 25012 characteristic and Satu Data Indonesia principle of a dimension, where a rule says nothing else.
ISO = {
    "completeness": "completeness",
    "uniqueness": "consistency",
    "validity": "accuracy",
    "consistency": "consistency",
    "accuracy": "accuracy",
    "timeliness": "currentness",
}
SDI = {
    "completeness": "standar data",
    "uniqueness": "kode referensi dan data induk",
    "validity": "standar data",
    "consistency": "interoperabilitas data",
    "accuracy": "kode referensi dan data induk",
    "timeliness": "metadata",
}


@dataclass(frozen=True)
class Rule:
    """One rule on one table. `question`: what is true when it is green; `counts`: what its numerator counts, of what."""

    rule_id: str
    table_name: str
    dimension: str
    iso25012: str
    sdi: str
    severity: str
    owner: str
    question: str
    counts: str
    tool: str

    @property
    def blocking(self) -> bool:
        """Whether its failure holds the publication."""
        return self.severity == "error"


def rule(
    rule_id: str,
    table_name: str,
    dimension: str,
    question: str,
    counts: str,
    *,
    tool: str,
    blocking: bool = True,
    owner: str = "",
    iso25012: str = "",
    sdi: str = "",
) -> Rule:
    """A rule, with what follows from its dimension and table filled in."""
    return Rule(
        rule_id=rule_id,
        table_name=table_name,
        dimension=dimension,
        iso25012=iso25012 or ISO[dimension],
        sdi=sdi or SDI[dimension],
        severity="error" if blocking else "warn",
        owner=owner or owner_of(table_name),
        question=question,
        counts=counts,
        tool=tool,
    )


def owner_of(table_name: str) -> str:
    """Who answers for what is in a table: of a feed's own columns the agency that delivers it, else the data team."""
    schema, _, name = table_name.partition(".")
    feeds = {c.feed.table: c.feed.owner for c in contracts().values()} if schema == "raw" else {}
    return feeds.get(name, PADAN_TEAM)


_COLUMNS = ", ".join(f"{field.name} VARCHAR NOT NULL" for field in fields(Rule))
_TABLE = f"CREATE TABLE IF NOT EXISTS quality.rule ({_COLUMNS}, PRIMARY KEY (rule_id, table_name))"


def ensure_rule_table(con: duckdb.DuckDBPyConnection) -> None:
    """Make quality.rule where it is not yet there, or of a form that an older PADAN left."""
    con.execute("CREATE SCHEMA IF NOT EXISTS quality")
    found = con.execute(
        "SELECT list(column_name ORDER BY column_index) FROM duckdb_columns() WHERE schema_name = 'quality' AND table_name = 'rule'"
    ).fetchall()[0][0]
    if found is not None and found != [field.name for field in fields(Rule)]:
        con.execute("DROP TABLE quality.rule")
    con.execute(_TABLE)


def write_rules(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule], *, instead_of: str = "") -> int:
    """Add `rules` to quality.rule, instead of those of a tool that it had; returns how many it now has."""
    ensure_rule_table(con)
    if instead_of:
        con.execute("DELETE FROM quality.rule WHERE tool = ?", [instead_of])
    append_rows(con, "quality.rule", [astuple(one) for one in rules], replace=True)
    return int(con.execute("SELECT count(*) FROM quality.rule").fetchall()[0][0])
