"""Pairs that cannot count are dropped before they are scored: by a bound that Splink's own numbers never exceed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from linkage_world import CONFIG, Row, built, child, crowd, home_of, linked, record, warehouse

from padan.linkage import decision, screen
from padan.linkage.candidates import find_candidates
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.scoring import score_pairs
from padan.linkage.screen import KEPT, NEGLIGIBLE, bound, screen_for, screen_record_pairs, screen_unread_pairs
from padan.linkage.workspace import workspace
from padan.warehouse import count_rows

POLICY, SIDES = CONFIG.person, ("record_model", "register_model")
FIRST = ("SITI", "MUHAMMAD", "NUR", "ABDUL", "DEWI", "AHMAD", "SRI", "PUTRI")
LAST = ("AMINAH", "RIZKI", "AINI", "LESTARI", "HIDAYAT", "AMINA", "RISKI", "AENI", "LESTARY", "WIDODO PUTRA", "NURAINI", "")
PLACES = ("32.73.01", "32.73.02", "32.04.01", "12.71.01")


def _people() -> list[Row]:
    """Names that share words, spellings and spaces, over few days and places: many keys in common, few persons."""
    people = []
    for n in range(600):
        name = f"{FIRST[n % 8]} {LAST[n // 8 % 12]}".strip()
        mother = f"{FIRST[(n + 3) % 8]} {LAST[(n // 5 + 1) % 12]}".strip() if n % 3 else None
        born = f"20{10 + n % 5}-0{1 + n % 3}-1{n % 4}"
        people.append(child(1000 + n, name, born, nama_ibu=mother, kode_kecamatan=PLACES[n % 4], jenis_kelamin="12"[n % 2]))
    return people


def _records() -> list[Row]:
    records = []
    for n in range(120):
        name = f"{FIRST[n % 8]} {LAST[(n * 7) // 8 % 12]}".strip()
        born = None if n % 5 == 0 else f"20{10 + n % 6}-0{1 + n % 4}-1{n % 5}"
        more: Row = {"nama_ibu": f"{FIRST[(n + 4) % 8]} {LAST[n % 12]}".strip() if n % 2 else None}
        more |= {"kode_kabupaten": None} if n % 4 == 1 else {}
        more |= {"nama_wali": f"{FIRST[(n + 3) % 8]} {LAST[n % 12]}".strip()} if n % 6 == 0 else {}
        records.append(record(n, name, born, jenis_kelamin="LP"[n % 2], **more))
    return records


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Every pair of this world as Splink scores and the posterior weighs it, beside its bound."""
    release = built(home_of(tmp_path_factory.mktemp("saring")), [*_people(), *crowd(200)])
    with workspace(warehouse(_records()), release.path) as (work, catalog):
        prepare_records(work, catalog)
        size, trained = register_size(work), PERSON_V1.load()
        find_candidates(work, POLICY.block_cap, screen=lambda con: bound(con, POLICY, trained, size))
        work.execute("CREATE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
        score_pairs(work, PERSON_V1, trained, SIDES, "candidate", "scored", size=size, prior=POLICY.register_coverage / size)
        decision.weigh(work, "scored", size, POLICY)
        yield work


def test_no_pair_weighs_more_than_its_bound(found) -> None:
    pairs, over, tight, several = found.execute(
        """SELECT count(*), max(greatest(w.weight - b.weight, log2(w.likely / b.likely), log2(w.relative / b.relative))),
            count(*) FILTER (b.weight - w.weight < 1e-9), count(DISTINCT w.gamma_nama)
        FROM bounded b JOIN weighed w USING (rec_no, person_no)"""
    ).fetchall()[0]
    assert pairs > 2_000
    assert several >= 8
    assert over < 1e-9
    assert tight / pairs > 0.7


def test_a_pair_with_a_sure_key_has_no_bound(found) -> None:
    sure = f"SELECT count(*) FROM bounded JOIN pair USING (rec_no, person_no) WHERE rules & {screen.SURE} <> 0"
    assert found.execute(sure).fetchall() == [(0,)]


def test_no_pair_of_records_that_splink_would_join_is_dropped(tmp_path: Path) -> None:
    release = built(home_of(tmp_path), crowd(200))
    again = [{**row, "record_id": f"z{n:04d}", "source_row": 900 + n, "nama_wali": None} for n, row in enumerate(_records()) if n % 3]
    with workspace(warehouse([*_records(), *again]), release.path) as (work, catalog):
        prepare_records(work, catalog)
        size, trained, prior, least = register_size(work), PERSON_V1.load(), 1 / 200, 0.98
        seeking = "SELECT rec_no FROM record WHERE rec_no % 3 = 1"
        work.execute(
            f"""CREATE TABLE record_pair AS SELECT a.rec_no AS l, b.rec_no AS r FROM record a JOIN record b ON a.rec_no < b.rec_no
            WHERE a.rec_no IN ({seeking}) OR b.rec_no IN ({seeking})"""
        )
        score_pairs(work, PERSON_V1, trained, ("record_model", "record_model"), "record_pair", "record_scored", size=size, prior=prior)
        work.execute("CREATE TABLE known_family AS FROM record_family")
        source = f"(SELECT s.*, r.rec_no FROM {catalog}.intermediate.int_person__standardized s JOIN record r USING (record_id))"
        work.execute(f"CREATE TABLE every_model AS FROM record_model; DELETE FROM record_model WHERE unique_id NOT IN ({seeking})")
        screen_unread_pairs(work, source, trained, size, prior, least)
        work.execute("CREATE OR REPLACE TABLE record_model AS FROM every_model")
        unread = count_rows(work, "record_pair")
        screen_record_pairs(work, trained, size, prior, least)
        every, joined, lost, kept, levels = work.execute(
            """SELECT count(*), count(*) FILTER (sure), count(*) FILTER (sure AND p.l IS NULL), count(p.l),
                count(DISTINCT gamma_nama) FILTER (p.l IS NOT NULL)
            FROM (SELECT *, weight >= log2(? / (1 - ?)) AS sure FROM record_scored) s LEFT JOIN record_pair p USING (l, r)""",
            [least, least],
        ).fetchall()[0]
        left = "SELECT DISTINCT unnest([l, r]) AS unique_id FROM record_pair ORDER BY 1"
        assert work.execute("SELECT unique_id FROM record_model ORDER BY 1").fetchall() == work.execute(left).fetchall()
    assert lost == 0
    assert 80 < joined <= kept < every / 5
    assert kept < unread < every
    assert levels >= 3


def test_screened_and_unscreened_nights_decide_alike(tmp_path: Path, monkeypatch) -> None:
    home = home_of(tmp_path)
    release = built(home, [*_people(), *crowd(200)])
    screened, whole = warehouse(_records()), warehouse(_records())
    counted = linked(screened, home, release).candidates
    monkeypatch.setattr("padan.linkage.answering.screen_for", lambda *_: _keep_all)
    assert linked(whole, home, release).candidates == counted > 2_000
    columns = "record_id, decision, reason, coalesce(register_id, '') AS register_id"
    decided = [con.execute(f"SELECT {columns} FROM link.decision ORDER BY 1").fetchall() for con in (screened, whole)]
    assert decided[0] == decided[1]
    chances = [dict(con.execute("SELECT record_id, match_probability FROM link.decision").fetchall()) for con in (screened, whole)]
    assert chances[0].keys() == chances[1].keys()
    for record_id, chance in chances[0].items():
        assert (chance is None) == (chances[1][record_id] is None)
        assert chance is None or math.isclose(chance, chances[1][record_id], abs_tol=1e-3)


def _keep_all(con) -> None:
    con.execute("CREATE OR REPLACE TABLE hopeless (rec_no INTEGER, person_no INTEGER)")


def test_what_is_dropped_is_counted_and_the_best_stay(tmp_path: Path) -> None:
    release = built(home_of(tmp_path), [*_people(), *crowd(200)])
    with workspace(warehouse(_records()), release.path) as (work, catalog):
        prepare_records(work, catalog)
        size, trained = register_size(work), PERSON_V1.load()
        find_candidates(work, POLICY.block_cap)
        before = work.execute("SELECT rec_no, count(*) FROM pair GROUP BY 1 ORDER BY 1").fetchall()
        find_candidates(work, POLICY.block_cap, screen=screen_for(POLICY, trained, size))
        after = dict(work.execute("SELECT rec_no, count(*) FROM pair GROUP BY 1").fetchall())
        dropped = dict(work.execute("SELECT rec_no, count(*) FROM hopeless GROUP BY 1").fetchall())
    assert sum(dropped.values()) > 500
    for rec_no, pairs in before:
        assert after[rec_no] + dropped.get(rec_no, 0) == pairs
        assert after[rec_no] >= min(KEPT, pairs)
    assert (1 - POLICY.register_coverage) / 100 > 50 * NEGLIGIBLE


def test_what_is_made_part_by_part_of_the_families_is_what_is_made_at_once(tmp_path, monkeypatch) -> None:
    parent = child(1001, "SULASTRI", "1985-01-01", hubungan_kepala="1", jenis_kelamin="2")
    release = built(home_of(tmp_path / "home"), [*_people(), {**parent, "id_keluarga": _people()[1]["id_keluarga"]}, *crowd(40)])

    def made(part: int) -> dict[str, list[tuple]]:
        monkeypatch.setattr("padan.linkage.chosen.PART", part)
        with workspace(warehouse(_records()), release.path) as (work, catalog):
            prepare_records(work, catalog)
            find_candidates(work, POLICY.block_cap)
            return {table: work.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ("chosen", "register_model", "family_word")}

    whole = made(1_000_000)
    assert len(whole["chosen"]) > 100
    assert any(row[1] for row in whole["family_word"])
    parts = made(7)
    for table, rows in whole.items():
        assert [sorted(map(str, row)) for row in rows] == [sorted(map(str, row)) for row in parts[table]], table
