"""Chip tools under export control: China's part with the rules, orders lost, gains, Chinese tools.

Tables come from :mod:`analysis.chip_tools`; ``makers`` and ``buyers`` are names by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.chip_tools import CHINESE, US
from analysis.drawing.fans import axes, band
from analysis.outcomes import Bands, leading, records
from analysis.style import (
    BASELINE,
    COUNTRY_COLOURS,
    INK,
    QUIET,
    RULE,
    SERIES_COLOURS,
    clipped,
    dressed,
    empty,
    money,
    plain,
    tint,
    years_apart,
)
from sim.results.tools import TOGETHER

MAKERS = 5
"""Makers that a figure of China's part shows: one large, four small."""
LINES = 6
"""Makers that the figure of gains shows one by one."""
RULES = 6
"""Rules that a figure of losses names; the rest are one colour."""
BN = 1e9

_MAIN, _SMALL = [0.46, 1.0], [0.0, 0.28]
_LIST = 16.5
"""Pixels of a line of the list of rules."""
_NUMBERS = "the makers with the greatest sales; numbers: first days of rules"
_NO_TOOLS = "This run holds no chip tools."


def china_shares(
    both: Bands | None, days: pd.DataFrame, policy: str, against: str, makers: Mapping[str, str]
) -> go.Figure:
    """Draw China's part of makers' sales under two policies, with the days of the rules.

    ``both`` are the bands of ``china_share``; ``days`` is :func:`control_days`; ``makers`` are
    those of :func:`tool_makers`, the greatest first: it gets the large panel, four more small ones.
    """
    title = f"China's part of chip-tool sales: {policy}"
    if both is None or not makers:
        return empty(title, _NO_TOOLS)
    shown = list(makers)[:MAKERS]
    traces = _policies(policy, against)
    for number, firm in enumerate(shown):
        mine, other = (t[t["firm"] == firm] for t in (both.levels, both.base))
        colour = SERIES_COLOURS[number]
        if number == 0:
            traces.append(band(0, mine, ("low", "high"), tint(colour, 0.15)))
        traces += [
            _line(other, colour, f"{makers[firm]}, {against}", "dot", number),
            _line(mine, colour, makers[firm], "solid", number),
        ]
    tall = -(-len(days) // 2) * _LIST
    figure = go.Figure(traces)
    note = f"Quarters, medians over {both.pairs} runs"
    dressed(figure, title, f"{note}, band: 10-90 %; {_NUMBERS}", 610 + int(tall))
    top = 1.16 * max(float(t["high"].max()) for t in (both.levels, both.base))
    for number, firm in enumerate(shown):
        _share_panel(figure, number, len(shown), makers[firm], (both.levels["period"], top))
    _mark_rules(figure, days, both.levels["period"])
    return figure.update_layout(margin={"b": 62 + int(tall)}, legend={"y": 1.0})


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
            x=rule.day, y=_MAIN[1], xref="x", yref="paper", text=f"<b>{number + 1}</b>",
            yanchor="top", yshift=-15 if low else -2, showarrow=False,
            font={"size": 11, "color": INK}, bgcolor="#FFFFFF", borderpad=1,
        )  # fmt: skip
        figure.add_annotation(
            x=0.5 * (number // half), y=0, xref="paper", yref="paper", xanchor="left",
            yanchor="top", yshift=-(34 + _LIST * (number % half)), showarrow=False,
            text=f"<b>{number + 1}</b>  {_rules_of(rule)}", align="left",
            font={"size": 11, "color": QUIET},
        )  # fmt: skip


def _rules_of(rule: Any) -> str:
    """Name the rules of a day in one line of half the figure's width."""
    when = f"{rule.day.day} {rule.day:%b %Y}, {rule.who}: "
    more = f", and {rule.rules - 1} more" if rule.rules > 1 else ""
    return f"{when}{clipped(str(rule.title), 92 - len(when) - len(more))}{more}"


def _policies(policy: str, against: str) -> list[dict[str, Any]]:
    """Legend lines in no maker's colour: the dash tells the policies apart in every panel."""
    return [
        {"type": "scatter", "x": [None], "y": [None], "mode": "lines", "name": name,
         "line": {"color": INK, "width": 2, "dash": dash}}
        for name, dash in ((policy, "solid"), (against, "dot"))
    ]  # fmt: skip


def _line(
    table: pd.DataFrame, colour: str, name: str, dash: str, number: int, legend: bool = False
) -> dict[str, Any]:
    """Draw the medians of shares in panel ``number``."""
    return {
        "type": "scatter", "mode": "lines", "name": name, "showlegend": legend,
        "x": table["period"].tolist(), "y": table["median"].tolist(),
        "line": {"color": colour, "width": 2.4 if number == 0 else 1.8, "dash": dash},
        "hovertemplate": f"<b>{name}</b><br>%{{x|%b %Y}}: %{{y:.1%}}<extra></extra>",
        **axes(number),
    }  # fmt: skip


def orders_lost(
    lost: pd.DataFrame, waiting: pd.DataFrame, titles: Mapping[str, str], policy: str
) -> go.Figure:
    """Draw orders lost by rule and year, and what waits at the year's end.

    The tables are :func:`lost_orders`, :func:`waiting_orders` and :func:`rule_titles`.
    """
    title = f"Chip-tool orders lost and waiting: {policy}"
    if lost.empty:
        return empty(title, f"No rule refuses an order under {policy}.")
    size = lost.groupby("rule")["lost"].sum().sort_values(ascending=False)
    named = list(size[size >= 0.002 * size.sum()].index)[:RULES]
    figure = go.Figure()
    for number, rule in enumerate(named):
        name = str(titles.get(rule, plain(rule)))
        _stack(figure, lost[lost["rule"] == rule], name, SERIES_COLOURS[number])
    rest = lost[~lost["rule"].isin(named)]
    if not rest.empty:
        several = rest["rule"].nunique()
        name = f"{several} other rules" if several > 1 else "one other rule"
        _stack(figure, rest.groupby("year")[["lost"]].sum().reset_index(), name, BASELINE)
    figure.add_scatter(
        x=waiting["year"], y=waiting["waiting"] / BN, mode="lines+markers",
        name="waiting at the year's end", line={"color": INK, "dash": "dash"},
        hovertext=[f"waiting, end of {r.year}: {money(r.waiting)}" for r in records(waiting)],
        hoverinfo="text",
    )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.35)
    figure.update_yaxes(title_text="bn USD a year (waiting: bn USD)", rangemode="tozero")
    figure.update_xaxes(title_text="calendar year", dtick=1, showgrid=False)
    note = "Mean over runs; lost: refused, or taken back by the buyer while they waited"
    return _below(dressed(figure, title, note))


