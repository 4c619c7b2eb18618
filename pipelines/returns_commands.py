"""`padan returns import | password`: answers of offices come back, and the password that opens what went out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from padan.errors import InputRefused
from pipelines.options import DEFAULT_HOME, HomeOption, vault

returns = typer.Typer(no_args_is_help=True, help="Daftar yang kembali ke instansi: jawabannya, dan kata sandinya.")
AGENCIES = ("kemensos", "kpai", "ditjenpas")
#: Rows that a message lists before it only counts them.
SHOWN = 20


@returns.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.xlsx …", help="daftar yang sudah diisi kantornya")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Terima jawaban kantor; baris yang salah disebut nomor dan aturannya, yang lain tetap diterima (keluar 2 bila ada yang salah)."""
    from padan.returns import import_answers
    from pipelines.clock import today

    wrong = 0
    with vault(home) as (place, con):
        for file in files:
            done = import_answers(con, place, file, today())
            typer.echo(f"{file.name}: {done.taken} jawaban baru, {done.known} sudah ada, {done.empty} baris belum dijawab.")
            for at, rule in done.refused[:SHOWN]:
                typer.echo(f"  baris {at}: {rule}", err=True)
            if len(done.refused) > SHOWN:
                typer.echo(f"  … dan {len(done.refused) - SHOWN} baris lain", err=True)
            wrong += len(done.refused)
    if wrong:
        raise InputRefused(
            "jawaban_ditolak",
            f"{wrong} baris tidak dapat diterima.",
            holds="Baris lain sudah diterima.",
            todo="Perbaiki baris itu, kirim lagi.",
        )


@returns.command("password")
def password(
    agency: Annotated[str, typer.Argument(help="kemensos, kpai atau ditjenpas")],
    reason: Annotated[str | None, typer.Option("--reason", help="untuk apa; dicatat di ledger.access")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Tampilkan kata sandi daftar satu instansi; pembukaannya dicatat. Sampaikan lewat jalan lain dari berkasnya."""
    from padan.keys import load_password
    from padan.ledger.access import checked_reason, record_access

    if agency not in AGENCIES:
        raise InputRefused("instansi_tidak_dikenal", "instansi itu tidak menerima daftar.", todo=f"Yang ada: {', '.join(AGENCIES)}.")
    why = checked_reason(reason)
    with vault(home) as (place, con):
        record_access(con, f"returns-{agency}.password", None, why)
        typer.echo(load_password(place.keys, f"returns-{agency}"))
