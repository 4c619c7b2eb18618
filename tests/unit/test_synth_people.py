"""Synthetic people and their records are like the real ones in what matters to linkage and to the indicators; nobody in them exists."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from typing import Any

import polars as pl
import pytest
from test_synth_deliveries import PERSON_FEEDS, files, frame, truth

from padan.synth import PROFILES, SynthResult, generate
from padan.synth.dice import Dice
from padan.synth.population import Population, populate
from padan.synth.regions import FOCUS, Regions
from padan.synth.spelling import Speller
from schemas import code_lists

AS_OF = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SynthResult:
    return generate(tmp_path_factory.mktemp("people"), 16_000, seed=2, nights=1, as_of=AS_OF)


@pytest.fixture(scope="module")
def population() -> Population:
    return populate(Regions(others=60), 12_000, seed=4, today=dt.date(2026, 10, 1))


def names_written(profile: str, names: list[str]) -> list[str]:
    return [Speller(Dice("names", n), PROFILES[profile], child=True).write(name) for n, name in enumerate(names)]


def rows(made: SynthResult, feed: str) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Rows beside their truth."""
    known = {(line.get("source_file"), line["source_row"]): line for line in truth(made, feed, AS_OF)}
    several = any(source for source, _ in known)
    return [(row, known[row["file"] if several else None, str(row["line"])]) for row in frame(made, feed, AS_OF)]


def test_a_nik_is_given_once_and_holds_a_region_of_some_edition_birth_day_and_sex(population: Population) -> None:
    now = {row["kode"].replace(".", "") for row in code_lists.rows("wilayah") if row["tingkat"] == "kecamatan"}
    before = {row["kode_lama"].replace(".", "") for row in code_lists.rows("wilayah_lama")}
    assert len({p.nik for p in population.persons}) == len(population.persons)
    odd = 0
    for person in population.persons:
        assert re.fullmatch(r"\d{16}", person.nik) and person.nik[:6] in now | before and person.nik[12:] != "0000"
        day = int(person.nik[6:8]) - (40 if person.sex == "P" else 0)
        odd += (day, person.nik[8:12]) != (person.born.day, f"{person.born:%m%y}")
    assert 0 < odd < 0.02 * len(population.persons)
    assert sum(person.nik[:6] in before - now for person in population.persons) > 50


def test_the_names_are_varied_with_one_in_ten_of_a_single_word(population: Population) -> None:
    names = [person.name for person in population.persons]
    words = Counter(word for name in names for word in name.split())
    for sex in "LP":
        assert len({p.name.split()[0] for p in population.persons if p.sex == sex}) > 250
    assert 0.05 < sum(" " not in name for name in names) / len(names) < 0.14
    assert words.most_common(1)[0][1] < 0.05 * len(names)
    assert max(Counter(names).values()) < 0.004 * len(names)


def test_families_have_parents_children_orphans_twins_and_kin(population: Population) -> None:
    children = [p for p in population.persons if p.age(population.today) < 18]
    assert 0.33 < len(children) / len(population.persons) < 0.5
    assert 0.04 < sum(child.parents != "LENGKAP" for child in children) / len(children) < 0.15
    assert {p.relation for p in population.persons} >= {1, 2, 3, 5, 6, 8}
    twins = [p for f in population.families for p in f.members if sum(q.born == p.born for q in f.members) > 1]
    assert len(twins) > 10
    assert 0.07 < sum(not child.in_register for child in children) / len(children) < 0.13
    assert all(family.members for family in population.families)


def test_most_people_live_in_twelve_regencies_and_some_everywhere(population: Population) -> None:
    homes = Counter(family.regency for family in population.families)
    assert len(FOCUS) == 12 and 0.7 < sum(homes[code] for code in FOCUS) / homes.total() < 0.9
    assert len(homes) > 50 and {code[:2] for code in homes} == {row["kode"][:2] for row in code_lists.rows("wilayah")}


def test_a_careful_office_writes_more_names_right_than_a_bad_one(population: Population) -> None:
    names = [person.name for person in population.persons[:4000]]
    exact = {p: sum(a == b for a, b in zip(names, names_written(p, names), strict=True)) / len(names) for p in PROFILES}
    assert exact["bersih"] > 0.93 > 0.8 > exact["biasa"] > 0.6 > exact["berat"] > 0.35
    assert all(0.4 < exact[p] < 0.85 for p in ("ketik", "lisan"))


def test_error_models_differ_in_kind(population: Population) -> None:
    names = [person.name for person in population.persons[:4000]]

    def fewer_words(profile: str) -> int:
        return sum(len(b.split()) < len(a.split()) for a, b in zip(names, names_written(profile, names), strict=True))

    assert fewer_words("lisan") > 2 * fewer_words("ketik")


