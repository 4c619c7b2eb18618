"""The night's own answer, asked from elsewhere: over any table of records, and with persons that a record may not be given."""

from __future__ import annotations

import pytest
from linkage_world import CONFIG, built, child, crowd, home_of, record, warehouse

from padan.linkage.answering import answer
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records, register_size
from padan.linkage.workspace import REGISTER, workspace

TARGET = child(1, "YUSUF HABIBIE", "2013-04-19", nama_ibu="RAHAYU NINGSIH")
SISTER = child(1, "YUSRINA HABIBIE", "2015-01-30", nik="3273017001150002", jenis_kelamin="2", nama_ibu="RAHAYU NINGSIH")
ITSELF = f"SELECT rec_no, person_no FROM record JOIN {REGISTER}.person p ON p.nik = '{TARGET['nik']}'"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return built(home_of(tmp_path_factory.mktemp("register") / "home"), [TARGET, SISTER, *crowd(200)])


def answered(release, row: dict, apart: str | None = None) -> tuple[str, str | None, int]:
    """Decision, NIK of the best candidate, and how often the person of TARGET is a candidate."""
    with workspace(warehouse([row]), release.path) as (work, catalog):
        work.execute(f"CREATE TABLE twin AS SELECT * FROM {catalog}.intermediate.int_person__standardized")
        work.execute(f"DELETE FROM {catalog}.intermediate.int_person__standardized")
        prepare_records(work, catalog, source="twin")
        answer(work, CONFIG.person, PERSON_V1.load(), register_size(work), lambda step, rows: None, apart=apart)
        return work.execute(
            f"""SELECT d.decision, p.nik, (SELECT count(*) FROM pair JOIN {REGISTER}.person USING (person_no) WHERE nik = ?)
            FROM decided d LEFT JOIN {REGISTER}.person p USING (person_no)""",
            [TARGET["nik"]],
        ).fetchall()[0]


def test_records_of_a_table_of_ones_own_are_answered_like_the_nights(release) -> None:
    row = record(1, "YUSUF HABIBIE", "2013-04-19", nama_ibu="RAHAYU NINGSIH")
    assert answered(release, row) == ("link", TARGET["nik"], 1)


def test_a_person_set_apart_is_no_candidate_and_the_record_looks_at_everyone_else(release) -> None:
    row = record(1, "YUSUF HABIBIE", "2013-04-19", nik=TARGET["nik"], no_kk=TARGET["no_kk"])
    assert answered(release, row) == ("link", TARGET["nik"], 1)
    decision, best, times = answered(release, row, ITSELF)
    assert (decision == "link", times) == (False, 0)
    assert best == SISTER["nik"]  # found by the family, although its own NIK had named a person
