"""Levels and paired differences over time, one panel a country, with bands over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.outcomes import leading, records
from analysis.style import (
    BASELINE,
    COUNTRY_COLOURS,
    INK,
    dressed,
    empty,
    place,
    product_name,
    short,
    tint,
    unit_of,
)

PANELS = 6
"""Countries that a figure of panels shows: more do not fit a laptop's screen."""

_COLUMNS = 3


def production(
    levels: pd.DataFrame,
    base: pd.DataFrame,
    product: str,
    policy: str,
    against: str,
    countries: Sequence[str] | None = None,
) -> go.Figure:
    """Draw production of ``product`` by country under a policy and the one it is compared with.

    ``levels`` and ``base`` are those of :func:`analysis.outcomes.bands` of ``output``. Lines are
    medians, bands hold 80 % of replications (10-90 %); both are yearly rates. Every panel has its
    own vertical axis from zero.
    """
    mine, other = (table[table["product"] == product] for table in (levels, base))
    title = f"{product_name(product)}: production by country"
    shown = list(countries) if countries is not None else leading(pd.concat([mine, other]), PANELS)
    if not shown or mine.empty:
        return empty(title, f"No {product_name(product).lower()} are made under {policy}.")
    figure = _grid(shown)
    for number, country in enumerate(shown):
        quiet = other[other["country"] == country]
        loud = mine[mine["country"] == country]
        name = place(country)
        _band(figure, number, quiet, ("low", "high"), tint(BASELINE, 0.22))
        _line(figure, number, quiet, BASELINE, against, name, "dash")
        colour = COUNTRY_COLOURS.get(country, INK)
        _band(figure, number, loud, ("low", "high"), tint(colour, 0.22))
        _line(figure, number, loud, colour, policy, name)
    _legend(figure, policy, against)
    figure.update_yaxes(rangemode="tozero")
    note = "bands: 10-90 % of replications; axes differ"
    return _finish(figure, title, unit_of(product), note, len(shown))


def difference(
    differences: pd.DataFrame,
    product: str,
    policy: str,
    against: str,
    countries: Sequence[str] | None = None,
) -> go.Figure:
    """Draw production by country: ``policy`` less ``against``, paired by replication.

    ``differences`` is that of :func:`analysis.outcomes.bands` of ``output``. The dark band holds
    half of the replications (25-75 %), the light one 80 % (10-90 %). Panels share their axis.
    """
    mine = differences[differences["product"] == product]
    title = f"{product_name(product)}: {policy} less {against}"
    shown = list(countries) if countries is not None else _moved(mine)
    if not shown:
        return empty(title, "The two policies make the same everywhere: every difference is zero.")
    figure = _grid(shown, shared=True)
    for number, country in enumerate(shown):
        part = mine[mine["country"] == country]
        colour = COUNTRY_COLOURS.get(country, INK)
        _band(figure, number, part, ("low", "high"), tint(colour, 0.16))
        _band(figure, number, part, ("q25", "q75"), tint(colour, 0.30))
        _line(figure, number, part, colour, "median", place(country))
    figure.update_yaxes(zeroline=True)
    note = "paired by replication; bands: 25-75 % and 10-90 %; one axis for all panels"
    return _finish(figure, title, unit_of(product), note, len(shown))


def fan(
    table: pd.DataFrame, title: str, unit: str, colour: str = INK, signed: bool = False
) -> go.Figure:
    """Draw one outcome of one group over time: median, 25-75 % and 10-90 % of replications."""
    if table.empty:
        return empty(title, "This run holds no such outcome.")
    figure = _grid([""])
    _band(figure, 0, table, ("low", "high"), tint(colour, 0.16))
    _band(figure, 0, table, ("q25", "q75"), tint(colour, 0.30))
    _line(figure, 0, table, colour, "median", title)
    figure.update_yaxes(zeroline=signed, rangemode="normal" if signed else "tozero")
    return _finish(figure, title, unit, "median; bands: 25-75 % and 10-90 % of replications", 1)


def _moved(table: pd.DataFrame) -> list[str]:
    """Countries with the widest difference, counting the edge of the band, not only its middle."""
    edge = table.assign(median=table[["low", "high"]].abs().max(axis=1))
    return leading(edge, PANELS)


def _grid(countries: Sequence[str], shared: bool = False) -> go.Figure:
    columns = min(_COLUMNS, len(countries))
    rows = -(-len(countries) // _COLUMNS)
    figure = make_subplots(
        rows=rows, cols=columns, shared_xaxes=True, shared_yaxes="all" if shared else False,
        subplot_titles=[f"<b>{place(code)}</b>" for code in countries],
        horizontal_spacing=0.03 if shared else 0.075, vertical_spacing=0.13,
    )  # fmt: skip
    for note, code in zip(figure.layout.annotations, countries, strict=True):
        note.update(font={"size": 13, "color": COUNTRY_COLOURS.get(code, INK)}, yshift=2)
    return figure


def _cell(number: int) -> dict[str, int]:
    return {"row": number // _COLUMNS + 1, "col": number % _COLUMNS + 1}


def _band(
    figure: go.Figure, number: int, table: pd.DataFrame, edges: tuple[str, str], colour: str
) -> None:
    low, high = (table[edge].to_numpy(dtype="f4") for edge in edges)
    dates = _dates(table)
    figure.add_scatter(
        x=dates + dates[::-1], y=np.concatenate([low, high[::-1]]),
        fill="toself", fillcolor=colour, line={"width": 0}, mode="lines",
        hoverinfo="skip", showlegend=False, **_cell(number),
    )  # fmt: skip


def _line(
    figure: go.Figure,
    number: int,
    table: pd.DataFrame,
    colour: str,
    name: str,
    where: str,
    dash: str = "solid",
) -> None:
    figure.add_scatter(
        x=_dates(table), y=table["median"].astype("f4"), mode="lines", name=name,
        line={"color": colour, "width": 2, "dash": dash}, showlegend=False,
        customdata=[
            f"{short(row.median)}<br>10-90 %: {short(row.low)} to {short(row.high)}"
            for row in records(table[["median", "low", "high"]])
        ],
        hovertemplate=f"<b>{where}</b>, %{{x|%b %Y}}<br>{name}: %{{customdata}}<extra></extra>",
        **_cell(number),
    )  # fmt: skip


def _dates(table: pd.DataFrame) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in table["period"]]


def _legend(figure: go.Figure, policy: str, against: str) -> None:
    """Legend lines in no country's colour: the dash tells the policies apart in every panel."""
    for name, colour, dash in ((policy, INK, "solid"), (against, BASELINE, "dash")):
        figure.add_scatter(
            x=[None], y=[None], mode="lines", name=f"{name} (median)",
            line={"color": colour, "width": 2, "dash": dash}, row=1, col=1,
        )  # fmt: skip


def _finish(figure: go.Figure, title: str, unit: str, note: str, panels: int) -> go.Figure:
    tall = panels > _COLUMNS
    dressed(figure, title, f"{unit[0].upper()}{unit[1:]}; {note}", 570 if tall else 340)
    figure.update_layout(legend={"y": -0.07 if tall else -0.15, "yanchor": "top"})
    figure.update_yaxes(nticks=5)
    figure.update_xaxes(tickformat="%Y", showgrid=False, nticks=8, showticklabels=True)
    return figure