@pytest.mark.parametrize(
    ("profile_name", "name", "pattern"),
    [
        ("variant", "MUHAMMAD", r"M(UH|OH|OCH|HD)?.*"),
        ("old_spelling", "BUDI SUJARWO", r".*(OE|DJ).*"),
        ("dropped", "SITI NUR AISYAH", r"\S+ \S+"),
        ("swapped", "SITI AISYAH", r"AISYAH SITI"),
        ("initialled", "SITI AISYAH", r"SITI A\.|S\.A\."),
        ("joined", "NUR AISYAH", r"NURAISYAH"),
        ("title", "NUR AISYAH", r".+NUR AISYAH.*|NUR AISYAH.+"),
        ("hidden_character", "NUR AISYAH", r".*[\u200b\u00a0\u0410].*"),
        ("letter_case", "NUR AISYAH", r"(?i) ?nur  ?aisyah ?"),
    ],
)
def test_each_defect_of_a_name_fires_when_it_must(profile_name: str, name: str, pattern: str) -> None:
    from padan.synth.profiles import BIASA

    certain = BIASA.times("pasti", 0, **{profile_name: 1.0})
    written = [Speller(Dice("one", n), certain, child=True).write(name) for n in range(40)]
    assert all(text != name and re.fullmatch(pattern, text) for text in written)


def test_nik_cells_are_missing_by_feed_and_wrong_in_every_way(made: SynthResult) -> None:
    missing = {}
    kinds: Counter[str] = Counter()
    for feed in PERSON_FEEDS:
        pairs = rows(made, feed)
        missing[feed] = sum(row["nik"] == "" for row, _ in pairs) / len(pairs)
        for row, line in pairs:
            cell, nik = row["nik"], line["nik"]
            if isinstance(cell, float):
                kinds["number"] += 1
            elif cell.startswith("'"):
                kinds["quoted"] += 1
            elif "E+15" in cell:
                kinds["scientific"] += 1
            elif re.fullmatch(r"\d{16}", cell) and cell != nik:
                kinds["off by one" if sum(a != b for a, b in zip(cell, nik, strict=True)) == 1 else "other person or swapped"] += 1
            elif cell not in ("", nik):
                kinds["placeholder or shape"] += 1
    assert 0.6 < missing["kpai/pengaduan"] < 0.85 and 0.3 < missing["ditjenpas/abh"] < 0.55 and missing["kemensos/pkh"] < 0.16
    assert min(kinds.values()) > 10 and len(kinds) == 6


def test_birth_days_come_in_every_form_and_some_are_wrong(made: SynthResult) -> None:
    cells = [row["tanggal_lahir"] for feed in ("kpai/pengaduan", "kemensos/atensi", "ditjenpas/abh") for row, _ in rows(made, feed)]
    texts = [cell for cell in cells if isinstance(cell, str)]
    forms = [r"\d\d/\d\d/\d{4}", r"\d\d-\d\d-\d{4}", r"\d{4}-\d\d-\d\d", r"\d{1,2}-\d{1,2}-\d\d", r"\d{1,2} [A-Z][a-z]+ \d{4}"]
    assert all(sum(bool(re.fullmatch(form, text)) for text in texts) > 10 for form in forms)
    assert any("Pebruari" in text or "Nopember" in text or "Agt" in text for text in texts)
    assert sum(isinstance(cell, dt.date) for cell in cells) > 50
    aged = [row for row, _ in rows(made, "kpai/pengaduan") if row["tanggal_lahir"] == "" and row["usia"] != ""]
    assert len(aged) > 30


def test_about_one_case_child_in_ten_is_not_in_the_register(made: SynthResult) -> None:
    lines = [line for feed in PERSON_FEEDS if feed != "kemensos/peksos" for line in truth(made, feed, AS_OF)]
    assert 0.08 < sum(line["in_dtsen"] == "0" for line in lines) / len(lines) < 0.13
    assert all(not line["register_nik"] for line in lines if line["in_dtsen"] == "0")


def test_the_same_children_appear_in_several_feeds(made: SynthResult) -> None:
    people = {feed: {line["person"] for line in truth(made, feed, AS_OF)} for feed in PERSON_FEEDS}
    for other in ("kemensos/atensi", "kemensos/ppks", "kemensos/lksa_anak", "kemensos/pkh", "ditjenpas/abh", "kemensos/yapi"):
        assert len(people["kpai/pengaduan"] & people[other]) >= 10, other
    assert len(people["kemensos/lksa_anak"] & people["kemensos/yapi"]) >= 10


def test_referrals_name_a_complaint_of_the_same_child(made: SynthResult) -> None:
    complaints = defaultdict(set)
    for row, line in rows(made, "kpai/pengaduan"):
        complaints[row["no_pengaduan"]].add(line["person"])
    named = [(row["no_rujukan"], line["person"]) for row, line in rows(made, "kemensos/atensi") if row["no_rujukan"]]
    assert len(named) > 30 and all(person in complaints[number] for number, person in named)


