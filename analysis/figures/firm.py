"""A firm's page: what each of its plants makes, and where its work came from and went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.equations import BOOKS, ROOM
from analysis.figure import FIRM as FIRMS
from analysis.figure import NO_BAND, RANGE, Asked, Caption, Figure, Layout
from analysis.figures.panels import PANELS, axes, band, line, panels
from analysis.needs import FIRM, MADE
from analysis.style import (
    BASELINE,
    COUNTRY_COLOURS,
    DRIVER_NAMES,
    INK,
    as_text,
    dressed,
    empty,
    place,
    plain,
    product_name,
    tint,
    unit_of,
    years_apart,
)
from analysis.summaries.outcomes import leading, records
from analysis.summaries.relocations import move_table
from analysis.summaries.trade import firm_books as books_of
from analysis.summaries.trade import plants as plants_of
from sim.results.names import find_firm
from sim.results.numbers import percent, short
from sim.results.reasons.wording import takes_effect


def firm_plants(
    plants: pd.DataFrame, moves: pd.DataFrame, firm: str, product: str, policy: str
) -> go.Figure:
    """Draw output and capacity of a firm's plants by country, with its moves as marks.

    ``plants`` is :func:`analysis.summaries.trade.plants` of the firm, ``moves`` the firm's rows of
    :func:`analysis.summaries.relocations.move_table`. The line is the median output, the band holds
    80 % of the replications that keep plant detail; the dashed line is median capacity.
    """
    title = f"{firm}, {product_name(product).lower()}: {policy}"
    mine = plants[plants["product"] == product].rename(
        columns={"month": "period", "output": "median", "output_low": "low", "output_high": "high"}
    )
    shown = leading(mine, PANELS) if len(mine) else []
    if not shown:
        return empty(title, f"{firm} makes no {product_name(product).lower()} under {policy}.")
    own = moves[moves["product"] == product] if len(moves) else moves
    traces: list[dict[str, Any]] = _legend()
    for number, country in enumerate(shown):
        part = mine[mine["country"] == country]
        colour = COUNTRY_COLOURS.get(country, INK)
        room = part.assign(median=part["capacity"], low=part["capacity"], high=part["capacity"])
        traces += [
            band(number, part, ("low", "high"), tint(colour, 0.22)),
            line(number, room, BASELINE, "capacity", place(country), "dash"),
            line(number, part, colour, "output", place(country)),
            *_marks(number, own, country),
        ]
    note = f"{unit_of(product)}; band: {RANGE}; marks: moves in (up), out (down)"
    return panels(traces, shown, title, note, {"rangemode": "tozero"})


def _legend() -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "lines",
            "name": name,
            "line": {"color": colour, "width": 2, "dash": dash},
        }
        for name, colour, dash in (("output", INK, "solid"), ("capacity", BASELINE, "dash"))
    ]


def _marks(number: int, moves: pd.DataFrame, country: str) -> list[dict[str, Any]]:
    """Triangles on the time axis where work arrives at or leaves a country."""
    found = []
    for column, other, symbol, word in (
        ("to_country", "from_country", "triangle-up", "from"),
        ("from_country", "to_country", "triangle-down", "to"),
    ):
        rows = records(moves[moves[column] == country]) if len(moves) else []
        if rows:
            found.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "showlegend": False,
                    "x": [f"{row.operating_month:%Y-%m-%d}" for row in rows],
                    "y": [0.0] * len(rows),
                    "cliponaxis": False,
                    "marker": {"symbol": symbol, "size": 9, "color": INK},
                    "text": [_told(row, getattr(row, other), word) for row in rows],
                    "hoverinfo": "text",
                    **axes(number),
                }
            )
    return found


def _told(row: Any, other: str, word: str) -> str:
    market = f" for {place(row.market)}" if row.market else ""
    reason = DRIVER_NAMES.get(row.reason, plain(row.reason)).lower()
    effect = takes_effect(row.kind, f"{row.operating_month:%Y-%m}")
    return (
        f"<b>{row.kind} {word} {place(other)}{market}</b><br>{short(row.units)} a year,"
        f" in {percent(row.share, 0)} of runs<br>{effect}<br>main reason: {reason}"
    )


_BOOKS: Sequence[tuple[str, str, str]] = (
    ("operating_profit_usd", "Operating profit", "#009E73"),
    ("duty_usd", "Duty", "#D55E00"),
)


def firm_books(
    books: pd.DataFrame, against: pd.DataFrame, firm: str, names: tuple[str, str]
) -> go.Figure:
    """Draw a firm's profit and duty under two policies.

    ``books`` and ``against`` are :func:`analysis.summaries.trade.firm_books`; ``names`` the two
    policies.
    """
    title = f"{firm}: profit and duty"
    if books.empty:
        return empty(title, f"The run keeps no books of {firm} under {names[0]}.")
    figure = go.Figure()
    for table, name, quiet in ((books, names[0], False), (against, names[1], True)):
        for column, label, colour in _BOOKS:
            figure.add_scatter(
                x=table["month"],
                y=table[column].astype("f4"),
                mode="lines",
                name=f"{label}, {name}",
                opacity=0.75 if quiet else 1.0,
                line={"color": colour, "width": 2, "dash": "dash" if quiet else "solid"},
                hovertemplate=f"{label}, {name}<br>%{{x|%b %Y}}: %{{y:,.3s}} USD<extra></extra>",
            )
    step = years_apart(books["month"].min(), books["month"].max(), 14)
    figure.update_xaxes(tickformat="%Y", showgrid=False, dtick=step)
    figure.update_yaxes(zeroline=True)
    return dressed(figure, title, "USD a year (twelve times the month), mean over runs", 380)


def _plants(asked: Asked) -> go.Figure:
    firm, name = find_firm(asked.run, asked[FIRM])
    key = ("plants", asked.policy, firm)
    found = asked.held.once(key, lambda: plants_of(asked.run, asked.policy, firm))
    moves = move_table(asked.held.moves(asked.policy))
    own = moves[moves["firm"] == firm]
    return firm_plants(found, own, as_text(name), asked[MADE], asked.names[0])


def _books_figure(asked: Asked) -> go.Figure:
    firm, name = find_firm(asked.run, asked[FIRM])
    one, other = (books_of(asked.run, policy, firm) for policy in (asked.policy, asked.against))
    return firm_books(one, other, as_text(name), asked.names)


FIGURES = (
    Figure(
        "plants",
        "output and capacity of a firm's plants by country, with its moves as marks",
        FIRMS,
        _plants,
        needs=(FIRM, MADE),
        layout=Layout.BOTH,
        caption=Caption(
            unit="vehicles or USD of 2017 a year",
            band=f"{RANGE}, of the runs that keep plants",
            method="months as yearly rates, median over single runs; the dashed line is capacity",
            equation=ROOM,
            sources="table plants of the run",
        ),
    ),
    Figure(
        "books",
        "profit and duty of a firm",
        FIRMS,
        _books_figure,
        needs=(FIRM,),
        caption=Caption(
            unit="USD a year (twelve times the month)",
            band=NO_BAND,
            method="mean over the runs that keep books",
            equation=BOOKS,
            sources="table firms of the run",
        ),
    ),
)
