"""Spoilt files: the night goes on, no row is lost, no cell is changed in silence, and what is set aside can be replayed."""

from __future__ import annotations

import json
import random
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from landed import Desk, desk
from malformed import FAMILY, KINDS, PKH, Spoilt, table, written

from padan.intake import jail
from schemas.extracts import contracts

SEEDS = range(4)
FILES = [(name, seed) for seed in SEEDS for name in KINDS]
SHORT = len(KINDS)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One installation that meets every spoilt file: what one leaves behind, the next would notice."""
    with desk(tmp_path_factory.mktemp("spoilt")) as made:
        yield made


def kept_rows(office: Desk, feed: str, delivery: str) -> dict[int, tuple[str, ...]]:
    names = ", ".join(f'"{c.name}"' for c in contracts()[feed].columns)
    rows = office.all(f"SELECT source_row, {names} FROM raw.{feed.replace('/', '__')} WHERE delivery_id = ?", delivery)
    return {int(number): tuple("" if c is None else str(c) for c in cells) for number, *cells in rows}


def check_file(office: Desk, spoilt: Spoilt, day: str) -> str:
    folder = office.deliver(spoilt.feed, spoilt.content, spoilt.name, day=day).parent
    intake = office.take(spoilt.feed)
    shutil.rmtree(folder)
    found = next(d for d in intake.deliveries if d.delivery_date.isoformat() == day)
    if found.status == "refused":
        assert found.refusal is not None and "\n" not in found.refusal.reason
        left = office.all("SELECT count(*) FROM quality.quarantine WHERE delivery_date = ? AND feed = ?", day, spoilt.feed.split("/")[1])
        assert left == [(0,)]
        return "refused"
    if found.status == "same_bytes":
        return "same"
    counted = found.files[0]
    assert counted.received == counted.accepted + counted.quarantined + counted.duplicate
    if spoilt.feed == FAMILY:
        return "taken"
    kept = kept_rows(office, spoilt.feed, found.delivery_id)
    aside = dict(
        office.all(
            "SELECT source_row, raw FROM quality.quarantine WHERE delivery_date = ? AND feed = ? AND status = 'open'",
            day,
            spoilt.feed.split("/")[1],
        )
    )
    assert not set(kept) & set(aside), "a row is kept and set aside"
    assert len(kept) + len(aside) + counted.duplicate == counted.received
    if spoilt.cells is not None:
        assert counted.received == len(spoilt.cells), "every delivered row is accounted for"
        changed = [n for n, cells in kept.items() if tuple(cells) != tuple(spoilt.cells[n])]
        assert changed == [], f"rows {changed} do not say what was delivered"
        for number, raw in aside.items():
            assert replayed(json.loads(raw)) in as_it_came(spoilt.cells[number]), f"row {number} cannot be replayed as it came"
    return "aside" if aside else "taken"


def as_it_came(cells: tuple[str, ...]) -> list[list[str]]:
    """The cells, or the whole line where it could not be cut into as many cells as the header has."""
    return [sorted(cell for cell in cells if cell), *([mark.join(cells)] for mark in ";|,")]


def replayed(raw: dict[str, object]) -> list[str]:
    cells: list[str] = []
    for value in raw.values():
        cells += [str(v) for v in (value if isinstance(value, list) else [value]) if v]
    return sorted(cells)


@pytest.mark.parametrize(
    ("name", "seed"), [f if at < SHORT else pytest.param(*f, marks=pytest.mark.long) for at, f in enumerate(FILES)], ids=str
)
def test_a_spoilt_file_is_refused_or_set_aside_and_nothing_is_changed_in_silence(office: Desk, name: str, seed: int) -> None:
    at = FILES.index((name, seed))
    day = f"{2000 + at // 300}-{1 + at % 12:02d}-{1 + (at // 12) % 25:02d}"
    spoilt = KINDS[name](random.Random(f"{name}-{seed}"))
    check_file(office, spoilt, day)
    assert not Path("/tmp/padan-escaped").exists() and not (office.root / "x").exists()


def test_clean_twins_of_the_spoilt_files_are_taken_whole(office: Desk) -> None:
    for name in ("ends_of_lines_mixed", "blank_lines_between", "header_swapped", "byte_order_mark", "columns_added"):
        spoilt = KINDS[name](random.Random(0))
        assert spoilt.cells is not None
        other = {n: tuple("BIDU" if c == "BUDI" else c for c in row) for n, row in spoilt.cells.items()}
        content = spoilt.content.replace(b"BUDI", b"BIDU")
        clean = replace(spoilt, content=content, cells=other)
        assert check_file(office, clean, f"2025-06-{len(name):02d}") == "taken", name


def other_rows(mark: str) -> bytes:
    return written(PKH, [[f"{mark}{line[0]}", *line[1:]] for line in table(PKH)])


def test_a_parser_that_is_killed_refuses_its_file_only_and_the_night_goes_on(office: Desk) -> None:
    office.deliver(PKH, other_rows("X"), day="2026-01-01")

    def kill(_file: str, _rows: int) -> None:
        raise AssertionError("no batch can come")

    jail.end_parsers()
    parser = jail._Parser()
    jail._idle.append(parser)
    parser._process.send_signal(signal.SIGSTOP)
    parser._process.send_signal(signal.SIGKILL)
    # the parser is dead, but not yet reaped: it is found out only when it is asked
    parser.alive = lambda: True  # type: ignore[method-assign]
    intake = office.take(PKH, progress=kill)
    assert [d.refusal.rule for d in intake.deliveries if d.refusal] == ["pembaca_berhenti"]
    office.deliver(PKH, other_rows("Y"), day="2026-01-02")
    assert office.take(PKH).accepted >= len(table(PKH))


def test_a_parser_that_stands_still_is_ended(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "STALL_SECONDS", 0.5)
    jail.end_parsers()
    parser = jail._Parser()
    jail._idle.append(parser)
    parser._process.send_signal(signal.SIGSTOP)
    office.deliver(PKH, other_rows("Z"), day="2026-02-01")
    intake = office.take(PKH)
    assert [d.refusal.rule for d in intake.deliveries if d.refusal][-1:] == ["pembaca_berhenti"]
    assert parser._process.poll() == -signal.SIGKILL


@pytest.mark.parametrize(
    "said",
    [(b"H", b"\xff"), (b"H", b"[]"), (b"H", b'{"header": 3}'), (b"R", b"null"), (b"B", b"\0\0\0\2[]no arrow"), (b"B", b""), (b"E", b"[1]")],
)
def test_a_parser_that_talks_nonsense_was_taken_over_by_its_file(
    said: tuple[bytes, bytes], office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, frame = [], jail._Parser.frame

    def answer(parser: jail._Parser) -> tuple[bytes, bytes]:
        heard.append(true := frame(parser))
        return said if true[0] == said[0] or said[0] == b"R" else true

    monkeypatch.setattr(jail._Parser, "frame", answer)
    office.deliver(PKH, other_rows(f"N{said[1].hex()}"), day="2026-03-15")
    intake = office.take(PKH)
    assert heard and [d.refusal.rule for d in intake.deliveries if d.refusal][-1:] == ["pembaca_berhenti"]


@pytest.mark.long
def test_a_file_that_needs_more_memory_than_its_parser_may_use_is_refused(office: Desk) -> None:
    deep = b"[" + b"[]," * 45_000_000 + b"[]]"
    office.deliver("kpai/pengawasan", deep, "a.json", day="2026-03-01")
    intake = office.take("kpai/pengawasan")
    assert [d.refusal.rule for d in intake.deliveries if d.refusal] == ["pembaca_berhenti"]


def test_the_parser_knows_nothing_of_its_parents_secrets_and_can_write_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_SECRET_FOR_TEST", "rahasia")
    parser = jail._Parser()
    try:
        process = Path(f"/proc/{parser._process.pid}")
        parser.ask({"name": "a.csv", "path": "/nonexistent", "contract": contracts()[PKH]})
        parser.frame()
        assert b"rahasia" not in (process / "environ").read_bytes()
        limits = (process / "limits").read_text()
        assert any(line.split()[:5] == ["Max", "file", "size", "0", "0"] for line in limits.splitlines())
    finally:
        parser.end()
