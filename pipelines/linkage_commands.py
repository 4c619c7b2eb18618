"""Commands about linkage: why a record was decided so, and the models' training."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from padan.home import Home
from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption, parsed_date
from pipelines.steps import Steps


def why(
    record: Annotated[str, typer.Argument(help="record_id (boleh awalnya saja), atau lembaga/feed:baris, misalnya kpai/pengaduan:17")],
    other: Annotated[str | None, typer.Argument(help="pembanding: register_id, catatan lain, atau no_td lembaga")] = None,
    institution: Annotated[bool, typer.Option("--institution", help="jelaskan lembaga yang disebut catatan ini, bukan orangnya")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="buka nilai kedua sisi; dicatat di ledger.access")] = False,
    reason: Annotated[str | None, typer.Option("--reason", help="alasan membuka nilai, misalnya nomor surat tugas")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="angka yang sama sebagai JSON")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Jelaskan keputusan atas satu catatan, atau mengapa dua sisi padan, tidak padan, atau tidak pernah dibandingkan."""
    from padan.config import load_linkage, load_padan
    from padan.linkage.why import explain, render

    machine, linkage = load_padan(PROJECT / "config").machine, load_linkage(PROJECT / "config")
    found = explain(Home(home.resolve()), machine, linkage, record, other, institution=institution, reveal=reveal, reason=reason)
    typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1) if as_json else render(found))


def train(
    out: Annotated[Path, typer.Argument(help="folder hasil; person_v1/ dan institution_v1/ ditulis di dalamnya")],
    homes: Annotated[list[Path] | None, typer.Argument(help="home yang dipelajari; beberapa populasi membuat model lebih tahan")] = None,
    home: HomeOption = DEFAULT_HOME,
    date: Annotated[str | None, typer.Option("--date", help="pakai rilis DTSEN terbaru sampai YYYY-MM-DD; bawaan: yang terbaru")] = None,
    rulings: Annotated[bool, typer.Option("--rulings", help="putusan peninjau yang berlaku ikut menjadi label")] = False,
) -> None:
    """Latih kedua model atas satu atau beberapa home, terpisah dari malam; hasilnya ditinjau dulu, tidak langsung dipakai."""
    from padan.config import load_linkage, load_padan
    from padan.linkage.training import train as train_models
    from padan.lock import single_writer

    places = [Home(place.resolve()) for place in homes or [home]]
    as_of = dt.date.max if date is None else parsed_date(date, "--date")
    linkage, machine = load_linkage(PROJECT / "config"), load_padan(PROJECT / "config").machine
    with ExitStack() as held, Steps("pelatihan model") as steps:
        for place in places:
            if place.warehouse.exists():  # a night that starts meanwhile is told who holds the home
                held.enter_context(single_writer(place.lock))
        train_models(places, out.resolve(), linkage, machine, as_of=as_of, rulings=rulings, progress=steps.done)
    typer.echo(f"Hasil: {out}. Baca card.md setiap model; bila disetujui, salin foldernya ke padan/linkage dan naikkan policy_version.")
