"""Tables of counts for the UI: Markdown, no value of a person, no name of a delivered file (its hash names it)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import dagster as dg
import duckdb

from padan.night import Night
from padan.report.tables import number

#: Deliveries that the UI shows of a feed: the newest.
SHOWN = 12

_DELIVERIES = """
SELECT delivery_date, left(sha256, 12), status, rows_received, rows_accepted, rows_quarantined, rows_duplicate FROM ledger.delivery
WHERE agency = ? AND feed = ? ORDER BY delivery_date DESC, taken_at DESC, sha256 LIMIT ?"""

_DECISIONS = """
SELECT feed, count(*), count(*) FILTER (decision = 'link'), count(*) FILTER (decision = 'review'), count(*) FILTER (decision = 'no_link')
FROM {table} GROUP BY feed ORDER BY feed"""

_CHECKS = """
SELECT dimension, count(*), count(*) FILTER (passed), count(*) FILTER (NOT passed AND severity = 'error'),
    count(*) FILTER (NOT passed AND severity = 'warn')
FROM quality."check" WHERE run_id = ? GROUP BY dimension ORDER BY dimension"""

_FAILING = """
SELECT rule_id, table_name, severity, numerator, denominator FROM quality."check" WHERE run_id = ? AND NOT passed
ORDER BY severity, table_name, rule_id"""


def markdown(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """A table whose numbers are written as Indonesians write them; a dash where there is none."""
    lines = [heads, ["---"] * len(heads), *([number(cell).replace("|", "/") for cell in row] for row in rows)]
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines))


def deliveries(con: duckdb.DuckDBPyConnection, agency: str, feed: str) -> dg.MarkdownMetadataValue:
    """Which delivered files the raw table of a feed was made from, by hash, newest first."""
    heads = ("kiriman", "sidik berkas", "keadaan", "diterima", "sah", "karantina", "duplikat")
    rows = con.execute(_DELIVERIES, [agency, feed, SHOWN]).fetchall()
    return markdown(heads, [(date.isoformat() if date else None, *rest) for date, *rest in rows])


def decisions(con: duckdb.DuckDBPyConnection, table: str) -> dg.MarkdownMetadataValue:
    """Decisions of `link.decision` or `link.institution_decision` by feed."""
    return markdown(("sumber", "catatan", "padan", "tinjau", "belum ditemukan"), con.execute(_DECISIONS.format(table=table)).fetchall())


def checks(con: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, dg.MarkdownMetadataValue]:
    """What was checked tonight by dimension, and each rule that does not hold."""
    heads = ("dimensi", "aturan", "lulus", "gagal menahan", "gagal ditampilkan")
    told = {"pemeriksaan_menurut_dimensi": markdown(heads, con.execute(_CHECKS, [run_id]).fetchall())}
    failing = con.execute(_FAILING, [run_id]).fetchall()
    return told | ({"tidak_lulus": markdown(("aturan", "tabel", "tingkat", "gagal", "dari"), failing)} if failing else {})


def publication(rows: Mapping[str, Mapping[str, int]]) -> dg.MarkdownMetadataValue:
    """Tables and rows of each reader's file."""
    return markdown(("pembaca", "tabel", "baris"), [(who, len(tables), sum(tables.values())) for who, tables in sorted(rows.items())])


def report_of(night: Night) -> dg.PathMetadataValue:
    """Where the report of the night lies, from the home or from an auditor's copy."""
    return dg.MetadataValue.path(f"reports/{night.as_of.isoformat()}/index.html")
