"""`padan`: thin commands over the same job that the schedule runs. Errors are one line; a traceback needs --debug."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from padan.errors import PadanError
from padan.home import Home
from padan.journal import silence_terminal
from pipelines import rights_commands
from pipelines.attention_command import attention
from pipelines.audit_commands import audit
from pipelines.diff_command import diff
from pipelines.engine_commands import link
from pipelines.evidence_commands import rebuild, sign, verify
from pipelines.export_command import export
from pipelines.linkage_commands import train, why
from pipelines.operations_commands import backup, doctor, keys, replay, restore, rollback
from pipelines.options import DEFAULT_HOME, PROJECT, DateOption, HomeOption, as_of_date
from pipelines.register_commands import register
from pipelines.returns_commands import returns
from pipelines.review_commands import review

app = typer.Typer(
    name="padan",
    help="PADAN: pemadanan data lembaga untuk perlindungan anak, setiap malam.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _say_version(wanted: bool) -> None:
    if not wanted:
        return
    from padan.night import code_version

    typer.echo(f"padan {version('padan')}, kode {code_version(PROJECT)}")
    raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="tampilkan jejak kesalahan; hanya di lingkungan vault")] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="versi paket, dan kode seperti di laporan")
    ] = False,
) -> None:
    """Options of every command."""
    context.obj = debug


@app.command()
def run(
    context: typer.Context,
    landing: Annotated[
        Path | None, typer.Option("--landing", envvar="PADAN_LANDING", help="folder kiriman; bawaan: landing/ di home")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    date: DateOption = None,
    whole: Annotated[bool, typer.Option("--whole", help="ulangi seluruh malam, juga langkah yang sudah selesai")] = False,
) -> None:
    """Jalankan satu malam, dari kiriman sampai terbitan; malam yang berhenti diteruskan dari langkah yang belum selesai."""
    from pipelines.command import run_night

    where = (landing or home / "landing").resolve()
    raise typer.Exit(run_night(Home(home.resolve()), where, as_of_date(date), debug=context.obj, whole=whole))


@app.command()
def demo(
    home: HomeOption = DEFAULT_HOME,
    persons: Annotated[int, typer.Option("--persons", min=1_000, help="jumlah orang dalam DTSEN tiruan")] = 30_000,
    seed: Annotated[int, typer.Option("--seed")] = 1,
    night: Annotated[
        int, typer.Option("--night", min=1, max=2, help="malam ke-1, atau malam ke-2 dengan perubahan dan rilis DTSEN baru")
    ] = 1,
) -> None:
    """Buat kiriman tiruan (bukan orang nyata) untuk semua feed, lalu jalankan satu malam atasnya."""
    from pipelines.command import run_demo

    raise typer.Exit(run_demo(Home(home.resolve()), persons, seed, night))


@app.command()
def synth(
    out: Annotated[Path, typer.Argument(help="folder tujuan; landing/ dan truth/ dibuat di dalamnya")],
    persons: Annotated[int, typer.Option("--persons", min=1_000)] = 30_000,
    seed: Annotated[int, typer.Option("--seed")] = 1,
    date: DateOption = None,
) -> None:
    """Tulis kiriman tiruan dengan kebenarannya, dua malam."""
    from pipelines.command import write_synthetic

    write_synthetic(out, persons, seed, as_of_date(date))


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="berkas kiriman")],
    feed: Annotated[str | None, typer.Option("--as", help="kontrak yang dipakai, misalnya kemensos/pkh")] = None,
) -> None:
    """Periksa satu berkas terhadap kontraknya tanpa memuat apa pun."""
    from padan.intake.inspection import inspect as inspect_file
    from padan.intake.inspection import render
    from padan.intake.parser_process import confine_memory

    confine_memory()
    typer.echo(render(inspect_file(file, feed)))


@app.command()
def status(home: HomeOption = DEFAULT_HOME) -> None:
    """Tampilkan malam terakhir: kiriman, keputusan, gerbang, indikator, terbitan."""
    from pipelines.command import show_status

    show_status(Home(home.resolve()))


@app.command()
def ui(
    home: HomeOption = DEFAULT_HOME,
    landing: Annotated[Path | None, typer.Option("--landing", envvar="PADAN_LANDING")] = None,
    port: Annotated[int, typer.Option("--port")] = 3000,
    read_only: Annotated[bool, typer.Option("--read-only", help="hanya melihat: tanpa jadwal, tanpa menjalankan apa pun")] = False,
    audit_dir: Annotated[Path | None, typer.Option("--from", metavar="DIR", help="salinan dari padan audit export")] = None,
) -> None:
    """Buka antarmuka Dagster di komputer ini saja (loopback), dengan jadwal pukul 01.00 WIB."""
    from pipelines.web import serve, serve_copy

    if audit_dir is not None:
        raise typer.Exit(serve_copy(audit_dir.resolve(), port))
    raise typer.Exit(serve(Home(home.resolve()), (landing or home / "landing").resolve(), port, read_only=read_only))


app.command()(why)
app.command()(link)
app.command()(train)
app.command()(diff)
app.command()(verify)
app.command()(sign)
app.command()(rebuild)
app.command()(export)
app.command()(attention)
for command in (doctor, rollback, backup, restore, replay, *rights_commands.COMMANDS):
    app.command()(command)
app.add_typer(register, name="register")
app.add_typer(audit, name="audit")
app.add_typer(returns, name="returns")
app.add_typer(keys, name="keys")
app.add_typer(review, name="review")


def main() -> None:
    """Entry point: exit 2 refused input, 3 failed gate, 4 locked, 1 a defect of ours."""
    debug = "--debug" in sys.argv
    if not debug:
        silence_terminal()
    try:
        app(standalone_mode=True)
    except PadanError as error:
        if debug:
            raise
        sys.stderr.write(f"padan: {error}\n")
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 (the last line of defence: no traceback, no value)
        if debug:
            raise
        sys.stderr.write(
            f"padan: cacat program ({type(error).__name__}). Terbitan terakhir tetap berlaku. "
            "Jalankan ulang dengan --debug di lingkungan vault.\n"
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