def _stack(figure: go.Figure, rows: pd.DataFrame, name: str, colour: str) -> None:
    """Add a layer of bars."""
    figure.add_bar(
        x=rows["year"], y=rows["lost"] / BN, name=clipped(name, 72), marker={"color": colour},
        hovertext=[f"{clipped(name, 90)}<br>{r.year}: {money(r.lost)}" for r in records(rows)],
        hoverinfo="text",
    )  # fmt: skip


def _below(figure: go.Figure, y: float = -0.16) -> go.Figure:
    """Put the legend under the axis, where long names do not run into the title."""
    figure.update_layout(legend={"y": y, "yanchor": "top", "traceorder": "normal"})
    return figure


def who_gains(
    table: pd.DataFrame, policy: str, against: str, makers: Mapping[str, str]
) -> go.Figure:
    """Draw what makers sell more or less in China than under another policy (:func:`gains`).

    Left, all makers of a country together; right, the Japanese ones one by one, each in its colour
    of :func:`china_shares` (``makers`` as there).
    """
    title = f"Who gains in China: {policy} less {against}"
    if table.empty:
        return empty(title, _NO_TOOLS)
    figure = go.Figure()
    for code, who in (("CN", CHINESE), ("JP", TOGETHER), ("US", US)):
        rows = table[table["who"] == who]
        if not rows.empty:
            _gain(figure, rows, who, COUNTRY_COLOURS[code], 0)
    own = table[table["kind"] == "maker"]
    size = own.groupby("who")["difference"].apply(lambda d: d.abs().sum()).nlargest(LINES)
    colours = dict(zip(makers.values(), SERIES_COLOURS, strict=False))
    for who in [name for name in makers.values() if name in size.index]:
        _gain(figure, own[own["who"] == who], who, colours.get(who, QUIET), 1)
    heads = ("All makers of a country", f"Japanese makers: the {len(size)} that change most")
    for number, (x, head) in enumerate(zip(([0.0, 0.46], [0.54, 1.0]), heads, strict=True)):
        _gain_panel(figure, number, x, head)
    note = "Sales in China; of US makers, what is known of their loss. Mean over runs; axes differ"
    return dressed(figure, title, note, 620)


