"""Where names stand on a map: beside their place, where neither arrows nor other names are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.arrays import Floats

LETTER, LINE = 6.6, 15.0
"""Pixels of a letter and of a line of text."""

_SIDES: Mapping[str, tuple[float, float]] = {
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top center": (0, -1),
    "bottom center": (0, 1),
    "top right": (1, -1),
    "top left": (-1, -1),
    "bottom right": (1, 1),
    "bottom left": (-1, 1),
}
"""Plotly's word for a side -> its direction, right and down."""
_GAP = 2.0

Box = tuple[float, float, float, float]


def sides(
    at: Mapping[str, Floats],
    size: Mapping[str, float],
    texts: Mapping[str, Sequence[str]],
    busy: Floats,
    room: tuple[float, float],
) -> dict[str, str]:
    """Choose the side of every name, in the order of ``at``, so that least lies beneath it.

    ``at`` holds the pixels of the places, ``size`` the diameter of their marks, ``texts`` the lines
    of their names, ``busy`` float64[rows, columns] points that arrows run through, ``room`` width
    and height of the map.
    """
    marks = [_around(at[code], size[code] / 2, size[code] / 2) for code in at]
    taken: list[Box] = []
    chosen: dict[str, str] = {}
    for number, code in enumerate(at):
        others = [*marks[:number], *marks[number + 1 :]]
        boxes = {side: _box(at[code], size[code], texts[code], side) for side in _SIDES}
        chosen[code] = min(boxes, key=lambda side: _cost(boxes[side], taken, others, busy, room))
        taken.append(boxes[chosen[code]])
    return chosen


def _around(middle: Floats, half_width: float, half_height: float) -> Box:
    x, y = float(middle[0]), float(middle[1])
    return x - half_width, y - half_height, x + half_width, y + half_height


def _box(place: Floats, size: float, lines: Sequence[str], side: str) -> Box:
    """Rectangle of a text at a side of a mark."""
    wide, high = LETTER * max(map(len, lines)) / 2, LINE * len(lines) / 2
    right, down = _SIDES[side]
    away = size / 2 + _GAP
    middle = np.array([place[0] + right * (wide + away), place[1] + down * (high + away)])
    return _around(middle, wide, high)


def _cost(
    box: Box, taken: list[Box], marks: list[Box], busy: Floats, room: tuple[float, float]
) -> float:
    left, top, right, bottom = box
    inside = (busy[:, 0] > left) & (busy[:, 0] < right) & (busy[:, 1] > top) & (busy[:, 1] < bottom)
    out = max(0.0, -left) + max(0.0, right - room[0]) + max(0.0, -top) + max(0.0, bottom - room[1])
    names = sum(_overlap(box, other) for other in taken)
    return (
        20.0 * names
        + 3.0 * sum(_overlap(box, one) for one in marks)
        + 60.0 * inside.sum()
        + 200.0 * out
    )


def _overlap(one: Box, other: Box) -> float:
    """Square pixels that two rectangles share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(high, 0.0)
