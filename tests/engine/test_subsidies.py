"""Subsidies draw work to a place, are a driver of their own, and money balances."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.axes import PRODUCTS
from sim.decisions import proposal as field
from sim.engine.block import Block, Lane, run_block
from sim.engine.simulation import Simulation
from sim.law.instrument import Provenance
from sim.law.subsidies.act import Grant, Subsidy
from sim.tables import RELOCATION_KINDS
from tests.engine.conftest import run, simulation
from tests.reference import tiny

SOURCE = Provenance("", "high", "estimated")
EAGER = {
    "decision_probability": 1.0, "capital_budget_share": 10.0, "subsidy_weight": 1.0,
    "transfer_sunk": 0.25,
}  # fmt: skip


def act(place: str, kind: str, size: float, **more: Any) -> Subsidy:
    """An act from 2018 on, for good."""
    grant = Grant(date(2018, 1, 1), more.get("end"), size, None, more.get("years"), SOURCE)
    products = more.get("products", PRODUCTS)
    return Subsidy("try", "try", "", place, (place,), products, (), kind, (grant,))


def block(
    acts: tuple[Subsidy, ...], months: int = 60, lanes: int = 8, **terms: float
) -> Simulation:
    """The small world under tariffs and these acts."""
    duties = tiny.duties(months)
    duties.subsidies = acts
    world = tiny.world(months, **{**EAGER, **terms})
    return run(simulation(world, duties, lanes=lanes), months)


def moved_to(s: Simulation, place: str) -> float:
    """Units a year ordered to a place, all lanes."""
    return float(s.state.ordered[:, tiny.C[place]].sum())


@pytest.mark.parametrize(
    "paid",
    [act("VN", "share_of_outlay", 0.9), act("VN", "share_of_price", 0.06),
     act("VN", "profit_tax", 0.9, years=(0.0, 10.0))],
    ids=lambda one: one.kind,
)  # fmt: skip
def test_a_subsidy_draws_work_and_is_its_driver(paid: Subsidy) -> None:
    plain, drawn = block(()), block((paid,))
    assert moved_to(drawn, "VN") > moved_to(plain, "VN")
    gained = [
        one
        for one in drawn.events.proposal
        if RELOCATION_KINDS[int(one[field.KIND])] in ("transfer", "open", "ems")
        and one[field.COUNTRY] == tiny.C["VN"]
    ]
    assert all(one[field.SUBSIDY] > 0.0 for one in gained)
    assert not any(one[field.SUBSIDY] for one in plain.events.proposal)


def test_what_a_repeal_takes_away_had_drawn_work() -> None:
    short = act("VN", "share_of_price", 0.06, end=date(2018, 12, 31))
    assert moved_to(block((short,)), "VN") < moved_to(
        block((act("VN", "share_of_price", 0.06),)), "VN"
    )


def test_an_act_for_goods_that_nobody_makes_changes_nothing() -> None:
    other = act("VN", "share_of_outlay", 0.9, products=("chip_tools",))
    one, two = block(()), block((other,))
    np.testing.assert_array_equal(one.state.capacity, two.state.capacity)
    np.testing.assert_array_equal(one.state.cash, two.state.cash)


def test_an_act_of_the_base_year_that_never_ends_draws_nobody() -> None:
    grant = Grant(date(2010, 1, 1), None, 0.5, None, None, SOURCE)
    old = [
        replace(act("VN", kind, 0.5), grants=(grant,)) for kind in ("share_of_outlay", "profit_tax")
    ]
    one, two = block(()), block(tuple(old))
    np.testing.assert_array_equal(one.state.ordered, two.state.ordered)


def test_nothing_is_known_of_an_act_before_it_is_public() -> None:
    grant = Grant(date(2020, 1, 1), None, 0.9, date(2019, 6, 1), None, SOURCE)
    later = replace(act("VN", "share_of_outlay", 0.9), grants=(grant,))
    one, two = block((), months=29), block((later,), months=29)
    np.testing.assert_array_equal(one.state.ordered, two.state.ordered)


@settings(max_examples=6, deadline=None)
@given(size=st.floats(0.1, 0.9), kind=st.sampled_from(["share_of_outlay", "profit_tax"]))
def test_a_subsidy_never_lowers_what_goes_to_its_place(size: float, kind: str) -> None:
    assert moved_to(block((act("VN", kind, size),)), "VN") >= moved_to(block(()), "VN")


def test_what_is_paid_for_units_is_profit_of_the_firm_and_of_nobody_else() -> None:
    pay = {"decision_probability": 0.0}
    plain, paid = (
        block(acts, months=24, lanes=1, **pay) for acts in ((), (act("US", "usd_per_unit", 100.0),))
    )
    us = (paid.layout.plant_country == tiny.C["US"]) & (paid.layout.plant_line == 0)
    given = paid.closed_books.subsidy
    assert given[us] == pytest.approx(100.0 * paid.month.output[us])
    assert not given[~us].any()
    gained = (paid.closed_books.profit - plain.closed_books.profit).sum()
    assert gained == pytest.approx(given.sum())


def test_what_an_act_pays_of_an_outlay_the_firm_does_not_pay() -> None:
    lanes = tuple(Lane("law", "base", r, 0, EAGER, detail=True) for r in (1, 2))
    duties = tiny.duties(48)
    duties.subsidies = (act("VN", "share_of_outlay", 0.9),)
    moves = run_block(tiny.world(48), [duties], Block("x", 1, lanes))["relocations"]
    there = moves[(moves["to_country"] == "VN") & (moves["announced_month"] >= "2018-01-01")]
    there = there[there["kind"] != "restart"]  # needs no outlay that an act could pay
    assert len(there) > 0
    assert there["grant_usd"].to_numpy() == pytest.approx(0.9 * there["sunk_cost_usd"].to_numpy())
