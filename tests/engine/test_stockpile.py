"""Buying ahead of a duty, in whole runs: duties start in months 19 and 30, announced 3 before."""

from __future__ import annotations

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.engine.simulation import Simulation
from tests.engine.conftest import QUIET, measured, run, simulation
from tests.reference import tiny

US, CN = COUNTRY_INDEX["US"], COUNTRY_INDEX["CN"]
START, SEEN = 19, 16


def followed(**changes: float) -> tuple[list[np.ndarray], list[np.ndarray], Simulation]:
    """Flows and what stands ahead on China's printers to the US, month by month."""
    s = simulation(tiny.world(30, **changes), tiny.duties(30), inputs=QUIET)
    route = (
        (s.layout.route_line == 1) & (s.layout.route_origin == CN) & (s.layout.route_market == US)
    )  # fmt: skip
    flows: list[np.ndarray] = []
    stands: list[np.ndarray] = []

    def watch(now: Simulation) -> None:
        flows.append(now.month.flow[route, 0].sum())
        stands.append(now.state.ahead[route, 0].sum())
        limit = np.maximum(s.straight * now.month.usable, now.month.usable * (now.state.shadow > 0))
        assert np.all(now.month.output <= limit * (1.0 + 1e-9) + 1e-9)

    return flows, stands, run(s, 26, watch)


def test_imports_run_ahead_of_the_duty_and_fall_behind_after_it() -> None:
    ahead, _, _ = followed()
    never, nothing, _ = followed(ahead_months=0.0)
    np.testing.assert_array_equal(ahead[:SEEN], never[:SEEN])
    assert ahead[SEEN] > never[SEEN]
    assert ahead[SEEN + 1] > never[SEEN + 1]
    assert sum(ahead[START : START + 6]) < sum(never[START : START + 6])
    assert not any(nothing)


def test_what_stands_is_set_aside_until_the_duty_starts() -> None:
    _, stands, _ = followed()
    assert not any(stands[:SEEN])
    assert 0.0 < stands[SEEN] < stands[SEEN + 1]
    assert stands[START - 1] == stands[SEEN + 1]
    assert stands[START] == 0.0


def test_what_is_bought_ahead_is_on_top_of_stock_and_pipeline() -> None:
    """Between the announcement and the duty orders do not shrink for what was shipped ahead."""
    world = {"hold_degree": 0.0}
    seen: dict[str, list[np.ndarray]] = {}
    for name, most in (("ahead", 2.0), ("never", 0.0)):
        orders: list[np.ndarray] = []
        s = simulation(tiny.world(30, ahead_months=most, **world), tiny.duties(30), inputs=QUIET)
        run(s, START, lambda now, orders=orders: orders.append(now.month.orders.copy()))
        seen[name] = orders
    for one, other in zip(seen["ahead"], seen["never"], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9)


@pytest.mark.parametrize("holding", [0.1, 0.35])
def test_dearer_holding_never_raises_what_is_bought(holding: float) -> None:
    _, dear, _ = followed(ahead_months=12.0, holding_cost=2.0 * holding)
    _, cheap, _ = followed(ahead_months=12.0, holding_cost=holding)
    assert np.all(np.array(dear) <= np.array(cheap) + 1e-9)


def test_the_outcome_is_what_stands_in_the_market() -> None:
    s = run(simulation(tiny.world(30), tiny.duties(30), inputs=QUIET), SEEN + 1)
    group, sums = measured(s, "bought_ahead")
    row = group.row(product="printers", country="US")
    assert sums[row, 0] > 0.0
    np.testing.assert_allclose(sums.sum(axis=0), s.state.ahead.sum(axis=0))


def test_a_duty_announced_in_the_first_month_leaves_the_base_year_alone() -> None:
    duties = tiny.duties(30)
    duties.announced[0, US, CN] = 0.25
    duties.announced_months[0, US, CN] = 3
    s = run(simulation(tiny.world(30), duties, inputs=QUIET), 1)
    np.testing.assert_allclose(s.month.flow[:, 0], s.base.flow, rtol=1e-9)
    assert not s.state.ahead.any()
