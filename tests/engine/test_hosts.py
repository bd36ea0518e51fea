"""Hosts fill up: work that comes makes labour and land dearer, and a plant grows at its pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.options import saving
from sim.engine.simulation import Simulation
from sim.engine.steps.costs import costs_view, unit_costs
from sim.engine.steps.economy import step_prices
from sim.engine.steps.hosts import fill_hosts
from sim.engine.steps.outlook import outlook_view
from sim.engine.steps.places import places_view
from sim.world.world import World
from tests.engine.conftest import run, simulation
from tests.engine.test_laws import random_world
from tests.engine.test_places import at
from tests.engine.test_properties import in_lanes
from tests.reference import tiny

Floats = NDArray[np.float64]

CN, VN, TH, US, ROW = (COUNTRY_INDEX[code] for code in ("CN", "VN", "TH", "US", "ROW"))
MONTHS, START, PRINTERS, S301 = 60, 12, 1, 0
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(min_value=0, max_value=1_000_000)

QUICK = {"decision_probability": 1.0, "capital_budget_share": 10.0}
"""Firms that decide in every review and have the means."""
EAGER = QUICK | {
    "transfer_sunk": 0.01, "open_sunk": 0.02, "ems_sunk": 0.01, "entry_gap": 0.02,
    "own_affiliate_odds": 0.0, "growth_penalty": 0.0,
}  # fmt: skip
"""Firms that go wherever it is a little cheaper, so that only the host holds them."""


def peopled(number: int, firms: Mapping[str, float]) -> World:
    """A random world of such firms."""
    world = random_world(number, MONTHS)
    own = {name: np.full(len(world.lines), value) for name, value in firms.items()}
    return replace(world, parameters=dict(world.parameters) | own)


def levied(rate: float, origins: list[int]) -> object:
    """A duty on all goods of some origins in the United States from ``START`` on."""
    duties = tiny.duties(MONTHS, tariffs=False)
    for origin in origins if rate > 0.0 else ():
        duties.extra[START:, US, origin, :, S301] = rate
        duties.extra_claimed[START:, US, origin, :, S301] = rate
        duties.age_months[START:, US, origin, :, S301] = np.arange(MONTHS - START)[:, None]
    return duties


def test_work_that_comes_raises_pay_by_the_supply_of_labour_and_work_that_leaves_does_not() -> None:
    s = simulation(tiny.world(), tiny.duties(60), lanes=2)
    s.state.capacity[at(s, PRINTERS, VN), 1] *= 3.0
    s.state.capacity[at(s, PRINTERS, CN)] *= 0.5
    run(s, 1)
    paid = 2.0 * s.base.capacity[at(s, PRINTERS, VN)] * 0.9 * 0.1 * 0.88
    jobs = s.parameters["host_followers"][0, 0] * paid / (12 * 325)
    pool = 0.25 * 9.3e6
    assert s.month.crowding[VN].tolist() == pytest.approx([0.0, jobs / pool])
    assert s.month.host_wage[VN, 1] == pytest.approx((1 + jobs / pool) ** (1 / 1.5))
    assert s.month.host_wage[[CN, US, ROW]].tolist() == [[1.0, 1.0]] * 3


def crowded() -> tuple[Simulation, Floats, Floats]:
    """Two years in, and what saving, pay and costs were before Vietnam's plant grew sixfold."""
    s = run(simulation(tiny.world(), tiny.duties(60), lanes=1), 24)
    step_prices(s)
    fill_hosts(s)
    unit_costs(s)
    p = at(s, PRINTERS, VN)
    before = np.array([s.month.host_wage[VN, 0], s.month.full_cost[p, 0], s.month.plan_cost[p, 0]])
    drivers = saved(s)
    s.state.capacity[p] *= 6.0
    step_prices(s)
    fill_hosts(s)
    factor = s.month.factor.copy()
    unit_costs(s)
    before[1] *= s.month.factor[p, 0] / factor[p, 0]
    return s, before, drivers


def saved(s: Simulation) -> Floats:
    """Drivers of what the printers for the United States would save in Vietnam."""
    rows, layout = s.layout.slice_route, s.layout
    q = np.flatnonzero((layout.route_origin[rows] == CN) & (layout.route_market[rows] == US))[0]
    out = np.zeros(field.FIELDS)
    saving(
        layout, costs_view(s), outlook_view(s), terms=s.terms, places=places_view(s),
        source=int(rows[q]), target=int(layout.slice_destination[q, VN]), lead=3, lean=0.0,
        r=0, out=out,
    )  # fmt: skip
    return out


def test_dearer_labour_stands_in_full_cost_and_damped_in_plans() -> None:
    s, before, _ = crowded()
    p = at(s, PRINTERS, VN)
    rise = float(s.month.host_wage[VN, 0] / before[0])
    assert rise > 1.05
    labour, exponent = s.parameters["labour_share"][1, 0], s.parameters["wage_exponent"][1, 0]
    dearer = s.base_cost[1, 0] * s.month.factor[p, 0] * labour * (1.0 - 1.0 / rise)
    assert s.month.full_cost[p, 0] - before[1] == pytest.approx(
        dearer * s.month.wage[VN, 0], rel=1e-9
    )
    plan = np.log(s.month.plan_cost[p, 0] / before[2])
    made = s.base.output[s.layout.plant_line == PRINTERS].sum()
    own = 1.0 - s.base.output[p] / made
    assert plan == pytest.approx(labour * exponent * own * np.log(rise), rel=1e-9)


