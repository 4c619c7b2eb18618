"""What was typed: records of every feed with their truth, kept over the nights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from padan.synth.clerk import Clerk
from padan.synth.dates import Cell
from padan.synth.dice import Dice
from padan.synth.institutions import Institution, Institutions
from padan.synth.population import Person, Population
from padan.synth.profiles import Profile

#: A child in trouble is in several feeds: each of them draws it this many times as often.
TROUBLED_WEIGHT = 5.0
#: How many parents a child has lost.
LOST = {"LENGKAP": 0, "YATIM": 1, "PIATU": 1, "YATIM PIATU": 2}
#: Those whom the register misses are met a little more often.
ABSENT_WEIGHT = 1.2


@dataclass(slots=True, eq=False)
class Record:
    """One row of a feed, by the contract's standard names, and who it is about.

    `known`: the institution that the row names. `twice`: delivered as two rows that differ in their counter only.
    `refused`: the row must be quarantined. `day`: the day of the event, where other records refer to it.
    """

    number: int
    key: str | None
    cells: dict[str, Cell]
    person: Person | None = None
    known: Institution | None = None
    twice: bool = False
    refused: bool = False
    day: dt.date | None = None
    lists: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class World:
    """Everything that exists on a night: people, institutions, and the records of every feed so far.

    `since`: events typed tonight happened from this day on. `residence`: in which home a child lives.
    """

    seed: int
    profile: Profile
    population: Population
    institutions: Institutions
    today: dt.date
    since: dt.date
    records: dict[str, list[Record]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    residence: dict[int, Institution] = field(default_factory=dict)
    enrolled: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)
    registered: set[int] = field(default_factory=set)
    arrived: set[int] = field(default_factory=set)
    inquired: set[int] = field(default_factory=set)

    def next_number(self, feed: str) -> int:
        """Serial of the next record of a feed; never given twice, whatever was withdrawn."""
        self.numbers[feed] = self.numbers.get(feed, 0) + 1
        return self.numbers[feed]

    def dice(self, *topic: object) -> Dice:
        """A stream of chance of tonight."""
        return Dice(self.seed, self.profile.name, self.today, *topic)

    def clerk(self, feed: str, number: int) -> Clerk:
        """Who types the record of that number."""
        return Clerk(self.dice(feed, number), self.profile, feed, self.population.regions, self.today)

    def event_day(self, dice: Dice, *people: Person) -> dt.date:
        """A day since the last night on which all these people were alive."""
        last = self.today - dt.timedelta(days=2)
        return dice.day(min(last, max([self.since, *(p.born + dt.timedelta(days=1) for p in people)])), last)

    def add(
        self, feed: str, number: int, cells: dict[str, Cell], *, key: str | None = None, person: Person | None = None,
        known: Institution | None = None, refused: bool = False,
    ) -> Record:  # fmt: skip
        """Keep a typed row. One in 250 (the third first) will be delivered twice."""
        twice = person is not None and number % 250 == 3 and not refused
        record = Record(number, key, cells, person, known, twice, refused)
        self.of(feed).append(record)
        return record

    def of(self, feed: str) -> list[Record]:
        """The records of a feed that stand tonight."""
        return self.records.setdefault(feed, [])

    def candidates(self, feed: str, youngest: int, oldest: int, orphans: float = 1.0) -> list[Person]:
        """Living people of that age in random order, the poor and the troubled first, without those whom the feed has already."""
        dice, taken = self.dice("candidates", feed), {r.person.number for r in self.records.get(feed, ()) if r.person}
        people: Iterable[Person] = (p for p in self.population.persons if p.alive and youngest <= p.age(self.today) <= oldest)
        order = []
        for person in people:
            weight = (1.3 - 0.08 * person.family.desil) * orphans ** LOST[person.parents]
            if person.troubled and oldest < 18:
                weight *= TROUBLED_WEIGHT
            if not person.in_register:
                weight *= ABSENT_WEIGHT
            order.append((dice.roll() ** (1.0 / weight), person.number, person))
        return [person for _, _, person in sorted(order, reverse=True) if person.number not in taken]
