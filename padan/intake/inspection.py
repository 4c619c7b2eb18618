"""A file looked at without loading it: how it is laid out, which column is which, what would happen to its rows.

For the day on which a layout differs from the contract, so it forgives what intake refuses. It never shows a cell:
header names are shown only of a row that is recognised as a header, and none that could be a value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from padan.errors import ConfigError, InputRefused
from padan.intake.closeness import propose
from padan.intake.findings import ColumnFinding, Counts, Inspection
from padan.intake.header import Matched, arrange, match
from padan.intake.inspection_text import render
from padan.intake.layout_search import find_table, read_table
from padan.intake.opening import open_file
from padan.intake.reading import Layout
from padan.intake.rules import Readability, judge
from schemas.extracts import contracts
from schemas.extracts.contract import ColumnSpec, Contract, Csv, Json, Kind, Parquet, Xlsx

__all__ = ["Inspection", "inspect", "render"]

_LONG_NUMBER = re.compile(r"\d{4}")
_LONGEST_NAME = 60
_FLAGS = {"angka_dari_lembar_kerja": r"^\d{15,16}\.0$", "notasi_ilmiah": r"^\d[.,]\d+[Ee]\+?\d+$"}


def inspect(path: Path, feed: str | None = None) -> Inspection:
    """Look at one file, as the feed `agency/feed` or as the feed that it resembles most. Loads nothing.

    Raises:
        ConfigError: the feed has no contract, or there is no such file.
    """
    known = contracts()
    if feed is not None and feed not in known:
        raise ConfigError(f"{feed}: tidak ada kontraknya.", todo=f"Pilih salah satu: {', '.join(known)}.")
    if not path.is_file():
        raise ConfigError(f"{path.name}: berkas tidak ada.", todo="Periksa letaknya.")
    try:
        found = find_table(path, [known[feed]] if feed else list(known.values()))
    except InputRefused as refused:
        return Inspection(path.name, feed, feed is None, refusal=refused.what)
    if found is None:
        return Inspection(path.name, feed, feed is None, refusal="tidak ada baris yang menyerupai kepala tabel kontrak.")
    return _described(path, *found, proposed=feed is None)


def _described(path: Path, contract: Contract, layout: Layout, header: tuple[str, ...], *, proposed: bool) -> Inspection:
    specs = {c.name: c for c in contract.columns}
    mapping = propose(contract, header)
    columns = tuple(_finding(at, name, mapping.get(at), specs) for at, name in enumerate(header))
    standing = {standard for standard, _ in mapping.values()}
    counts, broken = _counted(path, contract, layout, header, {standard: at for at, (standard, _) in mapping.items()})
    return Inspection(
        file=path.name,
        feed=contract.feed.path,
        proposed=proposed,
        layout=layout,
        columns=columns,
        missing=tuple(c.delivered for c in contract.columns if c.required and c.name not in standing),
        aliases=tuple(_alias(specs[c.standard], c.name) for c in columns if c.standard and not c.exact),
        differences=tuple(_differences(contract, layout, path)),
        counts=counts,
        refusal=_refusal(path, contract) or broken,
    )


def _finding(at: int, name: str, found: tuple[str, float] | None, specs: Mapping[str, ColumnSpec]) -> ColumnFinding:
    if found is None:
        return ColumnFinding(at, _shown(name, at), None, None, 0.0)
    return ColumnFinding(at, _shown(name, at), found[0], specs[found[0]].delivered, found[1])


def _shown(name: str, at: int) -> str:
    """The name, unless it could be a value in a place where a name should be."""
    clean = " ".join(name.split())
    fit = clean and len(clean) <= _LONGEST_NAME and clean.isprintable() and not _LONG_NUMBER.search(clean)
    return clean if fit else f"(kolom ke-{at + 1})"


def _alias(spec: ColumnSpec, name: str) -> str:
    """The contract's line for a column with the delivered name among its aliases."""
    names = ", ".join(f'"{alias}"' for alias in (*spec.aliases, name.replace('"', "'")))
    return f'{spec.name}: column("{spec.delivered}", aliases=({names},), ...)'


def _refusal(path: Path, contract: Contract) -> str | None:
    try:
        match(contract, open_file(path.name, path, contract).header)
    except InputRefused as refused:
        return refused.what
    return None


def _differences(contract: Contract, layout: Layout, path: Path) -> Iterator[str]:
    """Where the layout differs from what the contract promises."""
    promised = contract.feed.format
    if path.suffix.lower() not in promised.suffixes:
        yield f"akhiran {path.suffix or '(tidak ada)'}; kontrak menjanjikan {', '.join(promised.suffixes)}."
    if isinstance(promised, Parquet) and layout.container == "csv":
        promised = promised.csv
    wanted = {Csv: "csv", Xlsx: "xlsx", Json: "json", Parquet: "parquet"}[type(promised)]
    if layout.container != wanted:
        yield f"isi berkas {layout.container}; kontrak menjanjikan {wanted}."
    elif isinstance(promised, Csv):
        if layout.delimiter != promised.delimiter:
            yield f"pemisah {layout.delimiter!r}; kontrak menjanjikan {promised.delimiter!r}."
        if layout.encoding not in ("ascii", promised.encoding):
            yield f"enkode {layout.encoding}; kontrak menjanjikan {promised.encoding}."
        if layout.header_row != 1:
            yield f"kepala tabel di baris {layout.header_row}; kontrak menjanjikan baris pertama."


def _counted(
    path: Path, contract: Contract, layout: Layout, header: Sequence[str], positions: Mapping[str, int]
) -> tuple[Counts | None, str | None]:
    """The file's rows through the rules, under the proposed mapping: counts only, and what stopped the reading."""
    matched = Matched(positions, (), (), ())
    quarantined: Counter[str] = Counter()
    flagged: Counter[tuple[str, str]] = Counter()
    readability, rows = Readability(), 0
    try:
        reading = read_table(path, contract, layout, tuple(header))
        for batch in reading.batches:
            arranged = arrange(matched, contract, batch.rows)
            quarantined.update(r.rule for r in batch.rejects)
            quarantined.update(b.rule for b in judge(contract, batch.rows, arranged))
            readability.count(contract, arranged)
            _flag(contract, arranged, flagged)
            rows += batch.received
    except InputRefused as refused:
        return None, refused.what
    delivered = {c.name: c.delivered for c in contract.columns}
    flagged.update({("bentuk_tak_terbaca", name): n for name, n in readability.unreadable.items()})
    named = {(rule, delivered[name]): n for (rule, name), n in sorted(flagged.items()) if n}
    return Counts(rows, dict(sorted(quarantined.items())), named, dict(sorted((+reading.notes).items()))), None


def _flag(contract: Contract, rows: pl.DataFrame, flagged: Counter[tuple[str, str]]) -> None:
    """Count the NIK and KK cells that are no 16 digits; their rows stay."""
    for c in contract.columns:
        if c.kind not in (Kind.NIK, Kind.KK):
            continue
        cell = pl.col(c.name).str.strip_chars("' \u00a0")
        tests = {rule: cell.str.contains(pattern) for rule, pattern in _FLAGS.items()}
        odd = (cell != "") & ~cell.str.contains(r"^\d{16}$")
        tests["bukan_16_angka"] = odd & ~pl.any_horizontal(list(tests.values()))
        for rule, n in rows.select(**{rule: test.sum() for rule, test in tests.items()}).row(0, named=True).items():
            flagged[(rule, c.name)] += n
