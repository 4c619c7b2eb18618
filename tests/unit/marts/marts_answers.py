"""Every indicator computed a second time, in plain Python from its definition (seeds/codes_indikator.csv), not from the SQL."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from marts_cells import GALAT, MONTH, OPEN, PRECISION, YEAR, Cell, Fact, Figure, band, days, full_years, ratios, swung
from marts_supervision import more_families
from marts_world import AS_OF, PERSON_FEEDS, REGENCIES, Record, World, is_kept


class Person:
    """What is known of one person from all of its records and, where it was found, from DTSEN."""

    def __init__(self, world: World, records: list[Record]) -> None:
        self.records = records
        register = {r.register_id: r for r in world.register}
        self.dtsen = next((register[r.register_id] for r in records if r.register_id), None)
        decisions = {r.decision for r in records}
        self.state = "link" if "link" in decisions else "review" if "review" in decisions else "no_link"

    @cached_property
    def born(self) -> dt.date | None:
        if self.dtsen:
            return self.dtsen.tanggal_lahir
        dated = [r for r in self.records if r.tanggal_lahir]
        dated.sort(key=lambda r: (PRECISION.index(r.presisi), -r.tanggal_acuan.toordinal(), r.tanggal_lahir))
        return dated[0].tanggal_lahir if dated else None

    @cached_property
    def sex(self) -> str | None:
        if self.dtsen:
            return {"1": "L", "2": "P"}[self.dtsen.jenis_kelamin]
        count = Counter(r.jenis_kelamin for r in self.records if r.jenis_kelamin)
        return None if count["L"] == count["P"] else max("LP", key=lambda s: count[s])

    @cached_property
    def home(self) -> str | None:
        placed = [r for r in self.records if r.kode_kabupaten]
        placed.sort(key=lambda r: (-r.tanggal_acuan.toordinal(), r.kode_kabupaten))
        return placed[0].kode_kabupaten if placed else self.dtsen.kode_kabupaten if self.dtsen else None

    def is_child(self) -> bool:
        """Under 18 at one of its records in the children's feeds; without a birth date, unless every record is of an adult kind."""
        rows = [r for r in self.records if r.feed != "kemensos/peksos"]
        if self.born is None:
            return any(not _adult_kind(r) for r in rows)
        return any(self.born > r.tanggal_acuan or full_years(self.born, r.tanggal_acuan) < 18 for r in rows)


def _adult_kind(r: Record) -> bool:
    return r.cells.get("kode_ppks", "01") >= "08" or r.cells.get("komponen") in {"LANSIA", "BUMIL", "DIS_BERAT"}


