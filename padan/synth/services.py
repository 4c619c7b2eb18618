"""Kemensos services to children: residents of institutions, rehabilitation (ATENSI), orphan aid (YAPI); and Bapas' inquiries (litmas)."""

from __future__ import annotations

import datetime as dt

from padan.synth.dates import Cell, written
from padan.synth.dice import Dice, Weighted
from padan.synth.institutions import Institution, typed
from padan.synth.kpai import PELAKU, PENGADUAN
from padan.synth.population import Person
from padan.synth.records import Record, World

LKSA_ANAK, ATENSI, YAPI, ABH = "kemensos/lksa_anak", "kemensos/atensi", "kemensos/yapi", "ditjenpas/abh"
LEAVING = Weighted({"REUNIFIKASI KELUARGA": 46.0, "MANDIRI": 20.0, "PINDAH LKSA": 22.0, "ADOPSI": 12.0})


def reside(world: World, count: int) -> None:
    """`count` more children in homes, mostly of their own regency; a few are listed by two homes one after the other."""
    for child in world.candidates(LKSA_ANAK, 1, 17, orphans=4.0)[:count]:
        number = world.next_number(LKSA_ANAK)
        dice = world.dice("stay", number)
        home = _home(world, dice, child)
        entered = max(child.born + dt.timedelta(days=20), world.today - dt.timedelta(days=dice.between(10, 1700)))
        left, reason = None, None
        if dice.hit(0.14) and entered < world.today - dt.timedelta(days=60):
            left, reason = dice.day(entered + dt.timedelta(days=30), world.today - dt.timedelta(days=5)), dice.draw(LEAVING)
        _stay(world, number, child, home, entered, left, reason)
        if reason == "PINDAH LKSA" and left and dice.hit(0.6):
            home = dice.pick([h for h in world.institutions.homes() if h is not home])
            _stay(world, world.next_number(LKSA_ANAK), child, home, left + dt.timedelta(days=dice.between(0, 4)), None, None)
        if left is None or reason == "PINDAH LKSA":
            world.residence[child.number] = home


def _home(world: World, dice: Dice, child: Person) -> Institution:
    near = world.institutions.homes(child.family.regency)
    return dice.pick(near) if near and dice.hit(0.85) else dice.pick(world.institutions.homes())


def _stay(world: World, number: int, child: Person, home: Institution, entered: dt.date, left: dt.date | None, reason: str | None) -> None:
    clerk = world.clerk(LKSA_ANAK, number)
    dice = clerk.dice
    world.add(
        LKSA_ANAK,
        number,
        {
            "no_td": None if dice.hit(0.12) else home.no_td,
            "nama_lks": typed(dice, home, care=0.5),
            "nik": clerk.nik(child),
            "nama": clerk.name(child),
            "tanggal_lahir": clerk.born(child, "slash"),
            "jenis_kelamin": clerk.sex(child),
            "nama_ibu": clerk.mother(child),
            "status_ortu": None if dice.hit(0.16) else child.parents if not dice.hit(0.03) else dice.pick(("LENGKAP", "YATIM", "PIATU")),
            "tanggal_masuk": f"{entered:%d/%m/%Y}",
            "tanggal_keluar": f"{left:%d/%m/%Y}" if left else None,
            "alasan_keluar": reason,
        },
        person=child,
        known=home,
    )


def leave(record: Record, dice: Dice, today: dt.date) -> None:
    """A few residents leave before `today`."""
    if record.cells["tanggal_keluar"] is None and dice.hit(0.011):
        record.cells["tanggal_keluar"] = f"{today - dt.timedelta(days=dice.between(3, 60)):%d/%m/%Y}"
        record.cells["alasan_keluar"] = dice.draw(LEAVING)


