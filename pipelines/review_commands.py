"""`padan review list | export | import | password | assign | token | serve`: doubtful matches to people who decide them, rulings in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from padan.errors import InputRefused
from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption, vault

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


def _share() -> float:
    from padan.config import load_padan

    return load_padan(PROJECT / "config").review.second_share


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
        done = import_cases(con, place, _register(place), file, _regency(kabupaten), by, _share())
    typer.echo(f"{done.taken} jawaban diterima, {done.unsure} di antaranya ragu; {done.known} sudah ada, {done.empty} belum dijawab.")
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


ReaderArgument = Annotated[str, typer.Argument(metavar="PEMBACA", help="nama pembaca di pusat, misalnya siti.rahma")]


@review.command("assign")
def assign_cases(
    reader: ReaderArgument,
    count: Annotated[int, typer.Option("--count", min=1, max=1000, help="berapa kasus lagi")] = 30,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Beri seorang pembaca kasus berikutnya menurut prioritas; ia hanya melihat yang diberikan kepadanya."""
    from padan.keys import load_key
    from padan.review.assignment import assign, reader_name, to_read
    from padan.review.queue import create_case_table
    from pipelines.clock import today

    name = reader_name(reader)
    with vault(home) as (place, con):
        create_case_table(con)
        key = load_key(place.keys, "review")
        given = assign(con, name, count, today(), key, _share())
        waiting = len(to_read(con, name, key, _share()))
    typer.echo(f"{given} kasus diberikan; {waiting} menunggu {name}.")


@review.command("token")
def token(reader: ReaderArgument, reason: ReasonOption = None, home: HomeOption = DEFAULT_HOME) -> None:
    """Tampilkan token seorang pembaca (dibuat bila belum ada); pembukaannya dicatat. Hapus berkasnya untuk mencabutnya."""
    from padan.keys import load_password
    from padan.ledger.access import checked_reason, record_access
    from padan.review.assignment import reader_name

    name, why = reader_name(reader), checked_reason(reason)
    with vault(home) as (place, con):
        record_access(con, f"reviewer-{name}.password", None, why)
        typer.echo(load_password(place.keys, f"reviewer-{name}"))


@review.command("serve")
def serve(
    port: Annotated[int, typer.Option("--port", min=1024, max=65535)] = 3100,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Halaman putusan untuk pembaca di pusat, hanya di mesin ini; berhenti dengan Ctrl-C."""
    import uvicorn

    from padan.review.answers import create_answer_tables
    from padan.review.desk import Desk
    from padan.review.page import LOOPBACK, Page
    from padan.review.queue import create_case_table

    with vault(home) as (place, con):
        create_case_table(con)
        create_answer_tables(con)
    page = Page(Desk(lambda: vault(home), _register, _share()), place.keys)
    typer.echo(f"Putusan: http://{LOOPBACK}:{port}  (token: padan review token PEMBACA; Ctrl-C untuk berhenti)", err=True)
    uvicorn.run(page.app(), host=LOOPBACK, port=port, log_level="warning", access_log=False)
