"""Which office gets whom: lists by regency, merged upwards until nobody on one can be told from another.

A list mixes at least `REASONS` reasons and `CHILDREN` children. What a regency has less of goes to its province, what a province has
less of to the centre; what the centre has less of waits for next month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

REASONS, CHILDREN = 2, 10
#: The office for the whole country.
CENTRE = "pusat"


@dataclass(frozen=True)
class Need:
    """One child of an agency's own row that needs something. `kode_kabupaten`: where the row was delivered; None: the centre's."""

    row_id: str
    record_id: str
    feed: str
    kode_kabupaten: str | None
    alasan: tuple[str, ...]
    register_key: str | None


@dataclass(frozen=True)
class OfficeList:
    """The list of one office: a regency (32.73), a province (32) or the centre. Rows lie in the order of their ids."""

    wilayah: str
    rows: tuple[Need, ...]


def lists_of(needs: Iterable[Need]) -> tuple[list[OfficeList], list[Need]]:
    """Lists that may go out, by office, and the rows that wait because even the centre has too few."""
    waiting, done = list(needs), []
    for depth in (5, 2):
        by_office: dict[str, list[Need]] = defaultdict(list)
        for need in waiting:
            by_office[(need.kode_kabupaten or CENTRE)[:depth]].append(need)
        waiting = by_office.pop(CENTRE[:depth], [])
        for office, rows in sorted(by_office.items()):
            if mixed(rows):
                done.append(_list(office, rows))
            else:
                waiting += rows
    if mixed(waiting):
        return [*done, _list(CENTRE, waiting)], []
    return done, sorted(waiting, key=lambda need: need.row_id)


def mixed(rows: list[Need]) -> bool:
    """Whether there are enough children and reasons that no row stands out."""
    return len(rows) >= CHILDREN and len({reason for need in rows for reason in need.alasan}) >= REASONS


def _list(office: str, rows: list[Need]) -> OfficeList:
    return OfficeList(office, tuple(sorted(rows, key=lambda need: need.row_id)))
