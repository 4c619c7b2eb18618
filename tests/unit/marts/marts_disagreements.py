"""marts.selisih a second time, in plain Python from its description (selisih.yml), not from the SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from marts_answers import Answers, Person
from marts_world import Record

Key = tuple[str, str, str, str]
SERVED = {"SUDAH": True, "BELUM": False}


def disagreements(answers: Answers) -> dict[Key, tuple[int, int]]:
    """(left, right, column, place) → children compared and children that differ."""
    found: dict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for person in answers.people.values():
        if not person.is_child():
            continue
        home = person.home or "00.00"
        for left, right, column, same in _compared(person):
            for place in ("ID", home[:2], home):
                compared, differing = found[left, right, column, place]
                found[left, right, column, place] = (compared + 1, differing + (not same))
    return dict(found)


def _compared(person: Person) -> Iterator[tuple[str, str, str, bool]]:
    feeds: dict[str, list[Record]] = defaultdict(list)
    for r in person.records:
        feeds[r.feed].append(r)
    newest = {feed: min(rows, key=_newest_first) for feed, rows in feeds.items()}
    for left in sorted(newest):
        for right in sorted(feed for feed in newest if feed > left):
            one, other = newest[left], newest[right]
            if one.tanggal_lahir and other.tanggal_lahir and one.presisi == other.presisi == "day":
                yield left, right, "tanggal_lahir", one.tanggal_lahir == other.tanggal_lahir
            if one.jenis_kelamin and other.jenis_kelamin:
                yield left, right, "jenis_kelamin", one.jenis_kelamin == other.jenis_kelamin
    yield from _services(feeds)


def _services(feeds: dict[str, list[Record]]) -> Iterator[tuple[str, str, str, bool]]:
    atensi, kpai, ppks = feeds.get("kemensos/atensi", []), feeds.get("kpai/pengaduan", []), feeds.get("kemensos/ppks", [])
    if atensi and kpai:
        yield (
            "kemensos/atensi",
            "kpai/pengaduan",
            "status",
            (_last(atensi, "status") == "SELESAI") == (_last(kpai, "status") == "TERMINASI"),
        )
        referrals = {r.cells["no_rujukan"] for r in atensi} - {None}
        if referrals:
            yield "kemensos/atensi", "kpai/pengaduan", "no_rujukan", bool(referrals & {r.cells["no_pengaduan"] for r in kpai})
    told = [r for r in ppks if r.cells["terlayani"]]
    if atensi and told:
        yield "kemensos/atensi", "kemensos/ppks", "layanan", SERVED[_last(told, "terlayani")]


def _newest_first(r: Record) -> tuple[object, ...]:
    day = r.tanggal_lahir if r.tanggal_lahir and r.presisi == "day" else None
    return (-r.tanggal_acuan.toordinal(), day is None, day or r.tanggal_acuan, r.jenis_kelamin or "~")


def _last(rows: list[Record], column: str) -> str:
    """The newest row's cell; of several of one day the last by letter (by what it says of service for PPKS)."""
    return max(rows, key=lambda r: (r.tanggal_acuan, {"SUDAH": "YA", "BELUM": "TIDAK"}.get(r.cells[column], r.cells[column]))).cells[column]
