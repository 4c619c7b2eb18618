"""Indicators I16 to I35 a second time, in plain Python from their definitions (seeds/codes_indikator.csv), not from the SQL."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from marts_cells import MONTH, OPEN, Fact, band
from marts_night import VERSION, children_of_the_register
from marts_vulnerable import vulnerable_by
from marts_world import AS_OF, Institution, Record, Visit

if TYPE_CHECKING:
    from marts_answers import Answers

KPAI, LKS, STAYS, ATENSI, PPKS = ["kpai/pengawasan"], ["kemensos/lks"], ["kemensos/lksa_anak"], ["kemensos/atensi"], ["kemensos/ppks"]
SERVICES = [*ATENSI, *PPKS, "kemensos/pkh", "kemensos/yapi", *STAYS]


def more_families(answers: Answers) -> Iterator[tuple[str, list[Fact], list[list[str]], bool]]:
    """Code, facts, the feeds that are needed (one of each list), and whether also by sex and age band."""
    yield "I16", overdue(answers), [KPAI], False
    yield "I17", unanswered(answers), [KPAI], False
    yield "I18", under_findings(answers), [STAYS, LKS, KPAI], True
    yield "I19", unregistered(answers), [KPAI, LKS], False
    yield "I20", never_visited(answers), [LKS, STAYS, KPAI], False
    yield "I21", lapsing(answers), [["kemensos/peksos"]], False
    yield "I22", occupied(answers), [LKS, STAYS], False
    yield "I23", first_served(answers), [ATENSI], True
    yield "I24", disabled_people(answers), [PPKS], True
    yield "I25", vulnerable(answers), [["dtsen"], SERVICES], False
    yield "I26", without_pbi(answers), [["dtsen"]], False
    yield "I29", listed(answers, 0, answered=True), [["daftar"]], False
    yield "I30", listed(answers, 30), [["daftar"]], False
    yield "I31", listed(answers, 90), [["daftar"]], False
    yield "I32", certified(answers), [["kemensos/peksos"]], False
    yield "I33", by_sentra(answers), [ATENSI], False
    yield "I34", by_finding(answers), [KPAI], False
    yield "I35", listed_disabled(answers), [["dtsen"], PPKS], False
    yield "I27", closed(answers), [["kpai/pengaduan"]], True
    yield "I28", prompt(answers), [["kpai/pengaduan"], ATENSI], True


def _place(answers: Answers, visit: Visit) -> str | None:
    home = answers.institution.get(visit.no_td or "")
    return visit.kode_kabupaten or (home.kode_kabupaten if home else None)


def _fact(place: str | None, num: float, den: float, high: float | None = None) -> Fact:
    return Fact("semua", MONTH, place, None, None, num, den, (num, den), (num if high is None else high, den))


def overdue(answers: Answers) -> list[Fact]:
    told = [v for v in answers.world.visits if v.status == "TERBUKA" and v.temuan and v.batas]
    return [_fact(_place(answers, v), v.batas < AS_OF, 1) for v in told]


def unanswered(answers: Answers) -> list[Fact]:
    told = [v for v in answers.world.visits if v.status == "SELESAI" and "KEKERASAN" in v.temuan]
    return [_fact(_place(answers, v), not v.rekomendasi, 1) for v in told]


def under_findings(answers: Answers) -> list[Fact]:
    known_open = {v.no_td for v in answers.world.visits if v.status == "TERBUKA" and v.temuan and v.no_td}
    facts = []
    for r, p in answers.residents():
        home = answers.institution.get(answers.world.named[r.record_id][1] or "")
        if home:
            facts.append(Fact("semua", MONTH, home.kode_kabupaten, p.sex, band(p.born, AS_OF), home.no_td in known_open, 1))
    return facts


def unregistered(answers: Answers) -> list[Fact]:
    visits = [v for v in answers.world.visits if v.objek_jenis == "LKSA"]
    return [_fact(_place(answers, v), v.decision == "no_link", 1, v.decision != "link") for v in visits]


def _residents_of(answers: Answers) -> dict[str, set[str]]:
    """Everyone who is listed as living in an institution that was found, by institution."""
    found: dict[str, set[str]] = defaultdict(set)
    for r in answers.world.of("kemensos/lksa_anak"):
        entered, left, reason = (r.cells[k] for k in ("tanggal_masuk", "tanggal_keluar", "alasan_keluar"))
        if (entered is None or entered <= AS_OF) and (left > AS_OF if left else reason is None):
            found[answers.world.named[r.record_id][1] or ""].add(r.person_id)
    return found


def _active(answers: Answers) -> list[Institution]:
    return [i for i in answers.world.institutions if i.jenis == "LKSA" and i.aktif == "YA"]


def never_visited(answers: Answers) -> list[Fact]:
    visited, residents = {v.no_td for v in answers.world.visits}, _residents_of(answers)
    return [_fact(i.kode_kabupaten, i.no_td not in visited, 1) for i in _active(answers) if residents[i.no_td]]


def lapsing(answers: Answers) -> list[Fact]:
    posts: dict[str, list[Record]] = defaultdict(list)
    for r in answers.licensed():
        posts[r.person_id].append(r)
    facts = []
    for rows in posts.values():
        best = min(rows, key=lambda r: (-r.cells["str_akhir"].toordinal(), r.cells["kode_kabupaten"] or "00.00"))
        facts.append(_fact(best.cells["kode_kabupaten"], best.cells["str_akhir"] <= AS_OF + dt.timedelta(days=90), 1))
    return facts


def occupied(answers: Answers) -> list[Fact]:
    residents = _residents_of(answers)
    return [_fact(i.kode_kabupaten, len(residents[i.no_td]), i.kapasitas) for i in _active(answers) if i.kapasitas]


def first_served(answers: Answers) -> list[Fact]:
    rows: dict[str, list[Record]] = defaultdict(list)
    for r in answers.world.of("kemensos/atensi"):
        if band(answers.person(r).born, r.tanggal_acuan) != "18+":
            rows[r.person_id].append(r)
    cells: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for pid, own in rows.items():
        for r in own:
            for periode in (f"{r.tanggal_acuan:%Y-%m}", f"{r.tanggal_acuan:%Y}"):
                for kategori in ("semua", r.cells["kluster"] or "TANPA KLUSTER"):
                    cells[kategori, periode, pid].append(r)
    facts = []
    for (kategori, periode, pid), own in cells.items():
        person = answers.people[pid]
        last = min(own, key=lambda r: (-r.tanggal_acuan.toordinal(), answers.place(r) or "~"))
        first = min(r.tanggal_acuan for r in rows[pid])
        group = (answers.place(last), person.sex, band(person.born, last.tanggal_acuan))
        facts.append(Fact(kategori, periode, *group, f"{first:%Y-%m}".startswith(periode), 1))
    return facts


def disabled_people(answers: Answers) -> list[Fact]:
    kinds: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for r in answers.world.of("kemensos/ppks"):
        if r.cells["kode_ppks"] in {"05", "09"} or r.cells["ragam_disabilitas"]:
            person = answers.person(r)
            grown = not person.is_child() or band(person.born, AS_OF) == "18+"
            for kategori in ("semua", "dewasa" if grown else "anak"):
                kinds[kategori, r.person_id].append(r)
    facts = []
    for (kategori, pid), rows in kinds.items():
        last = min(rows, key=lambda r: (-r.tanggal_acuan.toordinal(), answers.place(r) or "~"))
        served = any(r.cells["terlayani"] == "SUDAH" for r in rows)
        person = answers.people[pid]
        facts.append(Fact(kategori, MONTH, answers.place(last), person.sex, band(person.born, AS_OF), served, 1))
    return facts


def _helped(answers: Answers) -> set[str]:
    """Persons whom a service was seen to reach."""
    world = answers.world
    paid = [r for r in world.of("kemensos/pkh") if r.cells["status_salur"] == "SALUR" and r.cells["tahun"] == answers.pkh_year()]
    families = {p.dtsen.id_keluarga for p in map(answers.person, paid) if p.dtsen}
    orphans = [r for r in world.of("kemensos/yapi") if r.cells["bulan"] is None or r.cells["bulan"] <= AS_OF]
    own = {r.person_id for r in [*paid, *orphans]}
    aided = {pid for pid, p in answers.people.items() if p.is_child() and (pid in own or (p.dtsen and p.dtsen.id_keluarga in families))}
    served = {r.person_id for r in world.of("kemensos/atensi")}
    served |= {r.person_id for r in world.of("kemensos/ppks") if r.cells["terlayani"] == "SUDAH"}
    return aided | served | set().union(*_residents_of(answers).values())


def vulnerable(answers: Answers) -> list[Fact]:
    release = dt.date.fromisoformat(VERSION)
    found = {p.dtsen for pid, p in answers.people.items() if pid in _helped(answers) and p.dtsen}
    facts = [Fact(rule, MONTH, person.kode_kabupaten, None, None, 1, 0) for person in found for rule in vulnerable_by(person, release)]
    facts += [
        Fact(rule, MONTH, place, None, None, 0, n)
        for (place, rule, kind), n in children_of_the_register(answers.world).items()
        if kind == "semua"
    ]
    return facts


def without_pbi(answers: Answers) -> list[Fact]:
    release = dt.date.fromisoformat(VERSION)
    poor = [p for p in answers.world.register if answers.world.dtsen and "desil_1_4" in vulnerable_by(p, release)]
    return [_fact(p.kode_kabupaten, not p.pbi, 1) for p in poor]


def closed(answers: Answers) -> list[Fact]:
    facts = []
    for r in answers.world.of("kpai/pengaduan"):
        person = answers.person(r)
        years = band(person.born, r.tanggal_acuan)
        for periode in (f"{r.tanggal_acuan:%Y-%m}", f"{r.tanggal_acuan:%Y}") if years != "18+" and r.tanggal_acuan < OPEN else ():
            facts.append(Fact("semua", periode, answers.place(r), person.sex, years, r.cells["status"] == "TERMINASI", 1))
    return facts


def prompt(answers: Answers) -> list[Fact]:
    facts = []
    for r, reached, days in answers.referrals():
        person = answers.person(r)
        soon = days is not None and days <= 3
        doubt = person.state == "review" and not reached
        for periode in (f"{r.tanggal_acuan:%Y-%m}", f"{r.tanggal_acuan:%Y}"):
            group = (answers.place(r), person.sex, band(person.born, r.tanggal_acuan))
            facts.append(Fact("semua", periode, *group, soon, 1, (soon, 1), (soon or doubt, 1)))
    return facts


def listed(answers: Answers, days: int, *, answered: bool = False) -> list[Fact]:
    """Children listed at least so many days ago: answered at all, or served within them by the last answer until today."""
    facts = []
    for row in answers.world.listed:
        if (AS_OF - row.listed_on).days < days:
            continue
        said = [a for a in answers.world.answered if (a.row_id, a.periode) == (row.row_id, row.periode) and a.tanggal <= AS_OF]
        served = bool(said) and said[-1].jawaban == "sudah_dilayani" and (said[-1].tanggal - row.listed_on).days <= days
        facts.append(Fact("semua", row.periode, row.kode_kabupaten, None, None, bool(said) if answered else served, 1))
    return facts


def certified(answers: Answers) -> list[Fact]:
    """Each worker, role and regency once; certified if any of its rows is."""
    posts: dict[tuple[str, str, str | None], bool] = defaultdict(bool)
    for r in answers.world.of("kemensos/peksos"):
        posts[r.person_id, r.cells["jabatan"] or "tak_diketahui", r.cells["kode_kabupaten"]] |= r.cells.get("no_sertifikat") is not None
    return [Fact(role, MONTH, place, None, None, has, 1) for (_, role, place), has in posts.items()]


def by_sentra(answers: Answers) -> list[Fact]:
    cases = answers.world.of("kemensos/atensi")
    return [Fact(r.cells.get("sentra") or "tak_diketahui", MONTH, None, None, None, r.cells["status"] == "SELESAI", 1) for r in cases]


def by_finding(answers: Answers) -> list[Fact]:
    visits = [v for v in answers.world.visits if v.objek_jenis == "LKSA"]
    kinds = {kind for v in visits for kind in v.temuan}
    return [Fact(kind, MONTH, _place(answers, v), None, None, kind in v.temuan, 1) for v in visits for kind in kinds]


def listed_disabled(answers: Answers) -> list[Fact]:
    release = dt.date.fromisoformat(VERSION)
    rows = {answers.person(r).dtsen for r in answers.world.of("kemensos/ppks")} - {None}
    facts = [Fact("semua", MONTH, p.kode_kabupaten, None, None, 1, 0) for p in rows if p and "disabilitas" in vulnerable_by(p, release)]
    counted = children_of_the_register(answers.world).items()
    facts += [
        Fact("semua", MONTH, place, None, None, 0, n) for (place, rule, kind), n in counted if (rule, kind) == ("disabilitas", "semua")
    ]
    return facts
