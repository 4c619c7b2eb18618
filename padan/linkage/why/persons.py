"""A person record against the register: scored again as the night did, and against a person whom the night never compared it with."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import duckdb

from padan.config import PersonPolicy
from padan.errors import InputRefused
from padan.linkage.candidates import find_candidates
from padan.linkage.chosen import prepare_register
from padan.linkage.decision import member_bits, member_parts, weigh
from padan.linkage.model import Probabilities
from padan.linkage.person_v1.definition import PERSON_V1
from padan.linkage.records import prepare_records
from padan.linkage.rules import RULES
from padan.linkage.rulings import read_rulings
from padan.linkage.scoring import score_pairs
from padan.linkage.screen import NEGLIGIBLE, screen_for
from padan.linkage.why.answer import Candidate, Keys, Pair
from padan.linkage.why.keys import OF_REGISTER, keys_of
from padan.linkage.why.pairs import evidence, fetch
from padan.linkage.workspace import REGISTER
from padan.warehouse import count_rows

SIDES = ("record_model", "register_model")
#: Said of a pair that was found, and screened before it was scored.
SCREENED = (
    f"sekunci, tetapi disaring sebelum dinilai: dengan semua bukti yang mungkin pun peluangnya di bawah 1 banding {round(1 / NEGLIGIBLE):,}"
)
#: Said of a pair with common keys that the night did not look for, by what settled the record.
SETTLED = {
    "nik": "tidak dibandingkan: NIK catatan ini sudah dipastikan oleh nama dan tanggal lahir, jadi tidak ada orang lain yang dicari",
    "keluarga": "tidak dibandingkan: satu anggota keluarganya (menurut KK atau NIK wali) bernama dan bertanggal lahir persis sama, jadi "
    "tidak ada orang lain yang dicari",
}
_APART = "SELECT r.rec_no, a.person_no FROM ruled_apart a JOIN record r USING (record_id)"


@dataclass(frozen=True)
class AgainstRegister:
    """What the register says of one record: its candidates (the best ones), how many there were, one pair in full, its keys."""

    candidates: tuple[Candidate, ...]
    compared: int
    pair: Pair | None
    keys: tuple[Keys, ...]


@dataclass(frozen=True)
class Model:
    """The person model over a register of `size` persons, under a policy."""

    policy: PersonPolicy
    trained: Probabilities
    size: int

    @property
    def prior(self) -> float:
        """Chance that a record drawn at random is a register person drawn at random."""
        return self.policy.register_coverage / self.size

    @property
    def prior_bits(self) -> float:
        """The same as log2 odds."""
        return math.log2(self.prior / (1 - self.prior))


def prepare(work: duckdb.DuckDBPyConnection, warehouse: str) -> None:
    """The model tables of the case's records, each with the generation that its whole feed tells, and the rulings in force."""
    work.execute(f"CREATE TABLE generation AS SELECT * FROM {warehouse}.main.feed_generation")
    prepare_records(work, warehouse)
    read_rulings(work, warehouse, has_register=True)


def number_of(work: duckdb.DuckDBPyConnection, record_id: str) -> int:
    """The number that a record has in this workspace."""
    return int(work.execute("SELECT rec_no FROM record WHERE record_id = ?", [record_id]).fetchall()[0][0])


def against_register(
    work: duckdb.DuckDBPyConnection, rec_no: int, register_id: str | None, model: Model, kept: int, *, reveal: bool
) -> AgainstRegister:
    """Compare record `rec_no` as the night does, and with `register_id` whether or not the night would.

    Raises:
        InputRefused: the release holds no such person.
    """
    asked = None if register_id is None else _person_number(work, register_id)
    find_candidates(work, model.policy.block_cap, _APART, screen=screen_for(model.policy, model.trained, model.size))
    for table in ("pair", "hopeless"):
        work.execute(f"DELETE FROM {table} WHERE rec_no <> ?", [rec_no])
    compared = count_rows(work, "pair") + count_rows(work, "hopeless")
    settled = work.execute("SELECT known_by FROM settled WHERE rec_no = ?", [rec_no]).fetchone()
    if asked is not None:
        work.execute("INSERT INTO pair SELECT ?, ?, 0 WHERE ? NOT IN (SELECT person_no FROM pair)", [rec_no, asked, asked])
    rows = _weighed(work, model)
    row = next((r for r in rows if r["person_no"] == asked), rows[0] if rows and asked is None else None)
    if row is not None:
        work.execute(OF_REGISTER.format(number=row["person_no"]))
    keys = keys_of(work, rec_no, row["person_no"] if row else None, reveal=reveal)
    screened = asked is not None and bool(work.execute("SELECT 1 FROM hopeless WHERE person_no = ?", [asked]).fetchall())
    missed = SCREENED if screened else SETTLED[settled[0]] if settled else None
    pair = _pair(work, rows, row, keys, model, missed, reveal=reveal) if row else None
    best = tuple(_candidate(r, i) for i, r in enumerate((r for r in rows if r["rules"]), 1))[:kept]
    return AgainstRegister(best, compared, pair, keys)


