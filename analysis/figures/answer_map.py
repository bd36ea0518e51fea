"""The answer on one map: production moved as arrows, change of output by place as circles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analysis.equations import SITING
from analysis.figure import ANSWER, NO_BAND, Asked, Caption, Figure
from analysis.figures.geography import ASIA, LOOK, POSITIONS, bearing, curve
from analysis.figures.labels import sides
from analysis.style import INK, PAPER, as_text, dressed, empty, place, tint
from sim.arrays import Floats
from sim.results.answer.answer import Answer
from sim.results.answer.totals import Total
from sim.results.numbers import short

HIGHER, LOWER = "#0072B2", "#D55E00"
"""Colours of a place whose output is higher or lower; signs tell the same."""
ASPECT, WIDE = 1.4, 1.9
"""Width over height of a close-up of Asia and of a wider map, on a laptop and on a phone."""
ELSEWHERE = "ROW"
"""The rest of the world: it lies at no one place and is told beside the map."""
_LEAST, _NEAR = 0.04, 0.85
"""Part of the largest change from which one is drawn; part of what moved that a close-up holds."""
_WIDEST, _LARGEST = 13.0, 42.0
"""Pixels of the widest arrow and of the largest circle."""
_BOW = 0.16
_PHONE = 358.0
"""Width in pixels for which names are set apart: on wider screens they have more room."""


def answer_map(told: Answer) -> go.Figure:
    """Draw what moves and what output changes under a policy, in the unit of the leading change.

    ``told`` is the answer of the run. Arrows are net production moved by the end of its year,
    circles the change of the year's output (of sales, where chip tools lead); width of an arrow
    and area of a circle are in proportion to the same greatest amount.
    """
    if not told.subjects:
        return empty("", "Nothing of note changes from place to place.")
    lead = told.subjects[0].lead
    measure = "tool_sales" if told.subjects[0].kind == "tools" else "output"
    moved = [one for one in told.found.of("moved", lead.unit) if one.difference > 0]
    moved = _weighty(moved if measure == "output" else [])
    changes = _weighty(told.found.of(measure, lead.unit))
    if not moved and not changes:
        return empty("", "What changes is not told apart by place.")
    shown, left = _close_up([one for one in moved if _of(one, lead)] or moved, changes)
    top = max(abs(one.difference) for one in (*moved, *changes))
    arrows = [one for one in moved if {one.from_country, one.country} <= shown]
    circles = [one for one in changes if one.country in shown]
    aspect = ASPECT if shown <= ASIA else WIDE
    window = _window(shown, aspect)
    figure = go.Figure([*_legend(arrows, circles), *_circles(circles, top), *_arrows(arrows, top)])
    figure.add_trace(_labels(shown, circles, arrows, top, window))
    figure.update_layout(geo=LOOK | {"projection": {"type": "mercator"}, **_axes(window)})
    return _dressed(figure, told, lead.unit, left).update_layout(meta={"aspect": aspect})


def _of(one: Total, lead: Total) -> bool:
    """Whether an arrow leaves or reaches the place that the leading change is of."""
    return (lead.from_country or lead.country) in (one.from_country, one.country)


def _dressed(figure: go.Figure, told: Answer, unit: str, left: Sequence[Total]) -> go.Figure:
    title = f"Where it changes by the end of {told.year}, {unit} a year"
    note = ", ".join(
        f"{place(one.country)} {short(one.difference, 2, signed=True)}" for one in left
    )
    one, other = (as_text(told.names[name]) for name in (told.policy, told.against))
    pair = f"“{one}” compared with “{other}”"
    dressed(figure, title, f"{pair}. Not on the map: {note}" if note else pair, 460)
    return figure.update_layout(margin={"l": 0, "r": 0, "t": 84, "b": 0}, legend={"y": 1.0})


def _weighty(totals: Sequence[Total]) -> list[Total]:
    """Those that change by a fair part of the largest change."""
    least = _LEAST * max((abs(one.difference) for one in totals), default=0.0)
    return [one for one in totals if one.difference and abs(one.difference) >= least]


def _close_up(moved: list[Total], changes: list[Total]) -> tuple[set[str], list[Total]]:
    """Places on the map, and the changes elsewhere: Asia close up where most moves stay there."""
    every = {one.country for one in (*moved, *changes)} | {one.from_country for one in moved}
    asia = sum(one.difference for one in moved if {one.from_country, one.country} <= ASIA)
    near = bool(moved) and asia >= _NEAR * sum(one.difference for one in moved)
    shown = (every & ASIA) if near else every - {ELSEWHERE}
    return shown, [one for one in changes if one.country not in shown]


Window = tuple[float, float, float, float]
"""West, east (degrees, 0 to 360), south and north in Mercator's measure."""


def _at(code: str) -> tuple[float, float]:
    """Longitude from 0 to 360 and Mercator's measure of the latitude, both in degrees."""
    lon, lat = POSITIONS[code]
    return lon % 360.0, _mercator(lat)


def _mercator(lat: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


def _latitude(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(y))) - math.pi / 2)


def _window(codes: set[str], aspect: float) -> Window:
    """The smallest map of the aspect that holds the places and their names."""
    x, y = (np.array(values) for values in zip(*map(_at, sorted(codes)), strict=True))
    width = max(1.4 * float(np.ptp(x)), 1.3 * float(np.ptp(y)) * aspect, 42.0)
    width, height = min(width, 340.0), min(width, 340.0) / aspect
    middle = (x.max() + x.min()) / 2, (y.max() + y.min()) / 2
    west, south = middle[0] - width / 2, middle[1] - height / 2
    return west, west + width, south, south + height


