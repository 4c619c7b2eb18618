"""Whether tonight's linkage still looks like what the model was trained on: candidates, weights, levels and links, by feed.

Belongs here: counting a night, and how far two counts are apart. Does not belong here: how right the links are
(evaluation), whether a delivery looks like the nights before (padan.quality).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from padan.config import DriftLimits
from padan.linkage.model import Model
from padan.linkage.person_v1.definition import PERSON_V1

#: Match weights are counted in bands of this many bits; what lies beyond the ends is in the outermost band.
BAND_BITS, LOWEST_BITS, HIGHEST_BITS = 5, -20, 40

#: Where `padan train` leaves the counts over its training populations, and under which key.
CARD, BASELINE = "card.json", "drift"

#: What is compared, and what an operator reads of it.
KINDS: dict[str, str] = {
    "calon": "Jumlah calon per catatan seperti pada kartu model.",
    "bobot": "Sebaran bobot calon terbaik seperti pada kartu model.",
    "tingkat": "Tingkat kecocokan tiap pembanding pada tautan seperti pada kartu model.",
    "padan": "Bagian catatan yang padan tiap sumber seperti pada kartu model.",
}

Counts = dict[str, int]
Measure = dict[str, Any]

_FEED = "d.agency || '/' || d.feed"

_RECORDS = f"""
SELECT {_FEED}, count(*), coalesce(CAST(sum(c.n) AS BIGINT), 0) FROM link.decision d
LEFT JOIN (SELECT record_id, count(*) AS n FROM link.candidate GROUP BY 1) c USING (record_id) GROUP BY 1"""

_DECISIONS = f"SELECT {_FEED}, decision, count(*) FROM link.decision d GROUP BY ALL"

_WEIGHTS = f"""
SELECT {_FEED}, CAST(least(greatest(floor(round(match_weight, 6) / {BAND_BITS}) * {BAND_BITS}, {LOWEST_BITS}), {HIGHEST_BITS}) AS INTEGER),
    count(*)
