"""A night held by its gates is seen as held wherever one looks, and tells people; under waivers it is published, and says so."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import sqlite3
import threading
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from nights import AS_OF, REPO, RanNight, copy_project, padan, run_night

from padan.config import Waivers

#: A suite of Great Expectations and a test of dbt, both failing: two tools, one gate.
SUITE, TEST = "tingkat_padanan_wajar", "assert_tidak_ada_anak"
WAIVERS = f"""
[[waiver]]
rule_id = "{SUITE}"
table_name = "link.decision"
reason = "Ambang sengaja dinaikkan untuk uji ini; surat 1/UJI/2026"
approver = "Kepala Pusdatin"
granted = {AS_OF}
expires = {AS_OF}
[[waiver]]
rule_id = "{TEST}"
reason = "Uji yang selalu gagal, dibuat untuk uji ini; surat 2/UJI/2026"
approver = "Kepala Pusdatin"
granted = {AS_OF}
expires = {AS_OF + dt.timedelta(days=30)}
"""


class Inbox(http.server.BaseHTTPRequestHandler):
    """Keeps what was posted to it."""

    got: list[dict[str, str]] = []  # noqa: RUF012 (one server, one list)

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def messages() -> Iterator[tuple[str, list[dict[str, str]]]]:
    with http.server.HTTPServer(("127.0.0.1", 0), Inbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{server.server_port}", Inbox.got
        server.shutdown()


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("few")
    assert padan("synth", out, "--persons", "1000", "--seed", "3", "--date", AS_OF.isoformat()).returncode == 0
    return out / "landing"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, messages: tuple[str, list[dict[str, str]]]) -> Path:
    """A copy of the project with a gate that no night passes in each of two tools, and an address to tell."""
    copy = copy_project(tmp_path_factory.mktemp("held"))
    settings = (copy / "config" / "padan.toml").read_text().replace("default_link_rate_min = 0.10", "default_link_rate_min = 1.0")
    address = copy / "alamat"
    address.write_text(messages[0] + "\n")
    (copy / "config" / "padan.toml").write_text(settings.replace('urls_file = ""', f'urls_file = "{address}"'))
    (copy / "dbt_project" / "tests" / "marts" / f"{TEST}.sql").write_text("select person_id from {{ ref('anak') }}\n")
    return copy


@pytest.fixture(scope="module")
def held(project: Path, landing: Path, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    return run_night(landing, tmp_path_factory.mktemp("home") / "home", project=project)


@pytest.fixture(scope="module")
def waived(held: RanNight, project: Path, landing: Path) -> RanNight:
    (project / "config" / "waivers.toml").write_text(WAIVERS)
    return run_night(landing, held.home, project=project)


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
    assert not (held.home / "serving" / "current").exists()
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


def test_the_runs_are_tagged(waived: RanNight) -> None:
    verdicts = [tags.get("padan/verdict") for tags in _tags(waived.home)]
    assert verdicts == ["gate_failed", "published"]


def test_a_waiver_by_the_owner_or_of_no_rule_is_refused(waived: RanNight, project: Path, landing: Path) -> None:
    path = project / "config" / "waivers.toml"
    for wrong in (WAIVERS.replace("Kepala Pusdatin", "team:padan", 1), WAIVERS.replace(SUITE, "aturan_khayalan")):
        path.write_text(wrong)
        night = run_night(landing, waived.home, AS_OF + dt.timedelta(days=2), project=project)
        assert night.exit_code == 2, night.stderr[-2000:]
        assert "waivers.toml" in night.stderr
        assert "Traceback" not in night.stderr


def test_the_example_in_the_settings_is_a_waiver() -> None:
    text = (REPO / "config" / "waivers.toml").read_text()
    example = "\n".join(line.removeprefix("# ") for line in text.splitlines()[2:])
    assert Waivers.model_validate(tomllib.loads(example)).waiver
