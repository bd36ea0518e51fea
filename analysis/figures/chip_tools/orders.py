"""Chip tools under export control: orders lost and waiting, who gains, Chinese tools.

Tables come from :mod:`analysis.summaries.chip_tools`; ``makers`` and ``buyers`` are names by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from analysis.equations import DIVERSION, LOCALISATION, TOOL_DEMAND
from analysis.figure import NO_BAND, TOOLS, Asked, Caption, Figure, Layout
from analysis.figures.chip_tools.china_share import NO_TOOLS, share_line
from analysis.figures.panels import axes
from analysis.open_run import OpenRun
from analysis.style import (
    BASELINE,
    COUNTRY_COLOURS,
    INK,
    QUIET,
    SERIES_COLOURS,
    as_text,
    clipped,
    dressed,
    empty,
    plain,
)
from analysis.summaries.chip_tools import (
    CHINESE,
    US,
    gains,
    has_plain_tools,
    lost_orders,
    rule_titles,
    tool_bands,
    tool_buyers,
    tool_makers,
    waiting_orders,
)
from analysis.summaries.outcomes import Bands, leading, records
from sim.results.comparing.chip_tools import TOGETHER
from sim.results.numbers import dollars

LINES = 6
"""Makers that the figure of gains shows one by one."""
RULES = 6
"""Rules that a figure of losses names; the rest are one colour."""
BN = 1e9


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
        hovertext=[f"waiting, end of {r.year}: {dollars(r.waiting)}" for r in records(waiting)],
        hoverinfo="text",
    )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.35)
    figure.update_yaxes(title_text="bn USD a year (waiting: bn USD)", rangemode="tozero")
    figure.update_xaxes(title_text="calendar year", dtick=1, showgrid=False)
    note = "Mean over runs; lost: refused, or withdrawn by the buyer while they waited"
    return _below(dressed(figure, title, note))


def _stack(figure: go.Figure, rows: pd.DataFrame, name: str, colour: str) -> None:
    """Add a layer of bars."""
    figure.add_bar(
        x=rows["year"],
        y=rows["lost"] / BN,
        marker={"color": colour},
        name=as_text(clipped(name, 72)),
        hovertext=[
            f"{as_text(clipped(name, 90))}<br>{r.year}: {dollars(r.lost)}" for r in records(rows)
        ],
        hoverinfo="text",
    )


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
    title = f"Who gains in China: {policy} minus {against}"
    if table.empty:
        return empty(title, NO_TOOLS)
    if not table["difference"].any():
        return empty(title, "Under both policies makers sell the same in China.")
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
        x=rows["year"],
        y=rows["difference"] / BN,
        mode="lines+markers",
        name=who,
        line={"color": colour, "width": 2},
        legend="legend2" if panel else "legend",
        hovertext=[f"{who} {r.year}: {dollars(r.difference)}" for r in records(rows)],
        hoverinfo="text",
        **axes(panel),
    )


def _gain_panel(figure: go.Figure, number: int, x: Sequence[float], head: str) -> None:
    end = "2" if number else ""
    figure.layout[f"xaxis{end}"] = {
        "domain": list(x),
        "anchor": f"y{end}",
        "title": {"text": "calendar year"},
        "dtick": 2,
        "showgrid": False,
    }
    figure.layout[f"yaxis{end}"] = {
        "anchor": f"x{end}",
        "title": {"text": "bn USD a year"},
        "zeroline": True,
        "zerolinecolor": BASELINE,
    }
    figure.layout[f"legend{end}"] = {
        "orientation": "v",
        "x": x[0],
        "y": -0.15,
        "yanchor": "top",
        "font": {"size": 12},
    }
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
        return empty(title, NO_TOOLS)
    same: dict[tuple[float, ...], list[str]] = {}
    for code in leading(both.levels, len(buyers), "customer"):
        path = both.levels.loc[both.levels["customer"] == code, "median"]
        same.setdefault(tuple(path.round(3)), []).append(code)
    kept = sorted(list(same.values())[: LINES + 2], key=lambda codes: -_end(both.levels, codes[0]))
    traces = []
    for number, codes in enumerate(kept):
        rows = both.levels[both.levels["customer"] == codes[0]]
        name = as_text(clipped(", ".join(buyers.get(c, plain(c)) for c in codes), 60))
        traces.append(share_line(rows, SERIES_COLOURS[number], name, "solid", 0, legend=True))
    mean = both.base.groupby("period")[["median"]].mean().reset_index()
    traces.append(
        share_line(mean, BASELINE, f"mean of all buyers, {against}", "dot", 0, legend=True)
    )
    figure = go.Figure(traces)
    figure.update_yaxes(title_text="share of tool purchases", tickformat=".0%", rangemode="tozero")
    figure.update_xaxes(title_text="year (quarters)", tickformat="%Y", dtick="M12", showgrid=False)
    return _below(dressed(figure, title, f"Chinese makers' part, medians over {both.pairs} runs"))


def _end(levels: pd.DataFrame, code: str) -> float:
    """Last median of a buyer."""
    return float(levels.loc[levels["customer"] == code, "median"].iloc[-1])


def _orders_lost(asked: Asked) -> go.Figure:
    run, policy = asked.run, asked.policy
    lost, waiting = lost_orders(run, policy), waiting_orders(run, policy)
    return orders_lost(lost, waiting, rule_titles(run, policy), asked.names[0])


def _who_gains(asked: Asked) -> go.Figure:
    table = gains(asked.run, asked.policy, asked.against)
    return who_gains(table, *asked.names, tool_makers(asked.run))


def _localisation(asked: Asked) -> go.Figure:
    both = tool_bands(asked.run, "localisation_share", asked.policy, asked.against)
    return localisation(both, *asked.names, tool_buyers(asked.run))


def _has(held: OpenRun) -> bool:
    return has_plain_tools(held.run)


FIGURES = (
    Figure(
        "orders_lost",
        "chip-tool orders lost by rule, and what waits",
        TOOLS,
        _orders_lost,
        layout=Layout.BOTH,
        report={},
        has=_has,
        narrowest_mm=120.0,
        caption=Caption(
            unit="bn USD a year; waiting orders: bn USD",
            band=NO_BAND,
            method="refused, or cancelled by the buyer while they waited; both policies share "
            "one axis",
            equation=TOOL_DEMAND,
            sources="outcomes lost_by_rule_usd and backlog_usd of the run",
        ),
    ),
    Figure(
        "who_gains",
        "who sells more or less tools in China than under the other policy",
        TOOLS,
        _who_gains,
        report={},
        has=_has,
        narrowest_mm=140.0,
        caption=Caption(
            unit="bn USD a year",
            band=NO_BAND,
            method="yearly sales in China under one policy minus the other",
            equation=DIVERSION,
            sources="outcomes tool_sales_usd, chinese_tools_usd and diverted_usd of the run",
        ),
    ),
    Figure(
        "localisation",
        "Chinese tools in Chinese fabs, by buyer",
        TOOLS,
        _localisation,
        report={},
        has=_has,
        caption=Caption(
            unit="share of a buyer's tool purchases",
            band="none: median over single runs",
            method="quarters; buyers with the same path share a line",
            equation=LOCALISATION,
            sources="outcome localisation_share of the run",
        ),
    ),
)
