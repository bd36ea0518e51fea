"""Buyers favour what is made where they are: by what was shipped, not by what was meant to be."""

from __future__ import annotations

import numpy as np
import pytest

from sim.decisions.shipping import favour_local
from sim.engine.simulation import Simulation
from tests.engine.conftest import QUIET, run, simulation
from tests.reference import tiny


@pytest.fixture
def still() -> Simulation:
    """The base year, nothing moving."""
    return run(simulation(tiny.world(), tiny.duties(60, tariffs=False), inputs=QUIET), 2)


def factors(s: Simulation, last_flow: np.ndarray, appeal: float) -> np.ndarray:
    demand = np.ones_like(s.month.demand)
    strength = np.full_like(s.parameters["eta"], appeal)
    favour_local(
        s.layout,
        last_flow=last_flow,
        base_share=s.base.share,
        appeal=strength,
        sent=np.empty_like(demand),
        at_base_price=np.ones_like(demand),
        demand=demand,
    )
    return demand


def test_the_base_year_and_no_appeal_change_nothing(still: Simulation) -> None:
    flow = np.repeat(still.base.flow[:, None], still.lanes, axis=1)
    np.testing.assert_allclose(factors(still, flow, 0.3), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(factors(still, np.sqrt(flow), 0.0), 1.0)


def test_demand_rises_by_the_appeal_where_all_is_made_at_home(still: Simulation) -> None:
    layout = still.layout
    home = layout.route_origin == layout.route_market
    flow = np.where(home, still.base.flow, 0.0)[:, None] * np.ones(still.lanes)
    found = factors(still, flow, 0.2)
    served = np.zeros(len(found))
    np.add.at(served, layout.route_outlet[home], still.base.share[home])
    made = served > 0.0
    np.testing.assert_allclose(found[made, 0], np.exp(0.2 * (1.0 - served[made])), rtol=1e-12)
    np.testing.assert_array_equal(found[~made], 1.0)


def test_nothing_shipped_says_nothing(still: Simulation) -> None:
    nothing = np.zeros((len(still.layout.route_line), still.lanes))
    np.testing.assert_array_equal(factors(still, nothing, 0.3), 1.0)
