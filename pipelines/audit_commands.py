"""`padan audit export` and `audit sample`: what an auditor carries away, and a working paper over sampled rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from padan.home import Home
from pipelines.options import DEFAULT_HOME, HomeOption

audit = typer.Typer(help="Untuk auditor: salinan catatan malam tanpa data orang, dan kertas kerja atas baris sampel.", no_args_is_help=True)


@audit.command()
def export(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="folder baru; berisi dagster/ dan reports/")],
    home: HomeOption = DEFAULT_HOME,
    nights: Annotated[int, typer.Option("--nights", min=1, help="berapa malam terakhir")] = 31,
) -> None:
    """Salin catatan malam-malam terakhir tanpa pesan, jalur, dan data orang; buka di mana saja dengan padan ui --from DIR."""
    from pipelines.audit_export import export_audit
    from pipelines.web import instance_of

    def told(done: int, of: int) -> None:
        typer.echo(f"malam {done} dari {of}", err=True)

    source = Home(home.resolve())
    with instance_of(source) as instance:
        exported = export_audit(source, instance, target.resolve(), nights, told)
    typer.echo(f"{exported.runs} malam, {exported.events} peristiwa, {exported.reports} laporan: {target}")
    typer.echo(f"Periksa dengan: padan verify {target / 'reports'}   Lihat dengan: padan ui --from {target}")
