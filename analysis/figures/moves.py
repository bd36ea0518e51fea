"""Moves of plants and programmes: where they went, and through which sector."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.equations import SITING
from analysis.figure import MOVES, NO_BAND, RANGE, Asked, Caption, Figure, Layout
from analysis.needs import YEAR
from analysis.style import (
    COUNTRY_COLOURS,
    INK,
    SECTOR_COLOURS,
    SECTOR_NAMES,
    dressed,
    empty,
    place,
    product_name,
    tint,
)
from analysis.summaries.outcomes import records
from analysis.summaries.relocations import arcs, left_behind
from sim.results.numbers import dollars, short

_WORTH = "bn USD of yearly output at base-year transfer prices"
_BN = 1e9


def moves_out(left: pd.DataFrame, policy: str, year: int) -> go.Figure:
    """Draw what left China by product, split by destination, with intervals.

    ``left`` is :func:`analysis.summaries.relocations.left_behind`. Bars are means over runs; the
    whisker holds 80 % of runs of the product's total.
    """
    title = f"Moved out of China and in force at the end of {year}: {policy}"
    left = left[left["product"].isin(left.loc[left["value_usd"] > 0, "product"])]
    if left.empty:
        return empty(title, f"No firm has work moved out of China under {policy}.")
    parts, totals = left[left["country"] != "all"], left[left["country"] == "all"]
    order = totals["product"].tolist()[::-1]
    figure = go.Figure()
    for code in ranked(parts[parts["value_usd"] > 0], "country"):
        part = parts[parts["country"] == code].set_index("product").reindex(order)
        part = part.fillna({"value_usd": 0.0, "low": 0.0, "high": 0.0})  # a hole breaks the stack
        figure.add_bar(
            y=[product_name(product) for product in order],
            x=part["value_usd"] / _BN,
            orientation="h",
            name=place(code),
            marker={"color": COUNTRY_COLOURS.get(code, INK)},
            customdata=_interval(part),
            hovertemplate=f"<b>%{{y}} to {place(code)}</b><br>%{{customdata}}<extra></extra>",
        )
    _whiskers(figure, totals.set_index("product").reindex(order), order)
    figure.update_layout(barmode="stack", bargap=0.35, legend={"traceorder": "normal"})
    figure.update_xaxes(title_text=_WORTH, rangemode="tozero")
    note = f"Mean over runs by destination; whisker, of the total: {RANGE}"
    return dressed(figure, title, note, 180 + 36 * max(len(order), 4))


def _whiskers(figure: go.Figure, totals: pd.DataFrame, order: list[str]) -> None:
    figure.add_scatter(
        y=[product_name(product) for product in order],
        x=totals["value_usd"] / _BN,
        mode="markers",
        marker={"color": INK, "size": 5, "symbol": "line-ns-open"},
        name="total, range of futures",
        error_x={
            "type": "data",
            "symmetric": False,
            "color": INK,
            "thickness": 1.4,
            "width": 5,
            "array": (totals["high"] - totals["value_usd"]).clip(lower=0) / _BN,
            "arrayminus": (totals["value_usd"] - totals["low"]).clip(lower=0) / _BN,
        },
        customdata=_interval(totals),
        hovertemplate="<b>%{y}, all destinations</b><br>%{customdata}<extra></extra>",
    )


def _interval(table: pd.DataFrame) -> list[str]:
    return [
        f"mean {dollars(row.value_usd)} a year"
        f"<br>range of futures: {dollars(row.low)} to {dollars(row.high)}"
        for row in records(table[["value_usd", "low", "high"]])
    ]


def sankey(moved: pd.DataFrame, policy: str) -> go.Figure:
    """Draw moves from the country left, through the sector, to the country gained.

    ``moved`` is :func:`analysis.summaries.relocations.arcs`; widths are mean worth over
    replications.
    """
    title = f"Moves through the sectors: {policy}"
    moved = moved[moved["value_usd"] > 0]
    if moved.empty:
        return empty(title, f"No firm moved work between countries under {policy}.")
    left = moved.groupby(["from_country", "sector"])["value_usd"].sum().reset_index()
    right = moved.groupby(["sector", "to_country"])["value_usd"].sum().reset_index()
    starts = ranked(left, "from_country")
    sectors = ranked(left, "sector")
    ends = ranked(right, "to_country")
    at = {("from", c): i for i, c in enumerate(starts)}
    at |= {("sector", s): len(at) + i for i, s in enumerate(sectors)}
    at |= {("to", c): len(at) + i for i, c in enumerate(ends)}
    figure = go.Figure(_sankey_trace(left, right, at))
    total = dollars(float(moved["value_usd"].sum()))
    note = f"USD of yearly output moved in the whole run, mean: {total}"
    return dressed(figure, title, note, 520)


def ranked(table: pd.DataFrame, by: str) -> list[str]:
    """Codes of a column by falling worth."""
    return [str(n) for n in table.groupby(by)["value_usd"].sum().sort_values(ascending=False).index]


def _sankey_trace(
    left: pd.DataFrame, right: pd.DataFrame, at: dict[tuple[str, str], int]
) -> go.Sankey:
    links = [
        (at["from", r.from_country], at["sector", r.sector], r.value_usd, r.sector)
        for r in records(left)
    ]
    links += [
        (at["sector", r.sector], at["to", r.to_country], r.value_usd, r.sector)
        for r in records(right)
    ]
    return go.Sankey(
        node=_sankey_nodes(left, right, at),
        link={
            "source": [s for s, _, _, _ in links],
            "target": [t for _, t, _, _ in links],
            "value": [v for _, _, v, _ in links],
            "color": [tint(SECTOR_COLOURS[sector], 0.35) for _, _, _, sector in links],
            "customdata": [dollars(v) for _, _, v, _ in links],
            "hovertemplate": "%{source.label} to %{target.label}<br>%{customdata}<extra></extra>",
        },
        textfont={"size": 12.5},
    )


def _sankey_nodes(
    left: pd.DataFrame, right: pd.DataFrame, at: dict[tuple[str, str], int]
) -> dict[str, Any]:
    """Countries left, sectors and countries gained, each with its worth."""
    labels = {"from": place, "to": place, "sector": SECTOR_NAMES.__getitem__}
    colours = {"from": COUNTRY_COLOURS, "to": COUNTRY_COLOURS, "sector": SECTOR_COLOURS}
    worth: dict[tuple[str, str], float] = dict.fromkeys(at, 0.0)
    for row in records(left):
        worth["from", row.from_country] += row.value_usd
        worth["sector", row.sector] += row.value_usd
    for row in records(right):
        worth["to", row.to_country] += row.value_usd
    return {
        "label": [f"{labels[kind](code)} {short(worth[kind, code])}" for kind, code in at],
        "color": [colours[kind].get(code, INK) for kind, code in at],
        "pad": 16,
        "thickness": 14,
        "line": {"width": 0},
        "hovertemplate": "%{label}<extra></extra>",
    }


def _moves(asked: Asked) -> go.Figure:
    year = int(asked[YEAR])
    left = left_behind(asked.run, asked.policy, asked.held.base, year)
    return moves_out(left, asked.names[0], year)


def _sankey(asked: Asked) -> go.Figure:
    return sankey(arcs(asked.held.moves(asked.policy)), asked.names[0])


FIGURES = (
    Figure(
        "moves",
        "what moved out of China and is in force at the end of a year, by destination",
        MOVES,
        _moves,
        needs=(YEAR,),
        layout=Layout.BOTH,
        report={"year": ""},  # the last whole year alone
        caption=Caption(
            unit="bn USD of yearly output at prices of the first year",
            band=RANGE,
            method="what firms moved out of China and still make elsewhere at the end of the "
            "year; bars: mean over runs",
            equation=SITING,
            sources="base-year output (output_2017.csv) and the tables flows and relocations of "
            "the run",
        ),
    ),
    Figure(
        "sankey",
        "moves of the whole run from country to country, through the sectors",
        MOVES,
        _sankey,
        layout=Layout.BESIDE,
        report={},
        narrowest_mm=120.0,
        caption=Caption(
            unit="USD of yearly output at prices of the first year",
            band=NO_BAND,
            method="sum of all moves of the run, also of those undone later; mean over runs",
            equation=SITING,
            sources="base-year output (output_2017.csv) and the tables flows and relocations of "
            "the run",
        ),
    ),
)
