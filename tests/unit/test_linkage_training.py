"""Training over a home: no truth, the same files twice, no value of a person in the card, weights that are Splink's."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import duckdb
import pytest
from linkage_world import CONFIG, STANDARD, built, child, crowd, home_of, put, record, warehouse

from padan.config import Machine, PersonPolicy
from padan.errors import ConfigError
from padan.home import Home
from padan.linkage.candidates import find_candidates
from padan.linkage.learning import _flat, _reweigh, learn_persons, probabilities
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.scoring import score_pairs
from padan.linkage.siblings import _ASKED, KEPT, count_siblings, create_member_macros, keep_siblings, sibling_chances
from padan.linkage.training import train
from padan.linkage.workspace import workspace
from padan.register import Release, current_release
from padan.review import RegisterSubject, record_ruling

PEOPLE = crowd(300)
SIDES = ("record_model", "register_model")


def records_of(people: list[dict]) -> list[dict]:
    """One record a person: every second with its NIK, one in ten with the other sex."""
    rows = []
    for i, p in enumerate(people):
        sex = "LP"[(p["jenis_kelamin"] == "2") ^ (i % 10 == 0)]
        nik = p["nik"] if i % 2 else None
        rows.append(record(i, p["nama"], p["tanggal_lahir"], nik=nik, kode_kabupaten=p["kode_kecamatan"][:5], jenis_kelamin=sex))
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A home after a night, as far as training reads it."""
    home = home_of(tmp_path_factory.mktemp("training"))
    built(home, PEOPLE)
    home.warehouse.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("CREATE SCHEMA intermediate; CREATE SCHEMA staging")
        con.execute(f"CREATE TABLE intermediate.int_person__standardized ({STANDARD})")
        put(con, records_of(PEOPLE[:150]))
        con.execute(
            """CREATE TABLE intermediate.int_institution__named AS SELECT 'm' || i AS mention_id, 'kpai' AS agency, 'pengawasan' AS feed,
            DATE '2026-11-23' AS delivery_date, 'a.json' AS source_file, i AS source_row, NULL::VARCHAR AS no_td,
            'PANTI ASUHAN CAHAYA ' || i AS nama_lks, 'LKSA' AS jenis, '32.' || (10 + i) AS kode_kabupaten FROM range(1, 40) t(i)"""
        )
        con.execute(
            """CREATE TABLE staging.stg_kemensos__lks AS SELECT '32' || (10 + i) || '/LKSA/' || i AS no_td, nama_lks, jenis, kode_kabupaten
            FROM intermediate.int_institution__named CROSS JOIN (SELECT 0 AS i)"""
        )
    return home


@pytest.fixture(scope="module")
def trained(home: Home, tmp_path_factory) -> Path:
    return train([home], tmp_path_factory.mktemp("trained"), CONFIG, Machine(threads=2))


@pytest.mark.long
def test_training_finds_what_matches_agree_on(trained: Path) -> None:
    found = PERSON_V1.load(trained / "person_v1" / "trained.json")
    assert found["kelamin"][1][0] == pytest.approx(0.1, abs=0.05)
    assert found["lahir"][8][0] > 0.85
    assert found["nik"][5][0] > 0.7
    size = len(PEOPLE)
    same_day = sum(n * n for n in _counts(p["tanggal_lahir"] for p in PEOPLE).values()) / size**2
    assert found["lahir"][8][1] == pytest.approx(same_day, rel=0.5)


def _counts(values) -> dict:
    found: dict = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


@pytest.mark.long
def test_the_same_inputs_give_the_same_files(home: Home, trained: Path, tmp_path: Path) -> None:
    again = train([home], tmp_path, CONFIG, Machine(threads=1))
    for model in ("person_v1", "institution_v1"):
        for name in ("trained.json", "card.md", "card.json"):
            assert (again / model / name).read_bytes() == (trained / model / name).read_bytes()


def test_rulings_are_labels_when_asked_and_only_then(home: Home) -> None:
    con, register = warehouse(records_of(PEOPLE[:150])), current_release(home, dt.date(2026, 11, 23)).path
    for i in range(0, 150, 10):  # each record of the other sex, ruled not to be the person that it looks like
        p = PEOPLE[i]
        subject = RegisterSubject(p["nik"], p["id_keluarga"], dt.date.fromisoformat(p["tanggal_lahir"]), p["nama"])
        record_ruling(con, "different", f"r{i:04d}", subject, by="peninjau uji", reason="berkas asli dilihat")
    unasked = learn_persons(con, register, CONFIG.person, random_pairs=10_000)
    asked = learn_persons(con, register, CONFIG.person, random_pairs=10_000, rulings=True)
    assert (unasked.rulings, asked.rulings) == (0, 15)
    other_sex = {one.rulings: probabilities(PERSON_V1, [one.counts])["kelamin"][1][0] for one in (unasked, asked)}
    assert other_sex[0] == pytest.approx(0.1, abs=0.05)
    assert other_sex[15] < other_sex[0] / 1.5
    assert asked.counts["kelamin"][1][0] < 0.5 < unasked.counts["kelamin"][1][0]


