"""Where places are drawn: East Asia close up, and the world with the Pacific in its middle."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
import plotly.graph_objects as go

from analysis.style import COUNTRY_COLOURS, INK, LAND, PAPER, QUIET, RULE, SEA, place
from sim.arrays import Floats
from sim.axes import PLACES

POSITIONS: dict[str, tuple[float, float]] = {one.code: one.position for one in PLACES}
"""Longitude and latitude at which a place is drawn: near its industry, apart from neighbours."""

ASIA = frozenset(one.code for one in PLACES if one.maps != "world")
FAR = frozenset(one.code for one in PLACES if one.maps == "asia_and_world")
"""Places of Asia that the world map names too, so that its arcs can be read."""

GEO = {"asia": "geo", "world": "geo2"}
"""Map -> its name in a figure's layout."""
_SIDES = {one.code: one.label_side for one in PLACES}


LOOK = {
    "showland": True, "landcolor": LAND, "showocean": True, "oceancolor": SEA,
    "showcountries": True, "countrycolor": RULE, "coastlinecolor": RULE, "showframe": False,
    "showlakes": False, "resolution": 110, "bgcolor": PAPER,
}  # fmt: skip
"""How every map looks."""
_POINTS = 25


def curve(start: str, end: str, bow: float) -> Floats:
    """Points (longitude, latitude) of an arc between places that bows to the left of its way."""
    (lon0, lat0), (lon1, lat1) = POSITIONS[start], POSITIONS[end]
    lon1 = lon0 + (lon1 - lon0 + 180.0) % 360.0 - 180.0
    a, b = np.array([lon0, lat0]), np.array([lon1, lat1])
    middle = (a + b) / 2 + bow * np.array([lat0 - lat1, lon1 - lon0])
    t = np.linspace(0.06, 0.94, _POINTS)[:, None]
    points: Floats = (1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t**2 * b
    return points


def bearing(points: Floats) -> float:
    """Clockwise angle from north in which an arc ends, on a map true to direction."""
    (lon0, lat0), (lon1, lat1) = points[-3], points[-1]
    east = (lon1 - lon0) * math.cos(math.radians((lat0 + lat1) / 2))
    return round(math.degrees(math.atan2(east, lat1 - lat0)), 1)


def places(maps: Collection[str]) -> list[go.Scattergeo]:
    """Dots and names of the places on maps: all on that of the world, East Asia's on its own."""
    found = []
    every = {"asia": sorted(ASIA), "world": sorted(set(POSITIONS) - ASIA | FAR)}
    for where, codes in ((name, codes) for name, codes in every.items() if name in maps):
        found.append(
            go.Scattergeo(
                lon=[POSITIONS[c][0] for c in codes],
                lat=[POSITIONS[c][1] for c in codes],
                text=[place(c) for c in codes],
                mode="markers+text",
                geo=GEO[where],
                marker={
                    "size": 7,
                    "color": [COUNTRY_COLOURS[c] for c in codes],
                    "line": {"color": PAPER, "width": 1},
                },
                textposition=[_SIDES[c] for c in codes],
                textfont={"size": 11.5, "color": INK},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    return found


def lay_out(figure: go.Figure, stacked: bool, maps: Collection[str]) -> None:
    """East Asia left of (or above) the world with the Pacific in its middle, or one alone."""
    asia = {"x": [0.0, 1.0], "y": [0.40, 1.0]} if stacked else {"x": [0.0, 0.42], "y": [0.0, 1.0]}
    world = {"x": [0.0, 1.0], "y": [0.0, 0.36]} if stacked else {"x": [0.43, 1.0], "y": [0.0, 1.0]}
    whole = {"x": [0.0, 1.0], "y": [0.0, 1.0]}
    drawn = {
        "asia": ("Within Asia", asia, {
            "projection": {"type": "mercator"},
            "lonaxis": {"range": [68, 148]}, "lataxis": {"range": [-12, 46]},
        }),
        "world": ("To and from the rest of the world", world, {
            "projection": {"type": "natural earth", "rotation": {"lon": 155}},
            "lataxis": {"range": [-45, 75]},
        }),
    }  # fmt: skip
    for name, (text, part, view) in drawn.items():
        if name not in maps:
            continue
        where = part if len(maps) > 1 else whole
        figure.update_layout({GEO[name]: LOOK | view | {"domain": where}})
        figure.add_annotation(
            text=f"<b>{text}</b>", x=where["x"][0], y=where["y"][1], xref="paper", yref="paper",
            xanchor="left", yanchor="bottom", showarrow=False,
            font={"size": 12.5, "color": QUIET},
        )  # fmt: skip