SERVICES = ("PERAWATAN SOSIAL", "DUKUNGAN KELUARGA", "TERAPI", "PELATIHAN VOKASIONAL", "BANTUAN SOSIAL", "HIDUP LAYAK", "AKSESIBILITAS")
CENTRES = (
    "SENTRA HANDAYANI", "SENTRA MULYA JAYA", "BALAI ANAK PARAMITA", "SENTRA ALYATAMA", "SENTRA WIRAJAYA", "SENTRA EFATA", "SENTRA NIPOTOWE",
)  # fmt: skip
REFERRER = Weighted({"": 70.0, "DINSOS": 16.0, "POLRI": 8.0, "UPTD PPA": 6.0})
OUTCOME = Weighted({"REINTEGRASI KELUARGA": 56.0, "MANDIRI": 22.0, "RUJUK LANJUT": 22.0})
CLUSTER = Weighted({"ANAK": 88.0, "DISABILITAS": 9.0, "NAPZA": 3.0})


def rehabilitate(world: World, count: int) -> None:
    """`count` more cases: referrals by KPAI first (about half of them ever arrive), then children met otherwise."""
    referred = [r for r in world.of(PENGADUAN) if r.cells["status"] == "DIRUJUK" and r.number not in world.arrived and not r.refused]
    arriving = [r for r in referred if world.dice("arrives", r.number).hit(0.45)][: int(count * 0.6)]
    for record in arriving:
        world.arrived.add(record.number)
        _case(world, record.person, record)
    for child in world.candidates(ATENSI, 0, 17)[: count - len(arriving)]:
        _case(world, child, None)


def _case(world: World, child: Person | None, complaint: Record | None) -> None:
    assert child is not None
    number = world.next_number(ATENSI)
    clerk = world.clerk(ATENSI, number)
    dice = clerk.dice
    start = complaint.day if complaint and complaint.day else world.event_day(dice, child)
    entered = min(start + dt.timedelta(days=dice.between(1, 55) if complaint else 0), world.today - dt.timedelta(days=1))
    told = complaint is not None and dice.hit(0.86)
    code = f"AT-{number:05d}"
    cells: dict[str, Cell] = {
        "no_kasus": code,
        "tanggal_masuk": entered,
        "nik": clerk.nik(child),
        "nama": clerk.name(child),
        "tanggal_lahir": clerk.born(child, "text"),
        "jenis_kelamin": clerk.sex(child),
        "kabupaten": world.population.regions.typed(dice, clerk.home(child)[:5]),
        "kluster": dice.draw(CLUSTER),
        "komponen": "; ".join(dice.some(SERVICES, dice.between(1, 3))),
        "sentra": dice.pick(CENTRES),
        "rujukan_dari": "KPAI" if told else dice.draw(REFERRER) or None,
        "no_rujukan": complaint.cells["no_pengaduan"] if complaint and told and dice.hit(0.68) else None,
        "status": "BERJALAN",
        "tanggal_selesai": None,
        "hasil": None,
    }
    record = world.add(ATENSI, number, cells, key=code, person=child)
    if dice.hit(0.5):
        finish(record, dice, world.today)


def progress(record: Record, dice: Dice, today: dt.date) -> None:
    """Some running cases end before `today`."""
    if record.cells["status"] == "BERJALAN" and dice.hit(0.18):
        finish(record, dice, today)


def finish(record: Record, dice: Dice, today: dt.date) -> None:
    """A running case that has lasted long enough by `today` ends with an outcome, which is rarely left blank."""
    entered = record.cells["tanggal_masuk"]
    assert isinstance(entered, dt.date)
    ended = entered + dt.timedelta(days=dice.between(30, 130))
    if ended < today:
        record.cells |= {"status": "SELESAI", "tanggal_selesai": ended, "hasil": dice.draw(OUTCOME) if dice.hit(0.95) else None}


def aid_orphans(world: World, count: int) -> None:
    """`count` more orphans paid this month, those in homes among them."""
    orphans = [p for p in world.candidates(YAPI, 0, 17) if p.parents != "LENGKAP"]
    for child in orphans[:count]:
        pay_orphan(world, child)


