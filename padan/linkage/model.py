"""What a linkage model is: comparisons in levels, each level with two probabilities, handed to Splink as settings.

Belongs here: the vocabulary that person_v1 and institution_v1 are written in. Does not belong here: any comparison of theirs.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

#: Probabilities of every level: comparison → level code → (m, u).
Probabilities = dict[str, dict[int, tuple[float, float]]]

LinkType = Literal["link_only", "dedupe_only"]


@dataclass(frozen=True)
class Level:
    """A level of a comparison: `code` is what the macro gives, `tf` the column whose rarity adjusts its weight."""

    code: int
    name: str
    tf: str | None = None


@dataclass(frozen=True)
class Comparison:
    """A comparison: `null` says when it cannot be made (weight 0), `sql` calls its macro, levels from strongest (n) to weakest (1).

    `household`: agreement shows the family or the place, not which member of it. `per_register`: the u-probability of its
    strongest levels shrinks with the register (level code → chance × register size). `fixed`: u that is known and not counted.
    `among`: random pairs that its u is counted in, where another comparison all but implies it.
    """

    name: str
    title: str
    null: str
    sql: str
    levels: tuple[Level, ...]
    household: bool = False
    per_register: tuple[tuple[int, float], ...] = ()
    fixed: tuple[tuple[int, float], ...] = ()
    among: str = "true"


@dataclass(frozen=True)
class Model:
    """A version of a model: its comparisons and, for each column whose rarity counts, the table (value, expected) that counts it."""

    version: str
    comparisons: tuple[Comparison, ...]
    frequencies: dict[str, str]

    @property
    def trained(self) -> Path:
        """Its probabilities, written by training."""
        return Path(__file__).parent / self.version / "trained.json"

    def load(self, path: Path | None = None) -> Probabilities:
        """Probabilities of every level, as trained."""
        raw = json.loads((path or self.trained).read_text())
        return {name: {int(code): (p["m"], p["u"]) for code, p in levels.items()} for name, levels in raw["comparisons"].items()}

    def weights(self, trained: Probabilities, size: int) -> dict[str, dict[int, float]]:
        """Bits of each level for a register of `size` rows, before the rarity of a value: comparison → level code → log2 m / u."""
        return {
            c.name: {code: math.log2(m / u) for code, (m, u) in _level_probabilities(c, trained[c.name], size).items()}
            for c in self.comparisons
        }

    def settings(self, trained: Probabilities, size: int, prior: float, link_type: LinkType = "link_only") -> Any:
        """Splink settings for a register of `size` rows; `prior` is the chance that two rows drawn at random are the same."""
        from splink import SettingsCreator

        return SettingsCreator(
            link_type=link_type,
            comparisons=[_comparison(c, trained[c.name], size) for c in self.comparisons],
            probability_two_random_records_match=prior,
            retain_matching_columns=True,  # the level reached (gamma) is kept only with them
            retain_intermediate_calculation_columns=True,
        )


def _level_probabilities(comparison: Comparison, trained: dict[int, tuple[float, float]], size: int) -> dict[int, tuple[float, float]]:
    """The (m, u) of each level, with the u that a register of `size` rows or the definition sets."""
    shrinking, fixed = dict(comparison.per_register), dict(comparison.fixed)
    found = {}
    for level in comparison.levels:
        m, u = trained[level.code]
        if level.code in shrinking:
            u = min(0.5, shrinking[level.code] / size)
        found[level.code] = (m, fixed.get(level.code, u))
    return found


def _comparison(comparison: Comparison, trained: dict[int, tuple[float, float]], size: int) -> Any:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    probabilities = _level_probabilities(comparison, trained, size)
    # one expression for all levels, first tested alone: so DuckDB computes it once a pair
    reached = f"(CASE WHEN {comparison.null} THEN NULL ELSE {comparison.sql} END)"
    levels: list[Any] = [cll.CustomLevel(f"{reached} IS NULL", "tidak ada").configure(is_null_level=True)]
    for level in comparison.levels:
        m, u = probabilities[level.code]
        options: dict[str, Any] = {"m_probability": m, "u_probability": u}
        if level.tf:
            options |= {"tf_adjustment_column": level.tf, "disable_tf_exact_match_detection": True}
        levels.append(cll.CustomLevel(f"{reached} = {level.code}", level.name).configure(**options))
    return cl.CustomComparison(output_column_name=comparison.name, comparison_levels=levels)
