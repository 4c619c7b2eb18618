"""A tenth of the queue, the first of it, finds at least half of what reading all of it would: judged by the truth, linked again."""

from __future__ import annotations

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

# Whether a case's record is its register person, by the truth; how a ruling names that person.
_JUDGED = f"""
SELECT c.record_id, coalesce(p.nik = t.register_nik, false) AS same, p.nik, f.id_keluarga, p.tanggal_lahir, name_sorted(p.nama)
FROM {{warehouse}}.review.case c JOIN {{warehouse}}.grade.truth t USING (record_id)
JOIN {REGISTER}.person p ON p.person_no = CAST(split_part(c.register_id, '-', 2) AS INTEGER) JOIN {REGISTER}.family f USING (keluarga_no)
ORDER BY c.priority DESC, c.case_id LIMIT {{first}}"""

# A record is found when it, or another record of the same person_id, is linked to the register person that it truly is.
_FOUND = """
WITH one AS (
    SELECT DISTINCT d.person_id, k.nik FROM link.decision d JOIN link.register_key k USING (register_id) WHERE d.decision = 'link')
SELECT count(*) FROM link.decision d JOIN grade.truth t USING (record_id)
WHERE t.in_dtsen AND EXISTS (SELECT 1 FROM one WHERE one.person_id = d.person_id AND one.nik = t.register_nik)"""


def found_after(sample: Sample, share: float) -> tuple[int, int, int]:
    """Records found when this share of the queue, the first of it, was ruled by the truth; how many cases those are, of how many."""
    config = load_linkage(CONFIG)
    with opened(sample) as (con, release):
        link_persons(con, sample.home, release, config, "uji-1", b"bench" * 8)
        queue = build_queue(con, lambda *ids: "K-" + "-".join(ids), AS_OF, "uji-1")
        with workspace(con, release.path) as (work, warehouse):
            judged = work.execute(_JUDGED.format(warehouse=warehouse, first=round(queue * share))).fetchall()
        for record, same, *subject in judged:
            record_ruling(con, "same" if same else "different", record, RegisterSubject(*subject), by="kebenaran", reason="uji")
        link_persons(con, sample.home, release, config, "uji-2", b"bench" * 8)
        return int(con.execute(_FOUND).fetchall()[0][0]), len(judged), queue


@pytest.mark.long
@pytest.mark.parametrize("model", ["pindaian", "daerah"])
def test_the_first_tenth_of_the_queue_finds_half_of_what_all_of_it_would(
    model: str, tmp_path_factory: pytest.TempPathFactory, figures: Figures
) -> None:
    base = synthetic(tmp_path_factory.getbasetemp() / "tinjauan", "tanpa", 30_000, 41)
    sample = spoilt(base, model, tmp_path_factory.mktemp(model))
    before, _, queue = found_after(sample, 0.0)
    tenth, read, _ = found_after(sample, 0.1)
    whole, _, _ = found_after(sample, 1.0)
    print(f"{model}: antrean {queue}, dibaca {read}; ditemukan {before} -> {tenth} -> {whole}")
    assert queue >= 50 and whole > before
    figures.least(f"share of the gain that the first tenth of the queue brings, {model}", "0.5", (tenth - before) / (whole - before))
    assert tenth - before >= 0.5 * (whole - before)