class Answers:
    """The indicators of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        grouped: dict[str, list[Record]] = defaultdict(list)
        for r in world.records:
            grouped[r.person_id].append(r)
        self.people = {pid: Person(world, rows) for pid, rows in grouped.items()}
        self.institution = {i.no_td: i for i in world.institutions}

    def all(self) -> dict[tuple[str, *Cell], Figure]:
        """Every cell of every indicator, by (code, periode, tingkat, kode, kategori, sex, band)."""
        out: dict[tuple[str, *Cell], Figure] = {}
        for code, facts, needs, by_group in self.families():
            seen = all(any(self.seen(f) for f in option) for option in needs)
            rolled = days(facts, seen, by_group) if code == "I12" else ratios(facts, seen, by_group)
            out |= {(code, *cell): swung(figure, *self.swing(code)) for cell, figure in rolled.items()}
        return out

    def swing(self, code: str) -> tuple[float, bool]:
        """What links that nobody doubts have wrong, as a variance a counted thing; and whether the figure is a share."""
        told = {(measure, method): value for measure, value, method in self.world.accuracy}
        if not told:
            return 0.0, True
        wrong = 2 - told["recall", "post_stratified"] - told["precision", "post_stratified"]
        return GALAT[code][0] * (wrong * 300 + 0.012 * 400) / (300 + 400), GALAT[code][1]

    def families(self) -> Iterator[tuple[str, list[Fact], list[list[str]], bool]]:
        kpai, atensi, lks, stays = ["kpai/pengaduan"], ["kemensos/atensi"], ["kemensos/lks"], ["kemensos/lksa_anak"]
        yield "I01", self.matched(), [["dtsen"]], True
        yield "I02", self.valid_nik(), [], True
        yield "I03", self.not_found(), [kpai, ["dtsen"]], True
        yield "I04", self.without_aid(), [kpai, ["dtsen"], ["kemensos/pkh", "kemensos/yapi"]], True
        yield "I05", self.unaccredited(), [lks, stays], True
        yield "I06", self.accredited(), [lks], False
        yield "I07", self.parent_living(), [stays], True
        yield "I08", self.caseload(), [["kemensos/peksos"], ["kpai/pengaduan", "ditjenpas/abh"]], False
        yield "I09", self.regencies(lambda k: k not in self.licensed_regencies()), [["kemensos/peksos"]], False
        yield "I10", self.regencies(lambda k: k in self.certified_regencies()), [["kemensos/rumah_aman"]], False
        yield "I11", self.reached(), [kpai, atensi], True
        yield "I12", self.days_to_service(), [kpai, atensi], True
        yield "I13", self.outcomes(), [atensi], True
        yield "I14", self.diverted(), [["ditjenpas/abh"]], True
        yield "I15", self.disability(), [["kemensos/ppks"]], True
        yield from more_families(self)

    def seen(self, feed: str) -> bool:
        if feed == "daftar":
            return bool(self.world.listed)
        return self.world.dtsen if feed == "dtsen" else feed in self.world.seen

    def person(self, r: Record) -> Person:
        return self.people[r.person_id]

    def place(self, r: Record) -> str | None:
        return r.kode_kabupaten or self.person(r).home

    def matched(self) -> list[Fact]:
        facts = [Fact(f, MONTH, None, None, None, None, None, (None, None), (None, None)) for f in PERSON_FEEDS if not self.seen(f)]
        for r in self.world.records:
            link, doubt = r.decision == "link", r.decision == "review"
            group = (r.kode_kabupaten, self.person(r).sex, band(self.person(r).born, r.tanggal_acuan))
            facts.append(Fact(r.feed, MONTH, *group, link, 1, (link, 1), (link or doubt, 1)))
        return facts

    def valid_nik(self) -> list[Fact]:
        facts = [Fact(f, MONTH, None, None, None, None, None) for f in PERSON_FEEDS if not self.seen(f)]
        for r in self.world.records:
            group = (r.kode_kabupaten, r.jenis_kelamin, band(r.tanggal_lahir, r.tanggal_acuan))
            good = r.nik_status in {"valid", "sex_or_date_conflict"}
            facts.append(Fact(r.feed, MONTH, *group, good, r.nik_status != "missing"))
        return facts

    def case_children(self, *feeds: str) -> Iterator[tuple[str, Person, str | None, str]]:
        """Each child with a case once in each month and year: at its last case there."""
        cases: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for r in self.world.records:
            if is_kept(r, AS_OF) and r.feed in feeds and r.tanggal_acuan < OPEN and band(self.person(r).born, r.tanggal_acuan) != "18+":
                for periode in (f"{r.tanggal_acuan:%Y-%m}", f"{r.tanggal_acuan:%Y}"):
                    cases[periode, r.person_id].append(r)
        for (periode, pid), rows in cases.items():
            last = min(rows, key=lambda r: (-r.tanggal_acuan.toordinal(), self.place(r) or "~"))
            yield periode, self.people[pid], self.place(last), band(self.people[pid].born, last.tanggal_acuan)

    def not_found(self) -> list[Fact]:
        facts = []
        for periode, p, place, years in self.case_children("kpai/pengaduan"):
            known = any(r.nik_status in {"valid", "sex_or_date_conflict"} or (r.nama and r.tanggal_lahir) for r in p.records)
            kind = {"link": "", "review": "perlu_tinjauan"}.get(p.state, "tanpa_padanan" if known else "tanpa_identitas")
            for kategori in ("semua", "perlu_tinjauan", "tanpa_identitas", "tanpa_padanan"):
                num = kind != "" and kategori in {"semua", kind}
                sure = num and kind != "perlu_tinjauan"
                worst = num or (kind == "perlu_tinjauan" and kategori == "tanpa_padanan")
                facts.append(Fact(kategori, periode, place, p.sex, years, num, 1, (sure, 1), (worst, 1)))
        return facts

    def pkh_year(self) -> int:
        years = [r.cells["tahun"] for r in self.world.of("kemensos/pkh") if r.cells["tahun"] <= AS_OF.year]
        return max(years, default=0)

    def without_aid(self) -> list[Fact]:
        paid = [r for r in self.world.of("kemensos/pkh") if r.cells["status_salur"] == "SALUR" and r.cells["tahun"] == self.pkh_year()]
        families = {p.dtsen.id_keluarga for p in map(self.person, paid) if p.dtsen}
        orphans = [r for r in self.world.of("kemensos/yapi") if r.cells["bulan"] is None or r.cells["bulan"] <= AS_OF]
        aided = {r.person_id for r in [*paid, *orphans]}
        name = "+".join(n for n in ("PKH", "YAPI") if self.seen(f"kemensos/{n.lower()}"))
        facts = []
        for periode, p, place, years in self.case_children("kpai/pengaduan"):
            poor = p.dtsen is not None and p.dtsen.desil is not None and p.dtsen.desil <= 4
            none = poor and p.records[0].person_id not in aided and p.dtsen.id_keluarga not in families
            doubt = p.state == "review"
            facts.append(Fact(name, periode, place, p.sex, years, none, poor, (none, poor or doubt), (none or doubt, poor or doubt)))
        return facts

    def residents(self) -> Iterator[tuple[Record, Person]]:
        """Each child who lives in an institution on the as-of day, once: where it entered last."""
        stays: dict[str, list[Record]] = defaultdict(list)
        for r in self.world.of("kemensos/lksa_anak"):
            entered, left, reason = (r.cells[k] for k in ("tanggal_masuk", "tanggal_keluar", "alasan_keluar"))
            present = (entered is None or entered <= AS_OF) and (left > AS_OF if left else reason is None)
            if present and band(self.person(r).born, AS_OF) != "18+":
                stays[r.person_id].append(r)
        for pid, rows in stays.items():
            yield min(rows, key=self.entered_last), self.people[pid]

    def entered_last(self, r: Record) -> tuple[object, ...]:
        entered = r.cells["tanggal_masuk"]
        where = self.world.named[r.record_id][1] or "~"
        return (-entered.toordinal() if entered else 0, where, self.accreditation(r), r.cells["status_ortu"] or "~")

    def accreditation(self, r: Record) -> str:
        home = self.institution.get(self.world.named[r.record_id][1] or "")
        if home is None:
            return "tak_diketahui"
        if home.peringkat is None and home.tanggal_akhir is None:
            return "tidak_ada"
        if home.tanggal_akhir is None:
            return "tak_diketahui"
        return "berlaku" if home.tanggal_akhir >= AS_OF else "kedaluwarsa"

    def home_regency(self, r: Record) -> str | None:
        home = self.institution.get(self.world.named[r.record_id][1] or "")
        return home.kode_kabupaten if home else None

    def unaccredited(self) -> list[Fact]:
        facts = []
        for r, p in self.residents():
            state = self.accreditation(r)
            bad, known = state in {"tidak_ada", "kedaluwarsa"}, state != "tak_diketahui"
            group = (self.home_regency(r), p.sex, band(p.born, AS_OF))
            facts.append(Fact("semua", MONTH, *group, bad, known, (bad, 1), (state != "berlaku", 1)))
        return facts

    def accredited(self) -> list[Fact]:
        active = [i for i in self.world.institutions if i.jenis == "LKSA" and i.aktif == "YA"]
        good = {i.no_td for i in active if i.peringkat and i.tanggal_akhir and i.tanggal_akhir >= AS_OF}
        return [Fact("semua", MONTH, i.kode_kabupaten, None, None, i.no_td in good, 1) for i in active]

    def parent_living(self) -> list[Fact]:
        return [
            Fact("semua", MONTH, self.home_regency(r), p.sex, band(p.born, AS_OF), r.cells["status_ortu"] != "YATIM PIATU", 1)
            for r, p in self.residents()
            if r.cells["status_ortu"]
        ]

    def licensed(self) -> list[Record]:
        return [
            r
            for r in self.world.of("kemensos/peksos")
            if r.cells["jabatan"] in {"PEKSOS", "SAKTI PEKSOS"} and r.cells["str_akhir"] and r.cells["str_akhir"] >= AS_OF
        ]

    def licensed_regencies(self) -> set[str]:
        return {r.cells["kode_kabupaten"] for r in self.licensed()}

    def certified_regencies(self) -> set[str]:
        return {place for _, place, until in self.world.safe_houses if until and until >= AS_OF}

    def caseload(self) -> list[Fact]:
        children = self.case_children("kpai/pengaduan", "ditjenpas/abh")
        facts = [Fact("semua", MONTH, place, None, None, 1, 0) for periode, _, place, _ in children if periode == YEAR]
        posts: dict[str, list[Record]] = defaultdict(list)
        for r in self.licensed():
            posts[r.person_id].append(r)
        for rows in posts.values():
            best = min(rows, key=lambda r: (-r.cells["str_akhir"].toordinal(), r.cells["kode_kabupaten"] or "00.00"))
            facts.append(Fact("semua", MONTH, best.cells["kode_kabupaten"], None, None, 0, 1))
        return facts

    def regencies(self, holds: Callable[[str], bool]) -> list[Fact]:
        return [Fact("semua", MONTH, k, None, None, holds(k), 1) for k in REGENCIES]

    def referrals(self) -> Iterator[tuple[Record, bool, int | None]]:
        """Each referral of a child: whether it reached a service, and after how many days."""
        inside: dict[str, set[str]] = defaultdict(set)
        for r in self.world.of("kpai/pengaduan"):
            inside[r.cells["no_pengaduan"]].add(r.person_id)
        for r in self.world.of("kpai/pengaduan"):
            if r.cells["status"] != "DIRUJUK" and r.cells["tindak_lanjut"] != "RUJUKAN":
                continue
            if r.tanggal_acuan >= OPEN or band(self.person(r).born, r.tanggal_acuan) == "18+":
                continue
            number, alone = r.cells["no_pengaduan"], len(inside[r.cells["no_pengaduan"]]) == 1
            hits = [
                a.cells["tanggal_masuk"]
                for a in self.world.of("kemensos/atensi")
                if (a.cells["no_rujukan"] == number and (alone or a.person_id == r.person_id))
                or (a.person_id == r.person_id and a.cells["tanggal_masuk"] >= r.tanggal_acuan)
            ]
            waits = [(d - r.tanggal_acuan).days for d in hits if d >= r.tanggal_acuan]
            yield r, bool(hits), min(waits, default=None)

    def reached(self) -> list[Fact]:
        facts = []
        for r, ok, _ in self.referrals():
            p, doubt = self.person(r), self.person(r).state == "review"
            for periode in (f"{r.tanggal_acuan:%Y-%m}", f"{r.tanggal_acuan:%Y}"):
                group = (self.place(r), p.sex, band(p.born, r.tanggal_acuan))
                facts.append(Fact("semua", periode, *group, ok, 1, (ok, 1), (ok or doubt, 1)))
        return facts

    def days_to_service(self) -> list[Fact]:
        facts = []
        for r, ok, wait in self.referrals():
            p = self.person(r)
            doubt = p.state == "review" and not ok
            low, high = (0, (AS_OF - r.tanggal_acuan).days) if doubt else (wait, wait)
            for periode in (f"{r.tanggal_acuan:%Y-%m}", f"{r.tanggal_acuan:%Y}"):
                group = (self.place(r), p.sex, band(p.born, r.tanggal_acuan))
                facts.append(Fact("semua", periode, *group, wait, None, (low, None), (high, None)))
        return facts

    def outcomes(self) -> list[Fact]:
        facts = []
        for r in self.world.of("kemensos/atensi"):
            years = band(self.person(r).born, r.tanggal_acuan)
            if r.cells["status"] != "SELESAI" or years == "18+":
                continue
            day = r.cells["tanggal_selesai"] or r.tanggal_acuan
            for kategori in ("MANDIRI", "RUJUK LANJUT", "REINTEGRASI KELUARGA", "TANPA HASIL"):
                for periode in (f"{day:%Y-%m}", f"{day:%Y}"):
                    hit = (r.cells["hasil"] or "TANPA HASIL") == kategori
                    facts.append(Fact(kategori, periode, self.place(r), self.person(r).sex, years, hit, 1))
        return facts

    def diverted(self) -> list[Fact]:
        facts = []
        for r in self.world.of("ditjenpas/abh"):
            if not is_kept(r, AS_OF):
                continue
            years = band(self.person(r).born, r.tanggal_acuan)
            # 362 KUHP: 5 years, may be diverted; 363 KUHP: 7 years, may not.
            if r.cells["pasal"] != "362 KUHP" or r.cells["diversi"] is None or years == "18+" or r.tanggal_acuan >= OPEN:
                continue
            for periode in (f"{r.tanggal_acuan:%Y-%m}", f"{r.tanggal_acuan:%Y}"):
                facts.append(Fact("semua", periode, self.place(r), self.person(r).sex, years, r.cells["diversi"] == "BERHASIL", 1))
        return facts

    def disability(self) -> list[Fact]:
        kinds: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for r in self.world.of("kemensos/ppks"):
            disabled = r.cells["kode_ppks"] == "05" or r.cells["ragam_disabilitas"]
            if disabled and self.person(r).is_child() and band(self.person(r).born, AS_OF) != "18+":
                kinds["semua", r.person_id].append(r)
                kinds[r.cells["ragam_disabilitas"] or "RAGAM TAK DISEBUT", r.person_id].append(r)
        facts = []
        for (kategori, pid), rows in kinds.items():
            last = min(rows, key=lambda r: (-r.tanggal_acuan.toordinal(), self.place(r) or "~"))
            served = any(r.cells["terlayani"] == "SUDAH" for r in rows)
            p = self.people[pid]
            facts.append(Fact(kategori, MONTH, self.place(last), p.sex, band(p.born, AS_OF), served, 1))
        return facts
