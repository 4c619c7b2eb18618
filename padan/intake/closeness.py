"""How close a delivered column name is to one of a contract's: abbreviations spelled out, then compared letter by letter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

from padan.intake.header import known_names, spelling
from schemas.extracts.contract import ColumnSpec, Contract

CLOSE = 0.72
_WORDS = {
    "tgl": "tanggal",
    "no": "nomor",
    "nmr": "nomor",
    "kab": "kabupaten",
    "kabkota": "kabupaten",
    "kec": "kecamatan",
    "prov": "provinsi",
    "kd": "kode",
    "id": "nomor",
    "jk": "jenis kelamin",
    "lp": "jenis kelamin",
    "kelamin": "jenis kelamin",
    "nokk": "nomor kk",
    "ktp": "nik",
    "jml": "jumlah",
    "nm": "nama",
    "tmt": "tanggal mulai",
    "ttl": "tanggal lahir",
    "lembaga": "lks",
    "alm": "alamat",
    "nilai": "nominal",
}
_NOISE = frozenset({"lengkap", "nomor", "data", "kota"})


@cache
def words_of(name: str) -> str:
    """A column name as spelled-out words, without those that tell nothing."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    tokens = re.sub(r"[^0-9a-z]+", " ", apart.lower().replace("l/p", "lp").replace("kab/kota", "kab")).split()
    spelled = " ".join(_WORDS.get(token, token) for token in tokens).split()
    kept = list(dict.fromkeys(word for word in spelled if word not in _NOISE))
    return " ".join(kept or spelled)


def resemblance(contract: Contract, header: Sequence[str]) -> int:
    """How many of the contract's columns a row names by the same words; quick, to find the header among rows."""
    wanted = {words_of(name): c.name for c in contract.columns for name in (c.name, *c.aliases, c.delivered)}
    return len({wanted[words] for name in header if len(name) <= 80 and (words := words_of(name)) in wanted})


def closeness(delivered: str, column: ColumnSpec) -> float:
    """0 to 1, against the contract's delivered name, its aliases, its standard name, and what it says the column is."""
    seen = words_of(delivered)
    if not seen:
        return 0.0
    return max(_ratio(seen, words_of(name)) for name in (column.delivered, *column.aliases, column.name, column.description))


def _ratio(seen: str, wanted: str) -> float:
    if set(seen.split()) == set(wanted.split()):
        return 1.0
    return SequenceMatcher(None, seen, wanted, autojunk=False).ratio()


def propose(contract: Contract, header: Sequence[str]) -> Mapping[int, tuple[str, float]]:
    """Delivered position → standard column and closeness (1.0: the contract's own name), each used once, best first."""
    known = known_names(contract)
    scored: list[tuple[float, int, str]] = []
    for at, name in enumerate(header):
        exact = known.get(spelling(name))
        if exact is not None:
            scored.append((2.0, at, exact))
            continue
        scored += [(score, at, c.name) for c in contract.columns if (score := closeness(name, c)) >= CLOSE]
    found: dict[int, tuple[str, float]] = {}
    taken: set[str] = set()
    for score, at, standard in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if at not in found and standard not in taken:
            found[at] = (standard, min(score, 1.0) if score > 1 else min(score, 0.99))
            taken.add(standard)
    return found
