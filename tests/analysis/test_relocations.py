"""Moves are summed in each run first, with zeros for runs in which nothing moved."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from analysis.summaries.relocations import (
    MOVE_KEYS,
    Moves,
    arcs,
    base_worth,
    left_behind,
    load_moves,
    move_table,
    over_lanes,
    reasons,
)
from sim.errors import QueryError
from sim.results.run_folder.query import RunFolder

A, B = "as_enacted", "no_tariffs_since_2018"


@pytest.fixture(scope="module")
def moves(run: RunFolder) -> Moves:
    return load_moves(run, A, base_worth(run))


def test_a_run_without_the_move_counts_as_zero() -> None:
    table = pd.DataFrame(
        {"to": ["VN", "VN"], "lane": [0, 0], "value_usd": [3.0, 1.0], "units": 2.0}
    )
    found = over_lanes(Moves("p", 4, table), ["to"]).iloc[0]
    assert (found["value_usd"], found["moves"], found["units"]) == (1.0, 0.5, 1.0)
    assert found["median"] == 0
    assert found["high"] == pytest.approx(0.7 * 4)


def test_vehicles_are_worth_their_transfer_price_and_goods_their_dollars(moves: Moves) -> None:
    table = moves.table
    cars = table["product"] == "cars"
    price = table.loc[cars, "value_usd"] / table.loc[cars, "units"]
    assert price.to_numpy() == pytest.approx(21_000.0)
    assert (table.loc[~cars, "value_usd"] == table.loc[~cars, "units"]).all()


@pytest.mark.parametrize("every", ["month", "year"])
def test_arcs_hold_all_that_moved(moves: Moves, every: str) -> None:
    total = moves.table["value_usd"].sum() / moves.lanes
    assert arcs(moves, every)["value_usd"].sum() == pytest.approx(total)


def test_what_left_china_adds_up_over_destinations(run: RunFolder) -> None:
    left = left_behind(run, A, base_worth(run), 2020)
    parts = left[left["country"] != "all"].groupby("product")["value_usd"].sum()
    whole = left[left["country"] == "all"].set_index("product")["value_usd"]
    assert parts.reindex(whole.index).to_numpy() == pytest.approx(whole.to_numpy())
    assert (left["low"] <= left["high"]).all()


def test_a_distinct_move_tells_how_often_it_happens(moves: Moves) -> None:
    table = move_table(moves)
    assert not table.duplicated(list(MOVE_KEYS)).any()
    assert table["share"].between(1 / moves.lanes, 1).all()
    assert table["share_against"].isna().all()


def test_moves_come_by_expected_worth(moves: Moves) -> None:
    table = move_table(moves)
    assert (table["value_usd"] * table["share"]).is_monotonic_decreasing


def test_a_move_that_the_other_policy_lacks_has_share_zero_there(
    run: RunFolder, moves: Moves
) -> None:
    table = move_table(moves, load_moves(run, B, base_worth(run)))
    assert table["share_against"].notna().all()
    assert (table["share_against"] == 0).any()


def test_reasons_split_all_worth(moves: Moves) -> None:
    assert reasons(moves)["value_usd"].sum() * moves.lanes == pytest.approx(
        moves.table["value_usd"].sum()
    )


def test_a_policy_without_finished_runs_is_told(run: RunFolder, monkeypatch) -> None:
    monkeypatch.setattr(RunFolder, "lanes", lambda self: {})
    with pytest.raises(QueryError, match="no finished run"):
        load_moves(run, A, base_worth(run))


def test_a_move_that_opens_after_the_run_is_on_no_map(moves: Moves) -> None:
    early = dataclasses.replace(moves, last=moves.table["operating_month"].median())
    found = arcs(early, "month")
    assert found["period"].max() <= early.last
    assert found["value_usd"].sum() < arcs(moves, "month")["value_usd"].sum()
