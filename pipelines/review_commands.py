"""`padan review list | export | import | password`: doubtful matches out to the people who decide them, and their rulings in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from padan.errors import InputRefused
from pipelines.options import DEFAULT_HOME, HomeOption, vault

if TYPE_CHECKING:
    from padan.home import Home

review = typer.Typer(no_args_is_help=True, help="Padanan yang meragukan: antrean, lembar putusan kabupaten, putusan yang kembali.")
RegencyOption = Annotated[str, typer.Option("--kabupaten", help="kode kabupaten, misalnya 3273 atau 32.73")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="untuk apa; dicatat di ledger.access")]


def _regency(code: str) -> str:
    digits = code.replace(".", "")
    if not (digits.isdigit() and len(digits) == 4):
        raise InputRefused("kode_kabupaten", "--kabupaten bukan kode kabupaten.", todo="Contoh: 3273.")
    return f"{digits[:2]}.{digits[2:]}"


def _register(home: Home) -> Path:
    from padan.register import current_release
    from pipelines.clock import today

    release = current_release(home, today())
    if release is None:
        raise InputRefused("tanpa_rilis", "belum ada rilis DTSEN yang dibangun.", todo="padan run")
    return release.path


@review.command("list")
def list_cases(home: HomeOption = DEFAULT_HOME) -> None:
    """Berapa kasus menunggu, di mana, dan yang mana dulu; tanpa nilai dan tanpa nama sumber."""
    from padan.review.queue import create_case_table

    with vault(home) as (_, con):
        create_case_table(con)
        rows = con.execute(
            "SELECT CASE WHEN centre_only THEN 'pusat' ELSE coalesce(kode_kabupaten, 'pusat') END, count(*), min(opened_on) "
            "FROM review.case GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
    for place, count, oldest in rows:
        typer.echo(f"{place:<8} {count:>6} kasus, tertua {oldest}")
    typer.echo("" if rows else "Tidak ada kasus yang menunggu.")


@review.command("export")
def export(
    kabupaten: RegencyOption,
    out: Annotated[Path | None, typer.Option("--out", help="berkas .xlsx; bawaan: review/<kabupaten>/<tanggal>.xlsx di home")] = None,
    reason: ReasonOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Tulis kasus satu kabupaten sebagai lembar kerja bersandi; hanya yang boleh diputuskan di sana."""
    from padan.ledger.access import checked_reason
    from padan.review.office import export_cases
    from pipelines.clock import today

    code, why, day = _regency(kabupaten), checked_reason(reason), today()
    with vault(home) as (place, con):
        path = out or place.review / code / f"{day}.xlsx"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        count = export_cases(con, place, _register(place), code, path.resolve(), day, why)
    typer.echo(
        f"{count} kasus: {path}\nKata sandinya: padan review password --kabupaten {code.replace('.', '')} (sampaikan lewat jalan lain)."
    )


@review.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx")],
    kabupaten: RegencyOption,
    by: Annotated[str, typer.Option("--by", help="siapa yang memutus")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Terima putusan; baris yang salah disebut nomor dan aturannya, yang lain tetap diterima (keluar 2 bila ada yang salah)."""
    from padan.review.office import import_cases

    with vault(home) as (place, con):
        done = import_cases(con, place, _register(place), file, _regency(kabupaten), by)
    typer.echo(f"{done.taken} putusan, {done.unsure} ragu, {done.known} sudah ada, {done.empty} belum dijawab.")
    for at, rule in done.refused:
        typer.echo(f"  baris {at}: {rule}", err=True)
    if done.refused:
        raise InputRefused(
            "putusan_ditolak", f"{len(done.refused)} baris tidak diterima.", holds="Baris lain sudah diterima.", todo="Kirim lagi."
        )


@review.command("password")
def password(kabupaten: RegencyOption, reason: ReasonOption = None, home: HomeOption = DEFAULT_HOME) -> None:
    """Tampilkan kata sandi lembar satu kabupaten; pembukaannya dicatat."""
    from padan.keys import load_password
    from padan.ledger.access import checked_reason, record_access

    code, why = _regency(kabupaten), checked_reason(reason)
    with vault(home) as (place, con):
        record_access(con, f"review-{code}.password", None, why)
        typer.echo(load_password(place.keys, f"review-{code}"))
