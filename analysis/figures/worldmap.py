"""Moves on maps: the Pacific rim, and East Asia close up, where most moves are short.

Outlines come from :mod:`analysis.assets`; a page must define ``window.PlotlyGeoAssets`` before it
draws (see :func:`analysis.pages.outlines_script`), or Plotly would ask the network for them.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from analysis.equations import SITING
from analysis.figure import MAP, NO_BAND, Asked, Caption, Figure, Layout
from analysis.figures.geography import ASIA, GEO, bearing, curve, lay_out, places
from analysis.needs import EVERY, ROOM
from analysis.style import PAPER, SECTOR_COLOURS, SECTOR_NAMES, dressed, empty, place
from analysis.summaries.relocations import arcs
from sim.results.numbers import dollars

WIDTHS = (1.2, 2.4, 4.0, 6.5, 10.0)
"""Line widths in pixels; an arc's worth falls into one of them by its square root."""

_KEYS = ["from_country", "to_country", "sector"]


class _Arc(NamedTuple):
    from_country: str
    to_country: str
    sector: str
    value_usd: float
    moves: float


@dataclass(frozen=True, slots=True)
class _Slot:
    """One trace: the lines of a map, sector and width, or the arrow heads (no width)."""

    map: str
    sector: str
    width: int | None


def relocation_map(
    moved: pd.DataFrame,
    policy: str,
    every: str = "year",
    also: pd.DataFrame | None = None,
    stacked: bool = False,
) -> go.Figure:
    """Draw moves as arcs from the country left to the country gained, with a slider over time.

    ``moved`` is :func:`analysis.summaries.relocations.arcs` with the same ``every``. Width grows
    with the square root of the worth moved per year; colour is the sector. The first position of
    the slider is the mean year of the whole run; with months, a position shows the twelve months up
    to it. ``also`` holds the arcs of a policy drawn beside this one: both then share dates and
    widths. ``stacked`` puts one map under the other, for half a screen.
    """
    title = f"Moves on the map: {policy}"
    moved = moved[moved["value_usd"] > 0]
    if moved.empty:
        return empty(title, f"No firm moved work between countries under {policy}.")
    both = moved if also is None else pd.concat([moved, also[also["value_usd"] > 0]])
    span = (both["period"].min(), both["period"].max())
    held = _frames(moved, every, span)
    beside = {} if also is None else _frames(also, every, span)
    top = max(arc.value_usd for part in (held, beside) for found in part.values() for arc in found)
    frames = {name: _by_slot(found, top) for name, found in held.items()}
    figure = go.Figure(_traces(frames, _legend(moved)))
    lay_out(figure, stacked, _maps(frames))
    figure.update_layout(sliders=[_slider(list(frames), every)])
    note = f"USD of yearly output moved in a year, mean over replications; widest: {dollars(top)}"
    if not stacked:
        note += f". The mean year is that of {span[0].year}-{span[1].year}"
    dressed(figure, title, note, 700 if stacked else 610)
    return figure.update_layout(margin={"l": 0, "r": 0, "t": 108, "b": 8}, legend={"y": 1.05})


def _traces(
    frames: dict[str, dict[_Slot, list[_Arc]]], legend: list[go.Scattergeo]
) -> dict[str, Any]:
    """Traces of the first slider position, and what each position changes in them."""
    slots = sorted({slot for held in frames.values() for slot in held}, key=_drawing_order)
    first = next(iter(frames.values()))
    traces = [
        *legend,
        *(_trace(slot, first.get(slot, [])) for slot in slots),
        *places(_maps(frames)),
    ]
    numbers = list(range(len(legend), len(legend) + len(slots)))
    shown = [
        {"name": n, "traces": numbers, "data": [_moving(s, held.get(s, [])) for s in slots]}
        for n, held in frames.items()
    ]
    return {"data": traces, "frames": shown}


def _maps(frames: dict[str, dict[_Slot, list[_Arc]]]) -> set[str]:
    """Maps on which anything moves."""
    return {slot.map for held in frames.values() for slot in held}


def _frames(
    moved: pd.DataFrame, every: str, span: tuple[pd.Timestamp, pd.Timestamp]
) -> dict[str, list[_Arc]]:
    """Arcs of each slider position: the mean year first, then every year or trailing year."""
    first, last = span
    starts = pd.date_range(first, last, freq="YS" if every == "year" else "MS")
    grouped = moved.groupby(_KEYS, sort=True)
    keys = list(grouped.groups)
    cell = (grouped.ngroup().to_numpy(), starts.get_indexer(pd.DatetimeIndex(moved["period"])))
    held = np.zeros((2, len(keys), len(starts)))
    for number, column in enumerate(("value_usd", "moves")):
        np.add.at(held[number], cell, moved[column].to_numpy(dtype=float))
    years = last.year - first.year + 1
    frames = {"mean year": _found(keys, held.sum(axis=2) / years)}
    form = "%Y" if every == "year" else "%b %Y"
    window = 1 if every == "year" else 12
    for t, start in enumerate(starts):
        recent = held[:, :, max(0, t - window + 1) : t + 1].sum(axis=2)
        frames[start.strftime(form)] = _found(keys, recent)
    return frames


def _found(keys: list[Any], held: NDArray[np.float64]) -> list[_Arc]:
    """Arcs that carry anything, from float64[worth and moves, arc]."""
    carried = np.flatnonzero(held[0] > 0)
    return [
        _Arc(start, end, sector, float(held[0, n]), float(held[1, n]))
        for n, (start, end, sector) in ((n, keys[n]) for n in carried)
    ]


