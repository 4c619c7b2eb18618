"""The night's accuracy without clerks: probes of known answer, asked exactly as the night asks, in a workspace of their own.

Belongs here: asking, and counting the answers. Does not belong here: how probes are made (probes), what follows from the
counts (estimates), what they may be (padan.quality.accuracy).
"""

from __future__ import annotations

import duckdb

from padan.config import LinkageConfig, PersonPolicy
from padan.linkage.answering import answer
from padan.linkage.decision import ABSENT_IN_LISTED_FAMILY, decide, weigh
from padan.linkage.estimates import Counts, Figure, Tallies, Tally, figures, held_shares
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.probes import LIKENESS, PROVEN, draw_probes
from padan.linkage.records import GENERATION, prepare_records, register_size
from padan.linkage.workspace import workspace
from padan.register.release import Release
from padan.register.views import words_sql

#: By what the figures are broken down: the person as the register has it, the record's name, feed and NIK.
GROUPS = ("nik", "feed", "umur", "kelamin", "provinsi", "disabilitas", "kata_nama")

# The whole night's feeds say of whom each is, not the few records that are asked.
_GENERATION = (
    "CREATE VIEW record AS FROM {warehouse}.intermediate.int_person__standardized",
    f"CREATE TABLE generation AS {GENERATION}",
    "DROP VIEW record",
)

_TRUTH = f"""
CREATE TABLE truth AS
SELECT r.rec_no, m.probe_no, o.person_no, o.keluarga_no,
    (md5_number_lower('keluarga' || m.lot) % 1000) / 1000 < {ABSENT_IN_LISTED_FAMILY} AS family_listed
FROM record r JOIN matched m ON m.probe_no = r.source_row JOIN own o USING (donor_id)
"""

# The names of a family as if the register lacked the person: else its own name would be its kin's.
_FAMILY_WORDS = """
INSERT INTO family_word SELECT c.person_no, flatten(list({words})) FROM own_family c JOIN own_family p USING (keluarga_no) {joins}
WHERE p.person_no <> c.person_no AND p.person_no NOT IN (SELECT person_no FROM own) AND p.nama IS NOT NULL GROUP BY 1
"""

# Without the person; and of those whose family is not listed, without the family.
_OTHERS = """(SELECT s.* FROM scored s JOIN truth t ON t.rec_no = s.l JOIN chosen c ON c.person_no = s.r
    WHERE s.r <> t.person_no AND (t.family_listed OR c.keluarga_no <> t.keluarga_no))"""

_AGE = "date_sub('year', r.tanggal_lahir, p.tanggal_acuan)"

_ASKED = f"""
CREATE TABLE asked AS
SELECT m.donor_id, m.feed, m.kelas AS nik, m.weight, m.weight * d.absent_weight AS absent_weight,
    w.decision = 'link' AND w.person_no = t.person_no AS found, w.decision = 'link' AND w.person_no <> t.person_no AS wrong,
    x.decision = 'link' AS decoy, r.jenis_kelamin AS kelamin, left(r.kode_kabupaten, 2) AS provinsi,
    CASE WHEN {_AGE} <= 5 THEN '0-5' WHEN {_AGE} <= 11 THEN '6-11' WHEN {_AGE} <= 14 THEN '12-14' WHEN {_AGE} <= 17 THEN '15-17'
        WHEN {_AGE} > 17 THEN '18+' END AS umur,
    {LIKENESS.format(pair="v")} AS likeness, CASE r.disabilitas WHEN '1' THEN 'YA' WHEN '0' THEN 'TIDAK' END AS disabilitas,
    CASE WHEN contains(trim(p.nama), ' ') THEN 'lebih dari satu' WHEN p.nama IS NOT NULL THEN 'satu' END AS kata_nama
FROM matched m JOIN damage d USING (probe_no) JOIN truth t USING (probe_no) JOIN twin w USING (rec_no) JOIN decided x USING (rec_no)
JOIN probe p ON p.source_row = m.probe_no
LEFT JOIN scored v ON v.l = t.rec_no AND v.r = t.person_no
LEFT JOIN {{warehouse}}.link.register_person r USING (register_id)
"""

