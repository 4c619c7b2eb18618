"""`padan doctor | rollback | backup | restore | replay | keys`: what an operator does between nights."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from padan.errors import ConfigError, GateFailed
from padan.home import Home
from pipelines.options import DEFAULT_HOME, PROJECT, DateOption, HomeOption, as_of_date, vault

KeysOption = Annotated[Path | None, typer.Option("--keys", help="folder terpisah untuk kunci; bawaan: kunci tidak ikut")]


def doctor(home: HomeOption = DEFAULT_HOME, date: DateOption = None) -> None:
    """Periksa apakah instalasi ini siap untuk malam ini; tidak mengubah apa pun (keluar 3 bila ada yang rusak)."""
    from rich.console import Console
    from rich.table import Table

    from padan.config import load_padan
    from padan.operations.doctor import examine

    findings = examine(Home(home.resolve()), PROJECT, load_padan(PROJECT / "config"), as_of_date(date))
    mark = {"baik": "✓", "perhatikan": "!", "rusak": "✗"}
    table = Table("", "pemeriksaan", "keadaan", "yang perlu dilakukan")
    for one in findings:
        table.add_row(mark[one.state], one.question, one.answer, one.todo)
    Console().print(table)
    broken = [one.question for one in findings if one.state == "rusak"]
    if broken:
        raise GateFailed(f"{len(broken)} pemeriksaan rusak: {', '.join(broken)}.", todo="Lihat kolom terakhir.")


def rollback(
    run: Annotated[str | None, typer.Argument(metavar="RUN", help="terbitan tujuan (awal nomornya cukup); bawaan: yang sebelumnya")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="mengapa; dicatat di ledger.access")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Berlakukan lagi terbitan yang lebih lama dalam satu langkah; keputusan dan gudang data tidak berubah."""
    from padan.ledger.access import checked_reason, record_access
    from padan.serving import current_run, point, published_runs

    why = checked_reason(reason)
    with vault(home) as (place, con):
        runs, now = published_runs(place.serving), current_run(place)
        older = runs[runs.index(now) + 1 :] if now in runs else runs
        found = [one for one in runs if one.startswith(run)] if run else older[:1]
        if len(found) != 1 or found[0] == now:
            known = ", ".join(one[:8] for one in runs) or "tidak ada"
            raise ConfigError(
                "tidak ada terbitan tujuan yang tunggal.", holds="Terbitan yang berlaku tetap.", todo=f"Yang disimpan: {known}."
            )
        record_access(con, f"terbitan {found[0]}", now, why)
        point(place.serving, found[0])
    typer.echo(f"Terbitan {found[0][:8]} berlaku lagi; sebelumnya {str(now)[:8]}.")


def backup(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="folder cadangan, sebaiknya di disk lain")],
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Salin seluruh rumah kecuali kunci, dengan sidik tiap berkas; kunci ke folder terpisah bila --keys diberi."""
    from padan.config import load_padan
    from padan.lock import single_writer
    from padan.operations.backup import back_up, remember
    from padan.warehouse import connect

    place = Home(home.resolve())
    if not place.warehouse.exists():
        raise ConfigError("belum ada malam di folder ini.", todo="Periksa --home.")
    with single_writer(place.lock):
        now = dt.datetime.now(dt.UTC)
        done = back_up(place, target.resolve(), keys.resolve() if keys else None, now)
        with connect(place, load_padan(PROJECT / "config").machine) as con:
            remember(con, done, now)
    typer.echo(
        f"{done.files} berkas, {done.size / 1e6:.1f} MB: {done.folder}"
        + ("" if keys else "\nKunci tidak ikut: simpan dengan --keys di tempat lain.")
    )


def restore(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="folder padan-<waktu>")],
    home: HomeOption,
    keys: KeysOption = None,
) -> None:
    """Pulihkan cadangan ke rumah yang kosong setelah tiap berkas dicocokkan dengan sidiknya."""
    from padan.operations.backup import restore as put_back

    done = put_back(source.resolve(), keys.resolve() if keys else None, Home(home.resolve()))
    typer.echo(
        f"{done.files} berkas, {done.size / 1e6:.1f} MB pulih di {done.folder}."
        + ("" if keys else "\nTanpa kunci: nama samaran baru pada malam berikutnya.")
    )


def replay(
    feed: Annotated[str | None, typer.Argument(metavar="FEED", help="instansi/sumber; bawaan: semua yang punya karantina")] = None,
    date: DateOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Baca ulang dari arsip kiriman yang barisnya dikarantina, sesudah kontrak atau pembaca diperbaiki; lalu padan run."""
    import uuid

    from padan.config import load_padan
    from padan.intake.outcome import IntakeContext
    from padan.intake.replay import replay as read_again
    from padan.intake.tables import prepare
    from padan.keys import load_key
    from schemas.extracts import contracts

    known = contracts()
    if feed is not None and feed not in known:
        raise ConfigError("sumber itu tidak ada kontraknya.", todo=f"Pilih: {', '.join(known)}.")
    as_of = as_of_date(date)
    with vault(home) as (place, con):
        prepare(con, as_of)
        key, config = load_key(place.keys, "record"), load_padan(PROJECT / "config")
        context = IntakeContext(con, place, config, place.root, as_of, str(uuid.uuid4()), key)
        done = [one for path in ([feed] if feed else known) for one in read_again(context, known[path])]
    for one in done:
        typer.echo(f"{one.feed} {one.delivery_date}: {one.before} baris karantina, sekarang {one.after}")
    typer.echo("Jalankan padan run." if done else "Tidak ada karantina yang terbuka.")


keys = typer.Typer(help="Kunci dan kata sandi rumah: lihat, ganti.", no_args_is_help=True)


@keys.command("list")
def list_keys(home: HomeOption = DEFAULT_HOME) -> None:
    """Nama kunci, kapan terakhir diganti, dan apa akibat menggantinya; isinya tidak ditampilkan."""
    from padan.operations.keys import list_keys as all_keys

    place = Home(home.resolve())
    for key in all_keys(place) if place.keys.exists() else []:
        typer.echo(f"{key.name:<32} {key.changed:%Y-%m-%d}  {key.effect or 'tidak diganti di sini'}")


@keys.command("rotate")
def rotate_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="nama berkas kunci, lihat padan keys list")],
    reason: Annotated[str | None, typer.Option("--reason", help="mengapa; dicatat di ledger.access")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Ganti satu kunci dengan yang baru; keputusan dan baris tidak berubah. Cadangkan kunci sebelum dan sesudahnya."""
    from padan.ledger import create_tables
    from padan.ledger.access import checked_reason, record_access
    from padan.operations.keys import effect_of, rotate

    why = checked_reason(reason)
    with vault(home) as (place, con):
        create_tables(con)
        changed = rotate(con, place, name)
        record_access(con, f"kunci {name}", None, why)
    typer.echo(f"{name} diganti: {effect_of(name)}." + (f" {changed:,} catatan bernama baru." if changed else ""))
