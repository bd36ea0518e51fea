"""Levels and paired differences over time, one panel a country, with bands over replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.style import (
    BASELINE,
    COUNTRY_COLOURS,
    INK,
    empty,
    place,
    product_name,
    short,
    template,
    tint,
    unit_of,
    years_apart,
)
from analysis.summaries.outcomes import Bands, leading, only, records

PANELS = 6
"""Countries that a figure of panels shows: more do not fit a laptop's screen."""

_COLUMNS = 3

Trace = dict[str, Any]


def production(
    levels: pd.DataFrame,
    base: pd.DataFrame,
    product: str,
    policy: str,
    against: str,
    countries: Sequence[str] | None = None,
) -> go.Figure:
    """Draw production of ``product`` by country under a policy and the one it is compared with.

    ``levels`` and ``base`` are those of :func:`analysis.summaries.outcomes.bands` of ``output``.
    Lines are medians, bands hold 80 % of replications (10-90 %); both are yearly rates. Every panel
    has its own vertical axis from zero.
    """
    mine, other = (table[table["product"] == product] for table in (levels, base))
    title = f"{product_name(product)}: production by country"
    shown = list(countries) if countries is not None else leading(pd.concat([mine, other]), PANELS)
    if not shown or mine.empty:
        return empty(title, f"No {product_name(product).lower()} are made under {policy}.")
    traces = _legend(policy, against)
    for number, country in enumerate(shown):
        quiet = other[other["country"] == country]
        loud = mine[mine["country"] == country]
        colour = COUNTRY_COLOURS.get(country, INK)
        traces += [
            band(number, quiet, ("low", "high"), tint(BASELINE, 0.22)),
            line(number, quiet, BASELINE, against, place(country), "dash"),
            band(number, loud, ("low", "high"), tint(colour, 0.22)),
            line(number, loud, colour, policy, place(country)),
        ]
    note = "bands: 10-90 % of replications; axes differ"
    return panels(traces, shown, title, f"{unit_of(product)}; {note}", {"rangemode": "tozero"})


def difference(
    differences: pd.DataFrame,
    product: str,
    policy: str,
    against: str,
    countries: Sequence[str] | None = None,
) -> go.Figure:
    """Draw production by country: ``policy`` less ``against``, paired by replication.

    ``differences`` is that of :func:`analysis.summaries.outcomes.bands` of ``output``. The dark
    band holds half of the replications (25-75 %), the light one 80 % (10-90 %). Panels share their
    axis.
    """
    mine = differences[differences["product"] == product]
    title = f"{product_name(product)}: {policy} less {against}"
    shown = list(countries) if countries is not None else _moved(mine)
    if not shown:
        return empty(title, "The two policies make the same everywhere: every difference is zero.")
    traces: list[Trace] = []
    for number, country in enumerate(shown):
        part = mine[mine["country"] == country]
        colour = COUNTRY_COLOURS.get(country, INK)
        traces += _fan(number, part, colour, place(country))
    note = "paired by replication; bands: 25-75 % and 10-90 %; one axis for all panels"
    matched = {"matches": "y", "zeroline": True}
    return panels(traces, shown, title, f"{unit_of(product)}; {note}", matched)


def compared(
    both: Bands, group: Mapping[str, str], title: str, unit: str, policy: str, against: str
) -> go.Figure:
    """Draw one group of an outcome under two policies, and beside it their paired difference.

    ``group`` names the code of every key of the outcome's groups.
    """
    one, other, less = (only(t, **group) for t in (both.levels, both.base, both.difference))
    if one.empty:
        return empty(title, "This run holds no such group.")
    traces = [
        *_legend(policy, against),
        band(0, other, ("low", "high"), tint(BASELINE, 0.22)),
        line(0, other, BASELINE, against, title, "dash"),
        band(0, one, ("low", "high"), tint(INK, 0.16)),
        line(0, one, INK, policy, title),
        *_fan(1, less, COUNTRY_COLOURS.get(group.get("country", ""), INK), f"{title}, difference"),
    ]
    note = f"{unit}; median; bands: 10-90 % (left), 25-75 % and 10-90 % (right) of replications"
    heads = ["Both policies", f"{policy} less {against}, paired"]
    return panels(traces, heads, title, note, {"zeroline": True})