def _by_slot(drawn: list[_Arc], top: float) -> dict[_Slot, list[_Arc]]:
    """Sort arcs into the traces that draw them: a line by width, and a head, on one of the maps."""
    found: dict[_Slot, list[_Arc]] = {}
    for row in drawn:
        where = "asia" if {row.from_country, row.to_country} <= ASIA else "world"
        share = math.sqrt(row.value_usd / top) * len(WIDTHS)
        width = min(int(share), len(WIDTHS) - 1)
        for slot in (_Slot(where, row.sector, width), _Slot(where, row.sector, None)):
            found.setdefault(slot, []).append(row)
    return found


def _packed(numbers: NDArray[np.float64]) -> dict[str, str]:
    """Numbers in the form that Plotly reads without looking at each."""
    text = base64.b64encode(numbers.astype("<f4").tobytes()).decode("ascii")
    return {"dtype": "f4", "bdata": text}


def _drawing_order(slot: _Slot) -> tuple[bool, str, str, int]:
    """Lines before heads, so that heads lie on top."""
    return slot.width is None, slot.map, slot.sector, slot.width or 0


def _moving(slot: _Slot, rows: list[_Arc]) -> dict[str, Any]:
    """Give the part of a trace that changes with the slider: where its arcs or arrow heads are."""
    curves = [_curve(row.from_country, row.to_country, row.sector) for row in rows]
    if slot.width is not None:
        gap = np.full((1, 2), np.nan)
        line = np.vstack([part for own in curves for part in (own, gap)] or [gap])
        return {"type": "scattergeo", "lon": _packed(line[:, 0]), "lat": _packed(line[:, 1])}
    ends = np.array([own[-2] for own in curves] or [[np.nan, np.nan]])
    return {
        "type": "scattergeo",
        "lon": _packed(ends[:, 0]),
        "lat": _packed(ends[:, 1]),
        "marker": {"angle": [bearing(one) for one in curves] or [0.0]},
        "text": [_hover(row) for row in rows] or [""],
    }


def _trace(slot: _Slot, rows: list[_Arc]) -> dict[str, Any]:
    colour = SECTOR_COLOURS[slot.sector]
    moving = _moving(slot, rows)
    moving |= {"geo": GEO[slot.map], "showlegend": False, "legendgroup": slot.sector}
    if slot.width is not None:
        line = {"width": WIDTHS[slot.width], "color": colour}
        return moving | {"mode": "lines", "line": line, "opacity": 0.75, "hoverinfo": "skip"}
    marker = {
        "symbol": "triangle-up",
        "size": 11,
        "color": colour,
        "angleref": "up",
        "line": {"color": PAPER, "width": 1},
        **moving["marker"],
    }
    return moving | {"mode": "markers", "marker": marker, "hoverinfo": "text"}


def _hover(row: _Arc) -> str:
    return (
        f"<b>{place(row.from_country)} to {place(row.to_country)}</b><br>"
        f"{SECTOR_NAMES[row.sector]}: {dollars(row.value_usd)} of yearly output"
        f"<br>{row.moves:.1f} moves a year, mean over replications"
    )


@cache
def _curve(start: str, end: str, sector: str) -> NDArray[np.float64]:
    """Arc of a sector: each bows by its own measure, so that sectors lie side by side."""
    return curve(start, end, 0.10 + 0.055 * list(SECTOR_NAMES).index(sector))


def _legend(moved: pd.DataFrame) -> list[go.Scattergeo]:
    used = set(moved["sector"])
    return [
        go.Scattergeo(
            lon=[None],
            lat=[None],
            mode="lines",
            name=SECTOR_NAMES[sector],
            legendgroup=sector,
            line={"color": SECTOR_COLOURS[sector], "width": 5},
            showlegend=True,
        )
        for sector in SECTOR_NAMES
        if sector in used
    ]


def _slider(names: list[str], every: str) -> dict[str, object]:
    prefix = "Shown: " if every == "year" else "Shown: twelve months to "
    still = {"frame": {"duration": 0, "redraw": True}, "mode": "immediate"}
    return {
        "active": 0,
        "pad": {"t": 8, "b": 4, "l": 40, "r": 40},
        "len": 1.0,
        "currentvalue": {"prefix": prefix, "font": {"size": 13}},
        "font": {"size": 11},
        "steps": [{"label": n, "method": "animate", "args": [[n], still]} for n in names],
    }


def _map(asked: Asked) -> go.Figure:
    """Moves of a policy; dates and widths are those of both policies."""
    every = asked[EVERY]
    mine, other = (arcs(asked.held.moves(p), every) for p in (asked.policy, asked.against))
    return relocation_map(mine, asked.names[0], every, other, stacked=asked[ROOM] == "half")


FIGURES = (
    Figure(
        "map",
        "moves on the world map as arcs, with a slider over time",
        MAP,
        _map,
        needs=(EVERY, ROOM),
        layout=Layout.BESIDE,
        app={"every": "month", "room": "half"},
        report={"every": "year", "room": "whole"},
        caption=Caption(
            unit="USD of yearly output at prices of the first year",
            band=NO_BAND,
            method="moves by the year of their first output, mean over runs",
            equation=SITING,
            sources="base-year output (output_2017.csv) and the tables flows and relocations of "
            "the run",
        ),
    ),
)
