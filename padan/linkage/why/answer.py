"""What an explanation says, in numbers and sentences: the shape that the terminal and the JSON both read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Decided:
    """The decision that stands in the warehouse. `subject`: the person_id or institution_id; `target`: the register's row or the LKS."""

    record_id: str
    agency: str
    feed: str
    delivery_date: dt.date
    source_row: int
    entity_type: str
    subject: str
    target: str | None
    decision: str
    method: str
    reason: str
    next_action: str
    match_weight: float | None
    match_probability: float | None
    margin: float | None
    runner_up_weight: float | None
    model_version: str
    policy_version: str
    run_id: str
    explained: str = ""
    records: int = 1


@dataclass(frozen=True)
class Evidence:
    """One comparison of a pair; `values`: both sides, masked or as they are.

    `weight`: bits, of which `rarity` come from how rare the value is; `member`: bits that prove the member of a family and
    not the family (None where there is no family).
    """

    name: str
    title: str
    level: int | None
    level_title: str
    weight: float
    rarity: float
    household: bool
    member: float | None
    values: tuple[str | None, str | None]


@dataclass(frozen=True)
class Keys:
    """How many keys each side has under one blocking rule, and how many are common; `dropped`: size of a block above the cap.

    `indexed`: the release has a list of such keys; `screened`: of those in its list, only like names are compared.
    `record_keys`, `other_keys`: some of the keys themselves, common ones first, since a NIK is its own key: revealed only.
    """

    rule: str
    title: str
    record: int
    other: int | None
    common: int | None
    dropped: int | None = None
    indexed: bool = True
    screened: bool = False
    record_keys: tuple[str, ...] = ()
    other_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """One of those that the record was compared with, best first."""

    other: str
    rank: int
    match_weight: float
    probability: float
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A record and one other: prior + the sum of all weights = match_weight. `shares`: the posterior, which sums to 1.

    `compared`: the night compares them; else `not_compared` says why not, and the numbers are what they would have been.
    `margin`: bits ahead of the best of the others (negative: behind).
    """

    other: str
    kind: str
    compared: bool
    not_compared: str | None
    rules: tuple[str, ...]
    prior: float
    evidence: tuple[Evidence, ...]
    match_weight: float
    member_bits: float | None
    shares: dict[str, float]
    margin: float | None


@dataclass(frozen=True)
class Why:
    """The whole explanation. `register`: the release compared with, and its `size` in persons (or LKS)."""

    decided: Decided
    as_of: dt.date | None
    register: str | None
    size: int
    candidates: tuple[Candidate, ...]
    compared: int
    pair: Pair | None
    keys: tuple[Keys, ...]
    notes: tuple[str, ...]
    revealed: bool

    def to_dict(self) -> dict[str, Any]:
        """The same in plain JSON types."""
        plain: dict[str, Any] = _plain(dataclasses.asdict(self))
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value
