"""The scoreboard as one still picture: every target's band, the fact and what was simulated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from analysis.style import INK, QUIET, RULE, SERIES_COLOURS

_MET, _MISSED = SERIES_COLOURS[0], SERIES_COLOURS[1]

ROW, TOP, LABEL, PLOT, RIGHT = 19, 66, 520, 390, 20
"""Pixels: height of a row, head, width of the labels, of the plot and of the margin."""
SPAN = 1.0
"""Band widths drawn on either side of the band; what lies beyond ends in an arrow."""


@dataclass(frozen=True, slots=True)
class Score:
    """One target: its band (either side may be open), the fact, and what replications gave."""

    id: str
    quantity: str
    low: float | None
    high: float | None
    fact: float | None
    simulated: float | None
    band_low: float | None
    band_high: float | None
    within: bool

    def place(self, value: float) -> float:
        """Where a value lies: 0 at the lower end of the band, 1 at the upper one.

        An open band is as wide as its bound is far from the fact or from what was simulated.
        """
        if self.low is not None and self.high is not None:
            return (value - self.low) / (self.high - self.low)
        bound = self.low if self.low is not None else self.high or 0.0
        known = [x for x in (self.fact, self.simulated) if x is not None]
        width = max((abs(x - bound) for x in known), default=1.0) or 1.0
        return (value - bound) / width + (0.0 if self.low is not None else 1.0)


def scoreboard(scores: Sequence[Score], title: str) -> str:
    """Draw the scores as SVG text, one row each, all bands of one width.

    >>> one = Score("A", "a share", 0.0, 1.0, 0.5, 0.6, 0.55, 0.65, True)
    >>> scoreboard([one], "One row").startswith("<svg")
    True
    """
    height, width = TOP + ROW * len(scores) + 34, LABEL + PLOT + RIGHT
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" '
            f'font-family="sans-serif" font-size="11" fill="{INK}">'
        ),
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="12" y="22" font-size="15">{escape(title)}</text>',
        (
            f'<text x="12" y="42" fill="{QUIET}">grey: the target\'s band; | the fact; '
            "dot and line: median and central 95 % of replications, hollow where it misses</text>"
        ),
    ]
    for number, score in enumerate(scores):
        parts += _row(score, TOP + ROW * number + ROW / 2)
    foot = TOP + ROW * len(scores) + 18
    for at, words in ((0.0, "low"), (1.0, "high")):
        parts.append(f'<text x="{_x(at):.1f}" y="{foot}" text-anchor="middle">{words}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(place: float) -> float:
    inside = min(max(place, -SPAN), 1.0 + SPAN)
    return LABEL + PLOT * (inside + SPAN) / (1.0 + 2.0 * SPAN)


def _row(score: Score, y: float) -> list[str]:
    parts = [
        f'<text x="12" y="{y + 4:.1f}">{escape(score.id)}</text>',
        f'<text x="92" y="{y + 4:.1f}">{escape(_short(score.quantity))}</text>',
        (
            f'<rect x="{_x(0.0):.1f}" y="{y - 6:.1f}" width="{_x(1.0) - _x(0.0):.1f}" height="12" '
            f'fill="{RULE}"/>'
        ),
    ]
    if score.fact is not None:
        x = _x(score.place(score.fact))
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 7:.1f}" y2="{y + 7:.1f}" stroke="{INK}" '
            'stroke-width="2"/>'
        )
    if score.simulated is None:
        parts.append(f'<text x="{_x(1.0) + 8:.1f}" y="{y + 4:.1f}" fill="{QUIET}">not asked</text>')
        return parts
    colour = _MET if score.within else _MISSED
    if score.band_low is not None and score.band_high is not None:
        a, b = _x(score.place(score.band_low)), _x(score.place(score.band_high))
        parts.append(
            f'<line x1="{a:.1f}" x2="{b:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" '
            'stroke-width="2"/>'
        )
    return [*parts, _dot(score.place(score.simulated), y, colour, filled=score.within)]


def _dot(place: float, y: float, colour: str, *, filled: bool) -> str:
    """A dot, or an arrowhead at the edge for what lies beyond it."""
    x = _x(place)
    fill = colour if filled else "white"
    if -SPAN <= place <= 1.0 + SPAN:
        circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{colour}" '
        return circle + 'stroke-width="2"/>'
    back = math.copysign(9.0, place)
    points = f"{x:.1f},{y:.1f} {x - back:.1f},{y - 5:.1f} {x - back:.1f},{y + 5:.1f}"
    return f'<polygon points="{points}" fill="{fill}" stroke="{colour}" stroke-width="2"/>'


def _short(text: str, longest: int = 68) -> str:
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(",;:") + " …"
