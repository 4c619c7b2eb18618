"""`padan export`: a published file as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from padan.errors import InputRefused
from padan.home import Home
from pipelines.options import DEFAULT_HOME, HomeOption


def export(
    out: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="berkas yang ditulis")],
    audience: Annotated[str, typer.Option("--audience", help="pembaca: publik, kpai, ditjenpas atau kemensos")] = "publik",
    table: Annotated[list[str] | None, typer.Option("--table", help="misalnya indicator; boleh diulang; bawaan: semua tabel marts")] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="lembar kerja; bentuk ini satu-satunya dan tidak perlu disebut")] = True,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Salin terbitan yang berlaku ke lembar kerja, dengan nama di samping kode dan arti kolom sebagai catatan."""
    from padan.serving.export import export_workbook

    file = Home(home.resolve()).serving / "current" / audience / "padan.duckdb"
    if not file.exists():
        raise InputRefused("terbitan_tidak_ada", f"belum ada terbitan untuk {audience}.", todo="Jalankan padan run.")
    for sheet in export_workbook(file, out.resolve(), table or []):
        left = f" ({sheet.cut:,} baris tidak dimuat; pakai DuckDB atau Parquet)" if sheet.cut else ""
        typer.echo(f"{sheet.table}: {sheet.rows:,} baris{left}")