# A probe whose record made others too is worth less than one of its own.
_TALLIES = """
WITH weighed AS (
    SELECT a.*, a.weight * h.share AS twin_weight, a.absent_weight * (1 - h.share) AS decoy_weight
    FROM asked a JOIN held h USING (feed, nik)),
grouped AS (SELECT *, unnest({groups}) AS g FROM weighed),
said AS (
    SELECT donor_id, g, unnest([{{'outcome': 'found', 'hit': found, 'weight': twin_weight}},
        {{'outcome': 'wrong', 'hit': wrong, 'weight': twin_weight}}, {{'outcome': 'decoy', 'hit': decoy, 'weight': decoy_weight}}]) AS s
    FROM grouped WHERE g.value IS NOT NULL),
by_donor AS (
    SELECT s.outcome, g.kind, g.value, donor_id, count(*) AS asked, count(*) FILTER (s.hit) AS hits, sum(s.weight) AS weight,
        coalesce(sum(s.weight) FILTER (s.hit), 0) AS hit_weight
    FROM said GROUP BY ALL)
SELECT outcome, kind, value, CAST(sum(asked) AS BIGINT), CAST(sum(hits) AS BIGINT), round(sum(hit_weight) / sum(weight), 9),
    round(sum(weight) * sum(weight) / sum(weight * weight), 6), round(sum(weight), 6)
FROM by_donor GROUP BY ALL ORDER BY ALL
"""


def evaluate(con: duckdb.DuckDBPyConnection, release: Release | None, config: LinkageConfig) -> list[Figure]:
    """Recall, precision and false links of the decisions in schema `link` against `release`, which must be the night's.

    Nothing is written to the warehouse. Empty without a release, without probes in the settings, or when no NIK proved any record.
    """
    if release is None or not config.evaluation.probes:
        return []
    with workspace(con, release.path) as (work, warehouse):
        if not draw_probes(work, warehouse, config.evaluation):
            return []
        _ask(work, warehouse, config.person)
        return figures(*_count(work), _links(work), groups=GROUPS)


def _ask(con: duckdb.DuckDBPyConnection, warehouse: str, policy: PersonPolicy) -> None:
    """Make `asked`: each probe with what the night answers, with its person in the register (`found`, `wrong`) and without (`decoy`)."""
    for sql in _GENERATION:
        con.execute(sql.format(warehouse=warehouse))
    prepare_records(con, warehouse, source="probe")
    size = register_size(con)
    answer(con, policy, PERSON_V1.load(), size, lambda step, rows: None)
    con.execute(_TRUTH)
    con.execute("CREATE TABLE twin AS SELECT rec_no, decision, person_no FROM decided")
    joins, words = words_sql("p.nama", "word_bits_of", "own_family")
    con.execute("DELETE FROM family_word WHERE person_no IN (SELECT person_no FROM own_family)")
    con.execute(_FAMILY_WORDS.format(words=words.format(key="kata.l"), joins=joins))
    weigh(con, _OTHERS, size, policy)
    decide(con, policy)
    con.execute(_ASKED.format(warehouse=warehouse))


def _count(con: duckdb.DuckDBPyConnection) -> tuple[Counts, Tallies]:
    """The night's records and links by (feed, class), and the tallies by (outcome, group, value)."""
    rows = con.execute("SELECT feed, kelas, count(*), count(*) FILTER (linked) FROM night GROUP BY ALL ORDER BY ALL").fetchall()
    counts = {(feed, kelas): (records, links) for feed, kelas, records, links in rows}
    con.execute("CREATE TABLE held AS SELECT DISTINCT feed, kelas AS nik, CAST(0.5 AS DOUBLE) AS share FROM night")
    shares = held_shares(counts, _tallies(con, ("sel", "nik")))
    for (feed, kelas), share in shares.items():
        con.execute("UPDATE held SET share = ? WHERE feed = ? AND nik = ?", [share, feed, kelas])
    return counts, _tallies(con, ("semua", "sel", "kemiripan", *GROUPS))


def _links(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """The night's links without proof by (class, likeness)."""
    rows = con.execute(
        f"""SELECT kelas, likeness, count(*) FROM night WHERE linked AND kelas <> '{PROVEN}' AND likeness IS NOT NULL
        GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    return {(kelas, likeness): n for kelas, likeness, n in rows}


def _tallies(con: duckdb.DuckDBPyConnection, kinds: tuple[str, ...]) -> Tallies:
    made = {"semua": "'semua'", "sel": "feed || ' ' || nik", "kemiripan": "nik || ' ' || likeness"}
    groups = ", ".join(f"{{'kind': '{kind}', 'value': {made.get(kind, kind)}}}" for kind in kinds)
    rows = con.execute(_TALLIES.format(groups=f"[{groups}]")).fetchall()
    return {(outcome, kind, value): Tally(*counted) for outcome, kind, value, *counted in rows}
