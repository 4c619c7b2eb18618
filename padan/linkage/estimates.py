"""What the answers to the probes say of the night: recall, precision and false links, with intervals.

The share of records whose person the register holds is nowhere written; it follows from how often the night links a
record of a class, and how often it links a twin (held) and a decoy (not held) of that class (Rogan and Gladen).
Does not belong here: asking (evaluation), what an interval is (intervals).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from padan.linkage.intervals import Estimate, total, wilson
from padan.linkage.probes import PROVEN

#: What is counted of the answers, what it measures, and by which probes.
OUTCOMES = (("found", "recall", "twin"), ("wrong", "wrong_link", "twin"), ("decoy", "false_link", "decoy"))
STRATIFIED = "post_stratified"

#: Probes of a feed and class below which its class in all feeds speaks for it.
FEW = 10

#: Probes of the whole class that a few of one likeness are taken together with.
SHRINK = 5.0


@dataclass(frozen=True)
class Tally:
    """`hits` of `asked` probes; `share` of the `records` that they stand for, and `size`, the number of probes that they are worth."""

    asked: int = 0
    hits: int = 0
    share: float = 0.0
    size: float = 0.0
    records: float = 0.0

    @property
    def estimate(self) -> Estimate:
        """The share among those records tonight: Wilson's interval, with their own chance, out to whole records."""
        if not self.size or not self.records:
            return Estimate(0.0, 0.0, 1.0)
        found = wilson(self.share, 1 / (1 / self.size + 1 / self.records))
        low, high = math.floor(found.lower * self.records) / self.records, math.ceil(found.upper * self.records) / self.records
        return Estimate(self.share, max(0.0, low), min(1.0, high))


#: Records and links of the night by (feed, class); tallies by (outcome, group kind, group value).
Counts = Mapping[tuple[str, str], tuple[int, int]]
Tallies = Mapping[tuple[str, str, str], Tally]


@dataclass(frozen=True)
class Figure:
    """One figure of quality.linkage_accuracy: `numerator` of `denominator` probes, or records as estimated (`post_stratified`)."""

    measure: str
    group_kind: str
    group_value: str
    numerator: int
    denominator: int
    estimate: Estimate
    method: str


@dataclass(frozen=True)
class Answers:
    """Of the twins: found, and linked to another; of the decoys: linked to anybody."""

    found: Tally
    wrong: Tally
    decoy: Tally


@dataclass(frozen=True)
class Doubt:
    """Links of a kind that found twins hardly are, as a share of links: `unlike` may be false; `missed` as many more are like them."""

    unlike: float = 0.0
    missed: float = 0.0


@dataclass(frozen=True)
class Stratum:
    """Records of one class that no NIK proves, how many of them link, and what its probes answered.

    `doubt` widens the intervals by what the probes cannot stand for.
    """

    records: int
    links: int
    answers: Answers
    doubt: Doubt = Doubt()

    @property
    def held(self) -> float:
        """Records whose person the register holds."""
        found, wrong, decoy = (t.share for t in (self.answers.found, self.answers.wrong, self.answers.decoy))
        return min(float(self.records), max(0.0, (self.links - self.records * decoy) / max(found + wrong - decoy, 1e-9)))

    @property
    def false(self) -> Estimate:
        """Links to somebody else."""
        held = self.held
        found = total([(held, self.answers.wrong.estimate), (self.records - held, self.answers.decoy.estimate)])
        return Estimate(found.value, max(0.0, found.lower), found.upper + self.doubt.unlike * self.links)

    @property
    def right(self) -> float:
        """Links to the right person."""
        return max(0.0, self.links - self.false.value)

    @property
    def missed(self) -> Estimate:
        """Records whose person the register holds without a right link; no more than all that have none."""
        found, most = self.answers.found.estimate, float(self.records) - self.right
        low, high = (self.right * (1 / share - 1) if share else most for share in (found.upper, found.lower))
        low, high = min(most, low), min(most, high + self.doubt.missed * self.links)
        return Estimate(min(high, max(low, self.held - self.right)), low, high)


def recall(proven: int, strata: Sequence[Stratum]) -> Estimate:
    """Right links among the records whose person the register holds; a NIK that proves is a right link."""
    right = proven + sum(s.right for s in strata)
    missed = _whole(total([(1.0, s.missed) for s in strata]))
    share = [right / (right + n) if right + n > 0 else math.nan for n in (missed.value, missed.upper, missed.lower)]
    return Estimate(*share)


def precision(proven: int, strata: Sequence[Stratum]) -> Estimate:
    """Right links among links."""
    links = proven + sum(s.links for s in strata)
    if not links:
        return Estimate(math.nan, 0.0, 1.0)
    false = _whole(total([(1.0, s.false) for s in strata]))
    return Estimate(*(min(1.0, max(0.0, 1 - n / links)) for n in (false.value, false.upper, false.lower)))


def _whole(records: Estimate) -> Estimate:
    """Bounds out to whole records, since nobody is missed by half."""
    return Estimate(records.value, max(0.0, math.floor(records.lower)), math.ceil(records.upper))


