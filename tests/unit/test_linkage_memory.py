"""A night that answers only what changed ends as one that answers everything; and it answers only what changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from linkage_world import CONFIG, FIRST, SECOND, Row, built, child, crowd, home_of, linked, put, record, warehouse

from padan.linkage import decision_digest
from padan.linkage.basis import basis_of
from padan.review.people import around, sides_of

#: Columns that say when a row was made, not what it says; doubles are compared to nine digits.
TABLES = {
    "decision": "* EXCLUDE (run_id) REPLACE (round(match_weight, 9) AS match_weight, round(match_probability, 9) AS match_probability,"
    " round(margin, 9) AS margin, round(runner_up_weight, 9) AS runner_up_weight)",
    "candidate": "record_id, register_id, rank, rules, round(match_weight, 9), round(match_probability, 9), gamma_nama, round(mw_nama, 9)",
    "block_loss": "* EXCLUDE (run_id)",
    "entity": "record_id, person_id, since_run_id",
    "register_key": "*",
    "register_person": "*",
    "register_known": "*",
    "memory": "record_id, content, barred, basis, person_no, decision, reason, guarded, round(match_weight, 9), keluarga, nik_keluarga",
    "change": "run_no, record_id, before_decision, after_decision, before_person_id, after_person_id, cause",
}

CHILDREN = [
    child(n, f"{FIRST[n]} {SECOND[n % 14]}", f"2013-0{1 + n % 9}-1{n % 10}", nama_ibu=f"{FIRST[19 - n]}WATI {SECOND[(n + 5) % 14]}")
    for n in range(12)
]


def of(n: int, person: Row, **other) -> Row:
    return record(n, person["nama"], person["tanggal_lahir"], **{"nama_ibu": person["nama_ibu"], **other})


def first_night() -> list[Row]:
    """Linked by NIK and without, twice over, contradicting, unknown to the register (one child of two feeds), and beyond comparing."""
    proven = [of(n, CHILDREN[n], nik=CHILDREN[n]["nik"], feed="pkh") for n in range(6)]
    named = [of(20 + n, CHILDREN[n], feed="ppks") for n in range(3, 9)]
    rivals = [
        of(40, CHILDREN[9], nik=CHILDREN[9]["nik"]),
        record(41, CHILDREN[9]["nama"], CHILDREN[9]["tanggal_lahir"], nik=CHILDREN[10]["nik"], jenis_kelamin="P"),
    ]
    outside = [record(50, "TARUNA WIDIANTO", "2012-02-27"), record(51, "TARUNA WIDIYANTO", "2012-02-27", feed="ppks")]
    return [*proven, *named, *rivals, *outside, record(60, None, None, kode_kabupaten=None)]


def delete(con: duckdb.DuckDBPyConnection, *records: str) -> None:
    con.execute("DELETE FROM intermediate.int_person__standardized WHERE list_contains(?, record_id)", [list(records)])


def second_night(con: duckdb.DuckDBPyConnection) -> int:
    """Three records come, two are corrected (a name; the NIK of a rival), two are withdrawn; how many are new or changed."""
    put(con, [of(70, CHILDREN[11]), record(71, "TARUNA WIDIANTO", "2012-02-27", feed="pengaduan"), of(72, CHILDREN[2], feed="yapi")])
    con.execute("UPDATE intermediate.int_person__standardized SET nama = 'DARMAWAN TARUNA' WHERE record_id = 'r0051'")
    con.execute(
        "UPDATE intermediate.int_person__standardized SET nik = ?, jenis_kelamin = 'L' WHERE record_id = 'r0041'", [CHILDREN[9]["nik"]]
    )
    delete(con, "r0050", "r0023")
    return 5


def third_night(con: duckdb.DuckDBPyConnection) -> int:
    """A withdrawn record comes back, and every row now lies in another place of another delivery."""
    put(con, [record(50, "TARUNA WIDIANTO", "2012-02-27")])
    con.execute("UPDATE intermediate.int_person__standardized SET source_row = 1000 - source_row, delivery_date = DATE '2026-11-30'")
    return 1


def contents(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple]:
    return sorted(con.execute(f"SELECT {TABLES[table]} FROM link.{table}").fetchall(), key=repr)


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Three nights twice: one remembers, one forgets every answer before each night. Also (scored, expected) of each."""
    home = home_of(tmp_path_factory.mktemp("nights") / "home")
    release = built(home, [*CHILDREN, *crowd(150)])
    remembering, forgetting, scored = warehouse(first_night()), warehouse(first_night()), []
    for number, change in enumerate((lambda con: len(first_night()), second_night, third_night)):
        expected = change(remembering)
        summary = linked(remembering, home, release, f"uji-{number}")
        change(forgetting)
        if number:
            forgetting.execute("DELETE FROM link.memory")
            for table in ("candidate", "block_loss"):
                forgetting.execute(f"DELETE FROM link.{table}")
        everything = linked(forgetting, home, release, f"uji-{number}")
        scored.append((summary.scored, expected, everything.scored, everything.records))
    return home, release, remembering, forgetting, scored


