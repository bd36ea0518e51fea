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
CAUSES = [field.DUTY, field.WAGE, field.FX, field.FREIGHT, field.DEMAND, field.CONTROLS]


def at(s: Simulation, country: int) -> int:
    rows = (s.layout.plant_line == 0) & (s.layout.plant_country == country)
    return int(np.flatnonzero(rows)[0])


def credited(
    s: Simulation, p: int, built: float = 0.0, shrinks: bool = False, **orders: np.ndarray
) -> dict[str, float]:
    """Benefit of 1 divided over the causes."""
    out = np.zeros(field.FIELDS)
    if "share" in orders:
        orders.setdefault("licensed", orders["share"])
    view = orders_view(s)._replace(**orders)
    divide_benefit(
        s.layout, costs=costs_view(s), terms=s.terms, orders=view, p=p, r=0, benefit=1.0,
        built=built, shrinks=shrinks, out=out,
    )  # fmt: skip
    names = ("duty", "wage", "fx", "freight", "demand", "controls")
    return dict(zip(names, out[CAUSES], strict=True))


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


def test_what_export_rules_took_is_no_demand(stirred: Simulation) -> None:
    """Half of all orders may not leave: controls have that log, whatever else moved."""
    p = at(stirred, JP)
    view = orders_view(stirred)
    free = credited(stirred, p)
    assert free["controls"] == 0.0
    ruled = credited(stirred, p, lawful=0.5 * np.ones_like(view.lawful))
    assert sum(ruled.values()) == pytest.approx(1.0, rel=1e-9)
    logs = {name: part * free["duty"] / ruled["duty"] for name, part in ruled.items()}
    moved = logs["demand"] - free["demand"]
    assert logs["controls"] == pytest.approx(-moved, rel=1e-9)
    assert logs["wage"] == pytest.approx(free["wage"], rel=1e-9)


def test_orders_that_may_not_leave_at_all_are_laid_at_the_door_of_the_rules(
    stirred: Simulation,
) -> None:
    view = orders_view(stirred)
    nothing = np.zeros_like(view.placed)
    found = credited(stirred, at(stirred, JP), lawful=nothing, placed=nothing,
                     at_base_prices=nothing)  # fmt: skip
    assert found["controls"] == 1.0


def test_a_plant_that_shrinks_fails_what_it_was_built_for(stirred: Simulation) -> None:
    """Built for twice the orders of 2017: what is closed is what demand did not bring."""
    plain = credited(stirred, at(stirred, JP), shrinks=True)
    grown = credited(stirred, at(stirred, JP), built=np.log(4.0), shrinks=True)
    assert sum(grown.values()) == pytest.approx(1.0, rel=1e-9)
    assert grown["demand"] > plain["demand"]


def test_what_brought_orders_has_no_part_in_a_closure(stirred: Simulation) -> None:
    p, view = at(stirred, JP), orders_view(stirred)
    grows = credited(stirred, p)
    shuts = credited(stirred, p, shrinks=True, lawful=0.5 * np.ones_like(view.lawful))
    assert sum(shuts.values()) == pytest.approx(1.0, rel=1e-9)
    assert min(shuts.values()) >= 0.0
    assert shuts["controls"] > 0.0
    assert any(part < 0.0 for part in grows.values())


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
