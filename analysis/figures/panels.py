"""Panels over time that share a look: bands, lines, legends, axes and headings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.style import BASELINE, COUNTRY_COLOURS, INK, place, template, tint, years_apart
from analysis.summaries.outcomes import records
from sim.results.numbers import short

PANELS = 6
"""Countries that a figure of panels shows: more do not fit a laptop's screen."""

_COLUMNS = 3

Trace = dict[str, Any]


def fan(number: int, table: pd.DataFrame, colour: str, where: str) -> list[Trace]:
    """Draw median, 25-75 % and 10-90 % of replications in panel ``number``."""
    return [
        band(number, table, ("low", "high"), tint(colour, 0.16)),
        band(number, table, ("q25", "q75"), tint(colour, 0.30)),
        line(number, table, colour, "median", where),
    ]


def axes(number: int) -> dict[str, str]:
    """Names of a panel's axes as a trace tells them."""
    end = "" if number == 0 else str(number + 1)
    return {"xaxis": f"x{end}", "yaxis": f"y{end}"}


def band(number: int, table: pd.DataFrame, edges: tuple[str, str], colour: str) -> Trace:
    """Fill the space between two columns in panel ``number``."""
    low, high = (table[edge].to_numpy(dtype="f4") for edge in edges)
    dates = _dates(table)
    return {
        "type": "scatter",
        "x": dates + dates[::-1],
        "y": np.concatenate([low, high[::-1]]),
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0},
        "mode": "lines",
        "hoverinfo": "skip",
        "showlegend": False,
        **axes(number),
    }


def line(
    number: int, table: pd.DataFrame, colour: str, name: str, where: str, dash: str = "solid"
) -> Trace:
    """Draw ``median`` in panel ``number``; hovering tells ``low`` and ``high``."""
    return {
        "type": "scatter",
        "x": _dates(table),
        "y": table["median"].to_numpy(dtype="f4"),
        "mode": "lines",
        "name": name,
        "showlegend": False,
        "line": {"color": colour, "width": 2, "dash": dash},
        "customdata": [
            f"{short(row.median)}<br>range of futures: {short(row.low)} to {short(row.high)}"
            for row in records(table[["median", "low", "high"]])
        ],
        "hovertemplate": f"<b>{where}</b>, %{{x|%b %Y}}<br>{name}: %{{customdata}}<extra></extra>",
        **axes(number),
    }


def _dates(table: pd.DataFrame) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in table["period"]]


def policy_lines(policy: str, against: str) -> list[Trace]:
    """Legend lines in no country's colour: the dash tells the policies apart in every panel."""
    return [
        {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "lines",
            "name": f"{name} (median)",
            "line": {"color": colour, "width": 2, "dash": dash},
        }
        for name, colour, dash in ((policy, INK, "solid"), (against, BASELINE, "dash"))
    ]


def panels(
    traces: list[Trace], countries: Sequence[str], title: str, note: str, look: dict[str, Any]
) -> go.Figure:
    """Lay panels out in rows of three, each under its country's name."""
    tall = len(countries) > _COLUMNS
    days = [day for trace in traces for day in (trace["x"][0], trace["x"][-1]) if day]
    step = years_apart(pd.Timestamp(min(days)), pd.Timestamp(max(days)), 8)
    layout: dict[str, Any] = {
        "template": template(),
        "height": 570 if tall else 340,
        "title": {"text": title, "subtitle": {"text": note[0].upper() + note[1:]}},
        "legend": {"y": -0.07 if tall else -0.15, "yanchor": "top"},
        "annotations": [],
    }
    for number, country in enumerate(countries):
        x, y = _domains(number, len(countries), "matches" in look)
        end = "" if number == 0 else str(number + 1)
        layout[f"xaxis{end}"] = {
            "type": "date", "domain": x, "anchor": f"y{end}", "tickformat": "%Y",
            "showgrid": False, "dtick": step,
        }  # fmt: skip
        free = {key: value for key, value in look.items() if key != "matches" or number}
        inner = "matches" in look and number % _COLUMNS > 0
        layout[f"yaxis{end}"] = {
            "domain": y, "anchor": f"x{end}", "nticks": 5, "showticklabels": not inner, **free
        }  # fmt: skip
        layout["annotations"].append(_heading(country, x, y))
    return go.Figure({"data": traces, "layout": layout})


def _domains(number: int, count: int, shared: bool) -> tuple[list[float], list[float]]:
    columns, rows = min(_COLUMNS, count), -(-count // _COLUMNS)
    gap = 0.03 if shared else 0.075
    width = (1 - gap * (columns - 1)) / columns
    height = 1.0 if rows == 1 else 0.43
    left = (number % _COLUMNS) * (width + gap)
    bottom = 0.0 if number // _COLUMNS == rows - 1 else 1 - height
    return [left, min(left + width, 1.0)], [bottom, bottom + height]


def _heading(country: str, x: list[float], y: list[float]) -> dict[str, Any]:
    return {
        "text": f"<b>{place(country)}</b>",
        "x": sum(x) / 2,
        "y": y[1],
        "xref": "paper",
        "yref": "paper",
        "xanchor": "center",
        "yanchor": "bottom",
        "showarrow": False,
        "yshift": 2,
        "font": {"size": 13, "color": COUNTRY_COLOURS.get(country, INK)},
    }
