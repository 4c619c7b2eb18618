"""Categories, findings, journeys and what needs attention, computed a second time in plain Python from what their columns promise."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from marts_answers import Person
from marts_cells import band, full_years
from marts_night import SEEDS, VERSION, rows_of
from marts_world import AS_OF, Record, World

if TYPE_CHECKING:
    from conftest import Night

RELEASE = dt.date.fromisoformat(VERSION)


def own_name(r: Record) -> str:
    """Whom a record is about as its agency may know: its own link's person, else itself."""
    return r.person_id if r.decision == "link" else f"R{r.record_id}"


def own_people(world: World) -> dict[tuple[str, str], Person]:
    """Everybody as one agency's records and DTSEN tell."""
    grouped: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for r in world.records:
        grouped[r.feed.split("/")[0], own_name(r)].append(r)
    return {key: Person(world, rows) for key, rows in grouped.items()}


def law() -> dict[tuple[str, str], list[str]]:
    with (SEEDS / "codes_kategori_anak.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if r["kode_amanat"]]
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for r in rows:
        found[r["sumber"], r["kode_sumber"]].append(r["kode_amanat"])
    return found


def test_an_agencys_record_shows_nothing_that_another_agency_wrote(night: Night) -> None:
    got = rows_of(
        night.warehouse,
        "select agency, person_id, jenis_kelamin, kode_kabupaten, anak, status_padanan from intermediate.int_person__own",
    )
    status = {"link": "ditemukan", "review": "perlu_tinjauan", "no_link": "belum_ditemukan"}
    wanted = {
        (agency, pid, p.sex, p.home, any(r.feed != "kemensos/peksos" for r in p.records) and p.is_child(), status[p.state])
        for (agency, pid), p in own_people(night.world).items()
    }
    assert set(got) == wanted


def test_categories_follow_the_law_and_end_at_eighteen(night: Night) -> None:
    code = {"kpai/pengaduan": ("kpai", "jenis_kasus"), "kemensos/ppks": ("ppks", "kode_ppks"), "ditjenpas/abh": ("abh", "")}
    table, wanted = law(), set()
    for (agency, pid), p in own_people(night.world).items():
        rows = [r for r in p.records if r.feed != "kemensos/peksos"]
        if not rows or not p.is_child():
            continue
        over = p.born is not None and full_years(p.born, AS_OF) >= 18
        for r in rows:
            source, column = code.get(r.feed, ("", ""))
            value = "PELAKU" if source == "abh" else str(r.cells.get(column))
            if not (source == "abh" and r.cells["diversi"] == "BERHASIL"):
                wanted |= {(agency, pid, letter, r.feed, over) for letter in table.get((source, value), [])}
            if r.cells.get("status_ortu") == "YATIM PIATU":
                wanted.add((agency, pid, "yatim_piatu", r.feed, over))
        if p.dtsen:
            d = p.dtsen
            age = full_years(d.tanggal_lahir, RELEASE) if d.tanggal_lahir <= RELEASE else -1
            told = {"desil_1_4": (d.desil or 9) <= 4, "l": d.disabilitas == "1"}
            told["tidak_sekolah"] = d.partisipasi_sekolah in {"1", "3"} and 7 <= age <= 17
            wanted |= {(agency, pid, kategori, "dtsen", over) for kategori, holds in told.items() if holds}
    got = rows_of(night.warehouse, "select agency, person_id, kategori, sumber, sampai is not null from marts.child_category")
    assert set(got) == wanted


def test_every_finding_of_every_visit_is_a_row(night: Night) -> None:
    got = rows_of(night.warehouse, "select no_was, temuan, rekomendasi, selesai from marts.temuan")
    wanted = [(v.record_id, t, "; ".join(sorted(v.rekomendasi)), v.status == "SELESAI") for v in night.world.visits for t in v.temuan]
    assert sorted(got) == sorted(wanted)


def _bands(days: int | None) -> str:
    edges = ((3, "0-3"), (7, "4-7"), (30, "8-30"), (90, "31-90"))
    return "tak_diketahui" if days is None else next((name for edge, name in edges if days <= edge), "lebih dari 90")


def test_a_journey_tells_gaps_in_bands_and_no_date_of_another_agency(night: Night) -> None:
    if not night.answers.seen("kpai/pengaduan"):
        pytest.skip("dunia ini tanpa pengaduan KPAI")
    cases = rows_of(
        night.warehouse,
        "select nomor, tanggal, dirujuk, sampai_layanan, hari_ke_layanan from marts.kasus where agency = 'kpai'",
    )
    got = rows_of(night.warehouse, "select nomor, tanggal, dirujuk, sampai_layanan, jarak_layanan from marts.child_journey")
    wanted = [
        (*key, referred, reached, None if reached is None else _bands(days) if reached else "belum")
        for *key, referred, reached, days in cases
    ]
    assert sorted(got, key=str) == sorted(wanted, key=str)
    columns = rows_of(night.warehouse, "select column_name from duckdb_columns() where table_name = 'child_journey' and data_type = 'DATE'")
    assert columns == [("tanggal",)]


def test_attention_names_what_its_rules_say(night: Night) -> None:
    wanted = {*_unserved(night), *_near(night), *_repeated(night), *_residents(night)}
    assert set(rows_of(night.warehouse, "select aturan, record_id from marts.perhatian")) == wanted


def _complaints(night: Night) -> Iterator[tuple[Record, Person]]:
    for r in night.world.of("kpai/pengaduan"):
        p = night.answers.people[r.person_id]
        if band(p.born, r.tanggal_acuan) != "18+":
            yield r, p


def _unserved(night: Night) -> Iterator[tuple[str, str]]:
    for r, p in _complaints(night):
        open_violence = r.cells["status"] != "TERMINASI" and r.cells["jenis_kasus"] == "ANAK KORBAN KEKERASAN SEKSUAL"
        served = any(a.feed == "kemensos/atensi" and a.cells["tanggal_masuk"] >= r.tanggal_acuan for a in p.records)
        late = r.tanggal_acuan + dt.timedelta(days=3) <= AS_OF
        if open_violence and late and not served and not _reached(night, r) and night.answers.seen("kemensos/atensi"):
            yield "tanpa_layanan_72_jam", r.record_id


def _near(night: Night) -> Iterator[tuple[str, str]]:
    for r, p in _complaints(night):
        if r.cells["status"] != "TERMINASI" and p.dtsen and p.dtsen.hubungan_kepala == "3":
            heads = [h for h in night.world.register if h.id_keluarga == p.dtsen.id_keluarga and h.hubungan_kepala == "1"]
            if r.cells["hubungan_pelaku"] == ("IBU" if any(h.jenis_kelamin == "2" for h in heads) else "AYAH"):
                yield "terduga_pelaku_kepala_keluarga", r.record_id


def _repeated(night: Night) -> Iterator[tuple[str, str]]:
    complaints: dict[str, dict[str, Record]] = defaultdict(dict)
    for r, _ in sorted(_complaints(night), key=lambda c: (c[0].tanggal_acuan, c[0].record_id)):
        complaints[r.person_id].setdefault(str(r.cells["no_pengaduan"]), r)
    for rows in complaints.values():
        ordered = sorted(rows.values(), key=lambda r: (r.tanggal_acuan, str(r.cells["no_pengaduan"])))
        for before, after in pairwise(ordered):
            if after.tanggal_acuan <= before.tanggal_acuan.replace(year=before.tanggal_acuan.year + 1):
                yield "pengaduan_berulang", after.record_id


def _residents(night: Night) -> Iterator[tuple[str, str]]:
    violent = {v.no_td for v in night.world.visits if v.status == "TERBUKA" and "KEKERASAN" in v.temuan}
    query = "select record_id, no_td from marts.hunian where no_td is not null and terbuka and kelompok_umur <> '18+'"
    for record, no_td in rows_of(night.warehouse, query):
        if no_td in violent:
            yield "tinggal_di_bawah_temuan_kekerasan", record


def _reached(night: Night, r: Record) -> bool:
    got = rows_of(night.warehouse, f"select sampai_layanan from marts.kasus where record_id = '{r.record_id}'")
    return bool(got[0][0])


def test_a_familys_history_has_one_row_while_nothing_changes(night: Night) -> None:
    got = rows_of(night.warehouse, "select id_keluarga, desil, dari::date, sampai from marts.keluarga")
    assert sorted(got, key=str) == sorted({(r.id_keluarga, r.desil, RELEASE, None) for r in night.world.register}, key=str)
