"""Synthetic agencies with known truth: one landing folder with dated deliveries of all feeds, and who is who in them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from padan.errors import ConfigError
from padan.synth import kpai, programmes, services
from padan.synth.changes import first_night, later_night
from padan.synth.dates import Cell
from padan.synth.deliver import Dress, Row, write_file, write_manifest, write_parquet
from padan.synth.institutions import Institutions
from padan.synth.nights import Night, calendar
from padan.synth.population import populate
from padan.synth.profiles import profile_of
from padan.synth.records import Record, World
from padan.synth.regions import Regions
from padan.synth.release import anggota, keluarga, misregister, next_quarter
from schemas.extracts import contracts
from schemas.extracts.contract import Contract

LEAST_PERSONS = 1000
TRUTH = ("source_row", "row_key", "person", "nik", "id_keluarga", "in_dtsen", "register_nik")
REGISTER = ("dtsen/anggota", "dtsen/keluarga")
#: File name of each feed ({year}, {month}, {quarter}; {part}: one file a regency) and what surrounds its rows.
FILES: dict[str, tuple[str, Dress]] = {
    "kemensos/pkh": ("pkh_{year}_t{quarter}.csv", Dress(footer=True)),
    "kemensos/yapi": ("YAPI_{month}_{year}.xlsx", Dress(title="PENERIMA BANTUAN ATENSI YAPI")),
    "kemensos/atensi": ("atensi.xlsx", Dress(title="LAYANAN ATENSI")),
    "kemensos/ppks": ("ppks_{part}.csv", Dress()),
    "kemensos/lks": ("data_lks.xlsx", Dress(title="DAFTAR LEMBAGA KESEJAHTERAAN SOSIAL")),
    "kemensos/lksa_anak": ("anak_asuh.csv", Dress(bom=True)),
    "kemensos/peksos": ("pekerja_sosial.xlsx", Dress(title="DATA PEKERJA SOSIAL")),
    "kemensos/rumah_aman": ("rumah_aman.csv", Dress()),
    "kpai/pengaduan": ("Rekap Pengaduan KPAI {year}.xlsx", Dress(title="REKAPITULASI PENGADUAN KOMISI PERLINDUNGAN ANAK INDONESIA")),
    "kpai/pengawasan": ("pengawasan.json", Dress()),
    "ditjenpas/abh": ("litmas_anak.xlsx", Dress(title="REGISTER LITMAS ANAK")),
}


@dataclass(frozen=True)
class SynthResult:
    """What was written: `nights` to run in turn with `--date`, their register releases, rows by night and feed."""

    landing: Path
    truth: Path
    nights: tuple[dt.date, ...]
    releases: tuple[dt.date, ...]
    rows: Mapping[dt.date, Mapping[str, int]] = field(repr=False)


def generate(out: Path, persons: int, seed: int, nights: int = 2, *, as_of: dt.date, profile: str = "biasa") -> SynthResult:
    """Write `out/landing` and `out/truth/<night>/<agency>.<feed>.csv` for a population of `persons`.

    The first night is `as_of`, each other `NIGHTS_APART` later, with all feeds and the register release of its quarter: run with `--date`
    of a night, later deliveries are not read. The same arguments give the same bytes, and the first night does not depend on how many
    follow. `profile` names the error model (see `profiles`).

    Raises:
        ConfigError: too few persons or nights, or an unknown profile.
    """
    if persons < LEAST_PERSONS or nights < 1:
        raise ConfigError(f"padan synth: perlu sedikitnya {LEAST_PERSONS} orang dan 1 malam")
    errors, days = profile_of(profile), calendar(nights, as_of)
    regions = Regions(others=max(30, min(400, persons // 600)))
    population = populate(regions, persons, seed, days[0].release)
    misregister(population, seed, errors)
    world = World(seed, errors, population, Institutions(regions), days[0].date, days[0].since)
    rows: dict[dt.date, dict[str, int]] = {}
    for night in days:
        known, world.today, world.since = len(population.persons), night.date, night.since
        if night.number == 1:
            first_night(world, persons)
        else:
            next_quarter(population, seed, night.release)
            misregister(population, seed, errors, since=known)
            later_night(world)
        rows[night.date] = _write_register(out, world, night) | {
            feed: _write_feed(out, world, contract, night) for feed, contract in contracts().items() if feed not in REGISTER
        }
    return SynthResult(out / "landing", out / "truth", tuple(n.date for n in days), tuple(n.release for n in days), rows)


def _write_register(out: Path, world: World, night: Night) -> dict[str, int]:
    counts = {}
    for feed, make in zip(REGISTER, (anggota, keluarga), strict=True):
        columns = make(world.population, night.release)
        folder = _folder(out, feed, night.release)
        write_parquet(contracts()[feed], folder / f"{feed.split('/')[1]}.parquet", columns)
        write_manifest(folder)
        counts[feed] = len(columns["dtsen_versi"])
    return counts


def _write_feed(out: Path, world: World, contract: Contract, night: Night) -> int:
    """One delivery of a feed and its truth; the number of data rows in it."""
    feed = contract.feed.path
    folder, lines, count = _folder(out, feed, night.date), [], 0
    pattern, dress = FILES[feed]
    for part, records in _parts(world, feed, night):
        name = pattern.format(
            year=night.date.year, month=services.MONTHS[night.date.month - 1][:3], quarter=(night.date.month - 1) // 3 + 1, part=part
        )
        write_file(contract, folder / name, [_row(contract, record, place) for place, record in enumerate(records, 1)], dress, night.date)
        lines += [(name, place, record) for place, record in enumerate(records, 1)]
        count += len(records)
    write_manifest(folder)
    _write_truth(out / "truth" / night.date.isoformat(), feed, lines)
    return count


def _folder(out: Path, feed: str, day: dt.date) -> Path:
    folder = out / "landing" / feed / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _parts(world: World, feed: str, night: Night) -> Iterator[tuple[str, list[Record]]]:
    """The rows by file (PPKS: one a regency); duplicates follow at the end; later nights list residents in another order."""
    records = world.of(feed)
    if feed == services.LKSA_ANAK and night.number > 1:
        records = world.dice("order", feed).shuffled(records)
    groups: dict[str, list[Record]] = {"": records}
    if feed == programmes.PPKS:
        groups = {}
        for record in records:
            groups.setdefault(str(record.cells["kode_kecamatan"])[:5].replace(".", ""), []).append(record)
    for part in sorted(groups):
        yield part, [*groups[part], *(record for record in groups[part] if record.twice)]


def _row(contract: Contract, record: Record, place: int) -> Row:
    row: dict[str, Cell | list[str]] = {**record.cells, **record.lists}
    if contract.feed.counter:
        row[contract.feed.counter] = place
    return row


def _write_truth(folder: Path, feed: str, lines: list[tuple[str, int, Record]]) -> None:
    """Who each row is about; which institution it names (`<feed>.lembaga.csv`); which rows must be quarantined."""
    folder.mkdir(parents=True, exist_ok=True)
    stem, several = feed.replace("/", "."), len({name for name, _, _ in lines}) > 1
    people = [_truth(name, place, record, several) for name, place, record in lines if record.person]
    if people:
        _table(folder / f"{stem}.csv", ("source_file", *TRUTH) if several else TRUTH, people)
    if feed == kpai.PENGAWASAN:
        _table(folder / f"{stem}.csv", ("no_was", "no_td"), [(r.key, r.known.no_td if r.known else None) for _, _, r in lines])
    elif feed in (kpai.PENGADUAN, services.LKSA_ANAK):
        named = [(place, r.known.no_td) for _, place, r in lines if r.known and r.cells["nama_lks"]]
        _table(folder / f"{stem}.lembaga.csv", ("source_row", "no_td"), named)
    refused = [(name, place) for name, place, record in lines if record.refused]
    if refused:
        _table(folder / f"{stem}.karantina.csv", ("source_file", "source_row"), refused)


def _truth(name: str, place: int, record: Record, several: bool) -> tuple[object, ...]:
    person = record.person
    assert person is not None
    held = person.in_register and person.alive
    row = (
        place,
        record.key or place,
        person.number,
        person.nik,
        person.family.id_keluarga,
        int(held),
        person.register_nik if held else None,
    )
    return (name, *row) if several else row


def _table(path: Path, header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
