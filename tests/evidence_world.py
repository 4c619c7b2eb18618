"""Three nights' evidence on small tables: published, held, and a second run of the same day. Nobody is in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from padan.evidence import Sealed, seal_night
from padan.home import Home
from padan.ledger import create_tables
from padan.night import Night
from padan.quality import catalogue, record_check, write_rules

PROJECT = Path(__file__).resolve().parents[1]
DAYS = (dt.date(2026, 11, 23), dt.date(2026, 11, 24), dt.date(2026, 11, 24))


def night_of(home: Home, number: int, as_of: dt.date) -> Night:
    return Night(home=home, project=PROJECT, landing=home.root / "landing", as_of=as_of, run_id=f"malam-{number:04d}")


def seal(home: Home, number: int, as_of: dt.date, verdict: str = "terbit", *, passed: bool = True) -> Sealed:
    """A night that wrote a report and two results, sealed."""
    night = night_of(home, number, as_of)
    folder = home.reports / str(as_of) / "gx"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "index.html").write_text(f"<p>malam {number}: {verdict}</p>\n")
    (folder / "jumlah_baris_wajar.json").write_text(f'{{"malam": {number}}}\n')
    with night.warehouse() as con:
        create_tables(con)
        for rule, severity, right in (("baris_diterima_sama_dengan_hasil", "error", passed), ("kiriman_diterima", "warn", False)):
            record_check(con, night.run_id, rule, "raw.uji", "consistency", severity, 0 if right else 3, 10, None, right)
        write_rules(con, catalogue().values())
        return seal_night(con, night, verdict, [] if passed else ["baris_diterima_sama_dengan_hasil pada raw.uji (3 dari 10)"])


def three_nights(root: Path) -> Home:
    home = Home(root).prepare()
    seal(home, 1, DAYS[0])
    seal(home, 2, DAYS[1], "ditahan", passed=False)
    seal(home, 3, DAYS[2])
    return home
