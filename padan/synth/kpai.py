"""KPAI's records: children in complaints (siblings together, some told twice) and supervision visits to institutions."""

from __future__ import annotations

import datetime as dt

from padan.synth.clerk import Clerk
from padan.synth.dates import Cell, written
from padan.synth.dice import Dice, Weighted
from padan.synth.institutions import Institution, typed
from padan.synth.population import Person
from padan.synth.records import Record, World

PENGADUAN, PENGAWASAN = "kpai/pengaduan", "kpai/pengawasan"
SIPIL, KELUARGA, KESEHATAN = "HAK SIPIL DAN KEBEBASAN", "LINGKUNGAN KELUARGA DAN PENGASUHAN ALTERNATIF", "KESEHATAN DASAR DAN KESEJAHTERAAN"
PENDIDIKAN, KHUSUS = "PENDIDIKAN, WAKTU LUANG DAN BUDAYA", "PERLINDUNGAN KHUSUS ANAK"
PELAKU = "ANAK BERHADAPAN DENGAN HUKUM (PELAKU)"
#: kind -> (cluster, youngest, oldest, weight)
KINDS: dict[str, tuple[str, int, int, float]] = {
    "IDENTITAS ANAK": (SIPIL, 0, 17, 1.0),
    "AKTA KELAHIRAN": (SIPIL, 0, 10, 1.5),
    "KEHIDUPAN PRIBADI": (SIPIL, 8, 17, 0.4),
    "LARANGAN AKSES BERTEMU ORANG TUA": (KELUARGA, 0, 17, 12.0),
    "PEMENUHAN NAFKAH": (KELUARGA, 0, 17, 11.0),
    "ANAK KORBAN PENGASUHAN BERMASALAH": (KELUARGA, 0, 17, 11.0),
    "PENELANTARAN": (KELUARGA, 0, 17, 9.0),
    "STUNTING": (KESEHATAN, 0, 5, 5.0),
    "MALPRAKTIK": (KESEHATAN, 0, 17, 1.0),
    "PELAYANAN KESEHATAN DASAR": (KESEHATAN, 0, 17, 1.0),
    "KEKERASAN DI SATUAN PENDIDIKAN": (PENDIDIKAN, 6, 17, 8.0),
    "ANAK PUTUS SEKOLAH": (PENDIDIKAN, 7, 17, 5.0),
    "ANAK KORBAN KEKERASAN SEKSUAL": (KHUSUS, 2, 17, 9.0),
    "ANAK KORBAN KEKERASAN FISIK/PSIKIS": (KHUSUS, 0, 17, 9.0),
    "PORNOGRAFI DAN CYBER CRIME": (KHUSUS, 9, 17, 4.0),
    "EKSPLOITASI/TPPO": (KHUSUS, 6, 17, 4.0),
    PELAKU: (KHUSUS, 12, 17, 22.0),
    "ANAK BERHADAPAN DENGAN HUKUM (KORBAN)": (KHUSUS, 4, 17, 2.0),
    "ANAK DENGAN DISABILITAS": (KHUSUS, 2, 17, 2.0),
    "ANAK KORBAN STIGMATISASI": (KHUSUS, 6, 17, 0.6),
}
KANAL = Weighted({"DARING": 34.0, "TELEPON": 22.0, "LANGSUNG": 28.0, "SURAT": 16.0})
PELAPOR = Weighted({"IBU": 30.0, "AYAH": 20.0, "KERABAT": 20.0, "MASYARAKAT": 17.0, "LEMBAGA": 13.0})
PELAKU_HUB = Weighted({"AYAH": 18.0, "IBU": 13.0, "GURU": 12.0, "TEMAN": 14.0, "TETANGGA": 9.0, "TIDAK DIKETAHUI": 34.0})
STATUS = Weighted({"PROSES": 34.0, "DIRUJUK": 32.0, "TERMINASI": 34.0})
TINDAK = {
    "DIRUJUK": Weighted({"RUJUKAN": 62.0, "PSIKOEDUKASI": 14.0, "PENGAWASAN": 8.0, "MEDIASI": 6.0, "": 10.0}),
    "PROSES": Weighted({"PSIKOEDUKASI": 26.0, "MEDIASI": 22.0, "PENGAWASAN": 16.0, "RUJUKAN": 8.0, "": 28.0}),
    "TERMINASI": Weighted({"PSIKOEDUKASI": 34.0, "MEDIASI": 28.0, "PENGAWASAN": 12.0, "RUJUKAN": 10.0, "": 16.0}),
}


