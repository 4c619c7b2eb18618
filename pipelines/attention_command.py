"""`padan attention`: what needs a case manager's look tonight."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.options import DEFAULT_HOME, PROJECT, HomeOption, vault


def attention(
    reason: Annotated[str | None, typer.Option("--reason", help="untuk apa; dicatat di ledger.access bersama tiap kasus")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="untuk program")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Kasus yang perlu dilihat manajer kasus malam ini, menurut instansi dan kabupatennya; hanya bagi akun yang terdaftar."""
    from rich.console import Console
    from rich.table import Table

    from padan.attention import RULES, cases_for
    from padan.config import load_padan
    from padan.ledger.access import checked_reason

    config, why = load_padan(PROJECT / "config"), checked_reason(reason)
    with vault(home) as (_, con):
        cases = cases_for(con, config.case_managers, why)
    if as_json:
        typer.echo(json.dumps([asdict(case) for case in cases], ensure_ascii=False))
        return
    for rule, clock in RULES.items():
        rows = [case for case in cases if case.aturan == rule]
        table = Table("kunci", "kabupaten", "sejak", "batas", "hari lewat", title=f"{rule}: {clock} ({len(rows)})", title_justify="left")
        for case in rows:
            table.add_row(case.kunci, case.kode_kabupaten, case.mulai, case.batas, str(case.hari_lewat))
        Console().print(table)
