"""Who is on a list, and what a case agency is told, computed a second time from what their columns promise."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from marts_answers import Person
from marts_cells import band
from marts_night import lay, rows_of, run_marts
from marts_world import AS_OF, Record, World, is_kept
from test_marts_star import own_name

if TYPE_CHECKING:
    from conftest import Night

NEEDED = "select record_id, kode_kabupaten, alasan from intermediate.int_return__needed order by record_id"


def own(world: World, agency: str) -> dict[str, Person]:
    grouped: dict[str, list[Record]] = defaultdict(list)
    for r in world.records:
        if r.feed.split("/")[0] == agency:
            grouped[own_name(r)].append(r)
    return {pid: Person(world, rows) for pid, rows in grouped.items()}


def is_strict(r: Record) -> bool:
    return r.decision == "link" and r.grade in {"nik", "sure"}


def aided(world: World, people: dict[str, Person]) -> tuple[set[str], set[str], set[str]]:
    """Persons paid PKH, families paid PKH by Kemensos's own links, persons in YAPI."""
    years = [r.cells["tahun"] for r in world.of("kemensos/pkh") if r.cells["tahun"] <= AS_OF.year]
    paid = [r for r in world.of("kemensos/pkh") if r.cells["status_salur"] == "SALUR" and r.cells["tahun"] == max(years, default=0)]
    families = {p.dtsen.id_keluarga for r in paid if (p := people[own_name(r)]).dtsen}
    yapi = {own_name(r) for r in world.of("kemensos/yapi") if r.cells["bulan"] is None or r.cells["bulan"] <= AS_OF}
    return {own_name(r) for r in paid}, families, yapi


def needed(world: World) -> list[tuple[str, str | None, list[str]]]:
    people = own(world, "kemensos")
    paid, families, yapi = aided(world, people)
    pkh_seen, yapi_seen = "kemensos/pkh" in world.seen, "kemensos/yapi" in world.seen
    register = {p.register_id: p for p in world.register}
    found = []
    for r in [*world.of("kemensos/ppks"), *world.of("kemensos/lksa_anak")]:
        p = people[own_name(r)]
        if not p.is_child() or band(p.born, AS_OF) == "18+":
            continue
        resident = r.feed.endswith("lksa_anak")
        entered, left = r.cells.get("tanggal_masuk"), r.cells.get("tanggal_keluar")
        inside = (entered is None or entered <= AS_OF) and (left > AS_OF if left else r.cells.get("alasan_keluar") is None)
        if resident and not inside:
            continue
        in_pkh = None if not pkh_seen else True if own_name(r) in paid else p.dtsen.id_keluarga in families if p.dtsen else None
        in_yapi = own_name(r) in yapi if yapi_seen else None
        reasons = []
        if r.cells.get("terlayani") == "BELUM":
            reasons.append("perlu_layanan")
        if p.state == "no_link" and not in_pkh and not in_yapi:
            reasons.append("perlu_pendaftaran")
        if is_strict(r) and (register[r.register_id].desil or 9) <= 4 and in_pkh is False:
            reasons.append("perlu_dinilai_pkh")
        if resident and r.cells["status_ortu"] in {"YATIM", "PIATU", "YATIM PIATU"} and in_yapi is False:
            reasons.append("perlu_dinilai_yapi")
        if reasons:
            found.append((r.record_id, None if resident else r.kode_kabupaten, sorted(reasons)))
    return sorted(found)


def test_lists_hold_those_who_need_something_by_kemensos_and_dtsen_alone(night: Night) -> None:
    assert rows_of(night.warehouse, NEEDED) == needed(night.world)


def test_no_list_names_a_recipient_as_not_found(night: Night) -> None:
    paid, _, yapi = aided(night.world, own(night.world, "kemensos"))
    rows = rows_of(
        night.warehouse,
        "select person_id from intermediate.int_return__needed join intermediate.int_person_record__own using (record_id) "
        "where list_contains(alasan, 'perlu_pendaftaran')",
    )
    assert not {pid for (pid,) in rows} & (paid | yapi)


def test_a_case_agency_is_told_of_its_open_cases_by_strict_links_alone(night: Night) -> None:
    got = rows_of(night.warehouse, "select agency, record_id, ditemukan, pkh_terlihat is null from intermediate.int_return__told")
    people = {agency: own(night.world, agency) for agency in ("kpai", "ditjenpas")}
    wanted = {
        (agency, r.record_id, is_strict(r))
        for agency, feed in (("kpai", "kpai/pengaduan"), ("ditjenpas", "ditjenpas/abh"))
        for r in night.world.of(feed)
        if band(people[agency][own_name(r)].born, r.tanggal_acuan) != "18+" and r.cells.get("status") != "TERMINASI" and is_kept(r, AS_OF)
    }
    assert {row[:3] for row in got} == wanted
    assert all(unknown for agency, _, found, unknown in got if agency == "ditjenpas" or not found)


def test_without_a_single_case_kemensos_gets_the_same_rows_and_lists(night: Night, parsed: Path, tmp_path: Path) -> None:
    """Non-interference: whatever KPAI and Ditjenpas deliver, nothing that Kemensos is shown of a person changes by it."""
    cases = ("kpai/pengaduan", "ditjenpas/abh")
    bare = dataclasses.replace(night.world, records=[r for r in night.world.records if r.feed not in cases])
    lay(bare, tmp_path / "padan.duckdb")
    run_marts(bare, tmp_path / "padan.duckdb", parsed, tested=False)
    shown = {
        "anak": "person_id, jenis_kelamin, kelompok_umur, pkh_terlihat, yapi_terlihat",
        "bantuan": "record_id, person_id, jenis_kelamin, kelompok_umur, kode_kabupaten, berjalan",
        "layanan": "record_id, person_id, jenis_kelamin, kelompok_umur, kelompok_umur_kejadian, kode_kabupaten, anak, status, terlayani",
        "hunian": "record_id, person_id, jenis_kelamin, kelompok_umur, no_td, terbuka",
        "child_category": "person_id, kategori, aturan, dari, sampai",
        "pekerja_sosial": "person_id, jenis_kelamin, jabatan, berizin",
    }
    for table, columns in shown.items():
        query = f"select {columns} from intermediate.int_{table}__own where agency = 'kemensos' order by all"
        assert rows_of(tmp_path / "padan.duckdb", query) == rows_of(night.warehouse, query), table
    assert rows_of(tmp_path / "padan.duckdb", NEEDED) == rows_of(night.warehouse, NEEDED)
