"""Moves of plants and programmes: where they went, and through which sector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.figure import MOVES, Asked, Figure, Layout
from analysis.needs import YEAR
from analysis.style import (
    COUNTRY_COLOURS,
    DRIVER_NAMES,
    INK,
    PAPER,
    RULE,
    SECTOR_COLOURS,
    SECTOR_NAMES,
    as_text,
    dressed,
    empty,
    place,
    plain,
    product_name,
    tint,
)
from analysis.summaries.outcomes import records
from analysis.summaries.relocations import arcs, left_behind, move_table
from sim.results.names import firm_names
from sim.results.numbers import dollars, percent, short
from sim.tables import DRIVERS

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
    note = "Mean over replications by destination; whisker: 10-90 % of the total"
    return dressed(figure, title, note, 180 + 36 * max(len(order), 4))


def _whiskers(figure: go.Figure, totals: pd.DataFrame, order: list[str]) -> None:
    figure.add_scatter(
        y=[product_name(product) for product in order],
        x=totals["value_usd"] / _BN,
        mode="markers",
        marker={"color": INK, "size": 5, "symbol": "line-ns-open"},
        name="total, 10-90 %",
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
        f"<br>10-90 %: {dollars(row.low)} to {dollars(row.high)}"
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


def told_drivers(row: Any, count: int = 3) -> str:
    """Name the ``count`` drivers of a move that weigh most, in USD a year, largest first.

    ``row`` has an attribute for each of :data:`analysis.summaries.relocations.DRIVER_COLUMNS`.
    """
    parts = [(float(getattr(row, f"driver_{name}_usd")), name) for name in DRIVERS]
    heavy = sorted((p for p in parts if p[0]), key=lambda p: -abs(p[0]))[:count]
    return ", ".join(
        f"{DRIVER_NAMES.get(name, plain(name))} {'+' if usd > 0 else ''}{short(usd)}"
        for usd, name in heavy
    )


def relocation_table(
    moves: pd.DataFrame, policy: str, names: Mapping[str, str], rows: int = 15
) -> go.Figure:
    """Draw the moves of greatest expected worth with reason and drivers in USD a year.

    ``moves`` is :func:`analysis.summaries.relocations.move_table`, ``names`` are firms' names by
    id; the pages show all moves.
    """
    title = f"Moves and their reasons: {policy}"
    if moves.empty:
        return empty(title, f"No firm moved work between countries under {policy}.")
    top = moves.head(rows)
    columns: dict[str, list[str]] = {
        "Firm": [as_text(names.get(v, plain(v))) for v in top["firm"]],
        "Product": [product_name(v) for v in top["product"]],
        "From": [place(v) for v in top["from_country"]],
        "To": [place(v) for v in top["to_country"]],
        "For": [place(v) for v in top["market"]],
        "Kind": list(top["kind"]),
        "How often": [percent(v, 0) for v in top["share"]],
        "Takes effect": [f"{v:%Y-%m}" for v in top["operating_month"]],
        "Worth, USD": [short(v) for v in top["value_usd"]],
        "Reason": [DRIVER_NAMES.get(v, v) for v in top["reason"]],
        "Largest drivers, USD a year": [told_drivers(row) for row in records(top)],
    }
    figure = go.Figure(_table_trace(columns))
    note = "Worth: USD of yearly output; means over the replications in which the move happens"
    more = f"; the first {rows} of {len(moves)}" if len(moves) > rows else ""
    dressed(figure, title, note + more, 130 + 44 * len(top))
    return figure.update_layout(margin={"l": 0, "r": 0, "b": 8, "t": 64})


def _table_trace(columns: dict[str, list[str]]) -> go.Table:
    align = ["left"] * 6 + ["right"] * 3 + ["left"] * 2
    return go.Table(
        header={
            "values": [f"<b>{name}</b>" for name in columns],
            "align": align,
            "height": 28,
            "fill": {"color": PAPER},
            "line": {"color": PAPER},
            "font": {"size": 12},
        },
        cells={
            "values": list(columns.values()),
            "align": align,
            "height": 26,
            "fill": {"color": PAPER},
            "line": {"color": RULE},
            "font": {"size": 12},
        },
        columnwidth=[1.5, 2.0, 1.1, 1.2, 1.4, 1.0, 1.0, 1.0, 1.0, 1.5, 5.2],
    )


def _moves(asked: Asked) -> go.Figure:
    year = int(asked[YEAR])
    left = left_behind(asked.run, asked.policy, asked.held.base, year)
    return moves_out(left, asked.names[0], year)


def _sankey(asked: Asked) -> go.Figure:
    return sankey(arcs(asked.held.moves(asked.policy)), asked.names[0])


def _table_of_moves(asked: Asked) -> go.Figure:
    moves = move_table(asked.held.moves(asked.policy))
    return relocation_table(moves, asked.names[0], firm_names(asked.run))


FIGURES = (
    Figure(
        "moves",
        "what moved out of China and is in force at the end of a year, by destination",
        MOVES,
        _moves,
        needs=(YEAR,),
        layout=Layout.BOTH,
        report={},
    ),
    Figure(
        "sankey",
        "moves of the whole run from country to country, through the sectors",
        MOVES,
        _sankey,
        layout=Layout.BESIDE,
        report={},
        narrowest_mm=120.0,
    ),
    Figure(
        "largest_moves",
        "the moves of greatest worth in a table, with reason and drivers",
        MOVES,
        _table_of_moves,
        app=None,  # both pages have a table of all moves, which can be searched
        narrowest_mm=230.0,
    ),
)