FROM link.decision d WHERE isfinite(match_weight) GROUP BY ALL"""

# Combinations of levels are few, and pairs of a nation many: they are read once, not once a comparison.
_LEVELS = f"""
SELECT {_FEED}, {", ".join(f"c.gamma_{c.name} + 1" for c in PERSON_V1.comparisons)}, count(*)
FROM link.decision d JOIN link.candidate c USING (record_id, register_id) WHERE d.decision = 'link' GROUP BY ALL"""


@dataclass(frozen=True)
class Shift:
    """How far tonight is from the card in one respect: `kind` of KINDS, `group` a feed, a comparison or 'semua'."""

    kind: str
    group: str
    value: float
    limit: float

    @property
    def exceeds(self) -> bool:
        """Farther than an ordinary night."""
        return round(self.value, 9) > self.limit


def measure(con: duckdb.DuckDBPyConnection) -> Measure:
    """The night in `link.candidate` and `link.decision`, in counts that JSON can hold.

    `{"feeds": {"agency/feed": {"records", "candidates", "decisions": {decision: n}, "weights": {band: n},
    "levels": {comparison: {level code: n}}}}}`: `candidates` are those kept, at most five a record; `weights` those of
    the best candidate, by lower end of the band in bits; `levels` of linked pairs only. Counts of several nights or
    populations add up (`pool`).
    """
    feeds: dict[str, Any] = {}
    for feed, records, candidates in con.execute(_RECORDS).fetchall():
        feeds[feed] = {"records": records, "candidates": candidates, "decisions": {}, "weights": {}, "levels": {}}
    for part, query in (("decisions", _DECISIONS), ("weights", _WEIGHTS)):
        for feed, value, n in con.execute(query).fetchall():
            feeds[feed][part][str(value)] = n
    for feed, *codes, n in con.execute(_LEVELS).fetchall():
        for comparison, code in zip(PERSON_V1.comparisons, codes, strict=True):
            if code:  # 0 says that one side is empty
                level = feeds[feed]["levels"].setdefault(comparison.name, {})
                level[str(code)] = level.get(str(code), 0) + n
    return {"feeds": _sorted(feeds)}


def pool(measures: Iterable[Measure]) -> Measure:
    """Counts of several nights or populations, added up."""
    total: dict[str, Any] = {}
    for one in measures:
        _add(total, one["feeds"])
    return {"feeds": _sorted(total)}


def read_baseline(model: Model = PERSON_V1, path: Path | None = None) -> Measure | None:
    """What `padan train` counted over its populations; None while the model has no card, or one without counts."""
    card = path or model.trained.with_name(CARD)
    if not card.is_file():
        return None
    found: Measure | None = json.loads(card.read_text()).get(BASELINE)
    return found


def compare(tonight: Measure, baseline: Measure, limits: DriftLimits) -> list[Shift]:
    """Every shift of tonight against the card, large or small.

    Feeds are compared with themselves, and shares over all feeds as if the card had tonight's mix of them: more
    records of one feed are no drift. Feeds that the card lacks, or that have few records tonight, are left out.
    """
    now, then = tonight["feeds"], baseline["feeds"]
    feeds = [feed for feed in sorted(now) if feed in then and then[feed]["records"]]
    large = [feed for feed in feeds if now[feed]["records"] >= limits.minimum_records]
    shifts = [Shift("calon", feed, _ratio(now[feed], then[feed]), limits.candidates) for feed in large]
    shifts += [Shift("padan", feed, abs(_link_rate(now[feed]) - _link_rate(then[feed])), limits.link_rate) for feed in large]
    shifts += _distance("bobot", "semua", [(now[f]["weights"], then[f]["weights"]) for f in feeds], limits)
    for comparison in PERSON_V1.comparisons:
        levels = [(now[f]["levels"].get(comparison.name, {}), then[f]["levels"].get(comparison.name, {})) for f in feeds]
        shifts += _distance("tingkat", comparison.name, levels, limits)
    return shifts


def divergence(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Jensen and Shannon's divergence of two distributions in bits: 0 the same, 1 nothing in common."""
    total = 0.0
    for key in sorted(left.keys() | right.keys()):
        p, q = left.get(key, 0.0), right.get(key, 0.0)
        middle = (p + q) / 2
        total += sum(x * math.log2(x / middle) / 2 for x in (p, q) if x > 0)
    return max(0.0, total)


def _distance(kind: str, group: str, pairs: list[tuple[Counts, Counts]], limits: DriftLimits) -> list[Shift]:
    """One shift over all feeds that both have, the card's weighted as tonight's; none where tonight has few."""
    pairs = [(now, then) for now, then in pairs if now and then]
    size = sum(sum(now.values()) for now, _ in pairs)
    if size < limits.minimum_records:
        return []
    tonight: dict[str, float] = {}
    card: dict[str, float] = {}
    for now, then in pairs:
        share, base = sum(now.values()) / size, sum(then.values())
        for key, n in now.items():
            tonight[key] = tonight.get(key, 0.0) + n / size
        for key, n in then.items():
            card[key] = card.get(key, 0.0) + share * n / base
    return [Shift(kind, group, divergence(tonight, card), limits.divergence)]


def _ratio(now: Mapping[str, Any], then: Mapping[str, Any]) -> float:
    """How many times as many candidates a record, whichever way."""
    few, many = sorted((side["candidates"] + 1) / (side["records"] + 1) for side in (now, then))
    return float(many / few)


def _link_rate(side: Mapping[str, Any]) -> float:
    return float(side["decisions"].get("link", 0) / side["records"])


def _add(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping):
            _add(into.setdefault(key, {}), value)
        else:
            into[key] = into.get(key, 0) + value


def _sorted(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _sorted(value) if isinstance(value, Mapping) else value for key, value in sorted(tree.items())}