def fan(
    table: pd.DataFrame, title: str, unit: str, colour: str = INK, signed: bool = False
) -> go.Figure:
    """Draw one outcome of one group over time: median, 25-75 % and 10-90 % of replications."""
    if table.empty:
        return empty(title, "This run holds no such outcome.")
    note = f"{unit}; median; bands: 25-75 % and 10-90 % of replications"
    mode = "normal" if signed else "tozero"
    look = {"zeroline": signed, "rangemode": mode}
    return panels(_fan(0, table, colour, title), [""], title, note, look)


def _moved(table: pd.DataFrame) -> list[str]:
    """Countries with the widest difference, counting the edge of the band, not only its middle."""
    edge = table.assign(median=table[["low", "high"]].abs().max(axis=1))
    return leading(edge, PANELS)


def _fan(number: int, table: pd.DataFrame, colour: str, where: str) -> list[Trace]:
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
        "type": "scatter", "x": dates + dates[::-1], "y": np.concatenate([low, high[::-1]]),
        "fill": "toself", "fillcolor": colour, "line": {"width": 0}, "mode": "lines",
        "hoverinfo": "skip", "showlegend": False, **axes(number),
    }  # fmt: skip


def line(
    number: int, table: pd.DataFrame, colour: str, name: str, where: str, dash: str = "solid"
) -> Trace:
    """Draw ``median`` in panel ``number``; hovering tells ``low`` and ``high``."""
    return {
        "type": "scatter", "x": _dates(table), "y": table["median"].to_numpy(dtype="f4"),
        "mode": "lines", "name": name, "showlegend": False,
        "line": {"color": colour, "width": 2, "dash": dash},
        "customdata": [
            f"{short(row.median)}<br>10-90 %: {short(row.low)} to {short(row.high)}"
            for row in records(table[["median", "low", "high"]])
        ],
        "hovertemplate": f"<b>{where}</b>, %{{x|%b %Y}}<br>{name}: %{{customdata}}<extra></extra>",
        **axes(number),
    }  # fmt: skip


def _dates(table: pd.DataFrame) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in table["period"]]


def _legend(policy: str, against: str) -> list[Trace]:
    """Legend lines in no country's colour: the dash tells the policies apart in every panel."""
    return [
        {
            "type": "scatter", "x": [None], "y": [None], "mode": "lines",
            "name": f"{name} (median)", "line": {"color": colour, "width": 2, "dash": dash},
        }
        for name, colour, dash in ((policy, INK, "solid"), (against, BASELINE, "dash"))
    ]  # fmt: skip


def panels(
    traces: list[Trace], countries: Sequence[str], title: str, note: str, look: dict[str, Any]
) -> go.Figure:
    """Lay panels out in rows of three, each under its country's name."""
    tall = len(countries) > _COLUMNS
    days = [day for trace in traces for day in (trace["x"][0], trace["x"][-1]) if day]
    step = years_apart(pd.Timestamp(min(days)), pd.Timestamp(max(days)), 8)
    layout: dict[str, Any] = {
        "template": template(), "height": 570 if tall else 340,
        "title": {"text": title, "subtitle": {"text": note[0].upper() + note[1:]}},
        "legend": {"y": -0.07 if tall else -0.15, "yanchor": "top"}, "annotations": [],
    }  # fmt: skip
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
        "text": f"<b>{place(country)}</b>", "x": sum(x) / 2, "y": y[1], "xref": "paper",
        "yref": "paper", "yanchor": "bottom", "showarrow": False, "yshift": 2,
        "font": {"size": 13, "color": COUNTRY_COLOURS.get(country, INK)},
    }  # fmt: skip
