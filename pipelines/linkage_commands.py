"""Commands about linkage: why a record was decided so, the register's releases."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from padan.home import Home
from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption


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
