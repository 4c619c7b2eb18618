"""Looks keys up in a release's posting lists on Spark: the rules stay what they are, only their join is done elsewhere.

A key is a column, made once on the side of the register (by the build) and once on the side of the records (by the
rules), so that no engine has to agree with another on how a text is hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from padan.linkage.candidates import posting_columns, posting_rows_sql, wanted_sql
from padan.linkage.rules import RULES, Rule
from padan.linkage.spark.exchange import copy_out, read_in

# `tanda` is the signature of a name where a list has one; all bits are set where it has none.
_HIT = """
SELECT {bit} AS rule, p.key, p.person_no, p.tanda FROM posting_{posting} p LEFT SEMI JOIN wanted w ON w.rule = {bit} AND w.key = p.key
"""

_FOUND = """
SELECT DISTINCT w.rec_no, h.person_no, CAST(shiftleft(1, w.rule) AS INT) AS rule FROM wanted w
JOIN block b ON b.rule = w.rule AND b.key = w.key
JOIN hit h ON h.rule = w.rule AND h.key = w.key WHERE b.block_size <= {cap} AND (h.tanda & w.tanda) <> 0
"""

_DROPPED = """
SELECT w.rec_no, w.rule, max(b.block_size) AS block_size FROM wanted w JOIN block b ON b.rule = w.rule AND b.key = w.key
WHERE b.block_size > {cap} GROUP BY w.rec_no, w.rule
"""


def export_postings(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Parquet of the attached release's posting lists in `folder`, made once: posting_<name>.parquet (key, person_no, tanda)."""
    building = folder.with_name(folder.name + ".building")
    if folder.exists():
        return
    for name in sorted({rule.posting for rule in RULES}):
        columns = posting_columns(con, name)
        if columns:
            copy_out(con, posting_rows_sql(name, columns), building / f"posting_{name}.parquet")
    building.rename(folder)


def look_up(con: duckdb.DuckDBPyConnection, spark: Any, postings: Path, scratch: Path, bits: Iterable[int], block_cap: int) -> None:
    """Add to `found` and `dropped` what the rules `bits` find for the records that seek, as the night does in DuckDB."""
    rules = {bit: RULES[bit] for bit in bits if (postings / f"posting_{RULES[bit].posting}.parquet").exists()}
    if not rules:
        return
    copy_out(con, " UNION ALL ".join(_wanted(con, bit, rule) for bit, rule in rules.items()), scratch / "wanted.parquet")
    spark.read.parquet(str(scratch / "wanted.parquet")).createOrReplaceTempView("wanted")
    for posting in {rule.posting for rule in rules.values()}:
        show_posting(spark, postings, posting)
    hits = " UNION ALL ".join(_HIT.format(bit=bit, posting=rule.posting) for bit, rule in rules.items())
    keep(spark, "hit", hits, scratch)
    keep(spark, "block", "SELECT rule, key, count(*) AS block_size FROM hit GROUP BY rule, key", scratch)
    for table, sql in (("found", _FOUND), ("dropped", _DROPPED)):
        keep(spark, table, sql.format(cap=block_cap), scratch)
    con.execute(f"INSERT INTO found SELECT rec_no, person_no, rule FROM {read_in(scratch / 'found')}")
    name = " ".join(f"WHEN {bit} THEN '{rule.name}'" for bit, rule in rules.items())
    con.execute(f"INSERT INTO dropped SELECT rec_no, CASE rule {name} END, block_size FROM {read_in(scratch / 'dropped')}")


def show_posting(spark: Any, postings: Path, name: str) -> bool:
    """Make the view posting_<name>; False where the release has no such list."""
    path = postings / f"posting_{name}.parquet"
    if path.exists():
        spark.read.parquet(str(path)).createOrReplaceTempView(f"posting_{name}")
    return path.exists()


def _wanted(con: duckdb.DuckDBPyConnection, bit: int, rule: Rule) -> str:
    return f"SELECT {bit} AS rule, * FROM ({wanted_sql(rule, posting_columns(con, rule.posting))})"


def keep(spark: Any, view: str, sql: str, scratch: Path) -> None:
    """A view over a query's rows, computed once and written down."""
    path = str(scratch / view)
    spark.sql(sql).write.mode("overwrite").parquet(path)
    spark.read.parquet(path).createOrReplaceTempView(view)
