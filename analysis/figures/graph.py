"""The trade graph: places laid out by how much they trade, flows as curved arrows."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from analysis.equations import SHIPPING
from analysis.figure import GRAPH, Asked, Caption, Figure, Layout
from analysis.needs import ALL_GOODS, FLOW_YEAR, GOODS, ROOM
from analysis.style import COUNTRY_COLOURS, INK, PAPER, dressed, empty, place, product_name, tint
from analysis.summaries.outcomes import records
from analysis.summaries.trade import trade as flows_of
from analysis.summaries.trade import years
from sim.results.numbers import dollars

_SHARE = 0.004
"""Flows below this share of all trade between countries are not drawn."""


def trade_graph(
    trade: pd.DataFrame,
    what: str,
    when: str,
    layout: pd.DataFrame | None = None,
    aspect: float = 1.9,
) -> go.Figure:
    """Draw flows between countries as a directed graph.

    ``trade`` holds ``origin, market, value_usd`` (USD a year). ``layout`` is the trade that places
    the nodes, so that two policies or years can share positions; by default ``trade`` itself. The
    area of a node is what is made there, the width of an arrow what it carries, its colour the
    country of origin. ``aspect`` is width over height of the canvas, which turns arrow heads.
    """
    title = f"Who supplies whom: {what}, {when}"
    trade = trade[trade["value_usd"] > 0]
    if trade.empty:
        return empty(title, "Nothing of this was shipped.")
    held = trade if layout is None else pd.concat([layout, trade.assign(value_usd=0.0)])
    at = positions(held)
    across = trade[trade["origin"] != trade["market"]].sort_values("value_usd", ascending=False)
    drawn = across[across["value_usd"] >= _SHARE * across["value_usd"].sum()]
    flows = records(drawn.iloc[::-1])
    top = max((float(flow.value_usd) for flow in flows), default=1.0)
    traces = [part for flow in flows for part in _arrow(flow, at, top, aspect)]
    left = float(across["value_usd"].sum() - drawn["value_usd"].sum())
    note = "USD a year at transfer prices, mean over replications"
    if aspect > 1.5:
        note += "; area of a node: production"
        note += f"; flows under {_SHARE:.1%} not drawn ({dollars(left)})" if left > 0 else ""
    hidden = {"visible": False, "range": [-1.2, 1.2]}
    figure = go.Figure({"data": [*traces, _nodes(trade, at)]})
    figure.update_layout(showlegend=False, xaxis=hidden, yaxis=hidden)
    return dressed(figure, title, note, 620)


def positions(trade: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Place every country in the square -1..1, heavy traders nearer each other.

    Kamada and Kawai (1989): the wanted distance of two places falls with the square root of what
    they trade, from 2.2 (nothing) to 1 (the heaviest pair), so that no two places coincide.
    """
    codes = sorted({*trade["origin"], *trade["market"]})
    both = trade.pivot_table(index="origin", columns="market", values="value_usd", aggfunc="sum")
    square = both.reindex(index=codes, columns=codes).fillna(0.0).to_numpy()
    square = square + square.T
    np.fill_diagonal(square, 0.0)
    top = float(square.max()) or 1.0
    wanted = 2.2 - 1.2 * np.sqrt(square / top)
    graph = nx.complete_graph(codes)
    distance = {a: dict(zip(codes, row, strict=True)) for a, row in zip(codes, wanted, strict=True)}
    found = nx.kamada_kawai_layout(graph, dist=distance, pos=nx.circular_layout(graph))
    spread = np.array([found[code] for code in codes])
    spread = (spread - spread.mean(axis=0)) / np.maximum(np.abs(spread).max(axis=0), 1e-9)
    return {code: (float(x), float(y)) for code, (x, y) in zip(codes, spread, strict=True)}


