"""The moves of greatest worth in a table, with reason and drivers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.equations import SITING
from analysis.figure import MOVES, Asked, Caption, Figure
from analysis.style import (
    DRIVER_NAMES,
    PAPER,
    RULE,
    as_text,
    dressed,
    empty,
    place,
    plain,
    product_name,
)
from analysis.summaries.outcomes import records
from analysis.summaries.relocations import move_table
from sim.results.names import firm_names
from sim.results.numbers import percent, short
from sim.tables import DRIVERS


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


def _table_of_moves(asked: Asked) -> go.Figure:
    moves = move_table(asked.held.moves(asked.policy))
    return relocation_table(moves, asked.names[0], firm_names(asked.run))


FIGURES = (
    Figure(
        "largest_moves",
        "the moves of greatest worth in a table, with reason and drivers",
        MOVES,
        _table_of_moves,
        app=None,  # both pages have a table of all moves, which can be searched
        narrowest_mm=230.0,
        caption=Caption(
            unit="USD of yearly output at prices of the first year; drivers in USD a year",
            band="none: means over the runs in which the move happens",
            method="distinct moves by falling expected worth",
            equation=SITING,
            sources="base-year output (output_2017.csv) and the tables flows and relocations of "
            "the run",
        ),
    ),
)
