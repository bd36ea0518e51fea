"""China's part of makers' chip-tool sales: a panel a maker, with the numbered days of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.equations import TOOL_ORDERS
from analysis.figure import RANGE, TOOLS, Asked, Caption, Figure
from analysis.figures.marks import LISTED
from analysis.figures.panels import axes, band
from analysis.style import (
    INK,
    QUIET,
    RULE,
    SERIES_COLOURS,
    as_text,
    clipped,
    dressed,
    empty,
    tint,
    years_apart,
)
from analysis.summaries.chip_tools import control_days, has_plain_tools, tool_bands, tool_makers
from analysis.summaries.outcomes import Bands, records
from sim.results.numbers import percent
from sim.results.record import Fact, recorded

MAKERS = 5
"""Makers that the figure shows: one large, four small."""
NO_TOOLS = "This run holds no chip tools."

_MAIN, _SMALL = [0.46, 1.0], [0.0, 0.28]
_LIST = 16.5
"""Pixels of a line of the list of rules."""
_NUMBERS = "the makers with the greatest sales; numbers: first days of rules"


def china_shares(
    both: Bands | None, days: pd.DataFrame, policy: str, against: str, makers: Mapping[str, str]
) -> go.Figure:
    """Draw China's part of makers' sales under two policies, with the days of the rules.

    ``both`` are the bands of ``china_share``; ``days`` is :func:`control_days`; ``makers`` are
    those of :func:`tool_makers`, the greatest first: it gets the large panel, four more small ones.
    """
    title = f"China's part of chip-tool sales: {policy}"
    if both is None or not makers:
        return empty(title, NO_TOOLS)
    shown, apart = list(makers)[:MAKERS], against != policy
    traces = _policies(policy, against)
    for number, firm in enumerate(shown):
        traces += _lines(both, number, firm, as_text(makers[firm]), against if apart else "")
    tall = -(-len(days) // 2) * _LIST
    figure = go.Figure(traces)
    note = f"Quarters, medians over {both.pairs} runs; band: {RANGE}; {_NUMBERS}"
    dressed(figure, title, note, 610 + int(tall))
    top = 1.16 * max(float(t["high"].max()) for t in (both.levels, both.base))
    for number, firm in enumerate(shown):
        name = as_text(makers[firm])
        _share_panel(figure, number, len(shown), name, (both.levels["period"], top))
    _mark_rules(figure, days, both.levels["period"])
    room = {"margin": {"b": 62 + int(tall)}, "meta": {"acts": int(tall)}}
    return figure.update_layout(room, legend={"y": 1.0})


def _lines(both: Bands, number: int, firm: str, name: str, against: str) -> list[dict[str, Any]]:
    """What a panel shows of a maker: its band, both policies, and what is on record."""
    mine, other = (t[t["firm"] == firm] for t in (both.levels, both.base))
    colour = SERIES_COLOURS[number]
    found = [band(0, mine, ("low", "high"), tint(colour, 0.15))] if number == 0 else []
    if against:
        found.append(share_line(other, colour, f"{name}, {against}", "dot", number))
    found.append(share_line(mine, colour, name, "solid", number))
    return found + on_record(recorded("china_share", firm), number)


def _share_panel(
    figure: go.Figure, number: int, count: int, name: str, room: tuple[pd.Series[Any], float]
) -> None:
    """Place a panel's axes and its heading."""
    width = (1.0 - 0.02 * (count - 2)) / max(count - 1, 1)
    left = (number - 1) * (width + 0.02)
    x = [0.0, 1.0] if number == 0 else [left, min(left + width, 1.0)]
    y = _MAIN if number == 0 else _SMALL
    end = "" if number == 0 else str(number + 1)
    periods, top = room
    first, last = periods.min(), periods.max()
    figure.layout[f"xaxis{end}"] = {
        "type": "date", "domain": x, "anchor": f"y{end}", "range": [first, last],
        "tickformat": "%Y", "showgrid": False,
        "dtick": years_apart(first, last, 16 if number == 0 else 4),
    }  # fmt: skip
    figure.layout[f"yaxis{end}"] = {
        "domain": y, "anchor": f"x{end}", "range": [0, top], "tickformat": ".0%", "nticks": 6,
        "showticklabels": number <= 1, "title": {"text": "share of sales"} if number <= 1 else {},
    }  # fmt: skip
    figure.add_annotation(
        text=f"<b>{name}</b>", x=x[0], y=y[1], xref="paper", yref="paper", xanchor="left",
        yanchor="top" if number == 0 else "bottom", showarrow=False,
        xshift=6 if number == 0 else 0, yshift=-4 if number == 0 else 2,
        font={"size": 13, "color": SERIES_COLOURS[number]},
    )  # fmt: skip


