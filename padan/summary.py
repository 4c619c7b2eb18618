"""The table that a night ends with: counts by feed, decisions, gates, indicators, and where everything is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from padan.config import PadanConfig
from padan.home import Home
from padan.ledger import last_night
from padan.lock import at_work
from padan.quality.incidents import open_incidents
from padan.quality.waivers import COVERS
from padan.warehouse import connect

if TYPE_CHECKING:
    import duckdb
    from rich.table import Table

WIDTH = 118

DELIVERIES = """
    WITH standing AS (
        SELECT *, max(delivery_date) OVER (PARTITION BY agency, feed) AS newest FROM ledger.delivery WHERE status = 'accepted')
    SELECT agency || '/' || feed AS feed, newest, sum(rows_received)::BIGINT, sum(rows_accepted)::BIGINT, sum(rows_quarantined)::BIGINT,
        sum(rows_duplicate)::BIGINT, CASE WHEN bool_or(run_id = ?) THEN 'malam ini' ELSE 'sebelumnya' END
    FROM standing WHERE delivery_date = newest GROUP BY ALL ORDER BY ALL"""
DECISIONS = """
    SELECT agency || '/' || feed AS feed, count(*) FILTER (decision = 'link') AS link, count(*) FILTER (decision = 'review') AS review,
           count(*) FILTER (decision = 'no_link') AS no_link, count(*) FILTER (decision = 'link') / count(*) AS share
    FROM {table} GROUP BY ALL ORDER BY ALL"""
REFUSALS = """
    SELECT DISTINCT agency || '/' || feed, reason FROM ledger.delivery r
    WHERE status = 'refused' AND (run_id = ? OR NOT EXISTS (
        SELECT 1 FROM ledger.delivery a
        WHERE a.agency = r.agency AND a.feed = r.feed AND a.status = 'accepted' AND a.delivery_date >= r.delivery_date))
    ORDER BY ALL"""
QUESTIONS = """
    SELECT agency || '/' || feed, delivery_date, would_withdraw, in_force, absent_scopes FROM ledger.withdrawal_question
    WHERE answer IS NULL ORDER BY ALL"""
GATES = "SELECT severity, count(*) FILTER (passed), count(*) FROM quality.check WHERE run_id = ? GROUP BY ALL ORDER BY ALL"
FAILING = f"""
    SELECT rule_id, table_name, severity, numerator, denominator, EXISTS (SELECT 1 FROM quality.waiver w WHERE {COVERS})
    FROM quality.check c WHERE run_id = ? AND NOT passed ORDER BY ALL"""
INDICATORS = """
    SELECT i.indicator_code, d.nama, i.kategori, i.periode, i.numerator, i.denominator, i.value, i.suppressed
    FROM marts.indicator i JOIN marts.indicator_definition d USING (indicator_code)
    WHERE i.tingkat = 'nasional' AND i.jenis_kelamin = 'semua' AND i.kelompok_umur = 'semua'
    QUALIFY row_number() OVER (PARTITION BY i.indicator_code, i.kategori ORDER BY length(i.periode), i.periode DESC) = 1
    ORDER BY i.indicator_code, i.kategori"""


def summarize(home: Home, config: PadanConfig, run_id: str) -> str:
    """The night `run_id` as text for a terminal; counts and rule names only."""
    from rich.console import Console

    page = io.StringIO()
    console = Console(file=page, width=WIDTH, highlight=False)
    with connect(home, config.machine, read_only=True) as con:
        console.print(_deliveries(con, run_id))
        for line in _notices(con, run_id):
            console.print(line, markup=False)
        console.print(_decisions(con))
        console.print(_indicators(home))
        for line in (*_gates(con, run_id), *_incidents(con, run_id), *_unfinished(con, home, run_id)):
            console.print(line, markup=False)
        report = _report(con, home, run_id)
    published = home.serving / "current"
    in_force = published if published.exists() else "belum ada"
    for name, path in (("Terbitan", in_force), ("Laporan", report), ("Antarmuka", "padan ui  →  http://127.0.0.1:3000")):
        console.print(f"{name:<10} {path}", soft_wrap=True)
    return page.getvalue()


def _report(con: duckdb.DuckDBPyConnection, home: Home, run_id: str) -> Path | str:
    """Where the report of the night is."""
    row = con.execute("SELECT as_of FROM ledger.night WHERE run_id = ?", [run_id]).fetchone()
    path = home.reports / str(row[0]) / "index.html" if row else home.reports
    return path if path.exists() else "belum ada"


def _unfinished(con: duckdb.DuckDBPyConnection, home: Home, run_id: str) -> list[str]:
    """That the night did not come to its end, and how it does."""
    last = last_night(con)
    if last is None or last.run_id != run_id or last.ended_well or at_work(home.lock):
        return []
    return [f"Malam      {last.as_of} {last.ended}; padan run meneruskannya dari langkah yang belum selesai."]


def _has(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = con.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?", [schema, table]
    ).fetchone()
    return bool(found and found[0])


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="left" if position == 0 else "right", no_wrap=position > 0)
    return table


def _number(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _deliveries(con: duckdb.DuckDBPyConnection, run_id: str) -> Table:
    table = _table("Kiriman yang berlaku", "feed", "kiriman", "diterima", "sah", "karantina", "duplikat", "diambil")
    if _has(con, "ledger", "delivery"):
        for feed, *counts in con.execute(DELIVERIES, [run_id]).fetchall():
            table.add_row(feed, *map(_number, counts))
    return table


def _notices(con: duckdb.DuckDBPyConnection, run_id: str) -> list[str]:
    """Refused deliveries, and questions that hold the night until the operator answers."""
    if not _has(con, "ledger", "delivery"):
        return []
    lines = [f"DITOLAK {reason}" for _, reason in con.execute(REFUSALS, [run_id]).fetchall()]
    for feed, date, gone, standing, absent in con.execute(QUESTIONS).fetchall():
        lines.append(
            f"PERTANYAAN {feed} {date}: {gone} dari {standing} baris akan ditarik, {absent} wilayah tidak ada; "
            "jawab di [[withdrawals]] pada config/padan.toml (withdraw atau keep)."
        )
    return lines


def _decisions(con: duckdb.DuckDBPyConnection) -> Table:
    table = _table("Keputusan padanan", "feed", "padan (link)", "tinjau (review)", "belum (no link)", "bagian padan")
    for name in ("decision", "institution_decision"):
        if _has(con, "link", name):
            for feed, link, review, no_link, share in con.execute(DECISIONS.format(table=f"link.{name}")).fetchall():
                label = feed if name == "decision" else f"{feed} → LKS"
                table.add_row(label, _number(link), _number(review), _number(no_link), f"{share:.1%}")
    return table


def _indicators(home: Home) -> Table:
    """National figures as the public file has them, small cells hidden: a terminal's text travels as easily as a file."""
    import duckdb

    table = _table("Indikator nasional (terbitan publik)", "indikator", "kategori", "periode", "pembilang", "penyebut", "nilai")
    published = home.serving / "current" / "publik" / "padan.duckdb"
    if published.exists():
        with duckdb.connect(str(published), read_only=True) as con:
            for code, name, kind, period, *figures, hidden in con.execute(INDICATORS).fetchall():
                shown = ["ditutup"] * 3 if hidden else map(_number, figures)
                table.add_row(f"{code} {name}", kind, period, *shown)
    return table


