"""What an auditor does with a night: draw a sample and trace it, carry the record away, open it elsewhere."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from nights import REPO, RanNight, padan
from python_calamine import CalamineWorkbook

FEEDS = 11


def _sheet(path: Path, name: str) -> list[dict[str, Any]]:
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def _sample(home: Path, path: Path, *more: str, n: int = 40) -> tuple[int, str]:
    done = padan("audit", "sample", "-n", str(n), "--seed", "7", "--home", home, "--out", path, *more)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def damaged(small_night: RanNight, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(small_night.home, home, symlinks=True, ignore=shutil.ignore_patterns("dagster", "dbt"))
    return home


def test_a_sample_is_traced_from_the_archived_cell_to_indicators_and_holds_no_value(small_night: RanNight, tmp_path: Path) -> None:
    code, said = _sample(small_night.home, tmp_path / "a.xlsx")
    assert code == 0, said
    rows, cells = _sheet(tmp_path / "a.xlsx", "Sampel"), _sheet(tmp_path / "a.xlsx", "Sel")
    assert len(rows) == 40
    assert set(Counter(row["Sumber"] for row in rows)) == set(Counter(row["Sumber"] for row in cells))
    assert len({row["Sumber"] for row in rows}) == FEEDS
    assert {row["Hasil"] for row in rows} == {"cocok"}
    assert {cell["Sama dengan arsip"] for cell in cells} == {"ya"}
    persons = [row for row in rows if row["Sumber"] == "kpai/pengaduan"]
    assert all(row["Keputusan orang"] and "kasus" in row["Mart yang memuatnya"] for row in persons)
    assert all("I02" in row["Indikator dari sumber ini (nasional)"] for row in persons)
    written = {str(value) for row in [*rows, *cells] for value in row.values()}
    with small_night.warehouse() as con:
        values = con.execute("SELECT nik, nama, no_kk, nama_ibu FROM intermediate.int_person__standardized").fetchall()
    assert not written & {value for row in values for value in row if value}


@pytest.mark.long
def test_whoever_draws_again_with_the_same_seed_draws_the_same(small_night: RanNight, tmp_path: Path) -> None:
    _sample(small_night.home, tmp_path / "a.xlsx", n=15)
    _sample(small_night.home, tmp_path / "b.xlsx", n=15)
    assert _sheet(tmp_path / "a.xlsx", "Sampel") == _sheet(tmp_path / "b.xlsx", "Sampel")


def test_a_changed_cell_and_a_changed_decision_are_found(damaged: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(damaged / "warehouse" / "padan.duckdb")) as con:
        con.execute("UPDATE raw.kpai__pengaduan SET status = 'SELESAI SAJA'")
        con.execute("DELETE FROM link.decision WHERE feed = 'pkh'")
    code, said = _sample(damaged, tmp_path / "a.xlsx")
    assert code == 3, said
    found = {row["Sumber"]: row["Hasil"] for row in _sheet(tmp_path / "a.xlsx", "Sampel")}
    assert found["kpai/pengaduan"] == "sel di tabel mentah berbeda dari berkas arsip"
    assert found["kemensos/pkh"] == "1 orang baku, 0 keputusan"
    assert found["kemensos/ppks"] == "cocok"
    summary = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("Ringkasan").to_python()
    assert ["Sidik keputusan", "BERBEDA dari bukti malam itu"] in [row[:2] for row in summary]


def test_values_are_shown_for_a_reason_that_is_logged_record_by_record(damaged: Path, tmp_path: Path) -> None:
    code, said = _sample(damaged, tmp_path / "a.xlsx", "--reveal")
    assert code == 2, said
    assert not (tmp_path / "a.xlsx").exists()
    code, said = _sample(damaged, tmp_path / "a.xlsx", "--reveal", "--reason", "Surat tugas 12/2026", n=12)
    assert code == 0, said
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o077 == 0
    rows = _sheet(tmp_path / "a.xlsx", "Sampel")
    with duckdb.connect(str(damaged / "warehouse" / "padan.duckdb"), read_only=True) as con:
        seen = con.execute("SELECT record_id FROM ledger.access WHERE reason = 'Surat tugas 12/2026'").fetchall()
    assert {record for (record,) in seen} == {row["record_id"] for row in rows}
    assert any(cell["Nilai mentah"] for cell in _sheet(tmp_path / "a.xlsx", "Sel"))


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(path.relative_to(folder)).encode() + path.read_bytes() for path in files)).hexdigest()


def _ask(port: int, query: str) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["data"]


def _wait(port: int, process: subprocess.Popen[bytes], seconds: int = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise AssertionError("antarmuka tidak menjawab")


@pytest.fixture(scope="module")
def carried(small_night: RanNight, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("carried") / "auditor"
    done = padan("audit", "export", copy, "--home", small_night.home)
    assert done.returncode == 0, done.stderr
    return copy


def test_the_record_is_carried_away_without_paths_and_verifies(small_night: RanNight, carried: Path) -> None:
    assert padan("audit", "export", carried, "--home", small_night.home).returncode == 2
    assert padan("verify", carried / "reports").returncode == 0
    assert not [path for path in carried.rglob("*") if path.is_file() and str(small_night.home).encode() in path.read_bytes()]


@pytest.mark.long
def test_the_record_is_opened_elsewhere_read_only_and_stays_as_it_is(carried: Path) -> None:
    before, opened = _digest(carried), time.time()
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pipelines.cli", "ui", "--from", str(carried), "--port", str(port)]
    process = subprocess.Popen(command, cwd=REPO, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        runs = _ask(port, "{runsOrError { ... on Runs { results { status startTime endTime tags { key value } } } } }")["runsOrError"][
            "results"
        ]
        checks = _ask(
            port,
            """{assetChecksOrError: assetNodes { assetChecksOrError { ... on AssetChecks { checks { name description
            executionForLatestMaterialization { status timestamp } } } } } }""",
        )["assetChecksOrError"]
        start = _ask(port, "{permissions { permission value }}")["permissions"]
    finally:
        process.terminate()
        process.wait(60)
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "nothing is left serving"
    assert {"key": "padan/verdict", "value": "published"} in runs[0]["tags"]
    evaluated = [check for asset in checks for check in asset["assetChecksOrError"].get("checks", [])]
    assert len(evaluated) > 200
    assert all(check["description"] and check["executionForLatestMaterialization"]["status"] == "SUCCEEDED" for check in evaluated)
    times = {check["executionForLatestMaterialization"]["timestamp"] for check in evaluated}
    assert all(runs[0]["startTime"] <= at <= runs[0]["endTime"] for at in times), "the times are the night's, not the copy's"
    assert runs[0]["endTime"] < opened
    assert not [one for one in start if one["permission"] == "launch_pipeline_execution" and one["value"]]
    assert _digest(carried) == before
