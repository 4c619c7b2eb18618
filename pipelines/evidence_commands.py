"""`padan verify`, `sign` and `rebuild`: does the evidence hold, signing what the night's account cannot, and doing a night again."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from padan.errors import GateFailed, InputRefused
from padan.home import Home
from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption, parsed_date


def verify(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="folder laporan (reports/), atau folder satu malam di dalamnya")],
    key: Annotated[Path | None, typer.Option("--key", help="salinan kunci publik milik auditor; bawaan: yang di folder laporan")] = None,
    head: Annotated[Path | None, typer.Option("--head", help="kepala rantai yang disimpan saksi (head-*.json)")] = None,
) -> None:
    """Periksa rantai, tanda tangan, sidik dan isi bukti tanpa jaringan; yang pertama tidak cocok disebut (keluar 3)."""
    from padan.evidence import Misfit, verify_reports

    for path in (place, key, head):
        if path is not None and not path.exists():
            raise InputRefused("bukti_tidak_ada", f"{path.name}: tidak ada.", todo="Periksa jalurnya.")
    started, todo = time.monotonic(), "Simpan folder ini apa adanya dan bandingkan dengan salinan saksi."
    try:
        held = verify_reports(place.resolve(), key=key, head=head)
    except Misfit as misfit:
        raise GateFailed(f"bukti tidak cocok: {misfit}.", todo=todo) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GateFailed(f"bukti tidak cocok: berkas rusak atau hilang ({type(error).__name__}).", todo=todo) from None
    typer.echo(f"Cocok: {held.packs} paket, {held.files} berkas, malam terakhir {held.last}; {time.monotonic() - started:.1f} detik.")
    if held.own_key:
        typer.echo("Kunci publiknya dari folder yang sama: beri --key salinan Anda untuk membuktikan siapa yang menandatangani.")
    if held.vouched == 0:
        typer.echo("Tanpa --head dari saksi, malam-malam terakhir yang dihapus semuanya tidak akan ketahuan.")


def sign(home: HomeOption = DEFAULT_HOME) -> None:
    """Tandatangani baris rantai yang belum ditandatangani, dengan akun pemegang kunci."""
    from padan.config import load_padan
    from padan.evidence import sign_open

    signed = sign_open(Home(home.resolve()), load_padan(PROJECT / "config").evidence)
    typer.echo(f"{signed} baris rantai bukti ditandatangani.")


def rebuild(
    date: Annotated[str, typer.Argument(metavar="DATE", help="tanggal acuan malam yang lampau, YYYY-MM-DD")],
    home: HomeOption = DEFAULT_HOME,
    keep: Annotated[Path | None, typer.Option("--keep", help="folder baru untuk malam ulangan; bawaan: sementara, lalu dihapus")] = None,
) -> None:
    """Jalankan ulang satu malam lampau dari arsip dan bandingkan sidik keputusannya (keluar 3 bila berbeda)."""
    from padan.config import load_padan
    from padan.evidence.rebuild import carry_over, compare, find_night, lay_out
    from padan.intake.archive import Archive
    from padan.night import code_version
    from padan.warehouse import connect
    from pipelines.command import run_night

    source, as_of, config = Home(home.resolve()), parsed_date(date, "DATE"), load_padan(PROJECT / "config")
    machine = config.machine
    if keep is not None and keep.exists():
        raise InputRefused("folder_ada", f"{keep.name}: sudah ada.", todo="Beri --keep folder yang belum ada.")
    place = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="ulang-", dir=source.root))
    target = Home(place / "home")
    try:
        target.root.parent.mkdir(parents=True, exist_ok=True)
        target.prepare()
        with connect(source, machine, read_only=True) as con:
            night = find_night(con, source, as_of)
            files = lay_out(con, Archive.of(source, config.encryption), night, place / "landing")
        with connect(source, machine) as con:
            carry_over(con, source, night, target)
        typer.echo(f"Malam {as_of} ({night.run_id[:8]}): {files} berkas dari arsip; dijalankan ulang di {place}.", err=True)
        run_night(target, place / "landing", as_of)
        with connect(target, machine, read_only=True) as con:
            result = compare(con, night, PROJECT, code_version(PROJECT))
    finally:
        if keep is None:
            shutil.rmtree(place, ignore_errors=True)
    if result.differs:
        typer.echo(f"Berbeda dari malam itu: {', '.join(result.differs)}.")
    if not result.same:
        unlike = ", ".join(kind for kind, digest in result.expected.items() if result.found[kind] != digest)
        raise GateFailed(
            f"sidik keputusan berbeda: {unlike}.", todo="Jalankan dengan kode dan setelan malam itu (code_version di evidence.zip)."
        )
    typer.echo(f"Sama: sidik keputusan orang {result.found['person'][:16]}…, lembaga {result.found['institution'][:16]}….")
