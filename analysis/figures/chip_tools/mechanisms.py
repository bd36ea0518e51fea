"""What made China's part of a maker's sales: mechanism by mechanism, with a table of one year."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from analysis.equations import TOOL_ORDERS
from analysis.figure import NO_BAND, TOOLS, Asked, Caption, Figure
from analysis.style import BASELINE, INK, QUIET, RULE, SERIES_COLOURS, as_text, dressed, empty
from analysis.summaries.chip_tools import (
    MECHANISMS,
    has_mechanisms,
    hump_shares,
    mechanism_shares,
    tool_makers,
)
from analysis.summaries.outcomes import records
from sim.results.numbers import percent

NONE = "Share of 2017, no mechanism"
WHOLE = "<b>China's part, mean of the quarters</b>"
_ROW = 24
"""Pixels of a row of the table."""


def hump(table: pd.DataFrame, firm: str) -> go.Figure:
    """Draw what made China's share of ``firm`` (its name) by quarter (:func:`mechanism_shares`).

    Beneath stands each mechanism's mean over a fiscal year (:func:`hump_shares`).
    """
    title = f"What made China's part of {firm}'s chip-tool sales"
    if table.empty:
        return empty(title, "Run configs/chip_tools_mechanisms.yaml and draw this of its run.")
    present = set(table["mechanism"])
    names = {"none": NONE, **{n: text for n, text in MECHANISMS.items() if n in present}}
    colours = dict(zip(names, (BASELINE, *SERIES_COLOURS), strict=False))
    figure = go.Figure()
    for name, label in names.items():
        _bars(figure, table[table["mechanism"] == name], label, colours[name])
    tall = _ROW * (len(names) + 2) + 20
    figure.add_trace(_table(table, names, colours))
    figure.update_layout(barmode="relative", bargap=0.15)
    note = "Quarters, mean over runs; each mechanism's mean over all orders of switching them on"
    dressed(figure, title, note, 500 + tall)
    share = (tall + 66) / (500 + tall - 86 - 20)
    figure.data[-1].domain = {"x": [0.0, 0.72], "y": [0.0, tall / (500 + tall - 106)]}
    figure.update_yaxes(title_text="share of sales", tickformat=".0%", domain=[share, 1.0])
    figure.update_xaxes(
        title_text="year (bars: quarters)", tickformat="%Y", dtick="M12", showgrid=False, anchor="y"
    )
    return figure.update_layout(margin={"b": 20})


def _bars(figure: go.Figure, rows: pd.DataFrame, label: str, colour: str) -> None:
    """Add one mechanism's part of every quarter."""
    figure.add_bar(
        x=rows["period"],
        y=rows["shapley"],
        name=label,
        showlegend=False,
        marker={"color": colour},
        xperiod="M3",
        xperiodalignment="middle",
        hovertext=[f"{label}<br>{_quarter(r.period)}: {percent(r.shapley)}" for r in records(rows)],
        hoverinfo="text",
    )


def _quarter(day: pd.Timestamp) -> str:
    """Name a quarter.

    >>> _quarter(pd.Timestamp("2023-04-01"))
    'Apr to Jun 2023'
    """
    return f"{day:%b} to {day + pd.DateOffset(months=2):%b %Y}"


def _table(table: pd.DataFrame, names: Mapping[str, str], colours: Mapping[str, str]) -> go.Table:
    """Mean of each mechanism over a year; its squares are the figure's legend."""
    when, mean = hump_shares(table)
    by = mean.set_index("mechanism")
    shares = [_points(value) for value in by["shapley"].loc[list(names)]]
    alone = ["", *(_points(value) for value in by["alone_off"].loc[list(names)[1:]])]
    whole = _points(by["shapley"].loc[list(names)].sum())
    squares = [*(colours[name] for name in names), "#FFFFFF"]
    return go.Table(
        columnwidth=[24, 330, 240, 200],
        header={
            "values": ["", when, "points, mean over all orders", "points, left out alone"],
            "align": ["left", "left", "right", "right"], "height": _ROW, "fill_color": "#FFFFFF",
            "line_color": RULE, "font": {"size": 12, "color": QUIET},
        },
        cells={
            "values": [["■" for _ in squares], [*names.values(), WHOLE],
                       [*shares, f"<b>{whole}</b>"], [*alone, ""]],
            "align": ["center", "left", "right", "right"], "height": _ROW,
            "fill_color": "#FFFFFF", "line_color": RULE,
            "font": {"size": 12.5, "color": [squares, INK, INK, INK]},
        },
    )  # fmt: skip


def _points(share: float) -> str:
    """Write a part of the share in percentage points.

    >>> _points(0.0404), _points(-0.0002)
    ('4.0', '0.0')
    """
    return f"{100.0 * share:z.1f}"


def _hump(asked: Asked) -> go.Figure:
    """Mechanisms behind the share of the greatest maker."""
    firm, name = next(iter(tool_makers(asked.run).items()), ("", "the greatest maker"))
    return hump(mechanism_shares(asked.run, firm, asked.policy), as_text(name))


FIGURES = (
    Figure(
        "hump",
        "mechanisms behind China's share; needs a run of configs/chip_tools_mechanisms.yaml",
        TOOLS,
        _hump,
        report={},
        has=lambda held: has_mechanisms(held.run),
        narrowest_mm=140.0,
        caption=Caption(
            unit="share of a maker's chip-tool sales; points in the table",
            band=NO_BAND,
            method="each mechanism's mean gain over all orders of switching them on",
            equation=TOOL_ORDERS,
            sources="outcome china_share of the run's scenarios",
        ),
    ),
)