def test_siblings_share_complaints_and_social_workers_hold_two_roles(made: SynthResult) -> None:
    families, roles = defaultdict(list), defaultdict(set)
    for row, line in rows(made, "kpai/pengaduan"):
        families[row["no_pengaduan"]].append(line["id_keluarga"])
    for row, line in rows(made, "kemensos/peksos"):
        roles[line["person"]].add(row["jabatan"])
    assert sum(len(f) > 1 and len(set(f)) == 1 for f in families.values()) > 20
    assert sum(len(jobs) == 2 for jobs in roles.values()) >= 5


def test_cells_of_the_twelve_regencies_hold_tens_of_children(made: SynthResult) -> None:
    home = dict(pl.read_parquet(files(made, "dtsen/keluarga", made.releases[0])[0])["id_keluarga", "kode_kecamatan"].iter_rows())
    for feed in ("kpai/pengaduan", "kemensos/ppks", "kemensos/lksa_anak"):
        cells = Counter(home.get(line["id_keluarga"], "")[:5] for line in truth(made, feed, AS_OF))
        assert all(cells[code] >= 12 for code in FOCUS), feed


def test_visited_institutions_are_mostly_registered_and_named_as_people_type_them(made: SynthResult) -> None:
    register = {row["no_td"]: row["nama_lks"] for row in frame(made, "kemensos/lks", AS_OF)}
    known = {line["no_was"]: line["no_td"] for line in truth(made, "kpai/pengawasan", AS_OF)}
    visits = [row for row in frame(made, "kpai/pengawasan", AS_OF) if row["objek_jenis"] == "LKSA"]
    found = [row for row in visits if known[row["no_was"]]]
    assert 0.02 < 1 - len(found) / len(visits) < 0.2
    assert 0.3 < sum(row["nama_lks"] == register[known[row["no_was"]]] for row in found) / len(found) < 0.85
    assert any(row["nama_lks"].startswith(("PA.", "P.A.")) for row in found)


def share(cells: list[Any], *, of: Any) -> float:
    return sum(cell == of for cell in cells) / len(cells)


def test_every_indicator_has_cases_on_both_sides(made: SynthResult) -> None:
    column = {feed: pl.DataFrame([{k: str(v) for k, v in row.items()} for row in frame(made, feed, AS_OF)]) for feed in PERSON_FEEDS}
    licensed = [cell >= AS_OF for row in frame(made, "kemensos/peksos", AS_OF) if isinstance(cell := row["str_akhir"], dt.date)]
    certified = [row["sertifikat_akhir"] >= AS_OF.isoformat() for row in frame(made, "kemensos/rumah_aman", AS_OF)]
    referred = column["kpai/pengaduan"].filter(pl.col("status") == "DIRUJUK")
    arrived = set(column["kemensos/atensi"]["no_rujukan"])
    ended = column["kemensos/atensi"].filter(pl.col("status") == "SELESAI")
    shares = {
        "accredited": 1 - share([row["peringkat"] for row in frame(made, "kemensos/lks", AS_OF)], of=""),
        "licence valid": share(licensed, of=True),
        "shelter certified": share(certified, of=True),
        "living parent": 1 - share([c for c in column["kemensos/lksa_anak"]["status_ortu"] if c], of="YATIM PIATU"),
        "referral arrived": sum(number in arrived for number in referred["no_pengaduan"]) / len(referred),
        "reintegrated": share(ended["hasil"].to_list(), of="REINTEGRASI KELUARGA"),
        "diverted": share([c for c in column["ditjenpas/abh"]["diversi"] if c], of="BERHASIL"),
        "served": share(column["kemensos/ppks"].filter(pl.col("kode_ppks") == "05")["terlayani"].to_list(), of="SUDAH"),
        "paid": 1 - share(column["kemensos/pkh"]["status_salur"].to_list(), of="GAGAL"),
    }
    assert all(0.08 < value < 0.97 for value in shares.values()), shares


def test_some_kpai_children_of_poor_families_are_aided_and_some_are_not(made: SynthResult) -> None:
    desil = dict(pl.read_parquet(files(made, "dtsen/keluarga", made.releases[0])[0])["id_keluarga", "desil_nasional_keluarga"].iter_rows())
    aided = {line["id_keluarga"] for line in truth(made, "kemensos/pkh", AS_OF)}
    poor = {line["id_keluarga"] for line in truth(made, "kpai/pengaduan", AS_OF) if desil.get(line["id_keluarga"], 9) <= 4}
    assert 0.2 < len(poor & aided) / len(poor) < 0.9
