"""What makes a child of the register vulnerable, from the description of I25 and not from the SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from marts_world import RegisterPerson


def vulnerable_by(person: RegisterPerson, release: dt.date) -> Iterator[str]:
    """The rules that a child of the register meets at the date of the release; none for an adult or one not yet born."""
    born = person.tanggal_lahir
    years = release.year - born.year - ((release.month, release.day) < (born.month, born.day))
    if born > release or years >= 18:
        return
    yield "semua"
    if person.desil is not None and person.desil <= 4:
        yield "desil_1_4"
    if person.disabilitas == "1" or person.berjalan in {"1", "2"}:
        yield "disabilitas"
    if 7 <= years <= 17 and person.partisipasi_sekolah in {"1", "3"}:
        yield "tidak_sekolah"
    if person.hubungan_kepala != "3":
        yield "bukan_anak_kepala"
