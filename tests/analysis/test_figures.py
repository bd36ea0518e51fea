"""Every figure says what it shows, in which unit, and in words when there is nothing to show."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analysis.figures.duty import duty_timeline
from analysis.figures.firm import firm_books as draw_books
from analysis.figures.firm import firm_plants
from analysis.figures.geography import POSITIONS
from analysis.figures.graph import positions, trade_graph
from analysis.figures.largest_moves import relocation_table
from analysis.figures.moves import moves_out, sankey
from analysis.figures.outcome import compared
from analysis.figures.production import difference, production
from analysis.figures.why import why_moved
from analysis.figures.worldmap import relocation_map
from analysis.summaries.duties import duty_steps
from analysis.summaries.instruments import rates, titles
from analysis.summaries.outcomes import bands
from analysis.summaries.relocations import (
    arcs,
    base_worth,
    left_behind,
    load_moves,
    move_table,
    reasons,
)
from analysis.summaries.trade import firm_books, plants, trade
from sim.axes import COUNTRIES
from sim.results.run_folder.query import RunFolder

A, B = "as_enacted", "no_tariffs_since_2018"
NAMES = ("As enacted", "No tariffs since 2018")


def _moves(run: RunFolder) -> Any:
    return load_moves(run, A, base_worth(run))


def _bands(run: RunFolder) -> Any:
    return bands(run, "output", A, B)


DRAWN: dict[str, Callable[[RunFolder], go.Figure]] = {
    "map": lambda run: relocation_map(arcs(_moves(run)), NAMES[0]),
    "map_months": lambda run: relocation_map(
        arcs(_moves(run), "month"), NAMES[0], "month", stacked=True
    ),
    "sankey": lambda run: sankey(arcs(_moves(run)), NAMES[0]),
    "reasons": lambda run: why_moved(reasons(_moves(run)), NAMES[0]),
    "table": lambda run: relocation_table(move_table(_moves(run)), NAMES[0], {}),
    "moves_out": lambda run: moves_out(
        left_behind(run, A, base_worth(run), 2020), NAMES[0], 2020
    ),
    "production": lambda run: production(
        _bands(run).levels, _bands(run).base, "printers", *NAMES
    ),
    "difference": lambda run: difference(_bands(run).difference, "printers", *NAMES),
    "compared": lambda run: compared(
        _bands(run), {"product": "cars", "country": "JP"}, "Cars", "vehicles a year", *NAMES
    ),
    "duty": lambda run: duty_timeline(
        duty_steps(run, A, "US", "printers"), "US", "printers", NAMES[0],
        titles(run, A), rates(run, A),
    ),
    "graph": lambda run: trade_graph(trade(run, A, 2020), "all goods", "2020"),
    "plants": lambda run: firm_plants(
        plants(run, A, "canon"), move_table(_moves(run)), "Canon", "printers", NAMES[0]
    ),
    "books": lambda run: draw_books(
        firm_books(run, A, "canon"), firm_books(run, B, "canon"), "Canon", NAMES
    ),
}  # fmt: skip

_KEPT: dict[tuple[str, str], go.Figure] = {}


def drawn(run: RunFolder, name: str) -> go.Figure:
    """Draw a figure of a run once for all tests."""
    key = (run.path.name, name)
    if key not in _KEPT:
        _KEPT[key] = DRAWN[name](run)
    return _KEPT[key]


MOVELESS = ("map", "map_months", "sankey", "reasons", "table", "moves_out", "difference")
"""Figures that have nothing to draw when nobody moves."""


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_tells_what_it_shows_and_in_which_unit(run: RunFolder, name: str) -> None:
    figure = drawn(run, name)
    assert figure.data
    assert figure.layout.title.text
    told = figure.layout.title.subtitle.text + " ".join(
        axis.title.text or "" for axis in [*figure.select_xaxes(), *figure.select_yaxes()]
    )
    assert any(unit in told for unit in ("USD", "ehicles a year", "Per cent", "hare")), told


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_of_a_figure_reads_as_tex(run: RunFolder, name: str) -> None:
    assert "$" not in drawn(run, name).to_json()


@pytest.mark.parametrize("name", MOVELESS)
def test_a_figure_without_data_says_so_in_words(still: RunFolder, name: str) -> None:
    figure = drawn(still, name)
    assert not figure.data
    assert figure.layout.annotations[0].text.endswith(".")


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_fits_a_laptop(run: RunFolder, name: str) -> None:
    assert figures_height(drawn(run, name)) <= 800


def figures_height(figure: go.Figure) -> int:
    return int(figure.layout.height)


def test_levels_start_at_zero_and_carry_both_policies(run: RunFolder) -> None:
    figure = drawn(run, "production")
    assert {axis.rangemode for axis in figure.select_yaxes()} == {"tozero"}
    assert [t.name for t in figure.data if t.showlegend is None] == [f"{n} (median)" for n in NAMES]


def test_panels_of_a_difference_share_one_axis(run: RunFolder) -> None:
    axes = list(drawn(run, "difference").select_yaxes())
    assert len(axes) > 1
    assert all(axis.matches == "y" for axis in axes[1:])


def test_every_frame_of_the_map_moves_the_same_traces(run: RunFolder) -> None:
    figure = drawn(run, "map")
    steps = [step.label for step in figure.layout.sliders[0].steps]
    assert steps == [frame.name for frame in figure.frames]
    assert steps[0] == "mean year"
    assert {tuple(frame.traces) for frame in figure.frames} == {tuple(figure.frames[0].traces)}
    assert all(len(frame.data) == len(frame.traces) for frame in figure.frames)


def test_a_month_of_the_map_holds_the_twelve_months_up_to_it() -> None:
    one = pd.DataFrame(
        {"period": pd.to_datetime(["2019-03-01", "2020-06-01"]), "from_country": "CN",
         "to_country": "VN", "sector": "electronics", "value_usd": 1e9, "moves": 1.0}
    )  # fmt: skip
    figure = relocation_map(one, "p", "month")
    head = {frame.name: frame.data[-1].text[0] for frame in figure.frames}
    assert "USD 1 bn" in head["Feb 2020"]
    assert head["Mar 2020"] == ""


def test_an_arc_starts_and_ends_near_its_places(run: RunFolder) -> None:
    one = pd.DataFrame(
        {"period": pd.to_datetime(["2019-01-01"]), "from_country": "CN", "to_country": "US",
         "sector": "electronics", "value_usd": 1.0, "moves": 1.0}
    )  # fmt: skip
    line = relocation_map(one, "p").data[1]
    lon, lat = (
        np.frombuffer(base64.b64decode(coordinate["bdata"]), "<f4")
        for coordinate in (line.lon, line.lat)
    )
    assert (lon[0], lat[0]) == pytest.approx(POSITIONS["CN"], abs=12)
    assert (lon[-2] - 360, lat[-2]) == pytest.approx(POSITIONS["US"], abs=12)


def test_two_policies_side_by_side_share_dates_and_widths(run: RunFolder) -> None:
    base = base_worth(run)
    a, b = (arcs(load_moves(run, policy, base), "month") for policy in (A, B))
    left = relocation_map(a, "a", "month", b)
    right = relocation_map(b, "b", "month", a)
    assert [f.name for f in left.frames] == [f.name for f in right.frames]
    assert left.layout.title.subtitle.text == right.layout.title.subtitle.text


def test_every_place_is_on_the_map() -> None:
    assert set(POSITIONS) == set(COUNTRIES)


def test_the_sankey_carries_as_much_in_as_out(run: RunFolder) -> None:
    link = drawn(run, "sankey").data[0].link
    value, target, source = (np.array(x) for x in (link.value, link.target, link.source))
    for node in set(source) & set(target):
        assert value[target == node].sum() == pytest.approx(value[source == node].sum())


def test_shares_of_reasons_add_up_to_one(run: RunFolder) -> None:
    bars = [bar for bar in drawn(run, "reasons").data if bar.xaxis == "x"]
    assert np.sum([np.array(bar.x) for bar in bars], axis=0) == pytest.approx(1.0)


def test_a_rule_of_the_timeline_carries_its_title_and_dated_rates(run: RunFolder) -> None:
    figure = drawn(run, "duty")
    assert "Section 301 duty on &lt;List 3&gt; of China" in figure.layout.yaxis2.ticktext
    told = " ".join(figure.data[-1].hovertext)
    assert "10 % from 2018-09-24" in told
    assert "25 % from 2019-05-10" in told


def test_no_two_places_of_the_trade_graph_coincide(run: RunFolder) -> None:
    at = np.array(list(positions(trade(run, A, 2020)).values()))
    apart = np.linalg.norm(at[:, None] - at[None], axis=2) + np.eye(len(at))
    assert apart.min() > 0.1


def test_a_place_that_traded_nothing_in_the_year_of_the_layout_is_drawn(run: RunFolder) -> None:
    first = trade(run, A, 2017)
    without = first[(first["origin"] != "VN") & (first["market"] != "VN")]
    figure = trade_graph(trade(run, A, 2020), "all goods", "2020", without)
    assert "<b>Vietnam</b>" in figure.data[-1].text


def test_bars_of_what_left_china_add_up_to_the_whole(run: RunFolder) -> None:
    left = left_behind(run, A, base_worth(run), 2020)
    holed = left[~((left["product"] == "printers") & (left["country"] == "VN"))]
    figure = moves_out(holed, "p", 2020)
    bars = np.array([bar.x for bar in figure.data if bar.type == "bar"], dtype=float)
    assert not np.isnan(bars).any()
    assert (bars.sum(axis=1) > 0).all()


def test_a_map_on_which_nothing_moves_takes_no_room(run: RunFolder) -> None:
    moved = arcs(_moves(run))
    asia = moved[moved["to_country"].isin(["VN", "TH", "IN"]) & (moved["from_country"] == "CN")]
    drawn = relocation_map(asia, "A policy")
    assert drawn.layout.geo.domain.x == (0.0, 1.0)
    assert {trace.geo for trace in drawn.data} <= {"geo", None}
    assert len(drawn.layout.annotations) == 1