def _mark_rules(figure: go.Figure, days: pd.DataFrame, periods: pd.Series[Any]) -> None:
    """Number the first days of rules in the large panel, and list them below the figure."""
    span = periods.max() - periods.min()
    last, low = None, False
    half = -(-len(days) // 2)
    for number, rule in enumerate(records(days)):
        low = not low if last is not None and (rule.day - last) / span < 0.014 else False
        last = rule.day
        figure.add_shape(
            type="line", x0=rule.day, x1=rule.day, y0=0, y1=1, xref="x", yref="y domain",
            layer="below", line={"color": RULE, "width": 1.2},
        )  # fmt: skip
        figure.add_annotation(
            x=rule.day, y=1, xref="x", yref="y domain", text=f"<b>{number + 1}</b>",
            yanchor="top", yshift=-15 if low else -2, showarrow=False,
            font={"size": 11, "color": INK}, bgcolor="#FFFFFF", borderpad=1,
        )  # fmt: skip
        figure.add_annotation(
            name=LISTED, x=0.5 * (number // half), y=0, xref="paper", yref="paper", xanchor="left",
            yanchor="top", yshift=-(34 + _LIST * (number % half)), showarrow=False,
            text=f"<b>{number + 1}</b>  {_rules_of(rule)}", align="left",
            font={"size": 11, "color": QUIET},
        )  # fmt: skip


def _rules_of(rule: Any) -> str:
    """Name the rules of a day in one line of half the figure's width."""
    when = f"{rule.day.day} {rule.day:%b %Y}, {rule.who}: "
    more = f", and {rule.rules - 1} more" if rule.rules > 1 else ""
    return f"{when}{as_text(clipped(str(rule.title), 92 - len(when) - len(more)))}{more}"


def on_record(facts: Sequence[Fact], number: int) -> list[dict[str, Any]]:
    """Draw what is on record in panel ``number``: a dot in the middle of its months."""
    if not facts:
        return []
    ends = [pd.Timestamp(fact.last) + pd.DateOffset(months=1) for fact in facts]
    return [{
        "type": "scatter", "mode": "markers", "name": "on record", "showlegend": True,
        "x": [pd.Timestamp(fact.first) + (end - pd.Timestamp(fact.first)) / 2
              for fact, end in zip(facts, ends, strict=True)],
        "y": [fact.value for fact in facts],
        "marker": {"color": INK, "size": 8, "symbol": "diamond"}, "hoverinfo": "text",
        "text": [f"on record, {fact.first:%b %Y} to {fact.last:%b %Y}: {percent(fact.value)}"
                 f"<br>{as_text(fact.source)}" for fact in facts],
        **axes(number),
    }]  # fmt: skip


def _policies(policy: str, against: str) -> list[dict[str, Any]]:
    """Legend lines in no maker's colour: the dash tells the policies apart in every panel."""
    dashes = {policy: "solid"}
    dashes.setdefault(against, "dot")
    return [
        {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "lines",
            "name": name,
            "line": {"color": INK, "width": 2, "dash": dash},
        }
        for name, dash in dashes.items()
    ]


def share_line(
    table: pd.DataFrame, colour: str, name: str, dash: str, number: int, legend: bool = False
) -> dict[str, Any]:
    """Draw the medians of shares in panel ``number``, told by name in the legend if asked to."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "showlegend": legend,
        "x": table["period"].tolist(),
        "y": table["median"].tolist(),
        "line": {"color": colour, "width": 2.4 if number == 0 else 1.8, "dash": dash},
        "hovertemplate": f"<b>{name}</b><br>%{{x|%b %Y}}: %{{y:.1%}}<extra></extra>",
        **axes(number),
    }


def _china_share(asked: Asked) -> go.Figure:
    run, policy = asked.run, asked.policy
    both = tool_bands(run, "china_share", policy, asked.against)
    return china_shares(both, control_days(run, policy), *asked.names, tool_makers(run))


FIGURES = (
    Figure(
        "china_share",
        "China's part of chip-tool sales by maker, with the days of the rules",
        TOOLS,
        _china_share,
        report={},
        has=lambda held: has_plain_tools(held.run),
        narrowest_mm=140.0,
        caption=Caption(
            unit="share of a maker's chip-tool sales",
            band=f"{RANGE}, of the large panel",
            method="quarters, median over single runs; diamonds: on record",
            equation=TOOL_ORDERS,
            sources="outcome china_share of the run; rules of controls.json; record: targets of "
            "calibration.csv",
        ),
    ),
)
