"""`padan diff`: which answers one night gives otherwise than another, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from padan.errors import ConfigError, InputRefused
from padan.home import Home
from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption

if TYPE_CHECKING:
    import duckdb

_ROWS = """
SELECT record_id, agency || '/' || feed AS feed, cause, before_decision, after_decision, before_register_id, after_register_id,
    before_person_id, after_person_id FROM run_difference ORDER BY feed, cause, record_id"""


def diff(
    before: Annotated[str, typer.Argument(help="run_id malam pertama (boleh awalnya saja)")],
    after: Annotated[str, typer.Argument(help="run_id malam kedua")],
    records: Annotated[int, typer.Option("--records", min=0, help="catatan yang dirinci")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="semua catatan, sebagai JSON")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Bandingkan dua malam: catatan yang jawabannya berubah, menurut feed dan sebab (data, register, model, putusan)."""
    from padan.config import load_padan
    from padan.linkage.changes import diff as compare
    from padan.lock import require_free
    from padan.warehouse import connect

    place = Home(home.resolve())
    if not place.warehouse.exists():
        raise ConfigError("belum ada malam di folder ini.", todo="Periksa --home, atau jalankan padan run lebih dahulu.")
    require_free(place.lock)
    with connect(place, load_padan(PROJECT / "config").machine, read_only=True) as con:
        found = compare(con, _run(con, before), _run(con, after))
        cursor = con.execute(_ROWS + ("" if as_json else f" LIMIT {records}"))
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    counts = [(f"{agency}/{feed}", cause, n) for (agency, feed, cause), n in sorted(found.counts.items())]
    if as_json:
        plain = {
            "before": found.before,
            "after": found.after,
            "counts": [dict(zip(("feed", "cause", "records"), c, strict=True)) for c in counts],
        }
        typer.echo(json.dumps(plain | {"records": rows}, indent=1))
        return
    _show(found.before, found.after, counts, rows)


def _run(con: duckdb.DuckDBPyConnection, asked: str) -> str:
    """The run id that begins as asked, if there is one."""
    rows = con.execute("SELECT run_id FROM ledger.night WHERE starts_with(run_id, ?) LIMIT 2", [asked]).fetchall()
    if len(rows) != 1:
        many = "lebih dari satu malam" if rows else "tidak ada malam"
        raise InputRefused("malam_tidak_ada", f"{many} dengan run_id itu.", todo="Lihat ledger.night, atau baris Malam pada padan why.")
    return str(rows[0][0])


def _show(before: str, after: str, counts: list[tuple[str, str, int]], rows: list[dict[str, Any]]) -> None:
    from padan.linkage.changes import CAUSES

    console = Console(width=140, highlight=False, markup=False)
    total = sum(n for *_, n in counts)
    console.print(f"Malam {before[:8]} → {after[:8]}: {total:,} catatan dijawab lain.")
    if not total:
        return
    summary = _table("feed", "sebab", "catatan", right=("catatan",))
    for feed, cause, n in counts:
        summary.add_row(feed, f"{cause}: {CAUSES.get(cause, '')}", f"{n:,}")
    console.print(summary)
    detail = _table("catatan", "feed", "sebab", "keputusan", "baris DTSEN", "orang")
    for r in rows:
        sides = (_moved(r, column) for column in ("decision", "register_id", "person_id"))
        detail.add_row(r["record_id"], r["feed"], r["cause"], *sides)
    console.print(detail)
    if len(rows) < total:
        console.print(f"{total - len(rows):,} catatan lain tidak dirinci; --records atau --json menampilkannya.")


def _moved(row: dict[str, Any], column: str) -> str:
    before, after = (row[f"{side}_{column}"] or "–" for side in ("before", "after"))
    return before if before == after else f"{before} → {after}"


def _table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left")
    return table