@pytest.mark.long
@pytest.mark.parametrize("table", TABLES)
def test_a_night_that_remembers_leaves_what_a_full_one_leaves(nights, table) -> None:
    _, _, remembering, forgetting, _ = nights
    assert contents(remembering, table) == contents(forgetting, table)
    assert contents(remembering, table) or table == "block_loss"


def test_the_digest_of_decisions_is_that_of_a_full_run(nights) -> None:
    _, _, remembering, forgetting, _ = nights
    assert decision_digest(remembering) == decision_digest(forgetting)


def test_only_new_and_changed_records_are_answered(nights) -> None:
    *_, scored = nights
    assert [some for some, _, _, _ in scored] == [expected for _, expected, _, _ in scored]
    assert all(full == records for _, _, full, records in scored)


def test_the_world_holds_every_kind_of_answer(nights) -> None:
    _, _, remembering, _, _ = nights
    reasons = {row[0] for row in remembering.execute("SELECT reason FROM link.decision").fetchall()}
    assert {"nik_cocok", "bukti_cukup", "tak_ada_pembanding"} <= reasons
    assert remembering.execute("SELECT count(*) FROM link.change").fetchall()[0][0] > 0


def test_another_policy_answers_everything_again(nights) -> None:
    home, release, remembering, _, _ = nights
    summary = linked(remembering, home, release, "uji-9", review_probability=0.4)
    assert summary.scored == summary.records
    for table in ("register_key", "register_person", "register_known"):
        linked_to = "SELECT count(DISTINCT register_id) FROM link.decision WHERE decision = 'link'"
        assert remembering.execute(f"SELECT count(*) FROM link.{table}").fetchall() == remembering.execute(linked_to).fetchall()


def test_the_basis_names_release_policy_and_model(nights, tmp_path) -> None:
    _, release, _, _, _ = nights
    basis = basis_of(release, CONFIG.person)
    other = tmp_path / "trained.json"
    other.write_text("{}")
    assert basis == basis_of(release, CONFIG.person)
    assert basis_of(None, CONFIG.person).model == basis.model
    assert basis_of(None, CONFIG.person).register != basis.register
    assert basis_of(release, CONFIG.person.model_copy(update={"block_cap": 7})).model != basis.model
    assert basis_of(release, CONFIG.person, other).model != basis.model


def test_a_new_year_of_reference_changes_records_without_a_birth_date_and_those_that_grow_up_in_it(tmp_path) -> None:
    home = home_of(tmp_path)
    release = built(home, crowd(30))
    con = warehouse([record(1, "BUDI HARTONO", "2012-03-03"), record(2, "CITRA LESTARI", None), record(3, "DEWI ANGGRAINI", "2007-12-30")])
    assert linked(con, home, release).scored == 3
    for day, scored in ((dt.date(2026, 12, 31), 0), (dt.date(2027, 1, 1), 2), (dt.date(2027, 6, 1), 0)):
        con.execute("UPDATE intermediate.int_person__standardized SET tanggal_acuan = ?", [day])
        assert linked(con, home, release, f"uji-{day}").scored == scored


def test_neither_a_night_nor_a_reviewers_page_reads_a_view_of_the_whole_register(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home")
    release = built(home, [child(1, "BUDI SANTOSO", "2012-05-17"), child(2, "SITI AMINAH", "2013-04-19"), *crowd(60)])
    release.path.chmod(0o600)
    with duckdb.connect(str(release.path)) as con:
        for view in ("person", "attribute"):
            columns = [row[0] for row in con.execute(f"DESCRIBE {view}").fetchall()]
            broken = ", ".join(f"error('all of it')::{'INTEGER' if c.endswith('_no') else 'VARCHAR'} AS {c}" for c in columns)
            con.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT {broken} FROM person_row")
    con = warehouse([record(1, "BUDI SANTOSO", "2012-05-17"), record(2, "SITI AMINAH", "2013-04-19")])
    linked(con, home, release)
    named = con.execute("SELECT record_id, register_id FROM link.decision WHERE register_id IS NOT NULL ORDER BY 1").fetchall()
    assert len(named) == 2
    con.execute("CREATE SCHEMA IF NOT EXISTS codes")
    con.execute("CREATE TABLE IF NOT EXISTS codes.codes_wilayah (kode VARCHAR, nama VARCHAR, kode_induk VARCHAR, tingkat VARCHAR)")
    con.execute("CREATE TABLE IF NOT EXISTS codes.codes_hubungan_kepala (kode VARCHAR, nama VARCHAR)")
    sides = sides_of(con, release.path, [("k1", *named[0], None)])["k1"]
    assert sides.candidate.cells[0] == sides.record.cells[0] == "BUDI SANTOSO"
    assert [member.name for member in around(con, release.path, *named[0]).family if member.asked_about] == ["BUDI SANTOSO"]
