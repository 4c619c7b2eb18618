"""What a night changes in what was delivered before: cells corrected, cases moved on, rows withdrawn, new ones typed.

Feeds without a stable row key count every changed cell as one row gone and one come, so all changes together stay under the 5 % of
rows above which a delivery may withdraw nothing without the operator.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from padan.synth import kpai, programmes, services
from padan.synth.clerk import Clerk
from padan.synth.dates import Cell
from padan.synth.dice import Dice
from padan.synth.profiles import PROFILES
from padan.synth.records import Record, World

Advance = Callable[[Record, Dice, dt.date], None]


@dataclass(frozen=True)
class Turnover:
    """Per feed and night: rows typed anew in the first night a thousand persons, growth later, shares corrected and withdrawn."""

    first: float
    growth: float
    corrected: float
    withdrawn: float
    least: int = 0
    advance: Advance | None = None


TURNOVER: dict[str, Turnover] = {
    services.LKSA_ANAK: Turnover(28, 0.03, 0.006, 0.006, 240, services.leave),
    kpai.PENGADUAN: Turnover(34, 0.14, 0.01, 0.008, 300, kpai.follow_up),
    services.ABH: Turnover(10, 0.10, 0.008, 0.005, 90, services.proceed),
    services.ATENSI: Turnover(20, 0.13, 0.01, 0.004, 160, services.progress),
    programmes.PPKS: Turnover(40, 0.04, 0.006, 0.006, 360, programmes.serve),
    services.YAPI: Turnover(14, 0.05, 0.006, 0.006, 60),
    programmes.PKH: Turnover(100, 0.02, 0.006, 0.008, 300, programmes.pay),
    programmes.PEKSOS: Turnover(7, 0.04, 0.005, 0.005, 70),
    kpai.PENGAWASAN: Turnover(9, 0.12, 0.0, 0.0, 120, kpai.follow_up),
    programmes.RUMAH_AMAN: Turnover(0.7, 0.08, 0.0, 0.0, 18),
}
LKS_PER_THOUSAND, LEAST_LKS = 3.4, 72
ADD = {
    services.LKSA_ANAK: services.reside,
    kpai.PENGADUAN: kpai.complain,
    services.ABH: services.inquire,
    services.ATENSI: services.rehabilitate,
    programmes.PPKS: programmes.list_needy,
    services.YAPI: services.aid_orphans,
    programmes.PKH: programmes.enrol,
    programmes.PEKSOS: programmes.employ,
    kpai.PENGAWASAN: kpai.visit,
    programmes.RUMAH_AMAN: programmes.shelter,
}


def first_night(world: World, persons: int) -> None:
    """Everything that was typed up to the first night."""
    regions, dice = world.population.regions, world.dice("institutions")
    for regency in regions.focus:
        for _ in range(3):
            world.institutions.add(dice, world.today, regency=regency).active = True
    for _ in range(max(LEAST_LKS, int(persons * LKS_PER_THOUSAND / 1000)) - 3 * len(regions.focus)):
        world.institutions.add(dice, world.today, child=dice.hit(0.8))
    programmes.register_institutions(world)
    for feed, turnover in TURNOVER.items():
        ADD[feed](world, max(turnover.least, int(persons * turnover.first / 1000)))


def later_night(world: World) -> None:
    """The rows of the night before, changed; then new ones."""
    _institutions_change(world)
    for feed, turnover in TURNOVER.items():
        before = len(world.of(feed))
        _withdraw(world, feed, turnover.withdrawn)
        _correct(world, feed, turnover.corrected)
        for record in world.of(feed):
            if turnover.advance is not None:
                turnover.advance(record, world.dice("advance", feed, record.number), world.today)
        if feed == services.YAPI:
            _pay_again(world)
        ADD[feed](world, max(2, int(before * turnover.growth)))
    _certify(world)


def _withdraw(world: World, feed: str, share: float) -> None:
    """Drop some rows, never the last ones of a regency: a scope that vanishes would be an absent part, not a withdrawal."""
    records, gone = world.of(feed), set[int]()
    left = Counter(_scope(record) for record in records)
    for record in world.dice("withdrawn", feed).shuffled(records):
        if len(gone) >= _count(share, records):
            break
        if left[_scope(record)] > 3 and not record.refused and not record.twice:
            left[_scope(record)] -= 1
            gone.add(record.number)
    world.records[feed] = [record for record in records if record.number not in gone]


def _count(share: float, records: list[Record]) -> int:
    return max(1, round(share * len(records))) if share else 0


def _scope(record: Record) -> str:
    return str(record.cells.get("kode_kecamatan") or "")[:5]


def _correct(world: World, feed: str, share: float) -> None:
    """In some rows one cell about the person is typed again, this time with care."""
    records, done = world.of(feed), 0
    for record in world.dice("corrected", feed).shuffled(records):
        if done >= _count(share, records):
            return
        if record.person is None or record.refused:
            continue
        dice = world.dice("corrected", feed, record.number)
        wrong = _wrong_cells(world, feed, record, dice)
        if wrong:
            name = dice.pick(sorted(wrong))
            record.cells, done = record.cells | {name: wrong[name]}, done + 1


def _wrong_cells(world: World, feed: str, record: Record, dice: Dice) -> dict[str, Cell]:
    """The cells about the person that a careful clerk would type otherwise."""
    assert record.person is not None
    clerk = Clerk(dice, PROFILES["bersih"], feed, world.population.regions, world.today)
    cells: dict[str, Cell] = {"nik": record.person.nik, "nama": clerk.name(record.person), "jenis_kelamin": record.person.sex}
    if feed == kpai.PENGADUAN and not dice.hit(0.2):
        del cells["nama"]  # the name is part of the row key there
    return {name: cell for name, cell in cells.items() if record.cells.get(name, cell) != cell}


def _institutions_change(world: World) -> None:
    """Accreditations are renewed, some homes close, two new ones open."""
    dice = world.dice("institutions")
    listed = {r.known.number: r for r in world.of(programmes.LKS) if r.known}
    for institution in list(world.institutions.all):
        expires = institution.expires
        overdue = expires is None or expires < world.today
        if dice.hit(0.22 if overdue else 0.03):
            institution.renew(dice.pick(("A", "B", "B", "C", "C")), dice.day(world.since, world.today))
        elif dice.hit(0.02) and len(world.institutions.homes(institution.regency)) > 2:
            institution.active = False
        if institution.number in listed:
            listed[institution.number].cells = programmes.institution_cells(world, institution)
    for _ in range(2):
        world.institutions.add(dice, world.today)
    programmes.register_institutions(world)


def _pay_again(world: World) -> None:
    """The list is cumulative: earlier months stay, and some of the orphans are paid this month as well."""
    for record in list(world.of(services.YAPI)):
        person = record.person
        if person is not None and person.alive and world.dice("again", record.number).hit(0.15):
            services.pay_orphan(world, person)


def _certify(world: World) -> None:
    """One safe house without a certificate gets one; two in a hundred social workers renew their licence."""
    dice = world.dice("certificates")
    for record in world.of(programmes.RUMAH_AMAN):
        if record.cells["no_sertifikat"] is None:
            programmes.certify(record.cells, dice, world.today + dt.timedelta(days=500), world.today + dt.timedelta(days=900))
            break
    for record in world.of(programmes.PEKSOS):
        expires = record.cells["str_akhir"]
        if isinstance(expires, dt.date) and expires < world.today and dice.hit(0.06):
            record.cells = record.cells | {"str_akhir": expires + dt.timedelta(days=5 * 365)}