def complain(world: World, count: int) -> None:
    """About `count` more children in complaints since the last night, some with siblings, some told over two channels."""
    pool = world.candidates(PENGADUAN, 0, 17)[::-1]
    target = len(world.of(PENGADUAN)) + count
    while len(world.of(PENGADUAN)) < target and pool:
        child = pool.pop()
        number = world.next_number("complaint")
        dice = world.dice("complaint", number)
        siblings = [p for p in child.family.members if p is not child and p.alive and p.age(world.today) < 18]
        company = dice.some(siblings, dice.between(1, 2)) if dice.hit(0.22) else []
        day = world.event_day(dice, child, *company)
        _complaint(world, dice, number, day, [child, *company])
        if dice.hit(0.025):
            _complaint(world, dice, world.next_number("complaint"), min(day + dt.timedelta(days=dice.between(1, 20)), world.today), [child])


def _complaint(world: World, dice: Dice, number: int, day: dt.date, children: list[Person]) -> None:
    code = f"PGD-{day:%Y-%m}-{number:05d}"
    shared: dict[str, Cell] = {
        "no_pengaduan": code,
        "tanggal": written(dice, day, "text"),
        "kanal": dice.draw(KANAL),
        "hubungan_pelapor": dice.draw(PELAPOR),
    }
    regency = _regency(world, dice, children[0])
    shared["kabupaten"] = world.population.regions.typed(dice, regency)
    kind, home = _kind(dice, children[0], day), world.residence.get(children[0].number)
    if home is None and dice.hit(0.02):
        homes = world.institutions.homes(children[0].family.regency)
        home = dice.pick(homes) if homes else None
    names: set[str] = set()
    for child in children:
        serial = world.next_number(PENGADUAN)
        clerk = world.clerk(PENGADUAN, serial)
        named = home if home and clerk.dice.hit(0.7) else None
        cells = shared | _child(clerk, child, day, kind) | _progress(clerk, named)
        if cells["nama"] in names:
            cells["nama"] = child.name
        if cells["nama"] in names:
            continue  # the row key would not tell the two apart
        names.add(str(cells["nama"]))
        if clerk.dice.hit(world.profile.row_defect):
            cells |= {"nama": None, "nik": None}
        record = world.add(PENGADUAN, serial, cells, key=code, person=child, known=named, refused=not (cells["nama"] or cells["nik"]))
        record.day = day


def _regency(world: World, dice: Dice, child: Person) -> str:
    if not dice.hit(world.profile.moved):
        return child.family.regency
    return dice.draw(world.population.regions.table)


def _kind(dice: Dice, child: Person, day: dt.date) -> str:
    age = child.age(day)
    if child.disabled and dice.hit(0.4) and age >= 2:
        return "ANAK DENGAN DISABILITAS"
    return dice.draw(Weighted({kind: weight for kind, (_, youngest, oldest, weight) in KINDS.items() if youngest <= age <= oldest}))


def _child(clerk: Clerk, child: Person, day: dt.date, kind: str) -> dict[str, Cell]:
    dice = clerk.dice
    youngest = KINDS[kind][1]
    if child.age(day) < youngest:
        kind = "PENELANTARAN"
    born = clerk.born(child, "mixed")
    age = child.age(day) + (dice.pick((-1, 1)) if dice.hit(0.04) else 0)
    return {
        "nama": clerk.name(child),
        "jenis_kelamin": clerk.sex(child),
        "usia": max(0, age) if dice.hit(0.75 if born else 0.88) else None,
        "tanggal_lahir": born,
        "nik": clerk.nik(child),
        "no_kk": clerk.kk(child),
        "nama_ibu": clerk.mother(child),
        "klaster": KINDS[kind][0],
        "jenis_kasus": kind,
        "peran": "PELAKU" if kind == PELAKU else dice.draw(ROLE) or None,
    }