def _axes(window: Window) -> dict[str, Any]:
    west, east, south, north = window
    return {
        "lonaxis": {"range": [west, east]},
        "lataxis": {"range": [_latitude(south), _latitude(north)]},
    }


def _circles(changes: Sequence[Total], top: float) -> list[go.Scattergeo]:
    return [
        go.Scattergeo(
            lon=[POSITIONS[one.country][0] for one in changes],
            lat=[POSITIONS[one.country][1] for one in changes],
            mode="markers",
            marker={
                "size": [_size(one, top) for one in changes],
                "color": [tint(HIGHER if one.difference > 0 else LOWER, 0.6) for one in changes],
                "line": {"color": PAPER, "width": 1},
            },
            text=[_hover(one) for one in changes],
            hoverinfo="text",
            showlegend=False,
        )
    ]


def _size(total: Total, top: float) -> float:
    return round(max(_LARGEST * math.sqrt(abs(total.difference) / top), 5.0), 1)


def _hover(total: Total) -> str:
    known = total.spread
    low, high = (short(v, 2, signed=True) for v in (known.futures_low, known.futures_high))
    return (
        f"<b>{place(total.country)}</b>: {short(total.difference, 2, signed=True)} {total.unit}"
        f"<br>range of futures: {low} to {high}"
    )


def _arrows(moved: Sequence[Total], top: float) -> list[go.Scattergeo]:
    found = []
    for one in moved:
        line = curve(one.from_country, one.country, _BOW)
        width = round(max(_WIDEST * one.difference / top, 1.2), 1)
        way = f"{place(one.from_country)} to {place(one.country)}"
        told = f"<b>{way}</b>: {short(one.difference, 2)} {one.unit} a year moved"
        found += [
            go.Scattergeo(
                lon=line[:-2, 0], lat=line[:-2, 1], mode="lines", hoverinfo="skip",
                line={"width": width, "color": tint(INK, 0.62)}, showlegend=False,
            ),
            go.Scattergeo(
                lon=line[-2:-1, 0], lat=line[-2:-1, 1], mode="markers", text=[told],
                hoverinfo="text", showlegend=False,
                marker={"symbol": "triangle-up", "size": 9 + width, "color": INK,
                        "angle": bearing(line), "angleref": "up", "opacity": 0.85},
            ),
        ]  # fmt: skip
    return found


def _labels(
    shown: set[str], circles: list[Total], arrows: list[Total], top: float, window: Window
) -> go.Scattergeo:
    """Names and amounts above everything else, each where nothing else is."""
    change = {one.country: one for one in circles}
    codes = sorted(shown, key=lambda code: -abs(change[code].difference) if code in change else 0.0)
    size = {code: _size(change[code], top) if code in change else 4.0 for code in codes}
    texts = {code: [place(code)] for code in codes}
    for code, own in change.items():
        texts[code].append(short(own.difference, 2, signed=True))
    scale = _PHONE / (window[1] - window[0])
    at = {code: _pixels(np.array([_at(code)]), window, scale)[0] for code in codes}
    lines = [_projected(curve(one.from_country, one.country, _BOW)) for one in arrows]
    busy = np.vstack([np.zeros((0, 2)), *(_pixels(line, window, scale) for line in lines)])
    room = (_PHONE, scale * (window[3] - window[2]))
    chosen = sides(at, size, texts, busy, room)
    return go.Scattergeo(
        lon=[POSITIONS[code][0] for code in codes],
        lat=[POSITIONS[code][1] for code in codes],
        mode="markers+text",
        text=["<br>".join([f"<b>{texts[c][0]}</b>", *texts[c][1:]]) for c in codes],
        textposition=[chosen[code] for code in codes],
        textfont={"size": 12, "color": INK},
        marker={"size": [size[code] for code in codes], "color": "rgba(0,0,0,0)"},
        hoverinfo="skip",
        showlegend=False,
    )


def _projected(line: Floats) -> Floats:
    return np.array([(lon % 360.0, _mercator(lat)) for lon, lat in line])


def _pixels(points: Floats, window: Window, scale: float) -> Floats:
    """Pixels from the upper left corner of points in Mercator's measure."""
    west, _, _, north = window
    found: Floats = np.column_stack([points[:, 0] - west, north - points[:, 1]]) * scale
    return found


def _legend(arrows: Sequence[Total], circles: Sequence[Total]) -> list[go.Scattergeo]:
    signs = {one.difference > 0 for one in circles}
    what = "sales" if circles and circles[0].measure == "tool_sales" else "output"
    marks: list[tuple[bool, str, dict[str, Any]]] = [
        (bool(arrows), "production moved", {"mode": "lines", "line": {"color": INK, "width": 4}}),
        (True in signs, f"{what} higher", _dot(HIGHER)),
        (False in signs, f"{what} lower", _dot(LOWER)),
    ]
    return [
        go.Scattergeo(lon=[None], lat=[None], name=name, showlegend=True, **look)
        for there, name, look in marks
        if there
    ]


def _dot(colour: str) -> dict[str, Any]:
    return {"mode": "markers", "marker": {"color": tint(colour, 0.6), "size": 13}}


def _draw(asked: Asked) -> go.Figure:
    return answer_map(asked.held.answer(asked.policy, asked.against))


FIGURES = (
    Figure(
        "answer_map",
        "production moved and change of output by place, of the answer",
        ANSWER,
        _draw,
        report={},
        caption=Caption(
            unit="vehicles or USD of 2017 a year: the unit of the leading change (chip tools: USD)",
            band=f"{NO_BAND}; hovering tells the range of futures",
            method="moves in force at the end of the year, net of what came back, and the year's"
            " output; paired run by run with the other policy",
            equation=SITING,
            sources="tables relocations and outcomes of the run",
        ),
    ),
)
