"""Why work moved: main reasons by sector, and what each driver adds to the moves' value."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.equations import REASONS
from analysis.figure import NO_BAND, WHY, Asked, Caption, Figure, Layout
from analysis.figures.moves import ranked
from analysis.style import DRIVER_COLOURS, DRIVER_NAMES, QUIET, SECTOR_NAMES, dressed, empty, plain
from analysis.summaries.relocations import DRIVER_COLUMNS, reasons
from sim.results.numbers import dollars
from sim.tables import DRIVERS


def why_moved(table: pd.DataFrame, policy: str) -> go.Figure:
    """Draw main reasons by sector, and what each driver adds to or takes from the moves' value.

    ``table`` is :func:`analysis.summaries.relocations.reasons`. Left: shares of the worth moved by
    main reason. Right: each driver's part of the yearly value of moving (the value re-computed with
    that driver at its base), per 100 USD of output moved.
    """
    title = f"Why work moved: {policy}"
    if table.empty:
        return empty(title, f"No firm moved work between countries under {policy}.")
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.05,
        subplot_titles=["<b>Main reason</b> of the move", "<b>Drivers</b> of its value"],
    )
    figure.update_annotations(font={"size": 13})
    order = ranked(table, "sector")[::-1]
    worth = table.groupby("sector")["value_usd"].sum().reindex(order)
    names = [f"{SECTOR_NAMES[sector]} ({dollars(worth[sector])})" for sector in order]
    split = table.pivot_table(
        index="sector", columns="reason", values="value_usd", aggfunc="sum", fill_value=0.0
    ).reindex(order)
    drivers = table.groupby("sector")[list(DRIVER_COLUMNS)].sum().reindex(order)
    for driver in (*DRIVERS, *sorted(set(split.columns) - set(DRIVERS))):
        if driver in split:
            _share_bar(figure, split[driver] / worth, names, driver)
        if (column := f"driver_{driver}_usd") in drivers and drivers[column].ne(0).any():
            _driver_bar(figure, drivers[column], worth, names, driver, driver not in split)
    return _reason_axes(figure, title, len(order))


def _reason_axes(figure: go.Figure, title: str, sectors: int) -> go.Figure:
    figure.update_layout(barmode="relative", bargap=0.4)
    figure.update_xaxes(title_text="share of the output moved", tickformat=".0%", col=1)
    figure.update_xaxes(title_text="USD a year per 100 USD of output moved", col=2)
    note = "Mean over replications; in brackets the yearly output moved over the whole run"
    dressed(figure, title, note, 230 + 44 * max(sectors, 3))
    figure.update_layout(legend={"y": -62 / (60 + 44 * max(sectors, 3)), "yanchor": "top"})
    return figure


def _share_bar(figure: go.Figure, share: pd.Series[float], names: list[str], driver: str) -> None:
    name = DRIVER_NAMES.get(driver, plain(driver))
    figure.add_bar(
        y=names,
        x=share,
        orientation="h",
        name=name,
        legendgroup=driver,
        marker={"color": DRIVER_COLOURS.get(driver, QUIET)},
        row=1,
        col=1,
        hovertemplate=f"<b>%{{y}}</b><br>{name}: %{{x:.0%}} of the output moved<extra></extra>",
    )


def _driver_bar(
    figure: go.Figure,
    usd: pd.Series[float],
    worth: pd.Series[float],
    names: list[str],
    driver: str,
    legend: bool,
) -> None:
    name = DRIVER_NAMES.get(driver, plain(driver))
    figure.add_bar(
        y=names,
        x=100 * usd / worth,
        orientation="h",
        name=name,
        legendgroup=driver,
        showlegend=legend,
        customdata=[dollars(value) for value in usd],
        marker={"color": DRIVER_COLOURS.get(driver, QUIET)},
        row=1,
        col=2,
        hovertemplate=(
            f"<b>%{{y}}</b><br>{name}: %{{x:.2f}} USD per 100 USD moved"
            "<br>in all %{customdata} a year<extra></extra>"
        ),
    )


def _why(asked: Asked) -> go.Figure:
    return why_moved(reasons(asked.held.moves(asked.policy)), asked.names[0])


FIGURES = (
    Figure(
        "reasons",
        "main reasons of the moves, and what each driver adds to their value",
        WHY,
        _why,
        layout=Layout.BOTH,
        report={},
        caption=Caption(
            unit="share of the output moved; USD a year per 100 USD of output moved",
            band=NO_BAND,
            method="left: main reason of each move; right: what each driver adds to the moves' "
            "value",
            equation=REASONS,
            sources="table relocations of the run (reason and drivers of each move)",
        ),
    ),
)
