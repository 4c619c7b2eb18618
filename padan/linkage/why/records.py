"""Two records against each other: are they one person, as the night asks where the register answers nothing?"""

from __future__ import annotations

import math
from dataclasses import replace

import duckdb

from padan.linkage.decision import member_bits, member_parts
from padan.linkage.entities import SIBLING_RECORDS
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.record_pairs import RECORD_BLOCK_CAP
from padan.linkage.scoring import score_pairs
from padan.linkage.siblings import prepare_siblings
from padan.linkage.why.answer import Decided, Keys, Pair
from padan.linkage.why.keys import keys_of
from padan.linkage.why.pairs import evidence, fetch
from padan.linkage.why.persons import Model

SIDES = ("record_model", "record_model")

#: SELECT of records in the columns of the register's `person`, so that the register's own posting lists give their keys.
AS_REGISTER = """
SELECT r.rec_no AS person_no, r.nik, r.no_kk, f.keluarga AS keluarga_no, n.strict AS nama, n.loose AS nama_longgar, r.tanggal_lahir,
    coalesce(r.kode_kecamatan, r.kode_kabupaten || '.00') AS kode_kecamatan, i.strict AS ibu, i.loose AS ibu_longgar
FROM record r LEFT JOIN record_family f USING (rec_no) LEFT JOIN record_nama n ON n.id = r.rec_no LEFT JOIN record_ibu i ON i.id = r.rec_no
"""


def against_record(
    work: duckdb.DuckDBPyConnection, numbers: tuple[int, int], decided: tuple[Decided, Decided], model: Model, records: int, *, reveal: bool
) -> tuple[Pair, tuple[Keys, ...]]:
    """Score the records `numbers`; the prior is that of a night of `records` records."""
    prior = 1 / max(records, 2)
    left, right = sorted(numbers)
    work.execute(f"CREATE TABLE record_pair AS SELECT CAST({left} AS INTEGER) AS l, CAST({right} AS INTEGER) AS r")
    score_pairs(work, PERSON_V1, model.trained, SIDES, "record_pair", "record_scored", size=model.size, prior=prior)
    prepare_siblings(work, model.trained)
    members = ", ".join(f"{sql} AS member_{name}" for name, sql in member_parts().items())
    row = fetch(
        work,
        f"SELECT *, {members}, {member_bits()} AS all_member FROM (SELECT *, false AS family_words, false AS parental FROM record_scored)",
    )[0]
    found = evidence(work, PERSON_V1, PERSON_V1.weights(model.trained, model.size), row, SIDES, reveal=reveal)
    if numbers[0] != left:
        found = tuple(replace(one, values=(one.values[1], one.values[0])) for one in found)
    keys = _keys(work, numbers, reveal=reveal)
    not_compared = _why_not(keys, decided)
    pair = Pair(
        other=decided[1].record_id,
        kind="record",
        compared=not_compared is None,
        not_compared=not_compared,
        rules=tuple(k.rule for k in keys if k.common),
        prior=math.log2(prior / (1 - prior)),
        evidence=found,
        match_weight=row["weight"],
        member_bits=row["all_member"],
        shares=_shares(row["weight"], row["all_member"]),
        margin=None,
    )
    return pair, keys


def _keys(work: duckdb.DuckDBPyConnection, numbers: tuple[int, int], *, reveal: bool) -> tuple[Keys, ...]:
    work.execute(f"CREATE OR REPLACE TABLE person AS {AS_REGISTER}")
    work.execute("CREATE OR REPLACE TABLE block_loss (rec_no INTEGER, rule VARCHAR, block_size BIGINT, lost BOOLEAN)")
    return tuple(replace(k, indexed=True, screened=False) for k in keys_of(work, numbers[0], numbers[1], reveal=reveal))


def _why_not(keys: tuple[Keys, ...], decided: tuple[Decided, Decided]) -> str | None:
    if all(one.decision == "link" for one in decided):
        return "tidak dibandingkan: keduanya tertaut ke register, jadi baris register yang menentukan orangnya"
    if not any(k.common for k in keys):
        return "tidak pernah dibandingkan: tidak ada kunci bersama"
    return None


def _shares(weight: float, member: float) -> dict[str, float]:
    """The posterior over the same person, a brother or sister, and someone else."""
    same, relative = 2.0**weight, SIBLING_RECORDS * 2.0 ** (weight - member)
    whole = same + relative + 1
    return {"this": same / whole, "relative": relative / whole, "nobody": 1 / whole}


#: What must be said of a pair of records: sizes of blocks among records are not counted again.
CAP_NOTE = f"Kunci di antara catatan dipakai hanya bila dimiliki paling banyak {RECORD_BLOCK_CAP} catatan; di sini tidak dihitung ulang."
