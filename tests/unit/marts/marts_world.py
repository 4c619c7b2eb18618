"""A small invented population in the shapes that staging and linkage hand to the marts, with every oddity on purpose.

Nobody in it exists. A `Record` is one row of one feed; what only its feed has is in `cells`.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field, replace
from typing import Any

AS_OF = dt.date(2026, 11, 24)
DELIVERED = dt.date(2026, 11, 23)
REGENCIES = ("32.01", "32.02", "32.73", "94.01", "94.02", "94.03")
PERSON_FEEDS = (
    "ditjenpas/abh",
    "kemensos/atensi",
    "kemensos/lksa_anak",
    "kemensos/peksos",
    "kemensos/pkh",
    "kemensos/ppks",
    "kemensos/yapi",
    "kpai/pengaduan",
)
OTHER_FEEDS = ("kemensos/lks", "kemensos/rumah_aman", "kpai/pengawasan")


@dataclass(frozen=True)
class RegisterPerson:
    """A person of DTSEN and what its family's row says."""

    register_id: str
    id_keluarga: str
    desil: int | None
    kode_kabupaten: str
    jenis_kelamin: str
    tanggal_lahir: dt.date
    disabilitas: str | None = None
    berjalan: str | None = None
    hubungan_kepala: str | None = "3"
    partisipasi_sekolah: str | None = "2"
    pbi: bool = False


@dataclass(frozen=True)
class Record:
    """A row about a person, with the decision on it."""

    record_id: str
    feed: str
    person_id: str
    decision: str
    register_id: str | None
    nik_status: str
    nama: str | None
    tanggal_lahir: dt.date | None
    presisi: str
    jenis_kelamin: str | None
    kode_kabupaten: str | None
    tanggal_acuan: dt.date
    cells: dict[str, Any] = field(default_factory=dict)
    grade: str = "nik"


def is_kept(record: Record, as_of: dt.date) -> bool:
    """False for a row of Ditjenpas about someone who turned 18 two years ago or earlier: the contract lets nobody keep it."""
    born = record.tanggal_lahir
    if record.feed != "ditjenpas/abh" or born is None:
        return True
    return (born.year + 20, born.month, born.day) > (as_of.year, as_of.month, as_of.day)


@dataclass(frozen=True)
class Institution:
    """A row of the LKS register."""

    no_td: str
    jenis: str
    kode_kabupaten: str
    aktif: str
    peringkat: str | None
    tanggal_akhir: dt.date | None
    kapasitas: int | None = None


@dataclass(frozen=True)
class Visit:
    """A visit of supervision and the institution that was found for it."""

    record_id: str
    objek_jenis: str
    kode_kabupaten: str | None
    temuan: tuple[str, ...]
    rekomendasi: tuple[str, ...]
    batas: dt.date | None
    status: str
    decision: str | None
    no_td: str | None


@dataclass(frozen=True)
class Listed:
    """A child on a month's list to an office."""

    row_id: str
    periode: str
    kode_kabupaten: str | None
    listed_on: dt.date


@dataclass(frozen=True)
class Answered:
    """What an office answered about a row of a list."""

    row_id: str
    periode: str
    jawaban: str
    tanggal: dt.date


@dataclass
class World:
    """Everything that a night's marts read. `seen`: feeds of which a delivery was accepted."""

    register: list[RegisterPerson]
    records: list[Record]
    institutions: list[Institution]
    safe_houses: list[tuple[str, str, dt.date | None]]
    named: dict[str, tuple[str, str | None]]
    seen: frozenset[str]
    dtsen: bool = True
    visits: tuple[Visit, ...] = ()
    listed: tuple[Listed, ...] = ()
    answered: tuple[Answered, ...] = ()
    accuracy: tuple[tuple[str, float, str], ...] = (
        ("recall", 0.98, "post_stratified"),
        ("precision", 0.995, "post_stratified"),
        ("recall", 0.97, "twin"),
    )

    def of(self, feed: str) -> list[Record]:
        """The rows of a feed."""
        return [r for r in self.records if r.feed == feed]

    @staticmethod
    def _unregistered(r: Record) -> Record:
        return replace(r, register_id=None, decision="no_link")

    @staticmethod
    def _unnamed(v: Visit) -> Visit:
        return replace(v, decision="no_link" if v.decision else None, no_td=None)

    def without(self, *feeds: str) -> World:
        """The same world, had these feeds never been delivered."""
        return World(
            register=self.register if "dtsen" not in feeds else [],
            records=[self._unregistered(r) if "dtsen" in feeds else r for r in self.records if r.feed not in feeds],
            institutions=self.institutions if "kemensos/lks" not in feeds else [],
            safe_houses=self.safe_houses if "kemensos/rumah_aman" not in feeds else [],
            named=self.named if "kemensos/lks" not in feeds else dict.fromkeys(self.named, ("no_link", None)),
            seen=self.seen - set(feeds),
            dtsen=self.dtsen and "dtsen" not in feeds,
            visits=tuple(self._unnamed(v) if "kemensos/lks" in feeds else v for v in self.visits),
            listed=() if "dtsen" in feeds else self.listed,
            answered=() if "dtsen" in feeds else self.answered,
            accuracy=() if "dtsen" in feeds else self.accuracy,
        )


