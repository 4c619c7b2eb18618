"""The synthetic population: families of fathers, mothers, children and kin, with what the register may say of each.

A `Person` is a human, the same over all feeds and nights; what the register holds of it is beside what is true. Belongs here: who
exists. Not here: who is in a case (roster), what a clerk types (clerk), how the register changes (release).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from padan.synth.dice import Dice, Weighted
from padan.synth.identifiers import Identifiers
from padan.synth.names import family_name, full_name, twin_name
from padan.synth.regions import Regions
from padan.synth.vocabulary import CULTURE, ORIGINS

CHILDREN = Weighted({0: 12.0, 1: 27.0, 2: 31.0, 3: 17.0, 4: 8.0, 5: 3.5, 6: 1.5})
DESIL = Weighted({1: 13.0, 2: 13.0, 3: 12.0, 4: 11.0, 5: 10.0, 6: 9.5, 7: 9.0, 8: 8.5, 9: 7.5, 10: 6.5})
PEOPLES = tuple(ORIGINS)
FAMILY_ABSENT, PERSON_ABSENT, TWINS = 0.06, 0.045, 0.02
#: A child in trouble is met by several agencies; see `World.candidates`.
TROUBLED = 0.12
KEPALA, PASANGAN, ANAK, CUCU, ORANG_TUA, LAIN = 1, 2, 3, 5, 6, 8


@dataclass(slots=True, eq=False)
class Family:
    """A family: what the register's `keluarga` row says, and who is in it."""

    number: int
    id_keluarga: str
    people: str
    kecamatan: str
    no_kk: str
    old_kk: str | None
    desil: int
    alamat: str
    rt: str
    rw: str
    lantai: int
    daya: int
    members: list[Person] = field(default_factory=list, repr=False)

    @property
    def regency(self) -> str:
        """Dotted code of the regency where the family lives."""
        return self.kecamatan[:5]


@dataclass(slots=True, eq=False)
class Person:
    """A human: true name, birth, sex, NIK, parents; and the register's own view (`in_register`, `register_*`)."""

    number: int
    family: Family
    name: str
    sex: str
    born: dt.date
    nik: str
    place: str
    relation: int
    mother: str | None
    father: str | None
    parents: str
    married: int
    in_register: bool
    register_nik: str | None
    register_name: str
    register_born: dt.date
    school: int
    difficulty: tuple[int, int, int, int, int]
    pbi: int
    status: str
    carer: Person | None = None
    alive: bool = True
    troubled: bool = False

    def age(self, day: dt.date) -> int:
        """Age in full years on a day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    @property
    def disabled(self) -> bool:
        """The register's own rule: some activity is impossible or very hard."""
        return min(self.difficulty) <= 2


@dataclass
class Population:
    """All families and persons, in order of birth into the population; `today` is the day it was made for."""

    regions: Regions
    identifiers: Identifiers
    today: dt.date
    families: list[Family] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)

    def family(self, dice: Dice) -> Family:
        """Add an empty family somewhere."""
        regency = dice.draw(self.regions.table)
        number, kecamatan = len(self.families), self.regions.district(dice, regency)
        people = dice.pick(PEOPLES) if dice.hit(0.12) else CULTURE[regency[:2]]
        recorded = dice.day(dt.date(2006, 1, 1), self.today)
        family = Family(
            number=number,
            id_keluarga=f"K-{number:08d}",
            people=people,
            kecamatan=kecamatan,
            no_kk=self.identifiers.kk(dice, kecamatan, recorded),
            old_kk=self.identifiers.kk(dice, kecamatan, recorded) if dice.hit(0.15) else None,
            desil=dice.draw(DESIL),
            alamat=f"{dice.pick(STREETS)} {dice.between(1, 199)}",
            rt=f"{dice.between(1, 19):03d}",
            rw=f"{dice.between(1, 11):03d}",
            lantai=dice.between(1, 9),
            daya=dice.between(1, 5),
        )
        self.families.append(family)
        return family

    def person(
        self, dice: Dice, family: Family, name: str, sex: str, born: dt.date, relation: int, absent: bool,
        mother: str | None = None, father: str | None = None, parents: str = "LENGKAP", carer: Person | None = None,
    ) -> Person:  # fmt: skip
        """Add a person to a family; `absent`: the register does not hold it."""
        nik, kecamatan = self.identifiers.nik(dice, self.regions, family.kecamatan, born, sex)
        age = self.today.year - born.year
        person = Person(
            number=len(self.persons) + 1,
            family=family,
            name=name,
            sex=sex,
            born=born,
            nik=nik,
            place=self.regions.regencies[kecamatan[:5]].nama,
            relation=relation,
            mother=mother,
            father=father,
            parents=parents,
            married=1 if relation in (ANAK, CUCU, LAIN) else 2,
            in_register=not absent,
            register_nik=dice.pick((None, None, "0000000000000000")) if dice.hit(0.01) else nik,
            register_name=name,
            register_born=born,
            school=_school(dice, age),
            difficulty=_difficulty(dice),
            pbi=int(dice.hit(0.62 - 0.05 * family.desil)),
            status=dice.draw(STATUS),
            carer=carer,
            troubled=dice.hit(TROUBLED),
        )
        family.members.append(person)
        self.persons.append(person)
        return person


STREETS = (
    "JL MELATI",
    "JL MAWAR",
    "JL MERDEKA",
    "JL DIPONEGORO",
    "JL SUDIRMAN",
    "JL KENANGA",
    "GG MASJID",
    "GG DAMAI",
    "DSN KRAJAN",
    "KP BARU",
)
STATUS = Weighted({"DTSEN AKTIF": 92.0, "DTSEN AKTIF - ASESMEN MENINGGAL": 1.0, "DTSEN NONAKTIF": 7.0})


