"""Persons whom one release of the register holds twice: register persons against each other, by the same lists, model and weights.

A list of pairs is what comes of it, for the register's owner to look at; nothing of PADAN is changed by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from padan.config import PersonPolicy
from padan.linkage.chosen import prepare_register
from padan.linkage.decision import member_bits
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import register_size
from padan.linkage.rules import RULES
from padan.linkage.siblings import prepare_siblings
from padan.linkage.spark.candidates import export_postings, keep, show_posting
from padan.linkage.spark.engine import Cluster
from padan.linkage.spark.exchange import copy_out, read_in

#: Lists that bring families together, which says nothing of one person.
OF_FAMILIES = ("kk", "keluarga", "ibu_tempat")

#: Persons a key: pairs grow with its square, and who is held twice shares rarer keys too.
BLOCK_CAP = 50

#: Share of persons that a register holds twice: one NIK in a thousand was there twice in DTKS 2020.
HELD_TWICE = 0.001

#: Brothers and sisters a person is compared with.
SIBLINGS = 2.0

_PAIR = """
SELECT a.person_no AS l, b.person_no AS r FROM (SELECT key FROM posting_{name} GROUP BY key HAVING count(*) BETWEEN 2 AND {cap}) k
JOIN posting_{name} a ON a.key = k.key JOIN posting_{name} b ON b.key = k.key AND a.person_no < b.person_no AND (a.tanda & b.tanda) <> 0
"""

# A register that is unique by NIK holds nobody twice but under two: what two NIK say against a pair is set aside.
_DUPLICATE = """
CREATE OR REPLACE TABLE duplicate AS
SELECT a.register_id, b.register_id AS register_id_lain, a.keluarga_no = b.keluarga_no AS satu_keluarga, s.weight AS match_weight,
    exp2_(s.weight) / (exp2_(s.weight) + 1 + {siblings} * exp2_(s.weight - s.member)) AS match_probability
FROM (SELECT l, r, weight - least(mw_nik, 0) AS weight, {member} - least(mw_nik, 0) AS member
    FROM (SELECT *, false AS family_words, false AS parental FROM register_scored)) s
JOIN chosen a ON a.person_no = s.l JOIN chosen b ON b.person_no = s.r
JOIN register_model one ON one.unique_id = s.l JOIN register_model other ON other.unique_id = s.r
WHERE match_probability >= {least} AND NOT contradicts(one, other)
"""


@dataclass(frozen=True)
class Duplicates:
    """Pairs compared, listed, surely one person, and within one family (of those listed); and the vault's file that lists them."""

    compared: int
    pairs: int
    sure: int
    in_one_family: int
    path: Path


def find_duplicates(
    con: duckdb.DuckDBPyConnection, cluster: Cluster, policy: PersonPolicy, target: Path, cap: int = BLOCK_CAP
) -> Duplicates:
    """Write `target`, a Parquet file of the pairs of register persons that may be one person (the policy's review_probability).

    `con` is a workspace with the release attached. Columns: register_id, register_id_lain, satu_keluarga, match_weight (bits),
    match_probability. Pairs whose NIK, name, birth date or sex contradict each other twice are left out.
    """
    _find_pairs(con, cluster, cap)
    size, trained = register_size(con), PERSON_V1.load()
    con.execute("CREATE OR REPLACE TABLE pair AS SELECT DISTINCT 0 AS rec_no, unnest([l, r]) AS person_no, 0 AS rules FROM register_pair")
    prepare_register(con)
    sides = ("register_model", "register_model")
    cluster.engine.score(con, PERSON_V1, trained, sides, "register_pair", "register_scored", size=size, prior=HELD_TWICE / size)
    prepare_siblings(con, trained)
    con.execute(_DUPLICATE.format(siblings=SIBLINGS / HELD_TWICE, member=member_bits(), least=policy.review_probability))
    copy_out(con, "FROM duplicate ORDER BY round(match_weight, 6) DESC, register_id, register_id_lain", target)
    target.chmod(0o600)
    pairs, sure, near = con.execute(
        "SELECT count(*), count(*) FILTER (match_probability >= ?), count(*) FILTER (satu_keluarga) FROM duplicate",
        [policy.same_person_probability],
    ).fetchall()[0]
    compared = int(con.execute("SELECT count(*) FROM register_pair").fetchall()[0][0])
    return Duplicates(compared=compared, pairs=pairs, sure=sure, in_one_family=near, path=target)


def _find_pairs(con: duckdb.DuckDBPyConnection, cluster: Cluster, cap: int) -> None:
    export_postings(con, cluster.postings)
    names = [
        name for name in sorted({rule.posting for rule in RULES} - set(OF_FAMILIES)) if show_posting(cluster.spark, cluster.postings, name)
    ]
    found = " UNION ALL ".join(_PAIR.format(name=name, cap=cap) for name in names)
    keep(cluster.spark, "register_pair", f"SELECT DISTINCT l, r FROM ({found})", cluster.scratch)
    con.execute(f"CREATE OR REPLACE TABLE register_pair AS FROM {read_in(cluster.scratch / 'register_pair')}")