def _arrow(
    flow: Any, at: dict[str, tuple[float, float]], top: float, aspect: float
) -> list[dict[str, Any]]:
    line = _bow(np.array(at[flow.origin]), np.array(at[flow.market]))
    colour = COUNTRY_COLOURS.get(flow.origin, INK)
    width = 0.8 + 9.0 * math.sqrt(flow.value_usd / top)
    middle = len(line) * 2 // 3
    name = f"<b>{place(flow.origin)} to {place(flow.market)}</b>"
    body = {
        "type": "scatter",
        "x": line[:, 0],
        "y": line[:, 1],
        "mode": "lines",
        "hoverinfo": "skip",
        "line": {"color": tint(colour, 0.55), "width": width},
    }
    head = {
        "type": "scatter", "x": [line[middle, 0]], "y": [line[middle, 1]], "mode": "markers",
        "hoverinfo": "text", "text": f"{name}<br>{dollars(flow.value_usd)} a year",
        "marker": {"symbol": "triangle-up", "size": 7 + width, "color": colour,
                   "angle": _angle(line, middle, aspect), "line": {"color": PAPER, "width": 0.8}},
    }  # fmt: skip
    return [body, head]


def _bow(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of an arc from ``a`` to ``b`` that bows to the left of its way."""
    side = np.array([a[1] - b[1], b[0] - a[0]])
    control = (a + b) / 2 + 0.16 * side
    t = np.linspace(0.0, 1.0, 25)[:, None]
    points: NDArray[np.float64] = (1 - t) ** 2 * a + 2 * t * (1 - t) * control + t**2 * b
    return points.astype("f4")


def _angle(line: NDArray[np.float64], at: int, aspect: float) -> float:
    """Clockwise angle from the vertical at a point of the line."""
    before, after = line[at - 1], line[at + 1]
    return math.degrees(math.atan2((after[0] - before[0]) * aspect, after[1] - before[1]))


def _nodes(trade: pd.DataFrame, at: dict[str, tuple[float, float]]) -> dict[str, Any]:
    made = trade.groupby("origin")["value_usd"].sum()
    home = trade[trade["origin"] == trade["market"]].set_index("origin")["value_usd"]
    bought = trade.groupby("market")["value_usd"].sum()
    codes = [code for code in at if code in made.index or code in bought.index]
    top = float(made.max())
    return {
        "type": "scatter", "mode": "markers+text",
        "x": [at[c][0] for c in codes], "y": [at[c][1] for c in codes],
        "text": [f"<b>{place(c)}</b>" for c in codes], "textposition": "top center",
        "textfont": {"size": 12.5, "color": INK},
        "marker": {"size": [10 + 44 * math.sqrt(float(made.get(c, 0.0)) / top) for c in codes],
                   "color": [COUNTRY_COLOURS.get(c, INK) for c in codes], "opacity": 0.85,
                   "line": {"color": PAPER, "width": 2}},
        "customdata": [
            [dollars(float(t.get(code, 0.0))) for t in (made, home, bought)] for code in codes
        ],
        "hovertemplate": (
            "%{text}<br>made %{customdata[0]} a year, of it sold at home %{customdata[1]}"
            "<br>bought %{customdata[2]}<extra></extra>"
        ),
    }  # fmt: skip


def _graph(asked: Asked) -> go.Figure:
    """Trade of a year; places stand where the first year of the baseline puts them."""
    run, year = asked.run, int(asked[FLOW_YEAR])
    goods = asked[GOODS]
    product = None if goods == ALL_GOODS else goods
    shipped = flows_of(run, asked.policy, year, product)
    places = flows_of(run, run.baseline, years(run)[0], product)
    what = product_name(product) if product else "all goods"
    aspect = 1.0 if asked[ROOM] == "half" else 1.9
    return trade_graph(shipped, what, f"{year}, {asked.names[0]}", places, aspect)


FIGURES = (
    Figure(
        "graph",
        "who supplies whom in a year",
        GRAPH,
        _graph,
        needs=(GOODS, FLOW_YEAR, ROOM),
        layout=Layout.BESIDE,
        app={"room": "half"},
        narrowest_mm=110.0,
        caption=Caption(
            unit="USD a year at transfer prices",
            band="none: mean over the runs that keep flows",
            method="shipments of the year; places stand nearer the more they trade",
            equation=SHIPPING,
            sources="table flows of the run",
        ),
    ),
)