def populate(regions: Regions, persons: int, seed: int, today: dt.date) -> Population:
    """Families until there are `persons` people."""
    population = Population(regions, Identifiers(regions.old_code), today)
    while len(population.persons) < persons:
        dice = Dice(seed, "family", len(population.families))
        _household(population, dice, population.family(dice))
    return population


def _household(population: Population, dice: Dice, family: Family) -> None:
    today, absent, clan = population.today, dice.hit(FAMILY_ABSENT), family_name(dice, family.people)
    born = dt.date(today.year - 23 - int(33 * dice.roll() ** 0.75), 1, 1)
    father, mother = dice.hit(0.89), dice.hit(0.95)
    parents = {(True, True): "LENGKAP", (False, True): "YATIM", (True, False): "PIATU", (False, False): "YATIM PIATU"}
    state = parents[father or dice.hit(0.55), mother or dice.hit(0.5)]
    dad = mum = None
    husband = full_name(dice, family.people, "L", clan)
    wife = full_name(dice, family.people, "P", clan if dice.hit(0.2) else None)
    if father:
        older = dice.between(-2, 9)
        dad = population.person(dice, family, husband, "L", birthday(dice, born.year - older, today), KEPALA, absent)
    if mother:
        mum = population.person(dice, family, wife, "P", birthday(dice, born.year, today), PASANGAN if father else KEPALA, absent)
    kin = _elder(population, dice, family, clan, absent, head=not (father or mother))
    relation = ANAK if father or mother else CUCU
    _children(population, dice, family, clan, absent, _Parents(husband, wife, born.year, state, mum or dad or kin), relation)
    if dice.hit(0.04):
        _foster(population, dice, family, absent, mum or dad or kin)


@dataclass(frozen=True)
class _Parents:
    father: str
    mother: str
    mother_born: int
    state: str
    carer: Person | None


def _children(population: Population, dice: Dice, family: Family, clan: str | None, absent: bool, parents: _Parents, relation: int) -> None:
    today = population.today
    first, last = max(parents.mother_born + 18, today.year - 23), min(parents.mother_born + 44, today.year)
    if first > last:
        return
    years = sorted(dice.some(range(first, last + 1), dice.draw(CHILDREN)))
    if years and dice.hit(TWINS):
        years.append(years[-1])
    previous: Person | None = None
    for place, year in enumerate(years):
        sex = "L" if dice.hit(0.51) else "P"
        if previous is not None and years[place - 1] == year:
            born, name = previous.born, twin_name(dice, family.people, sex, previous.name, clan)
        else:
            born, name = birthday(dice, year, today), full_name(dice, family.people, sex, clan, parents.father)
        previous = population.person(
            dice, family, name, sex, born, relation, absent or dice.hit(PERSON_ABSENT),
            parents.mother, parents.father, parents.state, parents.carer,
        )  # fmt: skip


def _elder(population: Population, dice: Dice, family: Family, clan: str | None, absent: bool, head: bool) -> Person | None:
    if not (head or dice.hit(0.06)):
        return None
    sex = "L" if dice.hit(0.35) else "P"
    born = birthday(dice, population.today.year - dice.between(56, 79), population.today)
    return population.person(dice, family, full_name(dice, family.people, sex, clan), sex, born, KEPALA if head else ORANG_TUA, absent)


def _foster(population: Population, dice: Dice, family: Family, absent: bool, carer: Person | None) -> None:
    sex = "L" if dice.hit(0.5) else "P"
    born = birthday(dice, population.today.year - dice.between(2, 17), population.today)
    mother, father = full_name(dice, family.people, "P"), full_name(dice, family.people, "L")
    name, state = full_name(dice, family.people, sex), dice.draw(FOSTER)
    population.person(dice, family, name, sex, born, LAIN, absent or dice.hit(PERSON_ABSENT), mother, father, state, carer)


FOSTER = Weighted({"LENGKAP": 35.0, "YATIM": 25.0, "PIATU": 15.0, "YATIM PIATU": 25.0})


def birthday(dice: Dice, year: int, today: dt.date) -> dt.date:
    """A birth day; heaped on 1 January, 1 July and 31 December where the true one was not known, more so long ago."""
    heap = 0.05 if year < 1990 else 0.012
    if dice.hit(heap):
        month, day = dice.draw(HEAPS)
        born = dt.date(year, month, day)
    else:
        born = dt.date(year, 1, 1) + dt.timedelta(days=dice.between(0, 364))
    return born if born < today else today - dt.timedelta(days=dice.between(2, 40))


HEAPS = Weighted({(1, 1): 50.0, (7, 1): 30.0, (12, 31): 20.0})


def _school(dice: Dice, age: int) -> int:
    if age < 6:
        return 1
    if age < 18:
        return 3 if dice.hit(0.02 + max(0, age - 12) * 0.025) else 2
    return 2 if age < 23 and dice.hit(0.35) else 3


def _difficulty(dice: Dice) -> tuple[int, int, int, int, int]:
    if not dice.hit(0.045):
        return (4, 4, 4, 4, 4)
    levels = [4, 4, 4, 4, 4]
    levels[dice.between(0, 4)] = dice.draw(SEVERITY)
    if dice.hit(0.2):
        levels[dice.between(0, 4)] = dice.draw(SEVERITY)
    return (levels[0], levels[1], levels[2], levels[3], levels[4])


SEVERITY = Weighted({1: 20.0, 2: 45.0, 3: 35.0})
