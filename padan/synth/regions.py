"""Where the synthetic people live, and how a clerk types a regency: real Kemendagri codes, read from the dbt seeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from padan.errors import Defect
from padan.synth.dice import Dice, Weighted
from schemas import code_lists

#: Regencies that hold most people and cases, with weights: two same-named pairs, two re-coded in 2022.
FOCUS: dict[str, float] = {
    "32.04": 12, "32.73": 10, "35.07": 9, "35.73": 6, "31.75": 11, "12.71": 9, "33.74": 8, "73.71": 8, "53.01": 7, "51.71": 6,
    "93.01": 6, "96.71": 8,
}  # fmt: skip
FOCUS_SHARE = 0.80
#: What share of bare names ('BANDUNG') and other short forms a clerk types.
FORMS_KABUPATEN = Weighted({"KABUPATEN {}": 46.0, "KAB. {}": 30.0, "KAB {}": 4.0, "{}": 12.0, "Kabupaten {}": 5.0, "Kab. {}": 3.0})
FORMS_KOTA = Weighted({"KOTA {}": 88.0, "Kota {}": 9.0, "{}": 3.0})


@dataclass(frozen=True)
class Regency:
    """A kabupaten or kota: dotted code, bare upper-case name ('BANDUNG'), kind (Jakarta's are administrative), codes of its districts."""

    kode: str
    nama: str
    kota: bool
    administrative: bool
    kecamatan: tuple[str, ...]


def bare(nama: str) -> str:
    """'Kota Administrasi Jakarta Timur' -> 'JAKARTA TIMUR'."""
    text = nama.upper()
    for kind in ("KABUPATEN ADMINISTRASI ", "KOTA ADMINISTRASI ", "KABUPATEN ", "KOTA "):
        if text.startswith(kind):
            return text.removeprefix(kind)
    return text


class Regions:
    """Every regency of the current edition, and the dice tables over those that hold the synthetic population.

    `others`: how many regencies beside the focus hold somebody; they are taken in turn from all provinces.
    """

    def __init__(self, others: int) -> None:
        self.regencies = _regencies()
        self.old_code = {row["kode"]: row["kode_lama"] for row in code_lists.rows("wilayah_lama")}
        self.focus = tuple(code for code in FOCUS if code in self.regencies)
        if len(self.focus) < len(FOCUS):
            raise Defect("padan/synth/regions.py: a focus regency is not in codes_wilayah.csv")
        self.others = _spread([code for code in self.regencies if code not in FOCUS], others)

    @cached_property
    def table(self) -> Weighted[str]:
        """Regencies by how many people live there."""
        total = sum(FOCUS.values())
        weights = {code: FOCUS_SHARE * FOCUS[code] / total for code in self.focus}
        weights |= {code: (1 - FOCUS_SHARE) / len(self.others) for code in self.others}
        return Weighted(weights)

    def district(self, dice: Dice, regency: str) -> str:
        """A district (kecamatan) of a regency; the first ones are fuller than the rest."""
        codes = self.regencies[regency].kecamatan[:12]
        return codes[min(len(codes) - 1, int(dice.roll() ** 1.5 * len(codes)))]

    def typed(self, dice: Dice, regency: str) -> str:
        """The regency as somebody types it: 'KAB. BANDUNG', 'Kabupaten Bandung', 'BANDUNG'."""
        known = self.regencies[regency]
        form = dice.draw(FORMS_KOTA if known.kota else FORMS_KABUPATEN)
        if known.administrative and dice.hit(0.3):
            form = "KOTA ADM. {}" if known.kota else "KAB. ADM. {}"
        return form.format(known.nama.title() if form[:3] in ("Kab", "Kot") else known.nama)

    def code(self, dice: Dice, regency: str) -> str:
        """The regency's code as delivered: sometimes without the point, and its old code where it was re-coded."""
        if regency in self.old_code and dice.hit(0.08):
            return self.old_code[regency]
        return regency.replace(".", "") if dice.hit(0.015) else regency


def _regencies() -> dict[str, Regency]:
    rows = code_lists.rows("wilayah")
    districts: dict[str, list[str]] = {}
    for row in rows:
        if row["tingkat"] == "kecamatan":
            districts.setdefault(row["kode_induk"], []).append(row["kode"])
    return {
        row["kode"]: Regency(
            row["kode"], bare(row["nama"]), row["tingkat"] == "kota", "Administrasi" in row["nama"], tuple(districts[row["kode"]])
        )
        for row in rows
        if row["tingkat"] in ("kabupaten", "kota") and row["kode"] in districts
    }


def _spread(codes: list[str], count: int) -> tuple[str, ...]:
    """`count` regencies in turn from all provinces, so that few of them still reach every corner."""
    by_province: dict[str, list[str]] = {}
    for code in sorted(codes):
        by_province.setdefault(code[:2], []).append(code)
    turns = [code for turn in range(60) for group in by_province.values() for code in group[turn : turn + 1]]
    return tuple(turns[:count])
