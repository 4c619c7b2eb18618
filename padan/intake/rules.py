"""What sends a row to the quarantine, and what refuses a delivery for too many of them.

Belongs here: the verdict on rows of any format, by the contract's Pandera model. Does not belong here: how a row was
cut out of its file (the format modules), or what a cell means (dbt).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from padan.errors import Defect, InputRefused
from padan.intake.header import OTHERS
from padan.intake.reading import ROW
from schemas.extracts.contract import PATTERN, Contract

MAX_CELL_CHARS = 10_000

#: Rule → what it says of a row, most telling first: a row that breaks several is filed under the first.
RULES: Mapping[str, str] = {
    "byte_rusak": "byte yang tidak ada dalam enkode yang dijanjikan",
    "kutip_terbuka": "kutip dibuka dan tidak ditutup",
    "kutip_rusak": "tanda kutip di tengah sel berkutip",
    "jumlah_sel_salah": "jumlah sel berbeda dari kepala tabel",
    "bukan_objek": "unsur larik bukan objek",
    "karakter_nul": "karakter NUL di dalam sel",
    "sel_terlalu_panjang": "sel lebih dari 10.000 karakter",
    "kunci_kosong": "kolom yang wajib diisi kosong",
    "kode_tak_dikenal": "kode di luar daftar kontrak",
    "tanpa_identitas": "tanpa nama dan tanpa NIK yang sah",
    "langgar_kontrak": "melanggar aturan lain dari kontrak",
    "dihapus_atas_permintaan": "baris dihapus menurut sertifikat; isinya tidak disimpan",
}
_ORDER = {rule: at for at, rule in enumerate(RULES)}
_OF_CHECK = {
    "has_identity": "tanpa_identitas",
    "not_nullable": "kunci_kosong",
    "isin": "kode_tak_dikenal",
    "str_length": "sel_terlalu_panjang",
}


@dataclass(frozen=True)
class Broken:
    """One row that breaks the contract: place in its batch, rule, and a message that names columns and no value."""

    index: int
    rule: str
    message: str


@dataclass
class Readability:
    """Filled and unreadable cells of each typed column, counted over a delivery."""

    filled: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)

    def count(self, contract: Contract, rows: pl.DataFrame) -> None:
        """Add a batch in the contract's shape."""
        typed = [c for c in contract.columns if c.kind in PATTERN]
        if not typed or rows.is_empty():
            return
        filled = [(pl.col(c.name).str.strip_chars() != "").sum().alias(f"filled {c.name}") for c in typed]
        shapeless = [
            ((pl.col(c.name).str.strip_chars() != "") & ~pl.col(c.name).str.contains(PATTERN[c.kind])).sum().alias(f"unreadable {c.name}")
            for c in typed
        ]
        counts = rows.select(*filled, *shapeless).row(0, named=True)
        for c in typed:
            self.filled[c.name] += counts[f"filled {c.name}"]
            self.unreadable[c.name] += counts[f"unreadable {c.name}"]

    def refuse(self, contract: Contract) -> None:
        """Refuse a delivery in which a typed column cannot be read.

        Raises:
            InputRefused: over `limits.unreadable` of a column's filled cells have no readable shape.
        """
        limit = contract.feed.limits.unreadable
        bad = [c.delivered for c in contract.columns if self.unreadable[c.name] > limit * self.filled[c.name]]
        if bad:
            raise InputRefused("kolom_tak_terbaca", f"lebih dari {limit:.0%} sel terisi tak terbaca di kolom {', '.join(bad)}.")


def message_of(rule: str, columns: tuple[str, ...] = ()) -> str:
    """The rule in words, with the delivered columns that it concerns."""
    return f"{RULES[rule]}: {', '.join(columns)}" if columns else RULES[rule]


def judge(contract: Contract, delivered: pl.DataFrame, rows: pl.DataFrame) -> list[Broken]:
    """The rows of a batch that go to the quarantine, one entry a row, by place.

    `delivered`: every delivered column; `rows`: the same rows in the contract's shape.
    """
    faults: dict[int, set[tuple[int, str, str]]] = {}
    names = {c.name: c.delivered for c in contract.columns}
    for index, rule, column in [*_cell_faults(delivered, rows, names), *_model_faults(contract, rows)]:
        faults.setdefault(index, set()).add((_ORDER[rule], rule, names.get(column, "")))
    return [_broken(index, sorted(found)) for index, found in sorted(faults.items())]


def _broken(index: int, found: list[tuple[int, str, str]]) -> Broken:
    by_rule: dict[str, list[str]] = {}
    for _, rule, column in found:
        by_rule.setdefault(rule, []).extend([column] if column else [])
    messages = [message_of(rule, tuple(columns)) for rule, columns in by_rule.items()]
    return Broken(index, found[0][1], "; ".join(messages))


def _cell_faults(delivered: pl.DataFrame, rows: pl.DataFrame, names: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """NUL and overlong cells, in any column of the file; the column is named where the contract knows it."""
    faults: list[tuple[int, str, str]] = []
    tests = {
        "karakter_nul": pl.exclude(ROW).str.contains("\0", literal=True),
        "sel_terlalu_panjang": (pl.exclude(ROW).str.len_bytes() > MAX_CELL_CHARS) & (pl.exclude(ROW).str.len_chars() > MAX_CELL_CHARS),
    }
    for rule, test in tests.items():
        hit = delivered.select(pl.any_horizontal(test.fill_null(False)))
        for index in hit.to_series().arg_true().to_list() if hit.height else []:
            known = rows.row(index, named=True)
            named = [n for n in names if (cell := known[n]) and (("\0" in cell) if rule == "karakter_nul" else len(cell) > MAX_CELL_CHARS)]
            faults += [(index, rule, n) for n in named] or [(index, rule, "")]
    return faults


def _model_faults(contract: Contract, rows: pl.DataFrame) -> list[tuple[int, str, str]]:
    """What the contract's model says of each row: place, rule, standard column."""
    from pandera.errors import SchemaErrors

    schema = contract.model.to_schema()
    checked = rows.drop(ROW, OTHERS)
    blank = [name for name, column in schema.columns.items() if not column.nullable]
    checked = checked.with_columns(pl.when(pl.col(blank).str.strip_chars() != "").then(pl.col(blank))) if blank else checked
    try:
        contract.model.validate(checked, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.select("schema_context", "column", "check", "check_number", "index")
    else:
        return []
    if cases["index"].null_count():
        raise Defect(f"kontrak {contract.feed.path}: modelnya sendiri gagal, bukan sebuah baris.")
    return [(index, _rule(schema, context, column, check, number), column) for context, column, check, number, index in cases.iter_rows()]


def _rule(schema: Any, context: str, column: str, check: str, number: int | None) -> str:
    if number is None:
        return _OF_CHECK.get(check, "langgar_kontrak")
    checks = schema.columns[column].checks if context == "Column" else schema.checks
    name = checks[number].name or ""
    return name if name in RULES else _OF_CHECK.get(name, "langgar_kontrak")
