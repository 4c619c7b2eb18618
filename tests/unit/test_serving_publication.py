from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from pathlib import Path

import duckdb
import pytest
import yaml
from python_calamine import CalamineWorkbook
from served_marts import MARTS, RUN, make_home

from padan.config import PadanConfig, Publication
from padan.errors import Defect, GateFailed, InputRefused
from padan.home import Home
from padan.night import Night
from padan.report.figures import indicators
from padan.serving import Publication as Published
from padan.serving import pointed, publish, published_runs
from padan.serving.export import export_workbook
from padan.serving.verify import verify
from padan.workbook import open_book
from schemas.sharing import AUDIENCES

AS_OF = dt.date(2026, 11, 24)
VERSIONS = {"dtsen_versi": "2026-10-01", "code_version": "abc", "model_version": "person_v1", "policy_version": "p1"}
#: What the view for one agency adds to its mart.
OWN_ONLY = {"anak": {"agency"}, "bantuan": {"tujuan"}}
REPO = Path(__file__).parents[2]
MARTS_FOLDER = REPO / "dbt_project" / "models" / "marts"


def put_out(home: Home, run_id: str = RUN, config: PadanConfig | None = None) -> Published:
    with duckdb.connect(str(home.warehouse)) as con:
        return publish(con, home, config or PadanConfig(), run_id=run_id, as_of=AS_OF, versions=VERSIONS)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One home with one publication; tests read it."""
    home = make_home(tmp_path_factory.mktemp("serving") / "home")
    put_out(home)
    return home


def reported(home: Home, run_id: str) -> dict[tuple[str, str], tuple[object, ...]]:
    """Numerator, denominator and value in the report of a night, by indicator and category."""
    night = Night(home=home, project=REPO, landing=home.root, as_of=AS_OF, run_id=run_id)
    with duckdb.connect(str(home.warehouse)) as con:
        return {(code, kind): tuple(figures) for code, _, kind, _, *figures, _, _, _, _, _ in indicators(con, night)}


def ask(home: Home, audience: str, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.serving / "current" / audience / "padan.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_audience_gets_the_listed_tables_and_columns_and_no_others(home: Home, audience: str) -> None:
    found = ask(
        home, audience, "SELECT table_name, list_sort(list(column_name)) FROM duckdb_columns() WHERE schema_name = 'marts' GROUP BY ALL"
    )
    assert dict(found) == {t.name: sorted(c.name for c in t.columns) for t in AUDIENCES[audience].tables}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_file_has_a_storage_format_that_duckdb_1_4_opens(home: Home, audience: str) -> None:
    assert ask(home, audience, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal") == [("v1.2.0+",)]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_table_column_and_macro_says_what_it_is(home: Home, audience: str) -> None:
    assert not ask(home, audience, "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND comment IS NULL")
    assert not ask(home, audience, "SELECT column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL")
    assert not ask(home, audience, "SELECT function_name FROM duckdb_functions() WHERE NOT internal AND comment IS NULL")


def test_a_row_without_a_person_holds_the_publication(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE intermediate.int_kasus__own SET person_id = NULL WHERE agency = 'kpai'")
    with pytest.raises(Defect, match=r"marts\.kasus: baris hilang atau berulang"):
        put_out(home)
    assert pointed(home.serving) is None


def test_an_agency_sees_its_own_rows_only(home: Home) -> None:
    assert ask(home, "kpai", "SELECT count(*) FROM marts.kasus WHERE nomor LIKE 'PGD%'") == [(3,)]
    assert ask(home, "kpai", "SELECT count(*), count(DISTINCT nomor) FROM marts.kasus") == [(3, 3)], (
        "a child with two complaints has two rows"
    )
    assert ask(home, "kpai", "SELECT count(*) FROM marts.anak") == [(2,)]
    assert ask(home, "kemensos", "SELECT count(*) FROM marts.anak") == [(2,)]


def test_kpai_sees_whether_help_is_reached(home: Home) -> None:
    seen = ask(home, "kpai", "SELECT nomor, pkh_terlihat, sampai_layanan FROM marts.kasus JOIN marts.anak USING (pseudonim) ORDER BY nomor")
    assert seen == [("PGD-2026-03-00001", False, False), ("PGD-2026-03-99887", True, True), ("PGD-2026-04-00002", False, None)]


def test_two_audiences_know_one_person_by_different_names(home: Home) -> None:
    names = [ask(home, audience, "SELECT pseudonim FROM marts.anak") for audience in ("kpai", "kemensos")]
    assert not set(names[0]) & set(names[1])


def test_a_person_keeps_the_name_over_nights(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    query = "SELECT nomor, pseudonim FROM marts.kasus ORDER BY 1"
    put_out(home, "night-1")
    first = ask(home, "kpai", query)
    put_out(home, "night-2")
    assert ask(home, "kpai", query) == first


def test_small_cells_are_hidden_in_every_file(home: Home) -> None:
    for audience in AUDIENCES:
        hidden = ask(
            home,
            audience,
            "SELECT kode_kemendagri FROM marts.indicator WHERE suppressed AND numerator IS NULL AND value IS NULL ORDER BY 1",
        )
        assert hidden == [("32.04",), ("32.73",)]


def test_parquet_beside_the_file_holds_the_same_rows(home: Home) -> None:
    for audience in AUDIENCES.values():
        for table in audience.tables:
            copy = home.serving / "current" / audience.name / "marts" / f"{table.name}.parquet"
            same = f"(FROM marts.{table.name} EXCEPT ALL FROM '{copy}') UNION ALL (FROM '{copy}' EXCEPT ALL FROM marts.{table.name})"
            assert ask(home, audience.name, same) == []


def test_the_manifest_names_every_file_with_its_hash(home: Home) -> None:
    folder = home.serving / RUN
    manifest = json.loads((folder / "manifest.json").read_text())
    files = {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}
    del files["manifest.json"]
    assert manifest["files"] == files
    assert {k: manifest[k] for k in VERSIONS} == VERSIONS
    assert manifest["as_of"] == "2026-11-24"


def test_files_are_read_only_and_no_wal_is_left(home: Home) -> None:
    files = [p for p in (home.serving / RUN).rglob("*") if p.is_file()]
    assert {oct(p.stat().st_mode & 0o777) for p in files} == {"0o440"}
    assert not [p for p in files if p.suffix == ".wal"]


def test_macros_work_in_the_opened_file(home: Home) -> None:
    assert ask(home, "publik", "SELECT count(*) FROM marts.indikator_terbaru('I03') WHERE tingkat <> 'kelompok'") == [(7,)]
    assert ask(home, "publik", "SELECT nama FROM marts.indikator_wilayah('32') WHERE indicator_code = 'I03'") == [("Anak kasus",)]
    on = "DATE '2022-01-01'"
    assert ask(home, "publik", f"SELECT kode FROM marts.wilayah_pada({on}) ORDER BY 1") == [("91.01",)]
    assert ask(home, "publik", "SELECT kode FROM marts.wilayah_pada(DATE '2026-01-01') ORDER BY 1") == [("93.01",)]
    assert ask(home, "kemensos", f"SELECT akreditasi FROM marts.lembaga_pada({on})") == [("belum_diketahui",)]
    assert ask(home, "kemensos", "SELECT akreditasi FROM marts.lembaga_pada(DATE '2026-01-01')") == [("berlaku",)]
    assert ask(home, "kemensos", f"SELECT count(*) FROM marts.hunian_pada({on})") == [(0,)]
    assert ask(home, "kpai", "SELECT temuan, lewat_batas FROM marts.temuan_pada(DATE '2026-03-01')") == [("GIZI", True)]


def test_publishing_the_run_in_force_again_changes_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    first = put_out(home)
    before = {p: p.stat().st_mtime_ns for p in home.serving.rglob("*")}
    assert put_out(home).rows == first.rows
    assert {p: p.stat().st_mtime_ns for p in home.serving.rglob("*")} == before


CASE_FIGURES = "SELECT * EXCLUDE (run_id), run_id FROM marts.indicator WHERE indicator_code = 'I03' ORDER BY ALL"


def more_cases(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE marts.indicator SET numerator = numerator + 100, denominator = denominator + 200, run_id = 'later'")


def test_figures_of_cases_change_with_the_month_and_others_every_night(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    put_out(home, "night-1")
    first = ask(home, "kpai", CASE_FIGURES)
    more_cases(home)
    put_out(home, "night-2")
    assert ask(home, "kpai", CASE_FIGURES) == first
    assert ask(home, "publik", "SELECT numerator FROM marts.indicator WHERE indicator_code = 'I06'") == [(101,)]
    with duckdb.connect(str(home.warehouse)) as con:
        publish(con, home, PadanConfig(), run_id="night-3", as_of=dt.date(2026, 12, 1), versions=VERSIONS)
    assert ask(home, "kpai", CASE_FIGURES) != first


@pytest.mark.parametrize("published", [True, False], ids=["published", "held"])
def test_a_report_tells_the_figures_of_cases_that_stand(tmp_path: Path, published: bool) -> None:
    """Thirty nightly reports would tell of cases what thirty publications may not."""
    home = make_home(tmp_path / "home")
    put_out(home, "night-1")
    first = reported(home, "night-1")
    more_cases(home)
    if published:
        put_out(home, "night-2")
    second = reported(home, "night-2")
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        sensitive = {code for (code,) in con.execute("SELECT indicator_code FROM marts.indicator_definition WHERE sensitif").fetchall()}
    assert any(figures[0] is not None for (code, _), figures in first.items() if code in sensitive)
    for of_cases in (True, False):
        before, after = ({key: v for key, v in told.items() if (key[0] in sensitive) == of_cases} for told in (first, second))
        assert (before == after) == of_cases


def test_figures_of_cases_are_told_anew_when_asked_or_when_other_feeds_are_seen(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    put_out(home, "night-1")
    first = ask(home, "kpai", CASE_FIGURES)
    more_cases(home)
    put_out(home, "night-2", PadanConfig(publication=Publication(revise_cases=True)))
    second = ask(home, "kpai", CASE_FIGURES)
    assert second != first
    more_cases(home)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE marts.indicator SET cakupan_sumber = 'dtsen, kpai/pengaduan'")
    put_out(home, "night-3")
    assert ask(home, "kpai", CASE_FIGURES) != second


def test_only_as_many_runs_stay_as_configured(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    config = PadanConfig(publication=Publication(keep_runs=2))
    for night in ("n1", "n2", "n3"):
        last = put_out(home, night, config)
    assert published_runs(home.serving) == ["n3", "n2"]
    assert last.removed == ("n1",)


def test_a_mart_that_lost_a_promised_column_publishes_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    put_out(home, "before")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("ALTER TABLE intermediate.int_kasus__own DROP COLUMN klaster")
    with pytest.raises(Defect, match="klaster"):
        put_out(home, "after")
    assert pointed(home.serving) == "before"


def test_a_nik_in_a_free_text_cell_publishes_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    put_out(home, "before")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("UPDATE marts.pengawasan SET temuan = 'anak 3273054107140003 tidak sekolah'")
    with pytest.raises(GateFailed, match="16 angka") as failed:
        put_out(home, "after")
    assert "3273054107140003" not in str(failed.value)
    assert pointed(home.serving) == "before"


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        ("ALTER TABLE marts.indicator ADD COLUMN nik VARCHAR", "terlarang"),
        ("CREATE TABLE marts.extra AS SELECT 1 AS satu", "tidak seperti yang dijanjikan"),
        ("DROP TABLE marts.indicator_definition", "tidak seperti yang dijanjikan"),
        ("DELETE FROM marts.indicator WHERE tingkat = 'provinsi'", "jumlah baris"),
        ("COMMENT ON COLUMN marts.indicator.value IS NULL", "tanpa keterangan"),
        ("DROP SCHEMA codes CASCADE", "kosong"),
    ],
)
def test_a_file_that_is_not_as_promised_fails(tmp_path: Path, tamper: str, fault: str) -> None:
    home = make_home(tmp_path / "home")
    published = put_out(home)
    file = published.file("publik")
    file.chmod(0o600)
    with duckdb.connect(str(file)) as con:
        con.execute(tamper)
    rows = {k: v for k, v in published.rows["publik"].items() if k.split(".")[0] in tamper} or {}
    with pytest.raises(GateFailed, match=fault):
        verify(file.parent, AUDIENCES["publik"], {k: v for k, v in rows.items() if "DROP" not in tamper})


@pytest.mark.parametrize("table", sorted({t.name for a in AUDIENCES.values() for t in a.tables}))
def test_every_promised_column_is_in_the_marts_contract(table: str) -> None:
    models = {m["name"]: m for f in MARTS_FOLDER.rglob("*.yml") for m in (yaml.safe_load(f.read_text()) or {}).get("models", [])}
    if table not in models:
        pytest.fail(f"marts.{table} has no contract in dbt_project/models/marts")
    declared = {column["name"] for column in models[table]["columns"]} | OWN_ONLY.get(table, set())
    promised = {c.name for a in AUDIENCES.values() for t in a.tables if t.name == table for c in t.columns}
    assert {"person_id" if name == "pseudonim" else name for name in promised} <= declared


def test_the_small_marts_of_these_tests_have_every_promised_column() -> None:
    promised = {(t.name, c.name) for a in AUDIENCES.values() for t in a.tables for c in t.columns if c.name != "pseudonim"}
    declared = {(mart, part.split()[0]) for mart, shape in MARTS.items() for part in shape.split(", ")}
    assert promised <= declared


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_dictionary_tells_every_column_and_no_other_agencys_delivered_names(home: Home, audience: str) -> None:
    page = (home.serving / "current" / audience / "dictionary.html").read_text()
    for table in AUDIENCES[audience].tables:
        assert f"marts.{table.name}" in page
        assert all(f"<code>{column.name}</code>" in page for column in table.columns)
    assert not re.findall(r"""src\s*=|url\(|@import|<script|href\s*=\s*"(?!#)""", page)
    own = {"kpai": "pengaduan: Klaster", "ditjenpas": "abh: PASAL", "kemensos": "pkh: KOMPONEN"}
    told = {agency: column in page for agency, column in own.items()}
    assert [agency for agency, there in told.items() if there] == [audience] * (audience in own)


def test_the_workbook_has_labels_beside_codes_and_the_meaning_of_each_column(home: Home, tmp_path: Path) -> None:
    file = home.serving / "current" / "publik" / "padan.duckdb"
    done = export_workbook(file, tmp_path / "x.xlsx", ["indicator", "marts.indicator_definition"])
    assert [(sheet.table, sheet.cut) for sheet in done] == [("marts.indicator", 0), ("marts.indicator_definition", 0)]
    head, *rows = CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_name("indicator").to_python()
    assert len(rows) == done[0].rows
    assert head[:2] == ["indicator_code", "indicator_code (nama)"]
    assert {row[1] for row in rows} == {"Anak kasus", "LKSA terakreditasi"}
    with pytest.raises(InputRefused):
        export_workbook(file, tmp_path / "y.xlsx", ["kasus"])
    assert not (tmp_path / "y.xlsx").exists()


def test_a_workbook_that_is_not_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), open_book(tmp_path / "x.xlsx", "uji"):
        assert list(tmp_path.iterdir()) == [], "no cell is on the disk before the book is whole"
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