def test_a_full_host_saves_less_and_says_so_under_wage() -> None:
    s, _, before = crowded()
    after = saved(s)
    assert after[field.WAGE] < before[field.WAGE] - 0.001
    assert after[field.DUTY] == pytest.approx(before[field.DUTY])


def test_a_new_plant_is_dearer_where_land_has_filled_up() -> None:
    s = run(simulation(tiny.world(), tiny.duties(60), lanes=1), 2)
    s.month.crowding[TH] = 0.5
    land = places_view(s).land
    assert land[TH, 0] == pytest.approx(1.5**0.4)
    assert land[CN, 0] == 1.0


@seed(1)
@given(number=seeds)
@few
def test_five_times_the_duty_grows_no_host_whose_pay_does_not_rise(number: int) -> None:
    """And with the pay that it raises, a host grows less than with labour for everybody."""
    laws = [levied(0.1, [CN]), levied(0.5, [CN])]
    s, free = (
        run(
            in_lanes(peopled(number, EAGER | {"labour_supply_scale": scale}), laws, noise=False),
            MONTHS,
        )
        for scale in (1.0, 1000.0)
    )
    grown = by_host(s)
    more = grown[:, 1] > grown[:, 0] + 1e6
    pay = s.month.host_wage.reshape(len(grown), 2, -1)
    came = more & (grown[:, 1] > 0.0)
    assert np.all(pay[:, 1][came] > pay[:, 0][came])
    assert np.all(free.month.host_wage <= 1.01)
    assert moved_value(s)[1].sum() <= moved_value(free)[1].sum() * (1.0 + 1e-9)


def by_host(s: Simulation) -> Floats:
    """Capacity value that has come since base by place, law and seed, USD a year."""
    value = np.zeros((len(s.world.host_wage), s.lanes))
    grown = (s.state.capacity - s.base.capacity[:, None]) * s.base.price[s.layout.plant_line, None]
    labour = s.parameters["labour_share"][s.layout.plant_line]
    np.add.at(value, s.layout.plant_country, grown * labour)
    return value.reshape(len(value), 2, -1)


def moved_value(s: Simulation) -> Floats:
    """What programmes have moved and operates, USD a year, by law and seed."""
    price = s.base.price[s.layout.slice_line][:, None, None]
    return (s.state.moved * price).sum(axis=(0, 1)).reshape(2, -1)


@seed(1)
@given(number=seeds)
@few
def test_a_duty_on_all_origins_moves_far_less_than_the_same_on_one(number: int) -> None:
    """With China alone taxed work leaves it; with all taxed alike there is nowhere to go."""
    everybody = [i for i in range(len(COUNTRY_INDEX)) if i != US]
    laws = [levied(0.25, everybody), levied(0.25, [CN])]
    moved = moved_value(run(in_lanes(peopled(number, QUICK), laws, noise=False), MONTHS))
    assert moved[1].sum() > 0.0
    assert moved[0].sum() < 0.35 * moved[1].sum()


def fastest_growth(**changes: float) -> float:
    """Greatest capacity of a printer plant over that of a year before, after a duty of 60 %."""
    world = tiny.world(MONTHS, **(EAGER | {"programme_lump_share": 0.1} | changes))
    world = replace(world, contract_maker=np.zeros_like(world.contract_maker))
    held: list[Floats] = []
    s = simulation(world, levied(0.6, [CN]), lanes=2)
    run(s, MONTHS, lambda s: held.append(s.state.capacity[at(s, PRINTERS, VN)].copy()))
    path = np.array(held)
    return float((path[12:] / path[:-12]).max())


def test_a_duty_of_sixty_per_cent_multiplies_no_plant_within_a_year() -> None:
    assert fastest_growth(plant_pace=100.0) > 2.5
    assert fastest_growth() < 2.0


def test_what_a_plant_takes_on_in_a_year_is_within_its_pace_or_one_piece() -> None:
    world = tiny.world(MONTHS, **EAGER)
    pace = float(world.parameters["plant_pace"][PRINTERS])

    def watch(s: Simulation) -> None:
        if s.is_review:
            taken = s.state.taken_on.sum(axis=0)
            piece = np.maximum(s.base.lump, s.base.programme_lump[s.layout.plant_line])
            piece[np.isinf(piece)] = s.base.lump[np.isinf(piece)]
            most = np.maximum(pace * s.state.capacity, piece[:, None])
            shrunk = s.state.capacity < s.base.capacity[:, None]
            assert np.all((taken <= most + 1e-6) | shrunk)

    s = run(simulation(world, levied(0.6, [CN]), lanes=2), MONTHS, watch)
    assert s.state.taken_on.max() > 0.0
