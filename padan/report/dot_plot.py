"""Dots with their intervals, one line a group, as inline SVG: shares between a left end and 100 %."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

#: Label, value, lower, upper, and what stands behind the figure.
Dot = tuple[str, float, float, float, str]

_LINE, _LEFT, _WIDTH, _RIGHT = 20, 190, 420, 130
_ENDS = (0.0, 0.5, 0.8, 0.9, 0.95)


def dot_plot(title: str, dots: Sequence[Dot]) -> str:
    """SVG of `dots`; the axis begins at the nearest round share below the lowest bound."""
    left = max(end for end in _ENDS if end <= min((lower for _, _, lower, _, _ in dots), default=0.0))
    height = _LINE * (len(dots) + 2)
    marks = [_mark(left + (1 - left) * i / 5, left, height) for i in range(6)]
    lines = [_dot(i, dot, left) for i, dot in enumerate(dots)]
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" '
        f'width="{_LEFT + _WIDTH + _RIGHT}" font-size="12" font-family="system-ui, sans-serif">{"".join(marks + lines)}</svg>'
    )


def _x(share: float, left: float) -> str:
    return f"{_LEFT + _WIDTH * (max(share, left) - left) / (1 - left):.1f}"


def _mark(share: float, left: float, height: int) -> str:
    x = _x(share, left)
    return (
        f'<line x1="{x}" y1="4" x2="{x}" y2="{height - _LINE}" stroke="#ddd"/>'
        f'<text x="{x}" y="{height - 5}" text-anchor="middle" fill="#595959">{percent(share)}</text>'
    )


def _dot(place: int, dot: Dot, left: float) -> str:
    label, value, lower, upper, behind = dot
    y = _LINE * place + 14
    return (
        f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{escape(label)}</text>'
        f'<line x1="{_x(lower, left)}" y1="{y}" x2="{_x(upper, left)}" y2="{y}" stroke="#00664b" stroke-width="2"/>'
        f'<circle cx="{_x(value, left)}" cy="{y}" r="4" fill="#00664b"/>'
        f'<text x="{_LEFT + _WIDTH + 12}" y="{y + 4}" fill="#595959">{percent(value)} ({escape(behind)})</text>'
    )


def percent(share: float) -> str:
    """As Indonesians write it, to a tenth of a per cent."""
    return f"{share:.1%}".replace(".", ",")