ROLE = Weighted({"KORBAN": 72.0, "SAKSI": 11.0, "": 17.0})


def _progress(clerk: Clerk, named: Institution | None) -> dict[str, Cell]:
    dice = clerk.dice
    status = dice.draw(STATUS)
    return {
        "hubungan_pelaku": dice.draw(PELAKU_HUB),
        "nama_lks": typed(dice, named) if named else None,
        "tindak_lanjut": dice.draw(TINDAK[status]) or None,
        "status": status,
    }


OBJECTS = Weighted({"LKSA": 84.0, "SEKOLAH": 8.0, "LPKA": 3.0, "LPKS": 3.0, "LPAS": 2.0})
FINDINGS = ("KEKERASAN", "RASIO PENGASUH KURANG", "SANITASI", "TANPA AKTA KELAHIRAN", "TIDAK ADA IZIN")
UNREGISTERED = 0.08


def visit(world: World, count: int) -> None:
    """`count` more visits since the last night; some to institutions that the register of institutions does not hold."""
    for _ in range(count):
        number = world.next_number(PENGAWASAN)
        dice = world.dice(PENGAWASAN, number)
        kind = dice.draw(OBJECTS)
        known = _visited(world, dice) if kind == "LKSA" else None
        regency = known.regency if known else dice.draw(world.population.regions.table)
        day = world.event_day(dice)
        findings = dice.some(FINDINGS, dice.draw(HOW_MANY))
        code = f"WAS-{day:%Y}-{number:04d}"
        cells: dict[str, Cell] = {
            "no_was": code,
            "tanggal": f"{day:%Y-%m-%d}",
            "objek_jenis": kind,
            "nama_lks": typed(dice, known) if known else _elsewhere(world, dice, kind, regency),
            "kabupaten": world.population.regions.typed(dice, regency),
            "status": "SELESAI" if dice.hit(0.5) else "TERBUKA",
            "batas": f"{day + dt.timedelta(days=dice.pick((30, 60, 90, 120))):%Y-%m-%d}",
        }
        lists = {"temuan": findings, "rekomendasi": ["PERBAIKAN STANDAR"] if findings and dice.hit(0.72) else []}
        world.add(PENGAWASAN, number, cells, key=code, known=known).lists = lists


HOW_MANY = Weighted({0: 38.0, 1: 34.0, 2: 21.0, 3: 7.0})


def _visited(world: World, dice: Dice) -> Institution:
    if dice.hit(UNREGISTERED):
        return world.institutions.add(dice, world.today, registered=False)
    return dice.pick(world.institutions.homes())


def _elsewhere(world: World, dice: Dice, kind: str, regency: str) -> str:
    nama = world.population.regions.regencies[regency].nama
    if kind == "SEKOLAH":
        return f"{dice.pick(('SD NEGERI', 'SMP NEGERI', 'SMA NEGERI', 'SMK NEGERI'))} {dice.between(1, 30)} {nama}"
    return f"{kind} {dice.pick(('KELAS I', 'KELAS II'))} {nama}"


def follow_up(record: Record, dice: Dice, today: dt.date) -> None:
    """By `today` a complaint in process may be referred or end, an open visit be closed."""
    if record.cells["status"] == "PROSES" and dice.hit(0.3):
        status = "DIRUJUK" if dice.hit(0.45) else "TERMINASI"
        record.cells |= {"status": status, "tindak_lanjut": dice.draw(TINDAK[status]) or None}
    elif record.cells["status"] == "TERBUKA" and dice.hit(0.3):
        record.cells["status"] = "SELESAI"
