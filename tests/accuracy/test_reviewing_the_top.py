"""What reading the first of the queue finds, of what reading everything would: ruled by the truth, linked again.

The queue itself cannot be cut to a tenth: four of five of its cases are the same person (the band is that sure), each finds one or two
records, so that even a reader who knew the truth would find a tenth with a tenth. Of all records that were not linked and have a
candidate, the queue is that tenth; of those it must find half.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from figures import Figures

from bench.accuracy.heldout import spoilt
from bench.accuracy.linking import opened
from bench.accuracy.samples import AS_OF, Sample, synthetic
from padan.config import load_linkage
from padan.linkage import link_persons
from padan.linkage.workspace import REGISTER, workspace
from padan.review import RegisterSubject, record_ruling
from padan.review.queue import build_queue

CONFIG = Path(__file__).resolve().parents[2] / "config"

# Unlinked records and their best candidate: those of the queue first, in its order, then all others; whether they are the same person, by
# the truth; how a ruling names that person.
_JUDGED = f"""
SELECT b.record_id, coalesce(p.nik = t.register_nik, false) AS same, p.nik, f.id_keluarga, p.tanggal_lahir, name_sorted(p.nama)
FROM {{warehouse}}.link.candidate b JOIN {{warehouse}}.link.decision d USING (record_id) JOIN {{warehouse}}.grade.truth t USING (record_id)
LEFT JOIN {{warehouse}}.review.case c USING (record_id)
JOIN {REGISTER}.person p ON p.person_no = CAST(split_part(b.register_id, '-', 2) AS INTEGER) JOIN {REGISTER}.family f USING (keluarga_no)
WHERE b.rank = 1 AND d.decision <> 'link' ORDER BY c.priority DESC NULLS LAST, b.match_weight DESC, b.record_id"""

# A record is found when it, or another record of the same person_id, is linked to the register person that it truly is.
_FOUND = """
WITH one AS (
    SELECT DISTINCT d.person_id, k.nik FROM link.decision d JOIN link.register_key k USING (register_id) WHERE d.decision = 'link')
SELECT count(*) FROM link.decision d JOIN grade.truth t USING (record_id)
WHERE t.in_dtsen AND EXISTS (SELECT 1 FROM one WHERE one.person_id = d.person_id AND one.nik = t.register_nik)"""


@dataclass(frozen=True)
class Read:
    """Records found when so many were read: of the queue's `queue` cases, and of `unlinked` records that have a candidate."""

    found: int
    queue: int
    unlinked: int


def after_reading(sample: Sample, first: int | None) -> Read:
    """What is found once the first so many unlinked records were ruled on by the truth (None: all), those of the queue before others."""
    config = load_linkage(CONFIG)
    with opened(sample) as (con, release):
        link_persons(con, sample.home, release, config, "uji-1", b"bench" * 8)
        queue = build_queue(con, lambda *ids: "K-" + "-".join(ids), AS_OF, "uji-1")
        with workspace(con, release.path) as (work, warehouse):
            judged = work.execute(_JUDGED.format(warehouse=warehouse)).fetchall()
        for record, same, *subject in judged[:first]:
            record_ruling(con, "same" if same else "different", record, RegisterSubject(*subject), by="kebenaran", reason="uji")
        link_persons(con, sample.home, release, config, "uji-2", b"bench" * 8)
        return Read(int(con.execute(_FOUND).fetchall()[0][0]), queue, len(judged))


@pytest.mark.long
@pytest.mark.parametrize("model", ["pindaian", "daerah"])
def test_a_tenth_of_what_was_not_linked_finds_half_of_what_all_of_it_would(
    model: str, tmp_path_factory: pytest.TempPathFactory, figures: Figures
) -> None:
    base = synthetic(tmp_path_factory.getbasetemp() / "tinjauan", "tanpa", 30_000, 41)
    sample = spoilt(base, model, tmp_path_factory.mktemp(model))
    before = after_reading(sample, 0)
    tenth_of_queue, tenth = after_reading(sample, round(before.queue / 10)), after_reading(sample, round(before.unlinked / 10))
    all_of_queue, everything = after_reading(sample, before.queue), after_reading(sample, None)
    gains = [one.found - before.found for one in (tenth_of_queue, all_of_queue, tenth, everything)]
    print(f"{model}: {before}; sepersepuluh antrean, antrean, sepersepuluh semua, semua: {gains}")
    figures.least(f"found by a tenth of the queue, of what all of it finds ({model})", "-", gains[0] / gains[1])
    figures.least(f"found by a tenth of the unlinked, the first of it, of what all finds ({model})", "0.5", gains[2] / gains[3])
    assert gains[3] > 20 and gains[2] >= 0.5 * gains[3]
    assert gains[0] >= 0.4 * round(before.queue / 10), "harm comes before certainty, and yet of those read first many are found"