def _gain(figure: go.Figure, rows: pd.DataFrame, who: str, colour: str, panel: int) -> None:
    figure.add_scatter(
        x=rows["year"], y=rows["difference"] / BN, mode="lines+markers", name=who,
        line={"color": colour, "width": 2}, legend="legend2" if panel else "legend",
        hovertext=[f"{who} {r.year}: {money(r.difference)}" for r in records(rows)],
        hoverinfo="text", **axes(panel),
    )  # fmt: skip


def _gain_panel(figure: go.Figure, number: int, x: Sequence[float], head: str) -> None:
    end = "2" if number else ""
    figure.layout[f"xaxis{end}"] = {
        "domain": list(x), "anchor": f"y{end}", "title": {"text": "calendar year"}, "dtick": 2,
        "showgrid": False,
    }  # fmt: skip
    figure.layout[f"yaxis{end}"] = {
        "anchor": f"x{end}", "title": {"text": "bn USD a year"}, "zeroline": True,
        "zerolinecolor": BASELINE,
    }  # fmt: skip
    figure.layout[f"legend{end}"] = {
        "orientation": "v", "x": x[0], "y": -0.15, "yanchor": "top", "font": {"size": 12},
    }  # fmt: skip
    figure.add_annotation(
        text=f"<b>{head}</b>", x=x[0], y=1, xref="paper", yref="paper", xanchor="left",
        yanchor="bottom", showarrow=False, yshift=4, font={"size": 13},
    )  # fmt: skip


def localisation(
    both: Bands | None, policy: str, against: str, buyers: Mapping[str, str]
) -> go.Figure:
    """Draw Chinese makers' part of purchases by buyer (bands of ``localisation_share``).

    ``buyers`` is :func:`tool_buyers`. Buyers whose medians are the same share a line.
    """
    title = f"Chinese tools in Chinese fabs: {policy}"
    if both is None:
        return empty(title, _NO_TOOLS)
    same: dict[tuple[float, ...], list[str]] = {}
    for code in leading(both.levels, len(buyers), "customer"):
        path = both.levels.loc[both.levels["customer"] == code, "median"]
        same.setdefault(tuple(path.round(3)), []).append(code)
    kept = sorted(list(same.values())[: LINES + 2], key=lambda codes: -_end(both.levels, codes[0]))
    traces = []
    for number, codes in enumerate(kept):
        rows = both.levels[both.levels["customer"] == codes[0]]
        name = clipped(", ".join(buyers.get(code, plain(code)) for code in codes), 60)
        traces.append(_line(rows, SERIES_COLOURS[number], name, "solid", 0, legend=True))
    mean = both.base.groupby("period")[["median"]].mean().reset_index()
    traces.append(_line(mean, BASELINE, f"mean of all buyers, {against}", "dot", 0, legend=True))
    figure = go.Figure(traces)
    figure.update_yaxes(title_text="share of tool purchases", tickformat=".0%", rangemode="tozero")
    figure.update_xaxes(title_text="year (quarters)", tickformat="%Y", dtick="M12", showgrid=False)
    return _below(dressed(figure, title, f"Chinese makers' part, medians over {both.pairs} runs"))


def _end(levels: pd.DataFrame, code: str) -> float:
    """Last median of a buyer."""
    return float(levels.loc[levels["customer"] == code, "median"].iloc[-1])
