"""What a night says of its own accuracy, against the truth: the intervals hold it as often as they claim, under several error models."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pytest
from invented_cases import Errors, invent, write_cases

from padan.config import EvaluationPolicy, LinkageConfig
from padan.linkage import link_persons
from padan.linkage.estimates import Figure
from padan.linkage.evaluation import GROUPS, evaluate
from padan.linkage.intervals import Estimate
from padan.linkage.probes import PROVEN
from padan.synth.profiles import PROFILES

MODELS = (
    Errors("biasa", PROFILES["biasa"]),
    Errors("ketik", PROFILES["ketik"]),
    Errors("lisan", PROFILES["lisan"]),
    # who writes names and dates badly leaves out the NIK: what is proven by NIK is cleaner than what is asked about
    Errors("kotor", PROFILES["berat"], hides_nik=1.8),
)
PERSONS, RECORDS = 9_000, 2_400
CONFIG = LinkageConfig(policy_version="uji", evaluation=EvaluationPolicy(share=0.4, least_per_feed=20))

TRUTH = """
CREATE TABLE true_record AS
SELECT d.agency || '/' || d.feed AS feed, t.held, d.decision = 'link' AS linked,
    coalesce(d.decision = 'link' AND k.nik = t.nik, false) AS hit,
    CASE WHEN d.decision = 'link' AND (d.method = 'nik' OR c.gamma_nik = 4) THEN 'cocok'
        WHEN s.nik IS NULL THEN 'tanpa' ELSE 'tidak_cocok' END AS nik,
    r.jenis_kelamin AS kelamin, substr(r.kode_kabupaten, 1, 2) AS provinsi,
    CASE r.disabilitas WHEN '1' THEN 'YA' WHEN '0' THEN 'TIDAK' END AS disabilitas,
    CASE WHEN contains(trim(s.nama), ' ') THEN 'lebih dari satu' ELSE 'satu' END AS kata_nama,
    CASE WHEN age <= 5 THEN '0-5' WHEN age <= 11 THEN '6-11' WHEN age <= 14 THEN '12-14' WHEN age <= 17 THEN '15-17' ELSE '18+' END AS umur
FROM (SELECT * FROM truth WHERE NOT held OR regexp_full_match(nik, '0*[1-9][0-9]*')) t
JOIN link.decision d USING (record_id) JOIN intermediate.int_person__standardized s USING (record_id)
LEFT JOIN link.candidate c ON c.record_id = d.record_id AND c.register_id = d.register_id
LEFT JOIN link.register_key k ON k.register_id = d.register_id
LEFT JOIN (SELECT p.nik, a.*, date_sub('year', a.tanggal_lahir, DATE '2026-11-23') AS age
    FROM register.person p JOIN register.attribute a USING (person_no)) r ON r.nik = t.nik
"""


@dataclass(frozen=True)
class Claim:
    """An estimate and what is true."""

    name: str
    estimate: Estimate
    true: float

    @property
    def covered(self) -> bool:
        return self.estimate.lower - 1e-9 <= self.true <= self.estimate.upper + 1e-9


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def claims(tmp_path_factory) -> dict[str, list[Claim]]:
    """For each error model, every figure of a night that stands on five probes or more, with the truth."""
    found = {}
    for seed, errors in enumerate(MODELS, 11):
        population, home, release = invent(tmp_path_factory.mktemp(errors.name) / "home", PERSONS, seed, errors)
        with duckdb.connect(config={"threads": 2}) as con:
            write_cases(con, population, RECORDS, seed, errors)
            link_persons(con, home, release, CONFIG, "uji-1", b"k" * 32)
            figures = evaluate(con, release, CONFIG)
            con.execute(f"ATTACH '{release.path}' AS register (READ_ONLY)")
            con.execute(TRUTH)
            found[errors.name] = list(_claims(con, figures))
        for claim in found[errors.name]:
            mark, e = " " if claim.covered else "!", claim.estimate
            print(f"{errors.name:<6} {mark} {claim.name:<40} {e.value:.4f} [{e.lower:.4f}, {e.upper:.4f}] true {claim.true:.4f}")
    return found


def _claims(con: duckdb.DuckDBPyConnection, figures: list[Figure]):
    by_name = {(f.measure, f.group_kind, f.group_value, f.method): f for f in figures}
    held, linked, hit = con.execute(
        "SELECT count(*) FILTER (held), count(*) FILTER (linked), count(*) FILTER (hit) FROM true_record"
    ).fetchall()[0]
    yield Claim("recall", by_name["recall", "semua", "semua", "post_stratified"].estimate, hit / held)
    yield Claim("precision", by_name["precision", "semua", "semua", "post_stratified"].estimate, hit / linked)
    absent = con.execute("SELECT avg(CAST(linked AS INTEGER)) FROM true_record WHERE NOT held").fetchall()[0][0]
    yield Claim("false_link", by_name["false_link", "semua", "semua", "decoy"].estimate, absent)
    for kind in GROUPS:
        rows = con.execute(
            f"""SELECT {kind}, avg(CAST(hit AS INTEGER)) FROM true_record WHERE nik <> '{PROVEN}' AND held AND {kind} IS NOT NULL
            GROUP BY 1 HAVING count(*) >= 5 ORDER BY 1"""
        ).fetchall()
        for value, share in rows:
            figure = by_name.get(("recall", kind, value, "twin"))
            if figure and figure.denominator >= 5:
                yield Claim(f"recall {kind} {value}", figure.estimate, share)


def test_the_whole_night_is_covered_under_every_error_model(claims) -> None:
    missed = [(model, c.name) for model, made in claims.items() for c in made[:2] if not c.covered]
    assert not missed


def test_groups_are_covered_as_often_as_claimed(claims) -> None:
    """Nominal 95 %; with some 200 figures, a share of 91 % is within three standard deviations of chance."""
    ordinary = [c for model, made in claims.items() if model != "kotor" for c in made]
    assert len(ordinary) >= 90
    assert sum(c.covered for c in ordinary) / len(ordinary) >= 0.91


def test_intervals_are_no_wider_than_they_must_be(claims) -> None:
    """A figure that covers everything says nothing; where the probes are not like the records, it must say less."""
    for made in (made for model, made in claims.items() if model != "kotor"):
        recall, precision = made[0].estimate, made[1].estimate
        assert recall.upper - recall.lower < 0.06
        assert precision.upper - precision.lower < 0.03
    ordinary, doubtful = (claims[model][1].estimate for model in ("lisan", "kotor"))
    assert doubtful.lower < ordinary.lower
