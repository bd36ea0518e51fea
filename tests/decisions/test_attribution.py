"""Why a plant's orders moved: demand at base prices, prices, and its place among the others."""

from __future__ import annotations

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.attribution import divide_benefit
from sim.engine.simulation import Simulation
from sim.engine.steps.costs import costs_view
from sim.engine.steps.reviews import orders_view
from tests.engine.conftest import QUIET, run, simulation
from tests.reference import tiny

US, JP = COUNTRY_INDEX["US"], COUNTRY_INDEX["JP"]
CAUSES = [field.DUTY, field.WAGE, field.FX, field.FREIGHT, field.DEMAND]


def at(s: Simulation, country: int) -> int:
    rows = (s.layout.plant_line == 0) & (s.layout.plant_country == country)
    return int(np.flatnonzero(rows)[0])


def credited(s: Simulation, p: int, **orders: np.ndarray) -> dict[str, float]:
    """Benefit of 1 divided over the causes."""
    out = np.zeros(field.FIELDS)
    view = orders_view(s)._replace(**orders)
    divide_benefit(
        s.layout, costs=costs_view(s), terms=s.terms, orders=view, p=p, r=0, benefit=1.0, out=out
    )
    return dict(zip(("duty", "wage", "fx", "freight", "demand"), out[CAUSES], strict=True))


@pytest.fixture(scope="module")
def taxed() -> Simulation:
    """Nothing moves but the duties: cars from Japan pay 25 % for a year."""
    world = tiny.world(48, china_drift_per_year=0.0)
    return run(simulation(world, tiny.duties(48), lanes=1, inputs=QUIET), 43)


@pytest.fixture(scope="module")
def stirred() -> Simulation:
    """All inputs move."""
    return run(simulation(tiny.world(48), tiny.duties(48), lanes=1), 43)


@pytest.mark.parametrize("country", ["JP", "US", "MX", "CN"])
def test_the_causes_sum_to_the_benefit(stirred: Simulation, country: str) -> None:
    found = credited(stirred, at(stirred, COUNTRY_INDEX[country]))
    assert sum(found.values()) == pytest.approx(1.0, rel=1e-9)


def test_what_prices_took_is_laid_at_the_door_of_what_raised_them(taxed: Simulation) -> None:
    """Only duties moved, so that all of the fall of orders is theirs: none is demand's."""
    view = orders_view(taxed)
    dearer = view.at_base_prices > view.placed
    assert dearer.any()
    demand = taxed.base.demand[:, None].copy()
    found = credited(taxed, at(taxed, JP), placed=demand * view.placed / view.at_base_prices,
                    at_base_prices=demand, share=view.kernel_base)  # fmt: skip
    assert found["duty"] == pytest.approx(1.0, rel=1e-9)
    assert found["demand"] == pytest.approx(0.0, abs=1e-9)


def test_what_demand_took_at_base_prices_is_demands(taxed: Simulation) -> None:
    view = orders_view(taxed)
    fewer = 0.5 * taxed.base.demand[:, None]
    found = credited(taxed, at(taxed, JP), placed=fewer, at_base_prices=fewer,
                    share=view.kernel_base)  # fmt: skip
    assert found["demand"] == pytest.approx(1.0)


def test_learning_and_scale_divide_no_capacity_event(stirred: Simulation) -> None:
    p = at(stirred, JP)
    plain = credited(stirred, p)
    factor = stirred.month.factor.copy()
    stirred.month.factor[:] = 1.3
    young = credited(stirred, p)
    stirred.month.factor[:] = factor
    assert young == plain


def test_where_nothing_changed_all_is_demands() -> None:
    world = tiny.world(12, china_drift_per_year=0.0)
    s = run(simulation(world, tiny.duties(12, tariffs=False), lanes=1, inputs=QUIET), 9)
    assert credited(s, at(s, US))["demand"] == pytest.approx(1.0)
