"""`padan audit export` and `audit sample`: what an auditor carries away, and a working paper over sampled rows."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from padan.errors import GateFailed
from padan.home import Home
from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption

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


@audit.command()
def sample(
    n: Annotated[int, typer.Option("-n", min=1, help="banyak baris; tiap sumber sedikitnya satu")] = 60,
    seed: Annotated[str, typer.Option("--seed", help="benih; benih yang sama mengambil baris yang sama")] = "1",
    out: Annotated[Path | None, typer.Option("--out", help="berkas .xlsx; bawaan: kertas-kerja-<tanggal>-<benih>.xlsx di sini")] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="sertakan nilai; dicatat di ledger.access")] = False,
    reason: Annotated[str | None, typer.Option("--reason", help="alasan membuka nilai, misalnya nomor surat tugas")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Tulis kertas kerja: baris sampel ditelusuri dari sel di berkas arsip sampai indikator (keluar 3 bila ada yang tidak cocok)."""
    from padan.config import load_padan
    from padan.evidence.rebuild import find_night, last_as_of
    from padan.evidence.working_paper import write_paper
    from padan.intake.archive import Archive
    from padan.ledger.access import checked_reason
    from padan.lock import single_writer
    from padan.warehouse import connect

    why, source, config = checked_reason(reason) if reveal else None, Home(home.resolve()), load_padan(PROJECT / "config")
    with ExitStack() as held:
        if reveal:
            held.enter_context(single_writer(source.lock))
        con = held.enter_context(connect(source, config.machine, read_only=not reveal))
        night = find_night(con, source, last_as_of(con))
        path = out or Path(f"kertas-kerja-{night.as_of}-{re.sub(r'[^0-9A-Za-z]', '_', seed)}.xlsx")
        archive = Archive.of(source, config.encryption)
        paper = write_paper(con, source, archive, config.machine, night, path.resolve(), n=n, seed=seed, reason=why)
    typer.echo(f"{paper.rows} baris, {paper.cells} sel dibandingkan dengan arsip; {paper.misfits} baris tidak cocok: {path}")
    if paper.misfits or paper.cells_off or not paper.digest_holds:
        raise GateFailed("sampel tidak cocok dengan arsip atau bukti.", todo="Baca lembar Ringkasan dan kolom Hasil di kertas kerja.")