def pay_orphan(world: World, child: Person) -> None:
    """One payment of this month to an orphan."""
    number = world.next_number(YAPI)
    clerk = world.clerk(YAPI, number)
    dice = clerk.dice
    guardian = child.carer.name if child.carer else child.mother
    cells: dict[str, Cell] = {
        "nik": clerk.nik(child),
        "nama": clerk.name(child),
        "tanggal_lahir": clerk.born(child, "mixed"),
        "jenis_kelamin": clerk.sex(child),
        "status_ortu": child.parents if not dice.hit(0.03) else dice.pick(("YATIM", "PIATU", "YATIM PIATU")),
        "nama_wali": clerk.parent_name(guardian, 0.02),
        "tempat": "LKSA" if child.number in world.residence else "KELUARGA",
        "kabupaten": world.population.regions.typed(dice, clerk.home(child)[:5]),
        "bulan": f"{MONTHS[world.today.month - 1]} {world.today.year}",
        "nominal": 200000,
    }
    world.add(YAPI, number, cells, person=child)


MONTHS = (
    "JANUARI", "PEBRUARI", "MARET", "APRIL", "MEI", "JUNI", "JULI", "AGUSTUS", "SEPTEMBER", "OKTOBER", "NOPEMBER", "DESEMBER",
)  # fmt: skip

#: article -> (weight, diversion is possible: under seven years)
ARTICLES: dict[str, tuple[float, bool]] = {
    "362 KUHP": (20.0, True), "476 UU 1/2023": (8.0, True), "351 KUHP": (16.0, True), "466 UU 1/2023": (6.0, True),
    "80 UU PA": (10.0, True), "170 KUHP": (7.0, True), "310 UU LLAJ": (5.0, True), "127 UU NARKOTIKA": (4.0, True),
    "81 UU PA": (12.0, False), "82 UU PA": (5.0, False), "114 UU NARKOTIKA": (7.0, False), "363 KUHP": (6.0, False),
    "2 UU DARURAT 12/1951": (4.0, False),
}  # fmt: skip
ARTICLE = Weighted({article: weight for article, (weight, _) in ARTICLES.items()})
STAGES = ("PENYIDIKAN", "PENUNTUTAN", "PERSIDANGAN", "PEMBINAAN")
DIVERSION = {
    True: Weighted({"BERHASIL": 44.0, "GAGAL": 18.0, "TIDAK": 20.0, "": 18.0}),
    False: Weighted({"TIDAK": 66.0, "": 28.0, "GAGAL": 3.0, "BERHASIL": 3.0}),
}
PLACED = Weighted({"ORANG TUA": 58.0, "LPKS": 19.0, "LPAS": 12.0, "LPKA": 11.0})


def inquire(world: World, count: int) -> None:
    """`count` more inquiries on children of 12 to 17; some of them KPAI knows as perpetrators."""
    accused = [r.person for r in world.of(PENGADUAN) if r.cells["jenis_kasus"] == PELAKU and r.person and r.number not in world.inquired]
    world.inquired.update(r.number for r in world.of(PENGADUAN))
    known = [p for p in accused if p.age(world.today) in range(12, 18) and world.dice("accused", p.number).hit(0.6)][: count // 2]
    others = [p for p in world.candidates(ABH, 12, 17) if p not in known]
    for child in [*known, *others][:count]:
        _inquiry(world, child)


def _inquiry(world: World, child: Person) -> None:
    number = world.next_number(ABH)
    clerk = world.clerk(ABH, number)
    dice = clerk.dice
    day = world.event_day(dice, child)
    article = dice.draw(ARTICLE)
    code = f"LIT-{day:%Y}-{number:05d}"
    cells: dict[str, Cell] = {
        "no_litmas": code,
        "nama": clerk.name(child),
        "tanggal_lahir": clerk.born(child, "text"),
        "jenis_kelamin": clerk.sex(child),
        "nik": clerk.nik(child),
        "kabupaten": world.population.regions.typed(dice, clerk.home(child)[:5]),
        "pasal": article,
        "tahap": dice.pick(STAGES),
        "diversi": dice.draw(DIVERSION[ARTICLES[article][1]]) or None,
        "penempatan": dice.draw(PLACED),
        "tanggal_litmas": written(dice, day, "slash"),
    }
    world.add(ABH, number, cells, key=code, person=child)


def proceed(record: Record, dice: Dice, today: dt.date) -> None:
    """By `today` some cases have moved to their next stage."""
    stage = STAGES.index(str(record.cells["tahap"]))
    if stage < len(STAGES) - 1 and dice.hit(0.25):
        record.cells["tahap"] = STAGES[stage + 1]
