"""`padan why` on a real night's home, as an officer types it."""

from __future__ import annotations

import fcntl
import json

import pytest
from nights import RanNight, padan

REASONS = ("nik_cocok", "bukti_cukup", "bukti_abu_abu", "pelari_kedua_dekat", "bukti_lemah", "tak_ada_calon")


def _record(night: RanNight, reason: str, table: str = "decision") -> str:
    with night.warehouse() as con:
        rows = con.execute(f"SELECT min(record_id) FROM link.{table} WHERE reason = ?", [reason]).fetchall()
    if rows[0][0] is None:
        pytest.skip(f"no record of this night is decided {reason}")
    return str(rows[0][0])


@pytest.mark.parametrize("reason", REASONS)
def test_the_recomputed_numbers_are_the_nights_and_add_up(contoh_night: RanNight, reason: str) -> None:
    record_id = _record(contoh_night, reason)
    done = padan("why", record_id, "--json", "--home", contoh_night.home)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["decided"]["reason"] == reason
    assert found["notes"] == []
    with contoh_night.warehouse() as con:
        stored = con.execute(
            "SELECT register_id, match_weight, match_probability FROM link.candidate WHERE record_id = ? ORDER BY rank", [record_id]
        ).fetchall()
    assert [c["other"] for c in found["candidates"]] == [row[0] for row in stored]
    for candidate, row in zip(found["candidates"], stored, strict=True):
        assert candidate["match_weight"] == pytest.approx(row[1], abs=1e-9)
        assert candidate["probability"] == pytest.approx(row[2], abs=1e-9)
    if stored:
        pair = found["pair"]
        assert pair["prior"] + sum(e["weight"] for e in pair["evidence"]) == pytest.approx(pair["match_weight"], abs=1e-9)
        assert all(value in (None, "•••") or "•••" in value for e in pair["evidence"] for value in e["values"])


def test_an_institution_is_explained(contoh_night: RanNight) -> None:
    record_id = _record(contoh_night, "bukti_cukup", "institution_decision")
    done = padan("why", record_id, "--institution", "--home", contoh_night.home)
    assert done.returncode == 0, done.stderr
    assert "nama inti" in done.stdout
    assert "PADAN (link)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("tidak-ada",), 2, "tidak ada catatan"),
        (("kpai/pengaduan:999999",), 2, "tidak ada catatan"),
        (("kpai/pengaduan:1", "--reveal"), 2, "memerlukan alasan"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(contoh_night: RanNight, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = padan("why", *arguments, "--home", contoh_night.home)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (code, True, False)
    assert done.stdout == ""


def test_a_running_night_is_named(contoh_night: RanNight) -> None:
    with (contoh_night.home / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = padan("why", "kpai/pengaduan:1", "--home", contoh_night.home)
    assert done.returncode == 4
    assert "malam lain sedang berjalan" in done.stderr