def _incidents(con: duckdb.DuckDBPyConnection, run_id: str) -> list[str]:
    """Failures that are not over, each with its owner and its age as of the night."""
    row = con.execute("SELECT as_of FROM ledger.night WHERE run_id = ?", [run_id]).fetchone()
    found = open_incidents(con)
    if row is None or not found:
        return []
    lines = [f"Insiden terbuka: {len(found)}"]
    for one in found:
        age = f"sejak {one.opened} ({one.age(row[0])} hari, {one.nights} malam)"
        lines.append(f"  {one.severity} {one.rule_id} pada {one.table_name}: {age}; {one.owner}")
    return lines


def _gates(con: duckdb.DuckDBPyConnection, run_id: str) -> list[str]:
    if not _has(con, "quality", "check"):
        return ["Gerbang: belum ada pemeriksaan."]
    counted = {severity: (passed, total) for severity, passed, total in con.execute(GATES, [run_id]).fetchall()}
    lines = ["Gerbang: " + "; ".join(f"{severity} {passed} dari {total} lulus" for severity, (passed, total) in sorted(counted.items()))]
    failing = con.execute(FAILING, [run_id]).fetchall() if _has(con, "quality", "waiver") else []
    for rule, table, severity, numerator, denominator, pardoned in [row for row in failing if row[3] is not None]:
        word = f"{severity}, dikecualikan" if pardoned else severity
        lines.append(f"  gagal ({word}) {rule} pada {table}: {_number(numerator)} dari {_number(denominator)}")
    idle = sorted({row[1] for row in failing if row[3] is None})
    if idle:
        lines.append(f"  tidak dijalankan, jadi dianggap gagal: {sum(row[3] is None for row in failing)} aturan pada {', '.join(idle)}")
    return lines