def test_the_card_says_what_was_done_and_names_nobody(trained: Path) -> None:
    card = json.loads((trained / "person_v1" / "card.json").read_text())
    assert card["populasi"][0]["catatan"] == 150
    assert sum(n["catatan"] for n in card["kelompok"]["sumber"].values()) == 150
    assert card["drift"]["feeds"]["kemensos/atensi"]["records"] == 150
    files = [path for path in trained.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"trained.json", "card.json", "card.md", "bobot.html", "m_u.html"}
    for path in files:
        text = path.read_text()
        for person in PEOPLE:
            assert person["nik"] not in text
            assert person["nama"] not in text
    assert "PANTI ASUHAN CAHAYA" not in (trained / "institution_v1" / "card.md").read_text()


def test_the_charts_load_nothing(trained: Path) -> None:
    for path in trained.rglob("*.html"):
        assert '<script src="http' not in path.read_text()


def test_a_home_without_a_night_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        train([Home(tmp_path)], tmp_path / "out", CONFIG, Machine())


@pytest.fixture
def scored(tmp_path):
    """A workspace with every candidate scored by the model in force, and its size."""
    release = built(home_of(tmp_path), PEOPLE)
    with workspace(warehouse(records_of(PEOPLE[:40])), release.path) as (work, catalog):
        prepare_records(work, catalog)
        find_candidates(work, PersonPolicy().block_cap)
        work.execute("CREATE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
        yield work, register_size(work)


def test_weights_moved_by_training_are_those_that_splink_gives(scored) -> None:
    work, size = scored
    prior = 0.9 / size
    score_pairs(work, PERSON_V1, _flat(PERSON_V1), SIDES, "candidate", "moved", size=size, prior=prior)
    _reweigh(work, PERSON_V1, "moved", _flat(PERSON_V1), PERSON_V1.load(), size)
    score_pairs(work, PERSON_V1, PERSON_V1.load(), SIDES, "candidate", "given", size=size, prior=prior)
    parts = ", ".join(f"max(abs(m.mw_{c.name} - g.mw_{c.name}))" for c in PERSON_V1.comparisons)
    apart = work.execute(f"SELECT count(*), max(abs(m.weight - g.weight)), {parts} FROM moved m JOIN given g USING (l, r)").fetchall()[0]
    assert apart[0] > 40
    assert max(apart[1:]) < 1e-9


@pytest.fixture
def with_siblings(tmp_path) -> Release:
    families = []
    for n in range(60):
        born = dt.date(2010, 1, 1) + dt.timedelta(days=41 * n)
        other = born if n % 3 == 0 else born + dt.timedelta(days=800)
        family = {"id_keluarga": f"K-9{n:04d}", "kode_kecamatan": "32.73.01"}
        families += [
            child(2 * n, f"BAGUS {n % 7 * 'A'}B", born.isoformat(), **family),
            child(2 * n + 1, "SITI ROSA", other.isoformat(), **family),
        ]
    return built(home_of(tmp_path), families)


def test_siblings_are_counted_as_the_register_has_them(with_siblings: Release) -> None:
    with workspace(warehouse([]), with_siblings.path) as (work, _):
        counts = count_siblings(work)
        assert sum(counts["kembar"].values()) == 60
        assert counts["kembar"][1] == 20
        assert sum(counts["lahir_saudara"].values()) == 40
        assert counts["nama_saudara"][1] == 40
        chances = sibling_chances([counts])
        assert chances["kembar"][1] == pytest.approx(1 / 3, abs=0.02)
        assert all(sum(chances[question].values()) == pytest.approx(1) for question in _ASKED)
        create_member_macros(work, PERSON_V1.load(), chances)
        day, name = work.execute("SELECT -log2(kembar_share()), saudara_nama(14)").fetchall()[0]
    assert day == pytest.approx(math.log2(3), abs=0.1)  # where twins are common, a birth date proves little
    assert name > 5


def test_siblings_are_counted_once_a_release_and_again_by_another_program(with_siblings: Release, monkeypatch) -> None:
    kept = with_siblings.path.with_name(KEPT)
    keep_siblings(warehouse([]), with_siblings.path)
    written = kept.read_text()

    def asked() -> dict[str, dict[int, float]]:
        with workspace(warehouse([]), with_siblings.path) as (work, _):
            return count_siblings(work)

    counted = asked()
    other = json.loads(written)
    other["siblings"]["kembar"]["1"] += 1
    kept.write_text(json.dumps(other))
    assert asked()["kembar"][1] == counted["kembar"][1] + 1  # read, not counted
    for damaged in ("", "{}", "[]", written[:40]):
        kept.write_text(damaged)
        assert asked() == counted
        assert kept.read_text() == written
    kept.write_text(json.dumps(other))
    monkeypatch.setattr("padan.linkage.siblings.program_digest", lambda: b"another")
    assert asked() == counted
