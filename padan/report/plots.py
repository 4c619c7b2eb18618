"""Small plots as inline SVG, each with a text that says the same: a past as a line, a flow and a spread as bars."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from padan.report.tables import number

_INK, _GRID, _TEXT = "#00664b", "#ddd", "#595959"
_WIDTH, _HEIGHT = 90, 18


def sparkline(values: Sequence[float | None]) -> str:
    """A rule's past, oldest first; nothing for fewer than two nights, a word where nothing ever moved."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    if low == high:
        return f'<span class="note">tetap {_short(low)}</span>'
    across = _WIDTH / (len(values) - 1)
    points = " ".join(
        f"{i * across:.0f},{_HEIGHT - 2 - (_HEIGHT - 4) * (value - low) / (high - low):.0f}"
        for i, value in enumerate(values)
        if value is not None
    )
    label = f"{len(known)} malam, dari {_short(low)} sampai {_short(high)}"
    return (
        f'<svg role="img" aria-label="{escape(label)}" width="{_WIDTH}" height="{_HEIGHT}" viewBox="-1 0 {_WIDTH + 2} {_HEIGHT}">'
        f'<title>{escape(label)}</title><polyline points="{points}" fill="none" stroke="{_INK}" stroke-width="1.5"/></svg>'
    )


def _short(value: float) -> str:
    return f"{value:.4g}".replace(".", ",")


def bars(title: str, values: Sequence[tuple[str, float]], *, marks: Sequence[tuple[float, str]] = ()) -> str:
    """Bars of equal width with their numbers; `marks`: places between bars (1.5: after the second) with a word, as thresholds are."""
    if not values:
        return ""
    top, wide, high, low = max(value for _, value in values) or 1, 52, 120, 150
    drawn = []
    for i, (label, value) in enumerate(values):
        tall = high * value / top
        x = 10 + i * wide
        drawn.append(
            f'<rect x="{x}" y="{low - tall:.1f}" width="{wide - 8}" height="{tall:.1f}" fill="{_INK}"/>'
            f'<text x="{x + (wide - 8) / 2}" y="{low - tall - 4:.1f}" text-anchor="middle" fill="{_TEXT}">{escape(number(value))}</text>'
            f'<text x="{x + (wide - 8) / 2}" y="{low + 14}" text-anchor="middle">{escape(label)}</text>'
        )
    for place, word in marks:
        at = 6 + place * wide
        drawn.append(
            f'<line x1="{at:.0f}" y1="14" x2="{at:.0f}" y2="{low}" stroke="#9c1c00" stroke-dasharray="4 3"/>'
            f'<text x="{at + 3:.0f}" y="12" fill="#9c1c00">{escape(word)}</text>'
        )
    total = 20 + len(values) * wide
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {total} {low + 22}" width="{total}" font-size="11" '
        f'font-family="system-ui, sans-serif"><title>{escape(title)}</title>{"".join(drawn)}</svg>'
    )


def stages(title: str, values: Sequence[tuple[str, int]]) -> str:
    """Steps of a flow as lines of one scale, longest first in time: where rows stay and where they leave."""
    top = max((value for _, value in values), default=0) or 1
    drawn = [
        f'<text x="150" y="{22 * i + 15}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="158" y="{22 * i + 3}" width="{max(1, 380 * value / top):.0f}" height="16" fill="{_INK}"/>'
        f'<text x="{166 + 380 * value / top:.0f}" y="{22 * i + 15}" fill="{_TEXT}">{escape(number(value))}</text>'
        for i, (label, value) in enumerate(values)
    ]
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 640 {22 * len(values) + 6}" width="640" font-size="12" '
        f'font-family="system-ui, sans-serif"><title>{escape(title)}</title>{"".join(drawn)}</svg>'
    )
