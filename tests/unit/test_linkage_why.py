"""An explanation gives back the night's own numbers, adds up, and says honestly what was never compared."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from pathlib import Path

import pytest
from why_world import FATHER, NAMESAKES, TARGET, World, make_world

from padan.errors import ConfigError, InputRefused, Locked
from padan.home import Home
from padan.linkage.why import render
from padan.linkage.why.values import masked

PERSONS = ("aa0001", "bb0002", "dd0004", "ee0005")


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    return make_world(tmp_path_factory.mktemp("why"))


@pytest.mark.parametrize("record_id", [PERSONS[0], *(pytest.param(one, marks=pytest.mark.long) for one in PERSONS[1:])])
def test_prior_and_weights_add_up_to_the_match_weight(world, record_id) -> None:
    pair = world.why(record_id).pair
    assert pair is not None
    assert pair.prior + sum(e.weight for e in pair.evidence) == pytest.approx(pair.match_weight, abs=1e-9)
    assert sum(e.member for e in pair.evidence) == pytest.approx(pair.member_bits, abs=1e-9)
    assert sum(pair.shares.values()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("record_id", PERSONS)
def test_the_numbers_are_the_nights(world, record_id) -> None:
    found = world.why(record_id)
    stored = world.query(
        f"SELECT register_id, match_weight, match_probability, rules FROM link.candidate WHERE record_id = '{record_id}' ORDER BY rank"
    )
    assert stored
    assert [(c.other, list(c.rules)) for c in found.candidates] == [(row[0], row[3]) for row in stored]
    for candidate, row in zip(found.candidates, stored, strict=True):
        assert candidate.match_weight == pytest.approx(row[1], abs=1e-9)
        assert candidate.probability == pytest.approx(row[2], abs=1e-9)
    assert found.pair is not None
    assert found.pair.shares["this"] == pytest.approx(stored[0][2], abs=1e-9)
    assert found.pair.margin == pytest.approx(found.decided.margin, abs=1e-9)
    assert found.notes == ()


def test_levels_are_named_and_rarity_stands_apart(world) -> None:
    pair = world.why("aa0001").pair
    assert pair is not None
    evidence = {e.name: e for e in pair.evidence}
    assert (evidence["nik"].level_title, evidence["nama"].level_title) == ("sama", "kata sama")
    assert evidence["nama"].rarity != 0
    assert evidence["nik"].rarity == 0
    assert evidence["keluarga"].household
    assert evidence["keluarga"].weight > 0
    assert evidence["keluarga"].member == 0  # a family card proves the family, not the child
    assert evidence["ibu"].level is None


def test_the_age_group_of_the_whole_feed_counts_though_one_record_is_read(world) -> None:
    pair = world.why("dd0004").pair
    assert pair is not None
    assert next(e for e in pair.evidence if e.name == "generasi").level_title == "sesuai"


def test_a_pair_without_a_common_key_was_never_compared_and_is_scored_hypothetically(world) -> None:
    found = world.why("cc0003", world.register_id(TARGET["nik"]))
    pair = found.pair
    assert pair is not None
    assert found.decided.reason == "tak_ada_calon"
    assert (pair.compared, pair.not_compared) == (False, "tidak pernah dibandingkan: tidak ada kunci bersama")
    assert pair.prior + sum(e.weight for e in pair.evidence) == pytest.approx(pair.match_weight, abs=1e-9)
    assert {k.common for k in found.keys} == {0}
    keys = {k.rule: k for k in found.keys}
    assert (keys["nama"].record, keys["nama"].other) == (2, 2)
    assert keys["nik"].record == 0
    text = render(found)
    assert "Tidak pernah dibandingkan: tidak ada kunci bersama." in text
    assert "pengandaian" in text


def test_a_record_without_any_candidate_shows_the_keys_it_looked_for(world) -> None:
    found = world.why("cc0003")
    assert (found.pair, found.candidates, found.compared) == (None, (), 0)
    assert {k.rule: k.record for k in found.keys}["nama"] == 2
    assert {k.other for k in found.keys} == {None}
    text = render(found)
    assert "Tidak pernah dibandingkan dengan siapa pun." in text
    assert "catatan tanpa kunci" in text


def test_a_record_whose_nik_is_confirmed_looked_for_nobody_else(world) -> None:
    pair = world.why("aa0001", world.register_id(FATHER["nik"])).pair
    assert pair is not None
    assert not pair.compared
    assert "NIK catatan ini sudah dipastikan" in (pair.not_compared or "")


def test_a_pair_of_candidates_names_the_rules_that_found_it(world) -> None:
    found = world.why("bb0002", world.register_id(TARGET["nik"]))
    assert found.pair is not None
    assert found.pair.compared
    assert {"inisial_tanggal", "ibu_tempat"} <= set(found.pair.rules)
    assert {k.rule for k in found.keys if k.common and k.indexed} == set(found.pair.rules)


def test_a_pair_that_was_screened_is_said_to_be(world, monkeypatch) -> None:
    monkeypatch.setattr("padan.linkage.screen.NEGLIGIBLE", 2.0)
    monkeypatch.setattr("padan.linkage.screen.KEPT", 1)
    last = world.register_id(NAMESAKES[-1]["nik"])
    found = world.why("ee0005", last)
    assert (found.compared, len(found.candidates)) == (len(NAMESAKES), 1)
    assert found.pair is not None
    assert (found.pair.other, found.pair.compared) == (last, False)
    assert found.pair.not_compared is not None
    assert found.pair.not_compared.startswith("sekunci, tetapi disaring")


@pytest.mark.long
def test_a_block_above_the_cap_is_named_with_its_size(tmp_path: Path) -> None:
    world = make_world(tmp_path, block_cap=10)
    found = world.why("ee0005", world.register_id(NAMESAKES[0]["nik"]), block_cap=10)
    assert found.compared == 0
    assert found.pair is not None
    assert "lebih besar dari batas 10 orang" in (found.pair.not_compared or "")
    assert {k.rule: k.dropped for k in found.keys if k.dropped}["nama"] == len(NAMESAKES)
    assert "blok 12 orang dibuang" in render(found)


def test_two_records_outside_the_register_are_weighed_as_one_person(world) -> None:
    found = world.why("ff0006", "ff0007")
    pair = found.pair
    assert pair is not None
    assert (pair.kind, pair.compared, pair.other) == ("record", True, "ff0007")
    assert pair.prior + sum(e.weight for e in pair.evidence) == pytest.approx(pair.match_weight, abs=1e-9)
    assert pair.shares["this"] > 0.99
    assert world.why("ff0007", "ff0006").pair.match_weight == pytest.approx(pair.match_weight, abs=1e-9)
    assert world.why("aa0001", "ff0006").pair.compared is False


def test_a_mention_is_explained_by_the_institution_model(world) -> None:
    found = world.why("mm0002")
    assert found.decided.entity_type == "institution"
    assert found.decided.reason == "pelari_kedua_dekat"
    assert found.pair is not None
    assert found.pair.prior + sum(e.weight for e in found.pair.evidence) == pytest.approx(found.pair.match_weight, abs=1e-9)
    assert found.pair.match_weight == pytest.approx(found.decided.match_weight, abs=1e-9)
    assert sum(found.pair.shares.values()) == pytest.approx(1, abs=1e-12)
    never = world.why("mm0002", "3501/LKSA/10001").pair
    assert never is not None
    assert (never.compared, never.kind) == (False, "lks")
    assert "nama inti" in render(found)


def test_a_record_that_also_names_an_institution_is_a_person_unless_asked(world) -> None:
    assert world.why("aa0001").decided.entity_type == "person"
    assert world.why("aa0001", institution=True).decided.target == "3273/LKSA/00001"


def test_values_are_masked_in_text_and_json(world) -> None:
    found = world.why("bb0002")
    said = render(found) + json.dumps(found.to_dict())
    for value in ("YUSUF", "YUSUP", "HABIBI", "RAHAYU", "NINGSIH", "2013-04-19", TARGET["nik"], TARGET["no_kk"], "32.73"):
        assert value not in said
    assert "Y•••" in said


def test_values_are_revealed_for_a_reason_that_is_kept(world) -> None:
    before = world.query("SELECT count(*) FROM ledger.access")[0][0]
    found = world.why("bb0002", reveal=True, reason="surat tugas 12/2026 pemeriksaan aduan")
    said = render(found)
    assert "YUSUP" in said
    assert "2013-04-19" in said
    rows = world.query("SELECT record_id, other_id, reason, who FROM ledger.access ORDER BY seen_at")
    assert len(rows) == before + 1
    assert rows[-1][:3] == ("bb0002", world.register_id(TARGET["nik"]), "surat tugas 12/2026 pemeriksaan aduan")
    assert rows[-1][3]
    keys = next(k for k in found.keys if k.rule == "inisial_tanggal")
    assert keys.record_keys[0] == keys.other_keys[0]
    assert keys.record_keys[0] in said
    assert not any(k.record_keys or k.other_keys for k in world.why("bb0002").keys)


@pytest.mark.parametrize("reason", [None, "", "cek", f"lihat NIK {TARGET['nik']}"])
def test_without_a_reason_nothing_is_revealed_nor_kept(world, reason) -> None:
    before = world.query("SELECT count(*) FROM ledger.access")
    with pytest.raises(InputRefused):
        world.why("bb0002", reveal=True, reason=reason)
    assert world.query("SELECT count(*) FROM ledger.access") == before


def test_a_record_is_found_by_its_place_and_by_the_beginning_of_its_id(world) -> None:
    assert world.why("kemensos/atensi:2").decided.record_id == "bb0002"
    assert world.why("kemensos/atensi@2026-11-23:2").decided.record_id == "bb0002"
    with pytest.raises(InputRefused):
        world.why("kemensos/atensi@2026-01-01:2")


@pytest.mark.parametrize(("asked", "other"), [("tidak-ada", None), ("kemensos/atensi:9999", None), ("aa", None), ("aa0001", "Dtidakada")])
def test_an_unknown_name_is_refused_without_repeating_it(world, asked, other) -> None:
    with pytest.raises(InputRefused) as refused:
        world.why(asked, other)
    assert (other or asked) not in str(refused.value) or asked == "aa"


def test_a_name_of_several_records_lists_them(tmp_path: Path, world) -> None:
    import shutil

    import duckdb

    home = Home(tmp_path / "home").prepare()
    shutil.copy(world.home.warehouse, home.warehouse)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE link.decision SET record_id = 'aa0001-b' WHERE record_id = 'bb0002'")
    with pytest.raises(InputRefused, match=r"aa0001 .*aa0001-b"):
        World(home, world.release).why("aa0001")


def test_no_night_yet_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="belum ada malam"):
        World(Home(tmp_path / "home").prepare(), None).why("aa0001")


def test_a_running_night_is_named_and_not_disturbed(world) -> None:
    holder = os.getppid()
    world.home.lock.write_text(json.dumps({"pid": holder, "boot_id": "?", "since": "2026-11-24T01:00:00+00:00"}))
    with world.home.lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Locked, match=f"pid {holder} ") as refused:
            world.why("aa0001", None)
    assert refused.value.exit_code == 4
    assert world.why("aa0001", None).decided.record_id == "aa0001"


def test_a_mask_tells_neither_length_nor_digits() -> None:
    assert masked("SITI NUR AISYAH") == "S••• N••• A•••"
    assert masked("AB") == masked("ABDULRAHMAN")
    assert masked("3273010202800001") == masked("2013-04-19") == masked("L") == "•••"
    assert masked(None) is None


def test_a_pair_that_a_reviewer_set_apart_is_scored_and_said_to_be_apart(world, tmp_path: Path) -> None:
    import shutil

    import duckdb

    from padan.review import RegisterSubject, record_ruling

    home = Home(tmp_path / "home").prepare()
    shutil.copy(world.home.warehouse, home.warehouse)
    shutil.copytree(world.home.register, home.register, dirs_exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as con:
        person = RegisterSubject(TARGET["nik"], TARGET["id_keluarga"], dt.date(2013, 4, 19), "HABIBIE YUSUF")
        record_ruling(con, "different", "bb0002", person, by="peninjau uji", reason="berkas asli dilihat")
    found = World(home, world.release).why("bb0002", world.register_id(TARGET["nik"]))
    assert found.pair is not None
    assert not found.pair.compared
    assert "peninjau menyatakan keduanya orang yang berbeda" in (found.pair.not_compared or "")
    assert world.register_id(TARGET["nik"]) not in {c.other for c in found.candidates}
