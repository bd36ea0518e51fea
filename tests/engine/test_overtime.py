"""Overtime, learning and what is mothballed, month by month."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.engine.record.grouping import group_rows
from sim.engine.record.outcomes import CORE
from sim.engine.simulation import Simulation
from sim.engine.state import Projects
from tests.engine.conftest import QUIET, measured, run, simulation
from tests.reference import tiny

US = COUNTRY_INDEX["US"]


def busy(months: int = 8, **changes: float) -> Simulation:
    """A quiet world in which every market has grown by an eighth at once."""
    s = simulation(tiny.world(months, **changes), tiny.duties(months, tariffs=False), inputs=QUIET)
    s.demand_index[:] *= 1.125
    return run(s, months)


def american_cars(s: Simulation) -> int:
    return int(np.flatnonzero((s.layout.plant_line == 0) & (s.layout.plant_country == US))[0])


def test_overtime_costs_half_its_premium_times_what_is_beyond_straight_time() -> None:
    s = busy()
    books, p = s.closed_books, american_cars(s)
    use, made = s.month.usable[p, 0], s.month.output[p, 0]
    straight = s.parameters["straight_time_share"][0, 0]
    premium = s.parameters["overtime_premium"][0, 0]
    assert straight * use < made < use
    last_hour = premium * (made - straight * use) / ((1.0 - straight) * use)
    expected = s.month.full_cost[p, 0] * 0.5 * last_hour * (made - straight * use)
    np.testing.assert_allclose(books.overtime[p, 0], expected)


def test_overtime_is_no_cost_where_it_has_no_premium_or_is_not_worked() -> None:
    assert not busy(overtime_premium=0.0).closed_books.overtime.any()
    calm = run(simulation(tiny.world(4), tiny.duties(4, tariffs=False), inputs=QUIET), 4)
    assert not calm.closed_books.overtime.any()
    assert not calm.state.shadow.any()


def test_straight_time_is_at_least_what_2017_used_and_all_where_overtime_is_free() -> None:
    straight = busy(1, straight_time_share=0.5).straight
    np.testing.assert_allclose(straight[[0, 1], 0], 0.88)
    np.testing.assert_array_equal(busy(1, overtime_premium=0.0).straight, 1.0)


def test_the_outcome_of_overtime_is_what_the_books_hold() -> None:
    s = busy()
    _, sums = measured(s, "overtime_usd")
    np.testing.assert_allclose(sums.sum(axis=0), s.closed_books.overtime.sum(axis=0))


def test_the_rent_of_capacity_is_the_plants_shadow_price_over_theta_averaged_by_capacity() -> None:
    s = busy()
    (group, rents), p = measured(s, "capacity_rent_share"), american_cars(s)
    rent = s.state.shadow / s.parameters["theta"][s.layout.plant_line]
    assert rent[p, 0] > 0.0
    assert rents[group.row(product="cars", country="US"), 0] == rent[p, 0]
    whole = group_rows({"country": ["all"] * len(rent)})
    mean = next(one for one in CORE if one.name == "capacity_rent_share").measure(s, whole)
    capacity = s.month.capacity[:, 0]
    assert np.ptp(rent[capacity > 0.0, 0]) > 0.0
    np.testing.assert_allclose(mean[0, 0], np.average(rent[:, 0], weights=capacity))


def test_capacity_has_no_rent_in_a_calm_world_or_where_there_is_none() -> None:
    s = run(simulation(tiny.world(4), tiny.duties(4, tariffs=False), inputs=QUIET), 4)
    assert not measured(s, "capacity_rent_share")[1].any()
    assert (s.month.capacity == 0.0).any()


def test_mothballed_capacity_makes_nothing_but_stays_capacity() -> None:
    s = simulation(tiny.world(4), tiny.duties(4, tariffs=False), inputs=QUIET)
    p = american_cars(s)
    s.state.mothballed[p] = 0.5 * s.state.capacity[p]
    run(s, 3)
    np.testing.assert_allclose(s.month.usable[p], 0.5 * s.state.capacity[p] / 12.0)
    assert np.all(s.month.output[p] <= s.month.usable[p] * (1.0 + 1e-12))
    np.testing.assert_array_equal(s.state.capacity[p], s.base.capacity[p])


def expanded(**changes: float) -> tuple[Simulation, int, list[float]]:
    """A plant that an expansion of a tenth reaches in month 1, and its ramp in months 0, 1, 2 .."""
    s = simulation(tiny.world(8, **changes), tiny.duties(8, tariffs=False), inputs=QUIET)
    p, projects = american_cars(s), s.state.projects
    order(projects, 0, p, float(0.1 * s.base.capacity[p]))
    ramps: list[float] = []
    run(s, 8, lambda now: ramps.append(float(now.state.ramp[p, 0])))
    return s, p, ramps


def order(projects: Projects, line: int, plant: int, volume: float) -> None:
    """Capacity of ``volume`` a year that opens in month 1."""
    projects.months[line, 0] = 2
    projects.kind[line, 0] = field.EXPAND
    projects.plant[line, 0] = plant
    projects.volume[line, 0] = volume


def test_new_capacity_starts_dear_is_thinned_by_the_old_and_fades() -> None:
    s, _, ramps = expanded()
    premium = s.parameters["start_up_premium"][0, 0]
    half_life = s.parameters["start_up_half_life_months"][0, 0]
    assert ramps[0] == 0.0
    np.testing.assert_allclose(ramps[1], premium * 0.1 / 1.1)
    np.testing.assert_allclose(ramps[5], ramps[1] * 0.5 ** (4.0 / half_life))


def test_the_ramp_is_in_the_full_cost_and_in_the_delivered_cost() -> None:
    dear, p, ramps = expanded(scale_elasticity=0.0)
    free, _, _ = expanded(scale_elasticity=0.0, start_up_premium=0.0)
    ratio = 1.0 + ramps[-1]
    np.testing.assert_allclose(dear.month.full_cost[p] / free.month.full_cost[p], ratio)
    np.testing.assert_allclose(dear.month.plan_cost[p], free.month.plan_cost[p])
    routes = dear.layout.route_plant == p
    assert np.all(dear.month.delivered[routes] > free.month.delivered[routes])


def test_without_premium_and_scale_a_growing_plant_costs_what_it_did() -> None:
    s, p, ramps = expanded(start_up_premium=0.0, scale_elasticity=0.0)
    assert s.state.capacity[p, 0] > s.base.capacity[p]
    assert not any(ramps)
    np.testing.assert_array_equal(s.month.factor, 1.0)


def test_a_programme_brings_its_ramp_to_the_place_that_takes_it(tariffs: Any) -> None:
    seen: list[float] = []

    def watch(s: Simulation) -> None:
        young = s.state.ramp > 0.0
        assert np.all(s.state.capacity[young] > 0.0)
        top = s.parameters["start_up_premium"].max()
        assert s.state.ramp.max() <= top * (1.0 + 1e-12)
        seen.append(float(s.state.ramp[s.layout.plant_line == 1].max()))

    run(simulation(tiny.world(), tariffs), 40, watch)
    assert max(seen) > 0.0
