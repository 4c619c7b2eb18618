"""NIK and No KK of synthetic people: PPKKCC DDMMYY SSSS (women DD+40) by district of first registration; nobody's."""

from __future__ import annotations

import datetime as dt

from padan.synth.dice import Dice
from padan.synth.regions import Regions

#: Births before this day were registered under the codes that Papua had before it was split.
PAPUA_SPLIT = dt.date(2023, 1, 1)


class Identifiers:
    """Gives out numbers, each once. `old_code`: today's district code -> the code before the split."""

    def __init__(self, old_code: dict[str, str]) -> None:
        self.old_code = old_code
        self.given: set[str] = set()

    def nik(self, dice: Dice, regions: Regions, kecamatan: str, born: dt.date, sex: str) -> tuple[str, str]:
        """The NIK, and the district (today's code) where it was first registered: mostly, not always, the one lived in."""
        if dice.hit(0.14):
            regency = kecamatan[:5] if dice.hit(0.4) else dice.draw(regions.table)
            kecamatan = regions.district(dice, regency)
        area = kecamatan
        if kecamatan in self.old_code and (born < PAPUA_SPLIT or dice.hit(0.1)) and dice.hit(0.7):
            area = self.old_code[kecamatan]
        written = born + dt.timedelta(days=dice.between(1, 9)) if dice.hit(0.004) else born
        day = written.day + (40 if sex == "P" else 0)
        return self._first_free(f"{area.replace('.', '')}{day:02d}{written:%m%y}", dice.between(1, 60)), kecamatan

    def kk(self, dice: Dice, kecamatan: str, recorded: dt.date) -> str:
        """A family card number: district, day of recording, serial."""
        return self._first_free(f"{kecamatan.replace('.', '')}{recorded:%d%m%y}", dice.between(1, 4000))

    def _first_free(self, stem: str, serial: int) -> str:
        number = f"{stem}{serial:04d}"
        while number in self.given:
            serial += 1
            number = f"{stem}{serial:04d}"
        self.given.add(number)
        return number
