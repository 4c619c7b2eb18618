"""Welfare institutions (LKS): their names, accreditation, and how KPAI and residents' lists name them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from padan.synth.dice import Dice, Weighted
from padan.synth.regions import Regions
from padan.synth.spelling import slip

KINDS = Weighted(
    {"PANTI ASUHAN": 38.0, "YAYASAN": 26.0, "PSAA": 14.0, "LKSA": 14.0, "RUMAH YATIM": 4.0, "PANTI ASUHAN PUTRI": 2.0, "PONDOK ANAK": 2.0}
)
SHORT = {
    "PANTI ASUHAN": ("PA.", "PA", "P.A.", "PANTI"), "YAYASAN": ("YAY.", "YYS."), "PSAA": ("PANTI SOSIAL ASUHAN ANAK",), "LKSA": ("LKSA.",),
    "RUMAH YATIM": ("RY.",), "PANTI ASUHAN PUTRI": ("PA. PUTRI", "PA PUTRI"), "PONDOK ANAK": ("PONDOK",),
}  # fmt: skip
TITLES = Weighted.zipf(
    (
        "AL HIKMAH", "MUHAMMADIYAH", "AISYIYAH", "KASIH IBU", "HARAPAN BANGSA", "NURUL IMAN", "BINA INSANI", "TUNAS HARAPAN", "PELANGI",
        "SANTO YUSUP", "AL IKHLAS", "DARUL AITAM", "MIFTAHUL JANNAH", "AN NUR", "BAITUL MAAL", "CAHAYA ILAHI", "DHARMA BAKTI", "ELIM",
        "BETLEHEM", "ABDI KASIH", "BHAKTI LUHUR", "HIDAYATULLAH", "INSAN MULIA", "KARYA KASIH", "MELATI", "MUTIARA BUNDA", "NURUL HUDA",
        "PERMATA HATI", "RAUDHATUL JANNAH", "SANTA ANGELA", "SINAR HARAPAN", "SURYA KENCANA", "TARUNA MANDIRI", "UMMUL YATAMA",
        "WISMA KASIH", "YATIM MANDIRI", "AR RAHMAN", "BUDI MULIA", "SAYAP IBU", "GRHA ASIH",
    )
)  # fmt: skip
OTHER_TYPES = Weighted({"LKS-LU": 30.0, "LKS-PD": 28.0, "LPKS": 16.0, "LKS-KPO": 12.0, "LKS-NAPZA": 14.0})
OTHER_KINDS = {"LKS-LU": "PANTI WREDHA", "LKS-PD": "YAYASAN", "LPKS": "LPKS", "LKS-KPO": "RUMAH SINGGAH", "LKS-NAPZA": "BALAI REHABILITASI"}
RANK = Weighted({"A": 7.0, "B": 31.0, "C": 47.0, "": 15.0})
YEARS = {"A": 5, "B": 3, "C": 2}


@dataclass(eq=False)
class Institution:
    """One LKS as the register of institutions has it; `registered` False: KPAI visits it, the register lacks it."""

    number: int
    no_td: str | None
    nama: str
    title: str
    jenis: str
    regency: str
    alamat: str
    capacity: int
    residents: int
    rank: str
    decided: dt.date | None
    active: bool

    @property
    def expires(self) -> dt.date | None:
        """Last day of the accreditation: A five years, B three, C two."""
        return None if self.decided is None else later(self.decided, YEARS[self.rank])

    def renew(self, rank: str, day: dt.date) -> None:
        """A new accreditation."""
        self.rank, self.decided = rank, day


def later(day: dt.date, years: int) -> dt.date:
    """The same day some years later."""
    return dt.date(day.year + years, day.month, min(day.day, 28))


class Institutions:
    """All institutions; names are unique within a regency (spelt the same elsewhere in the country)."""

    def __init__(self, regions: Regions) -> None:
        self.regions = regions
        self.all: list[Institution] = []
        self._names: set[tuple[str, str]] = set()

    def add(self, dice: Dice, today: dt.date, *, child: bool = True, registered: bool = True, regency: str | None = None) -> Institution:
        """A new institution somewhere, mostly accredited, some of it expired."""
        number, place = len(self.all), regency or dice.draw(self.regions.table)
        jenis = "LKSA" if child else dice.draw(OTHER_TYPES)
        kind, title = (dice.draw(KINDS) if child else OTHER_KINDS[jenis]), dice.draw(TITLES)
        nama = f"{kind} {title}"
        if dice.hit(0.3) or (place, nama) in self._names:
            title = f"{title} {number}"
            nama = f"{kind} {title}"
        self._names.add((place, nama))
        rank = dice.draw(RANK)
        institution = Institution(
            number=number,
            no_td=f"{place.replace('.', '')}/{jenis}/{number:05d}" if registered else None,
            nama=nama,
            title=title,
            jenis=jenis,
            regency=place,
            alamat=f"{dice.pick(('JL MAWAR', 'JL RAYA', 'JL PANTI', 'JL PEMUDA'))} {dice.between(1, 299)}",
            capacity=dice.between(15, 120),
            residents=dice.between(6, 110),
            rank=rank,
            decided=dice.day(today - dt.timedelta(days=int(365 * YEARS[rank] * 1.25)), today) if rank else None,
            active=dice.hit(0.86),
        )
        self.all.append(institution)
        return institution

    def homes(self, regency: str | None = None) -> list[Institution]:
        """Registered, active children's homes, of one regency or all."""
        return [i for i in self.all if i.no_td and i.jenis == "LKSA" and i.active and regency in (None, i.regency)]


def typed(dice: Dice, institution: Institution, care: float = 1.0) -> str:
    """An institution as somebody types it: 'PA. AISYIYAH', 'Psaa Bina Insani 3', without its kind or number, with a slip.

    `care` below 1 errs less.
    """
    kind = institution.nama.removesuffix(institution.title).strip()
    form, title = institution.nama, institution.title
    if dice.hit(0.05 * care):
        title = slip(dice, title)
        form = f"{kind} {title}"
    if dice.hit(0.04 * care) and title.split()[-1].isdigit():
        title = title.rsplit(" ", 1)[0]
        form = f"{kind} {title}"
    if dice.hit(0.14 * care) and kind in SHORT:
        form = f"{dice.pick(SHORT[kind])} {title}"
    elif dice.hit(0.09 * care):
        form = title
    return form.title() if dice.hit(0.18 * care) else form
