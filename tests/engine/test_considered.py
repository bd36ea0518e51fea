"""The table of what every slice could have done says why work stayed, and changes nothing."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.engine.block import Block, Lane, run_block
from sim.tables import BARRIERS, MOVES
from tests.reference import tiny

MONTHS = 60
EAGER = {"transfer_sunk": 0.01, "ems_sunk": 0.01, "decision_probability": 0.4}
"""Moves that cost little: some slices go, others wait for their board."""


@cache
def tables(detail: bool = True, **parameters: float) -> dict[str, pd.DataFrame]:
    """Two lanes of the hand-made world under two new tariffs."""
    lanes = tuple(Lane("law", "base", r, 0, parameters, detail=detail) for r in (1, 2))
    return run_block(tiny.world(MONTHS), [tiny.duties(MONTHS)], Block("x", 1, lanes))


@pytest.mark.parametrize("parameters", [{}, EAGER], ids=["as declared", "eager"])
def test_its_shares_give_the_wanted_share_by_the_equation(parameters: dict[str, float]) -> None:
    """``1 - exp(-theta_slice max(0, s - g - h))`` of docs/model.md 8, and the saving it needs."""
    rows = tables(**parameters)["considered"]
    theta = pd.Series({one.id: value for one, value in zip(
        tiny.world(MONTHS).lines, tiny.world(MONTHS).parameters["theta_slice"], strict=True
    )})[rows["line"]].to_numpy()  # fmt: skip
    against = rows["gap_share"] + rows["moving_share"] + rows["caution_share"]
    net = np.maximum(0.0, rows["saving_share"] - against)
    np.testing.assert_allclose(rows["wanted_share"], 1.0 - np.exp(-theta * net), atol=1e-12)
    reached = (rows["ordered_units"] + rows["units"] / 2.0) / rows["slice_units"]
    would = 1.0 - np.exp(-theta * (rows["needed_share"] - against))
    np.testing.assert_allclose(would, reached, rtol=1e-9)
    assert len(rows) > 20


def test_what_it_says_has_moved_are_the_programmes_ordered_in_that_review() -> None:
    made = tables(**EAGER)
    rows, moves = made["considered"], made["relocations"]
    key = ["replication", "month", "firm", "product", "from_country", "to_country", "market"]
    went = rows[rows["barrier"] == "none"]
    ordered = moves[moves["kind"].isin(MOVES)].drop(columns="month")
    ordered = ordered.rename(columns={"announced_month": "month"})
    ordered = ordered[ordered["month"].isin(rows["month"])]
    assert len(went) > 0
    assert sorted(map(tuple, went[key].to_numpy())) == sorted(map(tuple, ordered[key].to_numpy()))


def test_every_barrier_is_what_it_says() -> None:
    """Too little wants to go exactly where the saving is less than is needed."""
    rows = pd.concat([
        tables(**EAGER)["considered"],
        tables(**EAGER, capital_budget_share=1e-6)["considered"],
    ])  # fmt: skip
    assert set(rows["barrier"]) <= set(BARRIERS)
    short = rows["saving_share"] < rows["needed_share"]
    assert ((rows["barrier"] == "value") == short).all()
    poor = rows[rows["barrier"] == "budget"]
    assert len(poor) > 0
    assert (poor["outlay_usd"] > poor["budget_usd"]).all()
    assert "review" in set(rows["barrier"])


def test_it_is_looked_at_once_a_year_in_the_last_review() -> None:
    months = tables()["considered"]["month"]
    assert set(months.dt.month) == {10}
    assert set(months.dt.year) == {2017, 2018, 2019, 2020, 2021}


def test_looking_on_changes_no_other_table() -> None:
    seen, blind = tables(**EAGER), tables(detail=False, **EAGER)
    assert len(blind["considered"]) == 0
    for name in ("outcomes", "relocations"):
        pd.testing.assert_frame_equal(seen[name], blind[name], check_exact=True)
