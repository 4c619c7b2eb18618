"""Lays a `World` into a warehouse as staging and linkage would, and runs the real dbt marts on it."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
from marts_vulnerable import vulnerable_by
from marts_world import AS_OF, DELIVERED, OTHER_FEEDS, PERSON_FEEDS, REGENCIES, World

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
SEEDS = PROJECT / "seeds"
VERSION = "2026-10-01"
#: How sure a link is: by NIK, beyond any other candidate, or less than that.
GRADES = {
    "nik": {"method": "nik", "match_probability": 0.9999, "margin": None},
    "sure": {"method": "probabilistic", "match_probability": 0.9995, "margin": 12.0},
    "close": {"method": "probabilistic", "match_probability": 0.9995, "margin": 6.0},
    "likely": {"method": "probabilistic", "match_probability": 0.985, "margin": 14.0},
}
COLUMNS = {
    "staging.stg_kpai__pengaduan": "record_id text, no_pengaduan text, klaster text, jenis_kasus text, peran text, "
    "tindak_lanjut text, status text, hubungan_pelaku text",
    "staging.stg_ditjenpas__abh": "record_id text, no_litmas text, pasal text, tahap text, diversi text, penempatan text",
    "staging.stg_kemensos__atensi": "record_id text, no_kasus text, tanggal_masuk date, kluster text, komponen text[], sentra text, "
    "rujukan_dari text, no_rujukan text, status text, tanggal_selesai date, hasil text",
    "staging.stg_kemensos__ppks": "record_id text, tanggal_lahir date, kode_ppks text, ragam_disabilitas text, terlayani text",
    "staging.stg_kemensos__pkh": "record_id text, tanggal_lahir date, id_pkh text, komponen text, tahap integer, tahun integer, "
    "status_salur text",
    "staging.stg_kemensos__yapi": "record_id text, status_ortu text, bulan date",
    "staging.stg_kemensos__lksa_anak": "record_id text, status_ortu text, tanggal_masuk date, tanggal_keluar date, alasan_keluar text",
    "staging.stg_kemensos__peksos": "record_id text, jabatan text, kode_kabupaten text, no_sertifikat text, no_str text, str_akhir date",
    "staging.stg_kemensos__lks": "no_td text, nama_lks text, jenis text, kode_kabupaten text, kapasitas integer, jumlah_anak integer, "
    "peringkat text, tanggal_sk date, tanggal_akhir date, aktif text",
    "staging.stg_kemensos__rumah_aman": "id_rumah_aman text, kode_kabupaten text, kapasitas integer, jenis_sertifikat text, "
    "sertifikat_akhir date",
    "staging.stg_kpai__pengawasan": "record_id text, no_was text, tanggal date, objek_jenis text, nama_lks text, kode_kabupaten text, "
    "temuan text[], rekomendasi text[], batas date, status text",
    "intermediate.int_person__standardized": "record_id text, agency text, feed text, delivery_date date, "
    "nik text, nik_status text, nama text, "
    "tanggal_lahir date, tanggal_lahir_precision text, jenis_kelamin text, kode_kabupaten text, tanggal_acuan date, anak boolean",
    "link.decision": "record_id text, agency text, feed text, person_id text, register_id text, decision text, method text, "
    "match_weight double, match_probability double, margin double",
    "link.register_person": "register_id text, dtsen_versi date, id_keluarga text, desil integer, kode_kabupaten text, jenis_kelamin text, "
    "tanggal_lahir date, disabilitas text, penglihatan text, pendengaran text, berjalan text, belajar text, perilaku text, "
    "hubungan_kepala text, partisipasi_sekolah text",
    "register.agregat": "dtsen_versi date, kode_kabupaten text, desil integer, aturan text, program text, anak bigint, keluarga bigint",
    "link.register_key": "register_id text, nik text, id_keluarga text",
    "link.institution_decision": "record_id text, decision text, no_td text",
    "returns.listed": "row_id text, agency text, periode text, kode_kabupaten text, listed_on date",
    "returns.answer": "row_id text, periode text, jawaban text, tanggal date, imported_at timestamp",
    "quality.linkage_accuracy": "run_id text, measure text, group_kind text, denominator bigint, value double, method text",
    "ledger.delivery": "agency text, feed text, delivery_date date, status text",
}


def lay(world: World, warehouse: Path) -> None:
    """Write the tables that the marts read."""
    con = duckdb.connect(str(warehouse))
    for schema in ("staging", "intermediate", "link", "ledger", "codes", "register", "returns", "quality"):
        con.execute(f"create schema {schema}")
    for table, columns in COLUMNS.items():
        con.execute(f"create table {table} ({columns})")
    for seed in sorted(SEEDS.glob("codes_*.csv")):
        if not seed.stem.startswith("codes_wilayah"):
            con.execute(f"create table codes.{seed.stem} as from read_csv('{seed}', all_varchar = true, header = true)")
    con.execute("create table codes.codes_wilayah (kode text, nama text, tingkat text, kode_induk text)")
    con.execute("create table codes.codes_wilayah_lama (kode_lama text, kode text, nama_lama text, dasar text)")
    _fill(con, "codes.codes_wilayah", [{"kode": k, "nama": k, "tingkat": "kota" if k[3] == "7" else "kabupaten"} for k in REGENCIES])
    _fill(con, "codes.codes_wilayah", [{"kode": k, "nama": k, "tingkat": "provinsi"} for k in ("32", "94")])
    for table, rows in _rows(world).items():
        _fill(con, table, rows)
    con.close()


def children_of_the_register(world: World) -> dict[tuple[str, str, str], int]:
    """Children of DTSEN by regency, rule and programme, as a release counts them at its own date."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for p in world.register if world.dtsen else []:
        for rule in vulnerable_by(p, dt.date.fromisoformat(VERSION)):
            counts[p.kode_kabupaten, rule, "semua"] += 1
            counts[p.kode_kabupaten, rule, "PBI"] += p.pbi
    return {cell: children for cell, children in counts.items() if children}


