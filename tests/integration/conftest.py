"""Two nights of a changed copy of the project: a feed that a newcomer adds, a gate in each of two tools that no night passes.

Both changes share the copy, since a night of it costs a minute and a half: first it is held, then published under waivers.
"""

from __future__ import annotations

import datetime as dt
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from nights import AS_OF, REPO, RanNight, copy_project, padan, run_night

EXAMPLE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
HEADER = "NO_REG;TGL_LAPOR;NIK;NAMA;TGL_LAHIR;JK;KAB"
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


def _deliver_children_of_the_register(landing: Path) -> int:
    """SIMFONI rows about children whom the register holds, written from the DTSEN delivery itself."""
    source = min((landing / "dtsen" / "anggota").iterdir()) / "anggota.parquet"
    rows = duckdb.sql(
        f"""SELECT 'REG-' || row_number() OVER (ORDER BY nik), '20/11/2026', nik, nama, strftime(tanggal_lahir, '%d/%m/%Y'),
        CASE id_jenis_kelamin WHEN 1 THEN 'L' ELSE 'P' END, 'KABUPATEN BOGOR'
        FROM '{source}' WHERE regexp_full_match(nik, '[1-9][0-9]{{15}}') AND tanggal_lahir > DATE '2012-01-01' ORDER BY nik LIMIT 40"""
    ).fetchall()
    folder = landing / "kemenpppa" / "simfoni" / "2026-11-23"
    folder.mkdir(parents=True)
    (folder / "simfoni.csv").write_text("\n".join([HEADER, *(";".join(row) for row in rows)]) + "\n")
    return len(rows)


class Inbox(http.server.BaseHTTPRequestHandler):
    """Keeps what was posted to it."""

    got: list[dict[str, str]] = []  # noqa: RUF012 (one server, one list)

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def messages() -> Iterator[tuple[str, list[dict[str, str]]]]:
    with http.server.HTTPServer(("127.0.0.1", 0), Inbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{server.server_port}", Inbox.got
        server.shutdown()


@pytest.fixture(scope="session")
def few_landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries about few people, and 40 children of the register in the feed that the example adds."""
    out = tmp_path_factory.mktemp("few")
    assert padan("synth", out, "--persons", "1000", "--seed", "3", "--date", AS_OF.isoformat()).returncode == 0
    _deliver_children_of_the_register(out / "landing")
    return out / "landing"


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, messages: tuple[str, list[dict[str, str]]]) -> Path:
    """A copy of the project with the example's feed, a gate that no night passes in each of two tools, and an address to tell."""
    copy = copy_project(tmp_path_factory.mktemp("held"))
    for name, text in EXAMPLE.findall((REPO / "CONTRIBUTING.md").read_text()):
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings = (copy / "config" / "padan.toml").read_text().replace("default_link_rate_min = 0.10", "default_link_rate_min = 1.0")
    address = copy / "alamat"
    address.write_text(messages[0] + "\n")
    (copy / "config" / "padan.toml").write_text(settings.replace('urls_file = ""', f'urls_file = "{address}"'))
    (copy / "dbt_project" / "tests" / "marts" / f"{TEST}.sql").write_text("select person_id from {{ ref('anak') }}\n")
    return copy


@pytest.fixture(scope="session")
def held(project: Path, few_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> RanNight:
    return run_night(few_landing, tmp_path_factory.mktemp("home") / "home", project=project)


@pytest.fixture(scope="session")
def waived(held: RanNight, project: Path, few_landing: Path) -> RanNight:
    (project / "config" / "waivers.toml").write_text(WAIVERS)
    return run_night(few_landing, held.home, project=project)