def held_shares(counts: Counts, tallies: Tallies) -> dict[tuple[str, str], float]:
    """Of each feed and class without proof, the share of records whose person the register holds; never quite none nor all."""
    return {cell: min(0.98, max(0.02, s.held / s.records)) for cell, s in _strata(counts, tallies).items()}


def doubts(links: Mapping[tuple[str, str], int], tallies: Tallies) -> dict[str, Doubt]:
    """For each class, how far its links are other than the twins that were found: links by (class, likeness), twins alike."""
    found = {}
    for kelas in sorted({kelas for kelas, _ in links}):
        all_links = sum(n for (of, _), n in links.items() if of == kelas)
        twins = tallies.get(("found", "nik", kelas), Tally())
        unlike = missed = 0.0
        for (of, likeness), n in links.items():
            alike = tallies.get(("found", "kemiripan", f"{kelas} {likeness}"), Tally())
            share = alike.share * alike.records / max(twins.share * twins.records, 1e-9)
            excess = max(0.0, n - all_links * wilson(min(1.0, share), twins.share * twins.size).upper) if of == kelas else 0.0
            often = (alike.share * alike.size + SHRINK * twins.share) / (alike.size + SHRINK)
            unlike, missed = unlike + excess, missed + excess * (1 / max(often, 0.1) - 1)
        found[kelas] = Doubt(unlike / all_links, missed / all_links)
    return found


def figures(counts: Counts, tallies: Tallies, links: Mapping[tuple[str, str], int], groups: Sequence[str]) -> list[Figure]:
    """Every figure of the night.

    Args:
        counts: records and links by (feed, class); of class `cocok` all records are right links.
        tallies: answers by (outcome, group kind, group value), with kinds 'semua', 'sel' (feed and class), 'kemiripan' (class and
            likeness) and `groups`.
        links: links by (class, likeness).
        groups: kinds that twins and decoys are broken down by.
    """
    found = []
    for kind in ("semua", *groups):
        for outcome, measure, method in OUTCOMES:
            values = sorted(value for said, of, value in tallies if (said, of) == (outcome, kind))
            found += [_probed(measure, method, kind, value, tallies[outcome, kind, value]) for value in values]
    classes = sorted({kelas for _, kelas in counts if kelas != PROVEN})
    doubt = doubts(links, tallies)
    whole = [_class(counts, kelas, _answers(tallies, "nik", kelas), doubt.get(kelas, Doubt())) for kelas in classes]
    found.append(_unlike(whole))
    found += _stratified("semua", "semua", sum(n for (_, k), (n, _) in counts.items() if k == PROVEN), whole)
    found += [figure for kelas, s in zip(classes, whole, strict=True) for figure in _stratified("nik", kelas, 0, [s])]
    cells = {cell: replace(s, doubt=doubt.get(cell[1], Doubt())) for cell, s in _strata(counts, tallies).items()}
    for feed in sorted({feed for feed, _ in counts}):
        found += _stratified("feed", feed, counts.get((feed, PROVEN), (0, 0))[0], [s for (of, _), s in cells.items() if of == feed])
    return found


def _strata(counts: Counts, tallies: Tallies) -> dict[tuple[str, str], Stratum]:
    """Each feed and class without proof, with its own answers or, where they are few, those of its class in all feeds."""
    strata = {}
    for (feed, kelas), (records, links) in sorted(counts.items()):
        own = _answers(tallies, "sel", f"{feed} {kelas}")
        if kelas != PROVEN:
            strata[feed, kelas] = Stratum(records, links, own if own.found.asked >= FEW else _answers(tallies, "nik", kelas))
    return strata


def _class(counts: Counts, kelas: str, answers: Answers, doubt: Doubt) -> Stratum:
    """A class in all feeds."""
    rows = [row for (_, of), row in counts.items() if of == kelas]
    return Stratum(sum(n for n, _ in rows), sum(n for _, n in rows), answers, doubt)


def _answers(tallies: Tallies, kind: str, value: str) -> Answers:
    return Answers(*(tallies.get((outcome, kind, value), Tally()) for outcome, _, _ in OUTCOMES))


def _probed(measure: str, method: str, kind: str, value: str, tally: Tally) -> Figure:
    return Figure(measure, kind, value, tally.hits, tally.asked, tally.estimate, method)


def _unlike(strata: Sequence[Stratum]) -> Figure:
    """Of the links without proof, those unlike any found twin: what the other figures cannot speak for."""
    links, unlike = sum(s.links for s in strata), sum(s.links * s.doubt.unlike for s in strata)
    share = unlike / max(links, 1)
    return Figure("unlike", "semua", "semua", round(unlike), links, Estimate(share, share, share), STRATIFIED)


def _stratified(kind: str, value: str, proven: int, strata: Sequence[Stratum]) -> list[Figure]:
    links, right = proven + sum(s.links for s in strata), proven + sum(s.right for s in strata)
    held = right + sum(s.missed.value for s in strata)
    made = [("recall", right, held, recall(proven, strata)), ("precision", right, links, precision(proven, strata))]
    return [Figure(m, kind, value, round(n), round(d), e, STRATIFIED) for m, n, d, e in made if round(d) > 0 and not math.isnan(e.value)]