def _rows(world: World) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for feed in PERSON_FEEDS:
        table = "staging.stg_" + feed.replace("/", "__")
        rows[table] = [
            {"record_id": r.record_id, **({"tanggal_lahir": r.tanggal_lahir} if "tanggal_lahir" in COLUMNS[table] else {}), **r.cells}
            for r in world.of(feed)
        ]
    rows["intermediate.int_person__standardized"] = [
        {
            "record_id": r.record_id,
            "agency": r.feed.split("/")[0],
            "feed": r.feed.split("/")[1],
            "delivery_date": DELIVERED,
            "nik": "3201010101010001" if r.nik_status in {"valid", "sex_or_date_conflict"} else None,
            "nik_status": r.nik_status,
            "nama": r.nama,
            "tanggal_lahir": r.tanggal_lahir,
            "tanggal_lahir_precision": r.presisi if r.tanggal_lahir else "none",
            "jenis_kelamin": r.jenis_kelamin,
            "kode_kabupaten": r.kode_kabupaten,
            "tanggal_acuan": r.tanggal_acuan,
            "anak": r.feed != "kemensos/peksos",
        }
        for r in world.records
    ]
    rows["link.decision"] = [
        {
            "record_id": r.record_id,
            "agency": r.feed.split("/")[0],
            "feed": r.feed.split("/")[1],
            "person_id": r.person_id,
            "register_id": r.register_id,
            "decision": r.decision,
            "match_weight": 12.0,
            **GRADES[r.grade],
        }
        for r in world.records
    ]
    rows["link.register_person"] = [{"dtsen_versi": VERSION, **{k: v for k, v in vars(p).items() if k != "pbi"}} for p in world.register]
    rows["link.institution_decision"] = [{"record_id": m, "decision": d, "no_td": n} for m, (d, n) in world.named.items()]
    rows["link.institution_decision"] += [
        {"record_id": v.record_id, "decision": v.decision, "no_td": v.no_td} for v in world.visits if v.decision
    ]
    rows["staging.stg_kpai__pengawasan"] = [
        {
            "record_id": v.record_id,
            "no_was": v.record_id,
            "objek_jenis": v.objek_jenis,
            "kode_kabupaten": v.kode_kabupaten,
            "temuan": list(v.temuan),
            "rekomendasi": list(v.rekomendasi),
            "batas": v.batas,
            "status": v.status,
        }
        for v in world.visits
    ]
    rows["register.agregat"] = [
        {"dtsen_versi": VERSION, "kode_kabupaten": k, "aturan": rule, "program": programme, "anak": children}
        for (k, rule, programme), children in children_of_the_register(world).items()
    ]
    rows["staging.stg_kemensos__lks"] = [{"nama_lks": i.no_td, **vars(i)} for i in world.institutions]
    rows["staging.stg_kemensos__rumah_aman"] = [
        {"id_rumah_aman": i, "kode_kabupaten": k, "sertifikat_akhir": until} for i, k, until in world.safe_houses
    ]
    rows["quality.linkage_accuracy"] = [
        {"run_id": "uji", "group_kind": "semua", "measure": measure, "denominator": 300, "value": value, "method": method}
        for measure, value, method in world.accuracy
    ]
    rows["returns.listed"] = [{**vars(row), "agency": "kemensos"} for row in world.listed]
    rows["returns.answer"] = [
        {
            "row_id": a.row_id,
            "periode": a.periode,
            "jawaban": a.jawaban,
            "tanggal": a.tanggal,
            "imported_at": f"2026-11-20 00:{at // 60:02d}:{at % 60:02d}",
        }
        for at, a in enumerate(world.answered)
    ]
    rows["ledger.delivery"] = [
        {
            "agency": f.split("/")[0],
            "feed": f.split("/")[1],
            "delivery_date": DELIVERED,
            "status": "accepted" if f in world.seen else "refused",
        }
        for f in (*PERSON_FEEDS, *OTHER_FEEDS)
    ]
    return rows


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = sorted({name for row in rows for name in row})
    marks = ", ".join(f"({', '.join('?' for _ in names)})" for _ in rows)
    con.execute(f"insert into {table} ({', '.join(names)}) values {marks}", [row.get(name) for row in rows for name in names])


def run_marts(world: World, warehouse: Path, parsed: Path, *, tested: bool) -> None:
    """dbt's marts on a laid world, as the night runs them; `tested`: with their data tests. `parsed` keeps what dbt has parsed."""
    contracted = {"person_feeds": [f.replace("/", "__") for f in PERSON_FEEDS]}
    tonight = {"PADAN_AS_OF": str(AS_OF), "PADAN_RUN_ID": "uji", "PADAN_DTSEN_VERSI": VERSION if world.dtsen else ""}
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet"]
    command += ["build", "--exclude-resource-type", "unit_test", *([] if tested else ["--exclude-resource-type", "test"])]
    command += ["--select", "path:models/marts", "path:snapshots/marts", "--vars", json.dumps(contracted), "--project-dir", str(PROJECT)]
    command += ["--profiles-dir", str(PROJECT), "--target-path", str(parsed / "target"), "--log-path", str(parsed / "logs")]
    environment = {**os.environ, **tonight, "PADAN_WAREHOUSE": str(warehouse), "PADAN_TMP": str(parsed / "tmp"), "DO_NOT_TRACK": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def rows_of(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query on a finished warehouse."""
    con = duckdb.connect(str(warehouse), read_only=True)
    try:
        return con.execute(query).fetchall()
    finally:
        con.close()