def _person_number(work: duckdb.DuckDBPyConnection, register_id: str) -> int:
    # an id that ends in the person's number is found by it: the register is long
    number = re.fullmatch(r"D\d{8}-(\d{1,9})", register_id)
    where = f"person_no = {int(number[1])} AND register_id = ?" if number else "register_id = ?"
    found = work.execute(f"SELECT person_no FROM {REGISTER}.person WHERE {where}", [register_id]).fetchall()
    if not found:
        raise InputRefused(
            "pembanding_tidak_ada",
            "pembanding itu bukan catatan, dan tidak ada di rilis DTSEN malam itu.",
            todo="Sebut record_id, lembaga/feed:baris, atau register_id dari rilis yang berlaku.",
        )
    return int(found[0][0])


def _weighed(work: duckdb.DuckDBPyConnection, model: Model) -> list[dict[str, Any]]:
    """Every pair scored and weighed, best first, with the bits of each comparison that prove the member."""
    prepare_register(work)
    work.execute("CREATE TABLE candidate AS SELECT rec_no AS l, person_no AS r FROM pair")
    score_pairs(work, PERSON_V1, model.trained, SIDES, "candidate", "scored", size=model.size, prior=model.prior)
    weigh(work, "scored", model.size, model.policy)
    members = ", ".join(f"{sql} AS member_{name}" for name, sql in member_parts().items())
    return fetch(
        work,
        f"""SELECT w.*, w.rec_no AS l, w.person_no AS r, {members}, {member_bits()} AS all_member, p.rules
        FROM weighed w JOIN pair p ON p.rec_no = w.rec_no AND p.person_no = w.person_no ORDER BY rank""",
    )


def _candidate(row: dict[str, Any], rank: int) -> Candidate:
    return Candidate(row["register_id"], rank, row["weight"], row["probability"], _rules(row["rules"]))


def _rules(mask: int) -> tuple[str, ...]:
    return tuple(rule.name for bit, rule in enumerate(RULES) if mask & 1 << bit)


def _pair(
    work: duckdb.DuckDBPyConnection,
    rows: list[dict[str, Any]],
    row: dict[str, Any],
    keys: tuple[Keys, ...],
    model: Model,
    missed: str | None,
    *,
    reveal: bool,
) -> Pair:
    found = evidence(work, PERSON_V1, PERSON_V1.weights(model.trained, model.size), row, SIDES, reveal=reveal)
    others = [r["weight"] for r in rows if r is not row and r["rules"]]
    compared = row["rules"] != 0
    return Pair(
        other=row["register_id"],
        kind="register",
        compared=compared,
        not_compared=None if compared else why_not(keys, model.policy.block_cap, missed),
        rules=_rules(row["rules"]),
        prior=model.prior_bits,
        evidence=found,
        match_weight=row["weight"],
        member_bits=row["all_member"],
        shares=_shares(rows, row),
        margin=row["weight"] - max(others) if others else None,
    )


def _shares(rows: list[dict[str, Any]], row: dict[str, Any]) -> dict[str, float]:
    """The posterior over this person, the other candidates, a relative whom the register lacks, and nobody it holds."""
    relative, likely = (sum(r[kind] for r in rows) for kind in ("relative", "likely"))
    whole = rows[0]["likely"] / rows[0]["probability"]
    return {
        "this": row["likely"] / whole,
        "other_candidates": (likely - row["likely"]) / whole,
        "relative": relative / whole,
        "nobody": max(0.0, 1 - (likely + relative) / whole),
    }


def why_not(keys: tuple[Keys, ...], block_cap: int, missed: str | None) -> str:
    """Why the night does not compare two sides with these keys; `missed`: why not although they have common ones, where that is known."""
    common = [k for k in keys if k.common]
    if not common:
        return "tidak pernah dibandingkan: tidak ada kunci bersama"
    if missed:
        return missed
    searched = [k for k in common if k.indexed]
    if not searched:
        return f"tidak dibandingkan: rilis sebesar ini tidak berdaftar kunci untuk {_titles(common)}"
    if all(k.dropped for k in searched):
        return f"tidak dibandingkan: blok kuncinya lebih besar dari batas {block_cap:,} orang ({_titles(searched)})"
    if all(k.screened or k.dropped for k in searched):
        return f"tidak dibandingkan: sekunci ({_titles(searched)}), tetapi di rilis sebesar ini hanya nama yang mirip yang dibandingkan"
    return f"tidak dibandingkan: sekunci ({_titles(searched)}), tetapi peninjau menyatakan keduanya orang yang berbeda"


def _titles(keys: list[Keys]) -> str:
    return ", ".join(k.title for k in keys)
