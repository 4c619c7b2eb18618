"""The clerk who types one record of one feed: every cell about a person goes through here, with the profile's errors."""

from __future__ import annotations

import datetime as dt

from padan.synth.dates import Cell, born_cell
from padan.synth.dice import Dice
from padan.synth.population import Person
from padan.synth.profiles import MISSING, Missing, Profile
from padan.synth.regions import Regions
from padan.synth.spelling import Speller

PLACEHOLDERS = ("0", "-", "BELUM ADA", "0000000000000000", "1234567890123456", "9999999999999999", "TIDAK ADA", "1111111111111111")
#: Feeds that come as a workbook, where a number typed into a NIK cell loses its 16th digit.
WORKBOOKS = frozenset({"kemensos/yapi", "kemensos/atensi", "kemensos/peksos", "kpai/pengaduan", "ditjenpas/abh"})
ONE_BYTE = frozenset({"kemensos/pkh"})


class Clerk:
    """Types the cells of one record. `today`: the day of typing, from which an age is counted."""

    def __init__(self, dice: Dice, profile: Profile, feed: str, regions: Regions, today: dt.date) -> None:
        self.dice, self.profile, self.feed, self.regions, self.today = dice, profile, feed, regions, today
        self.gaps: Missing = MISSING[feed]
        self.workbook = feed in WORKBOOKS

    def name(self, person: Person) -> str:
        """The person's name as typed."""
        speller = Speller(self.dice, self.profile, child=person.age(self.today) < 18, encodable=self.feed not in ONE_BYTE)
        return speller.write(person.name, person.father, person.sex)

    def parent_name(self, name: str | None, share: float) -> str | None:
        """A mother's or guardian's name as typed, empty in this share of records."""
        if name is None or self.dice.hit(min(0.95, share * self.profile.missing)):
            return None
        return Speller(self.dice, self.profile, child=False, encodable=self.feed not in ONE_BYTE).write(name)

    def nik(self, person: Person) -> Cell:
        """The NIK as typed: often missing, sometimes a parent's, a placeholder, a slip, a number, or dressed up."""
        if self._missing(self.gaps.nik):
            return None
        hit, profile = self.dice.hit, self.profile
        if hit(profile.nik_placeholder):
            return self.dice.pick(PLACEHOLDERS)
        nik = person.nik
        if person.carer is not None and hit(profile.nik_parent):
            nik = person.carer.nik
        elif hit(profile.nik_digit):
            nik = self._wrong_digit(nik)
        elif hit(profile.nik_neighbours):
            nik = self._swapped(nik)
        return self._dressed(nik)

    def kk(self, person: Person) -> Cell:
        """The family card number as typed: often missing, sometimes the card before the last move."""
        if self._missing(self.gaps.kk):
            return None
        family = person.family
        number = family.old_kk if family.old_kk and self.dice.hit(self.profile.kk_old * 4) else family.no_kk
        if self.dice.hit(self.profile.kk_digit):
            number = self._wrong_digit(number)
        return self._number(number) if self.workbook and self.dice.hit(self.profile.nik_number) else number

    def born(self, person: Person, style: str) -> Cell:
        """The birth day as typed."""
        return None if self._missing(self.gaps.born) else born_cell(self.dice, person.born, self.profile, style)

    def sex(self, person: Person) -> str | None:
        """L or P, seldom the wrong one, sometimes empty."""
        if self.dice.hit(self.profile.sex_missing):
            return None
        return person.sex if not self.dice.hit(self.profile.sex_wrong) else {"L": "P", "P": "L"}[person.sex]

    def mother(self, person: Person) -> str | None:
        """The mother's name as typed, often empty."""
        return self.parent_name(person.mother, self.gaps.mother)

    def home(self, person: Person) -> str:
        """District code where the person is met: some have moved away from where the register has them."""
        if not self.dice.hit(self.profile.moved):
            return person.family.kecamatan
        regency = person.family.regency if self.dice.hit(0.5) else self.dice.draw(self.regions.table)
        return self.regions.district(self.dice, regency)

    def _missing(self, share: float) -> bool:
        return self.dice.hit(min(0.97, share * self.profile.missing))

    def _wrong_digit(self, number: str) -> str:
        place = self.dice.between(0, 15)
        other = self.dice.pick([digit for digit in "0123456789" if digit != number[place]])
        return number[:place] + other + number[place + 1 :]

    def _swapped(self, number: str) -> str:
        places = [place for place in range(6, 15) if number[place] != number[place + 1]]
        place = self.dice.pick(places)
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    def _dressed(self, nik: str) -> Cell:
        hit, profile = self.dice.hit, self.profile
        if self.workbook and hit(profile.nik_number):
            return self._number(nik)
        if hit(profile.nik_scientific):
            return f"{int(nik) / 10**15:.5f}E+15".replace(".", ",")
        if hit(self.gaps.quote):
            return "'" + nik
        if hit(profile.nik_shape):
            shapes = (
                nik[:-1],
                f"{nik[:4]} {nik[4:8]} {nik[8:12]} {nik[12:]}",
                nik.replace("0", "O", 1),
                nik + "\u00a0",
                nik + ".0",
                nik[:6] + "." + nik[6:],
            )
            return self.dice.pick(shapes)
        return nik

    def _number(self, number: str) -> Cell:
        """What a spreadsheet keeps of a 16-digit number: 15 digits and a nought."""
        return int(number[:15] + "0")
