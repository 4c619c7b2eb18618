"""Kemensos lists: PKH components, people in need (PPKS), institutions (LKS), social workers, safe houses."""

from __future__ import annotations

import datetime as dt

from padan.synth.dates import Cell, written
from padan.synth.dice import Dice, Weighted
from padan.synth.institutions import Institution
from padan.synth.kpai import PENGADUAN
from padan.synth.population import Family, Person
from padan.synth.records import Record, World
from padan.synth.services import ABH

PKH, PPKS, LKS, PEKSOS, RUMAH_AMAN = "kemensos/pkh", "kemensos/ppks", "kemensos/lks", "kemensos/peksos", "kemensos/rumah_aman"
AMOUNT = {"AUD": "750.000,00", "SD": "225.000,00", "SMP": "375.000,00", "SMA": "500.000,00", "DIS_BERAT": "600.000,00"}
BANK = Weighted({"BRI": 34.0, "BNI": 24.0, "MANDIRI": 24.0, "BSI": 18.0})
PAID = Weighted({"SALUR": 56.0, "SALUR \u2013 KKS": 24.0, "GAGAL": 20.0})


def enrol(world: World, count: int) -> None:
    """About `count` more components of families in PKH: most of the poorest, some who should not be."""
    families = [f for f in world.dice(PKH).shuffled(world.population.families) if f.number not in world.enrolled]
    target = len(world.of(PKH)) + count
    for family in families:
        if len(world.of(PKH)) >= target:
            return
        if not world.dice("enrol", family.number).hit(0.62 if family.desil <= 4 else 0.12 if family.desil == 5 else 0.015):
            continue
        world.enrolled.add(family.number)
        for child in family.members:
            if child.alive and child.relation > 2 and child.age(world.today) < 18:
                _component(world, family, child)


