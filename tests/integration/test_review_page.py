"""The centre's page in a real browser: a keyboard alone decides cases, and nobody sees more than they were given."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import requests
from browser import browser
from nights import AS_OF, REPO, RanNight, padan

from padan.home import Home
from padan.keys import load_key, load_password
from padan.lock import single_writer
from padan.review.queue import build_queue, case_number

WHY = ["--reason", "surat tugas 9/2026"]
CASES = 30


@pytest.fixture(scope="module")
def home(small_night: RanNight, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the night's home in which weak candidates are in doubt too, so that there is enough to decide."""
    home = Home(Path(shutil.copytree(small_night.home, tmp_path_factory.mktemp("page") / "home", symlinks=True)))
    key = load_key(home.keys, "review")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE link.decision SET decision = 'review', reason = 'bukti_abu_abu' WHERE reason = 'bukti_lemah'")
        count = build_queue(con, case_number(key), AS_OF, "uji")
        # as if each of these persons had a record of a case, so that the centre decides
        con.execute("UPDATE review.case SET centre_decides = true")
    assert count > CASES + 5
    for reader, many in (("siti", CASES), ("budi", 5)):
        given = padan("review", "assign", reader, "--count", str(many), "--home", home.root)
        assert given.stdout.startswith(f"{many} kasus diberikan"), given.stderr
        assert padan("review", "token", reader, *WHY, "--home", home.root).returncode == 0
    return home


@pytest.fixture(scope="module")
def address(home: Home) -> Iterator[str]:
    """`padan review serve` on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pipelines.cli", "review", "serve", "--port", str(port), "--home", str(home.root)]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)) as server:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.send_signal(signal.SIGINT)
        server.wait(20)


def ask(home: Home, query: str) -> list[tuple[object, ...]]:
    for _ in range(100):
        try:
            with duckdb.connect(str(home.warehouse), read_only=True) as con:
                return con.execute(query).fetchall()
        except duckdb.IOException:  # the server has it for this moment
            time.sleep(0.1)
    raise AssertionError("the server never let go of the warehouse")


def test_a_keyboard_alone_decides_thirty_cases(home: Home, address: str, tmp_path: Path) -> None:
    token = load_password(home.keys, "reviewer-siti")
    with browser(tmp_path / "profile") as page:
        page.open(address)
        page.until("document.activeElement.id === 'token'")
        for letter in token:
            page.press(letter)
        page.press("Enter")
        page.until("document.getElementById('case') && !document.getElementById('case').hidden", 60)
        shown = page.evaluate("document.body.innerText").lower()
        assert not re.search(r"kpai|atensi|\bpkh\b|\bppks\b|bobot model|peluang", shown), "blind to source and score"
        assert "alasan" in shown and page.evaluate("document.documentElement.lang") == "id"
        page.screenshot(tmp_path / "case.png", whole=True)
        page.press("1")
        page.until("document.getElementById('status').textContent.startsWith('Pilih alasan')")
        page.press("a")
        page.press("2")
        page.until("document.getElementById('status').textContent.includes('Bobot model')")
        page.press("u")
        page.until("document.getElementById('status').textContent.startsWith('jawaban terakhir dibatalkan')")
        for at in range(CASES):
            left = f"document.getElementById('left').textContent === '{CASES - at}'"
            page.until(left)
            page.press("1" if at % 3 == 0 else "2" if at % 3 == 1 else "3")
        page.until("document.getElementById('status').textContent.includes('Tidak ada kasus lagi')")
        assert {request.split("/")[2] for request in page.requests if request.startswith("http")} == {address.removeprefix("http://")}
    answers = ask(home, "SELECT answer, count(*) FROM review.answer WHERE answered_by = 'siti' GROUP BY 1 ORDER BY 1")
    # the first of all was taken back before it was given again
    assert dict(answers) == {"SAMA": 10, "BEDA": 11, "RAGU": 10, "BATAL": 1}
    undone = ask(home, "SELECT count(*) FROM review.ruling WHERE ruling = 'undo'")[0][0]
    kept = ask(home, "SELECT count(*) FROM review.ruling WHERE ruling <> 'undo' AND decided_by = 'siti'")[0][0]
    assert undone in (0, 1) and 0 < int(str(kept)) <= 21
    seen = ask(home, "SELECT count(DISTINCT record_id) FROM ledger.access WHERE reason = 'putusan pusat oleh siti'")[0][0]
    assert int(str(seen)) == CASES, "each case that was shown is in the access log"


class Visitor:
    """A client that keeps its cookie and follows nothing."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address, self.session = address, requests.Session()
        self.entered = self.post("/masuk", data=f"token={token}") if token else None

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.address + path, headers=headers, timeout=30)

    def post(self, path: str, **how: object) -> requests.Response:
        return self.session.post(self.address + path, allow_redirects=False, timeout=30, **how)  # type: ignore[arg-type]


def test_who_has_no_token_sees_nothing_and_a_reader_only_their_own_cases(home: Home, address: str) -> None:
    stranger = Visitor(address, "salah")
    assert stranger.entered is not None and stranger.entered.status_code == 403
    assert stranger.get("/kasus").status_code == 401 and stranger.post("/putusan", json={}).status_code == 401
    assert stranger.get("/", Host="jahat.example").status_code == 400, "another name for this machine is another site's trick"
    budi = Visitor(address, load_password(home.keys, "reviewer-budi"))
    assert budi.entered is not None and budi.entered.status_code == 303
    assert "HttpOnly" in budi.entered.headers["set-cookie"] and "SameSite=strict" in budi.entered.headers["set-cookie"]
    page = budi.get("/")
    assert page.headers["cache-control"] == "no-store" and "default-src 'none'" in page.headers["content-security-policy"]
    of_siti = (
        "SELECT case_id FROM review.assignment WHERE reader = 'siti' EXCEPT SELECT case_id FROM review.assignment WHERE reader = 'budi'"
    )
    body = {"kasus": str(ask(home, of_siti)[0][0]), "putusan": "SAMA", "alasan": "dokumen diperiksa"}
    refused = budi.post("/putusan", json=body)
    assert refused.status_code == 409 and "tidak diberikan" in refused.json()["salah"]
    assert budi.post("/putusan", data="kasus=1", headers={"Content-Type": "text/plain"}).status_code == 409
    own = budi.get("/kasus").json()["kasus"]
    assert own and budi.post("/putusan", json={**body, "kasus": own, "putusan": "YA"}).status_code == 409
    assert ask(home, "SELECT count(*) FROM review.answer WHERE answered_by = 'budi'") == [(0,)]


def test_while_a_night_runs_an_answer_is_refused_and_said_so(home: Home, address: str) -> None:
    budi = Visitor(address, load_password(home.keys, "reviewer-budi"))
    with single_writer(home.lock):
        refused = budi.get("/kasus")
    assert refused.status_code == 409 and "sedang berjalan" in refused.json()["salah"]
    assert budi.get("/kasus").status_code == 200
