"""An explanation as an officer reads it in a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from padan.linkage.rules import RULES
from padan.linkage.why.answer import Evidence, Keys, Pair, Why

WIDTH = 118

_DECISIONS = {"link": "PADAN (link)", "review": "TINJAU (review)", "no_link": "BELUM (no_link)"}
_OTHERS = {"register": "baris DTSEN", "lks": "LKS", "record": "catatan lain"}
_SHARES = {
    "register": {
        "this": "orang ini",
        "other_candidates": "calon lain",
        "relative": "saudara yang belum terdata",
        "nobody": "tidak terdata",
    },
    "lks": {"this": "lembaga ini", "other_candidates": "calon lain", "nobody": "belum terdaftar"},
    "record": {"this": "orang yang sama", "relative": "saudara", "nobody": "orang lain"},
}
_TITLES = {rule.name: rule.title for rule in RULES}

_LEGEND = "Bobot dalam bit; langka: bagian bobot karena nilainya jarang (+) atau umum (-)."
_MEMBER_LEGEND = "\n* menunjuk keluarga atau tempat; anggota: bit yang membuktikan orangnya, bukan saudaranya."


def render(why: Why) -> str:
    """Several tables and lines of plain Indonesian; no value of a person unless `why.revealed`."""
    page = io.StringIO()
    console = Console(file=page, width=WIDTH, highlight=False, markup=False)
    for label, text in _head(why):
        console.print(f"{label:<11}{text}")
    if why.candidates:
        console.print(_candidates(why))
    if why.pair:
        _show_pair(console, why.pair)
    elif not why.candidates:
        console.print("\nTidak pernah dibandingkan dengan siapa pun.")
    if why.keys:
        console.print(_keys(why.keys, revealed=why.revealed))
    for note in why.notes:
        console.print(f"Perhatian: {note}")
    if not why.revealed:
        console.print('Nilai ditutup; --reveal --reason "…" membukanya, dan dicatat.')
    return page.getvalue()


def _head(why: Why) -> Iterator[tuple[str, str]]:
    d = why.decided
    yield "Catatan", f"{d.record_id}  {d.agency}/{d.feed} baris {d.source_row}, kiriman {d.delivery_date}"
    yield "Keputusan", _DECISIONS.get(d.decision, d.decision) + (f" → {d.target}" if d.target else "")
    yield "Alasan", f"{d.explained} [{d.reason}]"
    yield "Langkah", d.next_action
    what = "Lembaga" if d.entity_type == "institution" else "Orang"
    yield what, f"{d.subject} ({d.records:,} catatan)"
    if d.match_weight is not None and d.match_probability is not None:
        margin = "tidak ada pelari kedua" if d.margin is None else f"{d.margin:.2f} bit di depan pelari kedua"
        yield "Angka", f"bobot {d.match_weight:+.2f} bit, peluang {_share(d.match_probability)}, {margin}"
    compared_with = f"rilis DTSEN {why.register}, {why.size:,} orang" if why.register else f"{why.size:,} LKS"
    yield "Malam", f"{d.run_id[:8]}, tanggal acuan {why.as_of}; {compared_with}; {d.model_version}, kebijakan {d.policy_version}"


def _table(title: str, *columns: str, numbers: range) -> Table:
    """An empty table whose columns at `numbers` hold figures."""
    table = Table(title=f"\n{title}", title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position in numbers else "left", no_wrap=position in numbers)
    return table


def _candidates(why: Why) -> Table:
    more = f" ({len(why.candidates)} terbaik dari {why.compared:,})" if why.compared > len(why.candidates) else ""
    table = _table(f"Calon{more}", "ke", "baris", "ditemukan oleh", "bobot (bit)", "peluang", numbers=range(3, 5))
    for c in why.candidates:
        table.add_row(str(c.rank), c.other, _found_by(c.rules), f"{c.match_weight:+.2f}", _share(c.probability))
    return table


def _found_by(rules: tuple[str, ...]) -> str:
    return "; ".join(_TITLES.get(rule, rule) for rule in rules) or "–"


def _share(probability: float) -> str:
    """Never 100 % nor 0 %: what is left is what a reviewer wants to see."""
    if 0.9999 <= probability < 1:
        return f"1 - {1 - probability:.1e}"
    return "< 0.01%" if 0 < probability < 0.0001 else f"{probability:.2%}"


def _show_pair(console: Console, pair: Pair) -> None:
    console.print(_evidence(pair))
    console.print(_LEGEND + (_MEMBER_LEGEND if pair.member_bits is not None else ""), style="dim")
    console.print("Peluang: " + " · ".join(f"{_SHARES[pair.kind][name]} {_share(share)}" for name, share in pair.shares.items()))
    if pair.margin is not None:
        console.print(f"Jarak ke calon terbaik lainnya: {pair.margin:+.2f} bit")
    if pair.not_compared:
        console.print(f"{pair.not_compared[0].upper()}{pair.not_compared[1:]}.")
        console.print("Angka di atas adalah pengandaian: seperti inilah nilainya seandainya dibandingkan.")
    elif pair.rules:
        console.print(f"Ditemukan oleh: {_found_by(pair.rules)}")


def _evidence(pair: Pair) -> Table:
    other = _OTHERS[pair.kind]
    columns = ["yang dibandingkan", "catatan", other, "tingkat", "bobot", "langka"]
    columns += ["anggota"] if pair.member_bits is not None else []
    table = _table(f"Pembanding dengan {other} {pair.other}", *columns, numbers=range(4, 7))
    table.add_row("sebelum bukti (prior)", "", "", "", f"{pair.prior:+.2f}")
    for e in pair.evidence:
        table.add_row(*_line(e))
    total = ["jumlah", "", "", "", f"{pair.match_weight:+.2f}", ""]
    table.add_section()
    table.add_row(*total, *([f"{pair.member_bits:+.2f}"] if pair.member_bits is not None else []))
    return table


def _line(e: Evidence) -> list[str]:
    title = f"{e.title} *" if e.household else e.title
    left, right = (value or "–" for value in e.values)
    row = [title, left, right, e.level_title, f"{e.weight:+.2f}" if e.level else "", f"{e.rarity:+.2f}" if e.rarity else ""]
    if e.member is not None:
        row.append(f"{e.member:+.2f}" if e.member else "")
    return row


def _keys(keys: tuple[Keys, ...], *, revealed: bool) -> Table:
    both = any(k.other is not None for k in keys)
    columns = ["aturan pencarian", "catatan", *(["pembanding", "bersama"] if both else [])]
    shown = [*(["kunci catatan"] if revealed else []), *(["kunci pembanding"] if revealed and both else [])]
    table = _table("Kunci pencarian (jumlah kunci kedua sisi)", *columns, "keterangan", *shown, numbers=range(1, len(columns)))
    for k in keys:
        counts = [str(k.record), *([str(k.other), str(k.common)] if both else [])]
        table.add_row(k.title, *counts, _remark(k), *(" ".join(side) for side in (k.record_keys, k.other_keys)[: len(shown)]))
    return table


def _remark(keys: Keys) -> str:
    if not keys.indexed:
        return "tidak ada daftar pada rilis ini"
    if keys.dropped:
        return f"blok {keys.dropped:,} orang dibuang"
    if not keys.record:
        return "catatan tanpa kunci"
    if keys.other == 0:
        return "pembanding tanpa kunci"
    return "" if keys.common is None else "sekunci" if keys.common else "berbeda"
