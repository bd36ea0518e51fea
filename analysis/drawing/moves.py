"""Moves of plants and programmes: where they went, through which sector, and why."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.style import (
    COUNTRY_COLOURS,
    DRIVER_COLOURS,
    DRIVER_NAMES,
    INK,
    PAPER,
    QUIET,
    RULE,
    SECTOR_COLOURS,
    SECTOR_NAMES,
    dressed,
    empty,
    money,
    percent,
    place,
    plain,
    product_name,
    short,
    tint,
)
from analysis.summaries.outcomes import records
from analysis.summaries.relocations import DRIVER_COLUMNS
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
    for code in _ranked(parts[parts["value_usd"] > 0], "country"):
        part = parts[parts["country"] == code].set_index("product").reindex(order)
        part = part.fillna({"value_usd": 0.0, "low": 0.0, "high": 0.0})  # a hole breaks the stack
        figure.add_bar(
            y=[product_name(product) for product in order], x=part["value_usd"] / _BN,
            orientation="h",
            name=place(code), marker={"color": COUNTRY_COLOURS.get(code, INK)},
            customdata=_interval(part),
            hovertemplate=f"<b>%{{y}} to {place(code)}</b><br>%{{customdata}}<extra></extra>",
        )  # fmt: skip
    _whiskers(figure, totals.set_index("product").reindex(order), order)
    figure.update_layout(barmode="stack", bargap=0.35, legend={"traceorder": "normal"})
    figure.update_xaxes(title_text=_WORTH, rangemode="tozero")
    note = "Mean over replications by destination; whisker: 10-90 % of the total"
    return dressed(figure, title, note, 180 + 36 * max(len(order), 4))


def _whiskers(figure: go.Figure, totals: pd.DataFrame, order: list[str]) -> None:
    figure.add_scatter(
        y=[product_name(product) for product in order], x=totals["value_usd"] / _BN,
        mode="markers",
        marker={"color": INK, "size": 5, "symbol": "line-ns-open"}, name="total, 10-90 %",
        error_x={
            "type": "data", "symmetric": False, "color": INK, "thickness": 1.4, "width": 5,
            "array": (totals["high"] - totals["value_usd"]).clip(lower=0) / _BN,
            "arrayminus": (totals["value_usd"] - totals["low"]).clip(lower=0) / _BN,
        },
        customdata=_interval(totals),
        hovertemplate="<b>%{y}, all destinations</b><br>%{customdata}<extra></extra>",
    )  # fmt: skip


def _interval(table: pd.DataFrame) -> list[str]:
    return [
        f"mean {money(row.value_usd)} a year<br>10-90 %: {money(row.low)} to {money(row.high)}"
        for row in records(table[["value_usd", "low", "high"]])
    ]


def sankey(arcs: pd.DataFrame, policy: str) -> go.Figure:
    """Draw moves from the country left, through the sector, to the country gained.

    ``arcs`` is :func:`analysis.summaries.relocations.arcs`; widths are mean worth over
    replications.
    """
    title = f"Moves through the sectors: {policy}"
    arcs = arcs[arcs["value_usd"] > 0]
    if arcs.empty:
        return empty(title, f"No firm moved work between countries under {policy}.")
    left = arcs.groupby(["from_country", "sector"])["value_usd"].sum().reset_index()
    right = arcs.groupby(["sector", "to_country"])["value_usd"].sum().reset_index()
    starts = _ranked(left, "from_country")
    sectors = _ranked(left, "sector")
    ends = _ranked(right, "to_country")
    at = {("from", c): i for i, c in enumerate(starts)}
    at |= {("sector", s): len(at) + i for i, s in enumerate(sectors)}
    at |= {("to", c): len(at) + i for i, c in enumerate(ends)}
    figure = go.Figure(_sankey_trace(left, right, at))
    total = money(float(arcs["value_usd"].sum()))
    note = f"USD of yearly output moved in the whole run, mean: {total}"
    return dressed(figure, title, note, 520)


def _ranked(table: pd.DataFrame, by: str) -> list[str]:
    return [str(n) for n in table.groupby(by)["value_usd"].sum().sort_values(ascending=False).index]


def _sankey_trace(
    left: pd.DataFrame, right: pd.DataFrame, at: dict[tuple[str, str], int]
) -> go.Sankey:
    labels = {"from": place, "to": place, "sector": SECTOR_NAMES.__getitem__}
    colours = {
        "from": COUNTRY_COLOURS, "to": COUNTRY_COLOURS, "sector": SECTOR_COLOURS,
    }  # fmt: skip
    worth: dict[tuple[str, str], float] = dict.fromkeys(at, 0.0)
    for row in records(left):
        worth["from", row.from_country] += row.value_usd
        worth["sector", row.sector] += row.value_usd
    for row in records(right):
        worth["to", row.to_country] += row.value_usd
    links = [
        (at["from", r.from_country], at["sector", r.sector], r.value_usd, r.sector)
        for r in records(left)
    ]
    links += [(at["sector", r.sector], at["to", r.to_country], r.value_usd, r.sector)
              for r in records(right)]  # fmt: skip
    return go.Sankey(
        node={
            "label": [f"{labels[kind](code)} {short(worth[kind, code])}" for kind, code in at],
            "color": [colours[kind].get(code, INK) for kind, code in at],
            "pad": 16, "thickness": 14, "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [s for s, _, _, _ in links], "target": [t for _, t, _, _ in links],
            "value": [v for _, _, v, _ in links],
            "color": [tint(SECTOR_COLOURS[sector], 0.35) for _, _, _, sector in links],
            "customdata": [money(v) for _, _, v, _ in links],
            "hovertemplate": "%{source.label} to %{target.label}<br>%{customdata}<extra></extra>",
        },
        textfont={"size": 12.5},
    )  # fmt: skip


def reasons(table: pd.DataFrame, policy: str) -> go.Figure:
    """Draw main reasons by sector, and what each driver adds to or takes from the moves' value.

    ``table`` is :func:`analysis.summaries.relocations.reasons`. Left: shares of the worth moved by
    main reason. Right: each driver's part of the yearly value of moving (the value re-computed with
    that driver at its base), per 100 USD of output moved.
    """
    title = f"Why work moved: {policy}"
    if table.empty:
        return empty(title, f"No firm moved work between countries under {policy}.")
    figure = make_subplots(
        rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.05,
        subplot_titles=["<b>Main reason</b> of the move", "<b>Drivers</b> of its value"],
    )  # fmt: skip
    figure.update_annotations(font={"size": 13})
    order = _ranked(table, "sector")[::-1]
    worth = table.groupby("sector")["value_usd"].sum().reindex(order)
    names = [f"{SECTOR_NAMES[sector]} ({money(worth[sector])})" for sector in order]
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
        y=names, x=share, orientation="h", name=name, legendgroup=driver,
        marker={"color": DRIVER_COLOURS.get(driver, QUIET)}, row=1, col=1,
        hovertemplate=f"<b>%{{y}}</b><br>{name}: %{{x:.0%}} of the output moved<extra></extra>",
    )  # fmt: skip


def _driver_bar(
    figure: go.Figure, usd: pd.Series[float], worth: pd.Series[float], names: list[str],
    driver: str, legend: bool,
) -> None:  # fmt: skip
    name = DRIVER_NAMES.get(driver, plain(driver))
    figure.add_bar(
        y=names, x=100 * usd / worth, orientation="h", name=name, legendgroup=driver,
        showlegend=legend, customdata=[money(value) for value in usd],
        marker={"color": DRIVER_COLOURS.get(driver, QUIET)}, row=1, col=2,
        hovertemplate=(
            f"<b>%{{y}}</b><br>{name}: %{{x:.2f}} USD per 100 USD moved"
            "<br>in all %{customdata} a year<extra></extra>"
        ),
    )  # fmt: skip


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


def relocation_table(moves: pd.DataFrame, policy: str, rows: int = 15) -> go.Figure:
    """Draw the moves of greatest expected worth with reason and drivers in USD a year.

    ``moves`` is :func:`analysis.summaries.relocations.move_table`; the pages show all of them.
    """
    title = f"Moves and their reasons: {policy}"
    if moves.empty:
        return empty(title, f"No firm moved work between countries under {policy}.")
    top = moves.head(rows)
    columns: dict[str, list[str]] = {
        "Firm": [plain(v) for v in top["firm"]],
        "Product": [product_name(v) for v in top["product"]],
        "From": [place(v) for v in top["from_country"]],
        "To": [place(v) for v in top["to_country"]],
        "For": [place(v) for v in top["market"]],
        "Kind": list(top["kind"]),
        "How often": [percent(v) for v in top["share"]],
        "Opens": [f"{v:%Y-%m}" for v in top["operating_month"]],
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
        header={"values": [f"<b>{name}</b>" for name in columns], "align": align, "height": 28,
                "fill": {"color": PAPER}, "line": {"color": PAPER}, "font": {"size": 12}},
        cells={"values": list(columns.values()), "align": align, "height": 26,
               "fill": {"color": PAPER}, "line": {"color": RULE}, "font": {"size": 12}},
        columnwidth=[1.5, 2.0, 1.1, 1.2, 1.4, 1.0, 1.0, 1.0, 1.0, 1.5, 5.2],
    )  # fmt: skip
