"""A night held by its gates is seen as held wherever one looks, and tells people; under waivers it is published, and says so."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

from nights import AS_OF, REPO, RanNight, padan, run_night

from padan.config import Waivers
from padan.evidence.form import CHAIN

#: The failing suite of Great Expectations and the failing test of dbt: two tools, one gate.
SUITE, TEST = "tingkat_padanan_wajar", "assert_tidak_ada_anak"


def _tags(home: Path) -> list[dict[str, str]]:
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as con:
        rows = con.execute("SELECT run_id, key, value FROM run_tags ORDER BY id").fetchall()
    tags: dict[str, dict[str, str]] = {}
    for run, key, value in rows:
        tags.setdefault(run, {})[key] = value
    return list(tags.values())


def test_a_held_night_is_held_everywhere(held: RanNight, messages: tuple[str, list[dict[str, str]]]) -> None:
    assert held.exit_code == 3, held.stderr[-3000:]
    assert TEST in held.stdout
    assert "Traceback" not in held.stderr
    assert re.search(r"Terbitan +belum ada", held.stdout)
    assert [m["title"] for m in messages[1]][:1] == [f"PADAN {AS_OF}: ditahan (3)"]
    assert TEST in messages[1][0]["message"]


def test_waivers_let_it_be_published_and_are_shown(waived: RanNight) -> None:
    assert waived.exit_code == 0, waived.stdout[-1500:] + waived.stderr[-3000:]
    with waived.warehouse() as con:
        failing = con.execute(
            """SELECT rule_id FROM quality."check" WHERE run_id = (SELECT arg_max(run_id, started_at) FROM ledger.night)
            AND severity = 'error' AND NOT passed ORDER BY 1"""
        ).fetchall()
        active = con.execute("SELECT rule_id, table_name FROM quality.waiver WHERE active ORDER BY ALL").fetchall()
    assert failing == [(TEST,), (SUITE,)]
    assert active == [(TEST, "*"), (SUITE, "link.decision")]
    report = (waived.home / "reports" / AS_OF.isoformat() / "index.html").read_text()
    assert "Kepala Pusdatin" in report
    assert "dikecualikan" in waived.stdout
    assert padan("verify", waived.home / "reports").returncode == 0


def test_under_waivers_only_what_they_held_back_is_done(held: RanNight, waived: RanNight) -> None:
    assert len(re.findall(r"… (\S+) ", held.stderr)) > 20
    assert re.findall(r"… (\S+) ", waived.stderr) == ["marts", "quality__check", "serving__current", "returns__list"]
    chain = map(json.loads, (waived.home / "reports" / CHAIN).read_text().splitlines())
    assert [entry["verdict"] for entry in chain] == ["ditahan", "terbit"]


def test_the_runs_are_tagged(waived: RanNight) -> None:
    verdicts = [tags.get("padan/verdict") for tags in _tags(waived.home)]
    assert verdicts == ["gate_failed", "published"]


def test_a_waiver_by_the_owner_or_of_no_rule_is_refused(waived: RanNight, project: Path, few_landing: Path) -> None:
    path = project / "config" / "waivers.toml"
    waivers = path.read_text()
    for wrong in (waivers.replace("Kepala Pusdatin", "team:padan", 1), waivers.replace(SUITE, "aturan_khayalan")):
        path.write_text(wrong)
        night = run_night(few_landing, waived.home, AS_OF + dt.timedelta(days=2), project=project)
        assert night.exit_code == 2, night.stderr[-2000:]
        assert "waivers.toml" in night.stderr
        assert "Traceback" not in night.stderr


def test_the_example_in_the_settings_is_a_waiver() -> None:
    text = (REPO / "config" / "waivers.toml").read_text()
    example = "\n".join(line.removeprefix("# ") for line in text.splitlines()[2:])
    assert Waivers.model_validate(tomllib.loads(example)).waiver
