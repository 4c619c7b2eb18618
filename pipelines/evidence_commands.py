"""`padan verify` and `padan sign`: does the evidence of the nights hold, and signing what the night's account cannot."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from padan.errors import GateFailed, InputRefused
from padan.home import Home
from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption


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