def _component(world: World, family: Family, child: Person) -> None:
    number = world.next_number(PKH)
    clerk = world.clerk(PKH, number)
    dice = clerk.dice
    carer = child.carer or family.members[0]
    component = _kind(dice, child, world.today)
    spoilt = dice.hit(world.profile.row_defect)
    code = f"{number:06d}"
    cells: dict[str, Cell] = {
        "id_pkh": code,
        "nik_wali": None if dice.hit(0.01) else carer.nik,
        "nama_wali": clerk.parent_name(carer.name, 0.005),
        "no_kk": clerk.kk(child),
        "nik": clerk.nik(child),
        "nama": clerk.name(child),
        "tanggal_lahir": clerk.born(child, "short"),
        "jenis_kelamin": clerk.sex(child),
        "komponen": "SMK" if spoilt else component,
        "tahap": dice.between(1, (world.today.month - 1) // 3 + 1),
        "tahun": world.today.year,
        "nominal": AMOUNT[component],
        "bank": dice.draw(BANK),
        "status_salur": dice.draw(PAID),
        "kode_kabupaten": world.population.regions.code(dice, clerk.home(child)[:5]),
    }
    world.add(PKH, number, cells, key=code, person=child, refused=spoilt)


def _kind(dice: Dice, child: Person, today: dt.date) -> str:
    if min(child.difficulty) == 1 and dice.hit(0.6):
        return "DIS_BERAT"
    age = child.age(today)
    return "AUD" if age <= 6 else "SD" if age <= 12 else "SMP" if age <= 15 else "SMA"


def pay(record: Record, dice: Dice, today: dt.date) -> None:
    """By `today` some failed payments are made good; in a new year every component is paid, or fails, anew."""
    stage = (today.month - 1) // 3 + 1
    if record.cells["tahun"] != today.year:
        status = dice.draw(PAID) if dice.hit(0.3) else record.cells["status_salur"]
        record.cells |= {"tahun": today.year, "tahap": dice.between(1, stage), "status_salur": status}
    elif record.cells["status_salur"] == "GAGAL" and dice.hit(0.25):
        record.cells |= {"status_salur": "SALUR", "tahap": stage}


RAGAM = ("SENSORIK", "SENSORIK", "FISIK", "INTELEKTUAL", "MENTAL")
#: 05 here: children whom the register does not have as disabled.
PPKS_OF_CHILD = Weighted({"01": 22.0, "02": 22.0, "04": 18.0, "05": 7.0, "06": 12.0, "07": 20.0})


def list_needy(world: World, count: int) -> None:
    """`count` more people in need: disabled children and adults, children known to KPAI or Bapas, and others."""
    listed = world.listed
    disabled = [p for p in world.candidates(PPKS + "05", 0, 17) if p.disabled and p.number not in listed]
    adults = [p for p in world.candidates(PPKS + "09", 18, 80) if p.disabled and p.number not in listed]
    victims = [r.person for r in world.of(PENGADUAN) if r.cells["peran"] == "KORBAN" and world.dice("victim", r.number).hit(0.2)]
    accused = [r.person for r in world.of(ABH) if world.dice("ppks03", r.number).hit(0.25)]
    others = world.candidates(PPKS, 0, 17)
    plan: list[tuple[str, Person]] = []
    for code, people, share in (
        ("05", disabled, 0.24),
        ("09", adults, 0.14),
        ("06", victims, 0.14),
        ("03", accused, 0.06),
        ("", others, 1.0),
    ):
        new = [p for p in dict.fromkeys(people) if p is not None and p.number not in listed][
            : min(int(count * share) + 1, count - len(plan))
        ]
        listed.update(p.number for p in new)
        plan += [(code, person) for person in new]
    for code, person in plan:
        _in_need(world, person, code)


def _in_need(world: World, person: Person, code: str) -> None:
    number = world.next_number(PPKS)
    clerk = world.clerk(PPKS, number)
    dice = clerk.dice
    code = code or _category(dice, person.age(world.today))
    spoilt = dice.hit(world.profile.row_defect)
    ragam = RAGAM[min(range(5), key=lambda place: person.difficulty[place])] if person.disabled else dice.pick(RAGAM)
    day = world.event_day(dice, person)
    cells: dict[str, Cell] = {
        "kode_ppks": str(int(code)) if spoilt else code,
        "nik": clerk.nik(person),
        "no_kk": clerk.kk(person),
        "nama": clerk.name(person),
        "tanggal_lahir": clerk.born(person, "iso"),
        "jenis_kelamin": clerk.sex(person),
        "ragam_disabilitas": ("GANDA" if sum(d <= 2 for d in person.difficulty) > 1 else ragam) if code in ("05", "09") else None,
        "kode_kecamatan": clerk.home(person),
        "terlayani": "SUDAH" if dice.hit(0.46) else "BELUM",
        "tanggal_data": f"{day:%Y-%m-%d}",
    }
    world.add(PPKS, number, cells, person=person, refused=spoilt)


def _category(dice: Dice, age: int) -> str:
    code = dice.draw(PPKS_OF_CHILD)
    if code == "05":
        return code
    if age < 5:
        return "01" if code in ("01", "02", "04") else code
    return dice.pick(("02", "04")) if code == "01" else code


def serve(record: Record, dice: Dice, today: dt.date) -> None:
    """A few people in need are served by `today`."""
    if record.cells["terlayani"] == "BELUM" and dice.hit(0.02):
        record.cells["terlayani"] = "SUDAH"


ROLES = Weighted({"PEKSOS": 32.0, "SAKTI PEKSOS": 24.0, "TKSK": 22.0, "PENDAMPING PKH": 22.0})
#: Regencies of the focus without any licensed social worker, so that the gap shows.
WITHOUT = frozenset({"35.73", "53.01"})


def employ(world: World, count: int) -> None:
    """About `count` more social workers in one role, some of them in two."""
    for person in world.candidates(PEKSOS, 23, 58)[: int(count / 1.12)]:
        number = world.next_number(PEKSOS)
        dice = world.dice("worker", number)
        regency = person.family.regency if dice.hit(0.85) else dice.draw(world.population.regions.table)
        licence: dict[str, Cell] = {"no_sertifikat": None, "no_str": None, "str_akhir": None}
        if dice.hit(0.64) and regency not in WITHOUT:
            expires = dice.day(world.today - dt.timedelta(days=500), world.today + dt.timedelta(days=1200))
            licence = {
                "no_sertifikat": f"SK-{number:05d}",
                "no_str": f"STRPS-{regency[:2]}-{expires.year - 5}-{number:05d}",
                "str_akhir": expires,
            }
        role = dice.draw(ROLES)
        _role(world, number, person, role, regency, licence)
        if dice.hit(0.12):
            other = dice.pick([r for r in ROLES.things if r != role])
            _role(world, world.next_number(PEKSOS), person, other, regency, licence)


def _role(world: World, number: int, person: Person, role: str, regency: str, licence: dict[str, Cell]) -> None:
    clerk = world.clerk(PEKSOS, number)
    cells: dict[str, Cell] = {
        "nik": clerk.nik(person),
        "nama": clerk.name(person),
        "tanggal_lahir": clerk.born(person, "slash"),
        "jabatan": role,
        "kode_kabupaten": world.population.regions.code(clerk.dice, regency),
    }
    world.add(PEKSOS, number, cells | licence, person=person)


def register_institutions(world: World) -> None:
    """The rows of all registered institutions that are not yet in the list."""
    for institution in world.institutions.all:
        if institution.no_td and institution.number not in world.registered:
            world.registered.add(institution.number)
            number = world.next_number(LKS)
            world.add(LKS, number, institution_cells(world, institution), key=institution.no_td, known=institution)


def institution_cells(world: World, institution: Institution) -> dict[str, Cell]:
    """The row of an institution as it is tonight; days are written the same way every night."""
    dice = Dice(world.seed, LKS, institution.number)
    decided, expires = institution.decided, institution.expires
    return {
        "no_td": institution.no_td,
        "nama_lks": institution.nama,
        "jenis": institution.jenis,
        "alamat": institution.alamat,
        "kode_kabupaten": world.population.regions.code(dice, institution.regency),
        "kapasitas": institution.capacity,
        "jumlah_anak": institution.residents,
        "peringkat": institution.rank or None,
        "tanggal_sk": written(dice, decided, "text") if decided else None,
        "tanggal_akhir": written(dice, expires, "mixed") if expires else None,
        "aktif": "YA" if institution.active else "TIDAK",
    }


def shelter(world: World, count: int) -> None:
    """`count` more safe houses: two in three focus regencies, then elsewhere; six in ten certified, some expired."""
    regions = world.population.regions
    places = [*regions.focus[:8], *world.dice(RUMAH_AMAN).shuffled(regions.others)]
    for _ in range(count):
        number = world.next_number(RUMAH_AMAN)
        dice = world.dice(RUMAH_AMAN, number)
        code = f"RA-{number - 1:04d}"
        cells: dict[str, Cell] = {
            "id_rumah_aman": code,
            "kode_kabupaten": places[(number - 1) % len(places)],
            "kapasitas": dice.between(5, 25),
            "jenis_sertifikat": None,
            "no_sertifikat": None,
            "sertifikat_akhir": None,
        }
        if dice.hit(0.65):
            certify(cells, dice, world.today - dt.timedelta(days=250), world.today + dt.timedelta(days=900))
        world.add(RUMAH_AMAN, number, cells, key=code)


def certify(cells: dict[str, Cell], dice: Dice, first: dt.date, last: dt.date) -> None:
    """A certificate that ends on some day from first to last."""
    kind = "LPKRA" if dice.hit(0.8) else "UPTD PPA"
    ends = dice.day(first, last)
    cells |= {
        "jenis_sertifikat": kind,
        "no_sertifikat": f"{kind.split()[0]}-{str(cells['id_rumah_aman'])[3:]}",
        "sertifikat_akhir": f"{ends:%Y-%m-%d}",
    }