def invented(seed: int, children: int = 90) -> World:
    """A world of `children` children with records in several feeds, and some workers, institutions and safe houses."""
    return _Inventor(random.Random(seed)).world(children)


class _Inventor:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.register: list[RegisterPerson] = []
        self.records: list[Record] = []
        self.named: dict[str, tuple[str, str | None]] = {}
        self.complaints: list[tuple[str, dt.date]] = []

    def world(self, children: int) -> World:
        institutions = [self.institution(n) for n in range(14)]
        for n in range(children):
            self.person(f"P{n:03d}", child=self.rng.random() < 0.93, institutions=institutions)
        for n in range(12):
            self.worker(f"W{n:02d}")
        houses = [(f"RA{n}", self.rng.choice(REGENCIES), self.date_near(AS_OF, 500) if n % 3 else None) for n in range(6)]
        seen = frozenset((*PERSON_FEEDS, *OTHER_FEEDS))
        visits = tuple(self.visit(n, institutions) for n in range(30))
        listed = [
            Listed(f"R-{n:02d}", f"{day:%Y-%m}", self.rng.choice([*REGENCIES, None]), day)
            for day in (dt.date(2026, 8, 5), dt.date(2026, 10, 2), dt.date(2026, 11, 3))
            for n in range(25)
        ]
        answered = [self.answer(row) for row in listed for _ in range(self.rng.choice([0, 1, 1, 2]))]
        return World(
            self.register,
            self.records,
            institutions,
            houses,
            self.named,
            seen,
            visits=visits,
            listed=tuple(listed),
            answered=tuple(answered),
        )

    def answer(self, row: Listed) -> Answered:
        day = row.listed_on + dt.timedelta(days=self.rng.randint(0, 120))
        return Answered(row.row_id, row.periode, self.rng.choice(["ditemukan", "pindah", "sudah_dilayani", "sudah_dilayani"]), day)

    def visit(self, n: int, institutions: list[Institution]) -> Visit:
        rng = self.rng
        kind, place = rng.choice(["LKSA", "LKSA", "LKSA", "SEKOLAH"]), rng.choice(institutions)
        decision = rng.choice(["link", "link", "link", "review", "no_link"]) if kind == "LKSA" else None
        found = tuple(rng.sample(["KEKERASAN", "GIZI", "SANITASI"], k=rng.randint(0, 2)))
        advice = tuple(rng.sample(["PERBAIKAN", "PINDAH"], k=rng.randint(0, 1)))
        until = rng.choice([None, AS_OF, self.date_near(AS_OF, 90)])
        regency = rng.choice([*REGENCIES, None])
        named = place.no_td if decision == "link" else None
        return Visit(f"W{n:03d}", kind, regency, found, advice, until, rng.choice(["TERBUKA", "SELESAI"]), decision, named)

    def date_near(self, day: dt.date, spread: int) -> dt.date:
        return day + dt.timedelta(days=self.rng.randint(-spread, spread))

    def past(self, days: int = 420) -> dt.date:
        return AS_OF - dt.timedelta(days=self.rng.randint(0, days))

    def institution(self, n: int) -> Institution:
        rank = self.rng.choice(["A", "B", "C", None])
        until = None if rank is None or self.rng.random() < 0.15 else self.date_near(AS_OF, 700)
        kind = self.rng.choice(["LKSA"] * 5 + ["LKS-LU"])
        regency, active = self.rng.choice(REGENCIES), self.rng.choice(["YA", "YA", "TIDAK"])
        return Institution(f"TD{n:02d}", kind, regency, active, rank, until, self.rng.choice([None, 0, 4, 20]))

    def person(self, pid: str, child: bool, institutions: list[Institution]) -> None:
        rng = self.rng
        state = rng.choice(["link"] * 6 + ["review", "no_link"])
        born = AS_OF - dt.timedelta(days=rng.randint(30, 365 * 19 if child else 365 * 60))
        registered = self.enrol(pid, born) if state == "link" else None
        feeds = rng.sample([f for f in PERSON_FEEDS if f != "kemensos/peksos"], k=rng.randint(1, 4))
        if rng.random() < 0.5 and "kpai/pengaduan" not in feeds:
            feeds.append("kpai/pengaduan")
        for feed in sorted(feeds, key=lambda f: f != "kpai/pengaduan"):
            for _ in range(rng.choice([1, 1, 1, 2])):
                self.record(pid, feed, state, registered, born, institutions)

    def enrol(self, pid: str, born: dt.date) -> str:
        rng = self.rng
        family = f"K{rng.randint(0, 40):02d}"
        same = [r for r in self.register if r.id_keluarga == family]
        desil = same[0].desil if same else rng.choice([1, 1, 2, 3, 4, 5, 7, None])
        home = same[0].kode_kabupaten if same else rng.choice(REGENCIES)
        person = RegisterPerson(
            register_id=f"R{pid}",
            id_keluarga=family,
            desil=desil,
            kode_kabupaten=home,
            jenis_kelamin=rng.choice("12"),
            tanggal_lahir=born + dt.timedelta(days=rng.choice([0, 0, 0, 31])),
            disabilitas=rng.choice([None, "1", "2", "2"]),
            berjalan=rng.choice([None, None, "1", "3"]),
            hubungan_kepala=rng.choice(["1", "3", "3", "3", "7", None]),
            pbi=rng.random() < 0.4,
            partisipasi_sekolah=rng.choice(["1", "2", "2", "3", None]),
        )
        self.register.append(person)
        return person.register_id

    def record(self, pid: str, feed: str, state: str, registered: str | None, born: dt.date, institutions: list[Institution]) -> None:
        rng = self.rng
        number = f"{feed}-{len(self.records):04d}"
        linked = state == "link" and rng.random() < 0.85
        event = self.past()
        cells, event = self.cells(feed, number, event, institutions)
        self.records.append(
            Record(
                record_id=number,
                feed=feed,
                person_id=pid,
                decision=state if linked or state != "link" else rng.choice(["no_link", "review"]),
                register_id=registered if linked else None,
                nik_status=rng.choice(["valid", "valid", "missing", "malformed", "placeholder", "sex_or_date_conflict"]),
                nama=rng.choice(["NAMA", "NAMA", None]),
                tanggal_lahir=rng.choice([born, born, born, None]),
                presisi=rng.choice(["day", "year"]),
                jenis_kelamin=rng.choice(["L", "P", None]),
                kode_kabupaten=None if feed == "kemensos/lksa_anak" else rng.choice([*REGENCIES, None]),
                tanggal_acuan=event,
                cells=cells,
                grade=rng.choice(["nik", "sure", "close", "likely"]),
            )
        )

    def cells(self, feed: str, number: str, event: dt.date, institutions: list[Institution]) -> tuple[dict[str, Any], dt.date]:
        return getattr(self, "cells_" + feed.split("/")[1])(number, event, institutions), event

    def cells_pengaduan(self, number: str, event: dt.date, _: list[Institution]) -> dict[str, Any]:
        rng = self.rng
        if self.complaints and rng.random() < 0.3:
            complaint = rng.choice(self.complaints)[0]
        else:
            complaint = f"PGD-{number[-4:]}"
            self.complaints.append((complaint, event))
        return {
            "no_pengaduan": complaint,
            "status": rng.choice(["PROSES", "DIRUJUK", "TERMINASI"]),
            "tindak_lanjut": rng.choice(["RUJUKAN", "MEDIASI", None]),
            "jenis_kasus": rng.choice(["STUNTING", "PENELANTARAN", "ANAK KORBAN KEKERASAN SEKSUAL", "EKSPLOITASI/TPPO", None]),
            "hubungan_pelaku": rng.choice(["AYAH", "IBU", "TEMAN", None]),
        }

    def cells_atensi(self, number: str, event: dt.date, _: list[Institution]) -> dict[str, Any]:
        rng = self.rng
        done = rng.random() < 0.6
        return {
            "no_kasus": f"AT-{number[-4:]}",
            "tanggal_masuk": event,
            "no_rujukan": rng.choice(self.complaints)[0] if self.complaints and rng.random() < 0.4 else None,
            "status": "SELESAI" if done else "BERJALAN",
            "tanggal_selesai": rng.choice([min(event + dt.timedelta(days=60), AS_OF), None]) if done else None,
            "kluster": rng.choice(["ANAK", "DISABILITAS", None]),
            "sentra": rng.choice(["SENTRA A", "SENTRA B", None]),
            "hasil": rng.choice(["MANDIRI", "RUJUK LANJUT", "REINTEGRASI KELUARGA", None]) if done else None,
        }

    def cells_abh(self, number: str, _event: dt.date, _: list[Institution]) -> dict[str, Any]:
        return {
            "no_litmas": number,
            "pasal": self.rng.choice(["362 KUHP", "363 KUHP", "TAK DIKENAL", None]),
            "diversi": self.rng.choice(["BERHASIL", "GAGAL", "TIDAK", None]),
        }

    def cells_lksa_anak(self, number: str, event: dt.date, institutions: list[Institution]) -> dict[str, Any]:
        rng = self.rng
        home = rng.choice(institutions)
        self.named[number] = rng.choice([("link", home.no_td)] * 5 + [("review", None), ("no_link", None)])
        left = rng.choice([None, None, None, event + dt.timedelta(days=30)])
        return {
            "tanggal_masuk": rng.choice([event, event, event, None]),
            "tanggal_keluar": left,
            "alasan_keluar": "MANDIRI" if left or rng.random() < 0.05 else None,
            "status_ortu": rng.choice(["LENGKAP", "YATIM", "PIATU", "YATIM PIATU", None]),
        }

    def cells_pkh(self, number: str, _event: dt.date, _: list[Institution]) -> dict[str, Any]:
        return {
            "id_pkh": number,
            "komponen": self.rng.choice(["AUD", "SD", "SMP", "LANSIA", "BUMIL"]),
            "tahun": self.rng.choice([2025, 2026, 2026]),
            "tahap": self.rng.randint(1, 4),
            "status_salur": self.rng.choice(["SALUR", "GAGAL", None]),
        }

    def cells_yapi(self, _number: str, _event: dt.date, _: list[Institution]) -> dict[str, Any]:
        return {
            "status_ortu": self.rng.choice(["YATIM", "YATIM PIATU"]),
            "bulan": self.rng.choice([dt.date(2026, 11, 1), dt.date(2026, 12, 1), None]),
        }

    def cells_ppks(self, _number: str, _event: dt.date, _: list[Institution]) -> dict[str, Any]:
        rng = self.rng
        return {
            "kode_ppks": rng.choice(["01", "05", "05", "09"]),
            "ragam_disabilitas": rng.choice(["FISIK", "MENTAL", None]),
            "terlayani": rng.choice(["SUDAH", "BELUM", None]),
        }

    def worker(self, pid: str) -> None:
        rng = self.rng
        for _ in range(rng.choice([1, 2])):
            number = f"kemensos/peksos-{len(self.records):04d}"
            posted = rng.choice([*REGENCIES[:5], None])
            cells = {
                "jabatan": rng.choice(["PEKSOS", "SAKTI PEKSOS", "TKSK", None]),
                "kode_kabupaten": posted,
                "str_akhir": rng.choice([None, self.date_near(AS_OF, 400), AS_OF]),
                "no_sertifikat": rng.choice([None, "SERT-1"]),
            }
            born = dt.date(1985, 5, rng.randint(1, 28))
            self.records.append(
                Record(number, "kemensos/peksos", pid, "no_link", None, "valid", "NAMA", born, "day", "P", posted, DELIVERED, cells)
            )
