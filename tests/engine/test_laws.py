"""Laws that every build obeys, on the hand-made world and on random ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.engine.simulation import Simulation
from sim.tables import MOVES, RELOCATION_KINDS
from sim.world.world import World
from tests.engine.conftest import LOUD, QUIET, run, simulation
from tests.reference import tiny

US, JP = COUNTRY_INDEX["US"], COUNTRY_INDEX["JP"]


def random_world(seed: int, months: int = 40) -> World:
    """The hand-made world with other flows, capacities and parameters."""
    rng = np.random.default_rng(seed)
    world = tiny.world(months)
    scale = np.where(world.base_flow > 0.0, rng.lognormal(0.0, 0.5, world.base_flow.shape), 0.0)
    flow = world.base_flow * scale
    capacity = flow.sum(axis=2) / rng.uniform(0.6, 0.97, flow.shape[:2])
    parameters = dict(world.parameters)
    ranges = {
        "theta": (3.0, 11.0),
        "eta": (2.0, 5.0),
        "reallocation_share": (0.01, 0.1),
        "decision_probability": (0.1, 1.0),
        "transfer_sunk": (0.0, 0.1),
    }
    for name, (low, high) in ranges.items():
        parameters[name] = rng.uniform(low, high, len(world.lines))
    return replace(world, base_flow=flow, base_capacity=capacity, parameters=parameters)


worlds = st.integers(min_value=0, max_value=10_000).map(random_world)
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_month_zero_is_the_fitted_base_year() -> None:
    """Flows of the first month equal the base flows to 1e-9."""
    s = run(simulation(tiny.world(), tiny.duties(60)), 1)
    np.testing.assert_allclose(s.month.flow, s.base.flow[:, None] + 0.0 * s.month.flow, rtol=1e-9)
    np.testing.assert_allclose(s.month.output[:, 0], s.base.output, rtol=1e-9, atol=1e-9)


def test_nothing_moves_in_a_world_where_nothing_changes() -> None:
    """Without duties, macro, noise and drift the base year goes on for ever and nobody orders."""
    world = tiny.world(60, china_drift_per_year=0.0)
    s = run(simulation(world, tiny.duties(60, tariffs=False), inputs=QUIET), 60)
    np.testing.assert_allclose(s.month.output[:, 0], s.base.output, rtol=1e-9, atol=1e-9)
    assert s.events.month == []


def test_noise_alone_moves_no_programme() -> None:
    """Demand noise of two per cent never makes a programme worth moving."""
    world = tiny.world(60, china_drift_per_year=0.0)
    inputs = {**QUIET, "noise": True}
    s = run(simulation(world, tiny.duties(60, tariffs=False), lanes=16, inputs=inputs), 60)
    kinds = {int(one[field.KIND]) for one in s.events.proposal}
    assert not {RELOCATION_KINDS[kind] for kind in kinds} & {*MOVES, "return"}


@given(world=worlds)
@few
def test_units_balance_in_every_month(world: World) -> None:
    """Made = shipped, and opening stock + arrivals = sales + closing stock."""
    stocks: list[np.ndarray] = []

    def watch(s: Simulation) -> None:
        made = np.zeros_like(s.month.output)
        np.add.at(made, s.layout.route_plant, s.month.flow)
        np.testing.assert_allclose(made, s.month.output, rtol=1e-9, atol=1e-6)
        arrived = np.zeros_like(s.month.sold)
        np.add.at(arrived, s.layout.route_outlet, s.month.arrived)
        opening = stocks[-1] if stocks else s.parameters["inventory_months"][
            s.layout.outlet_line] * s.base.demand[:, None]  # fmt: skip
        np.testing.assert_allclose(opening + arrived, s.month.sold + s.state.stock, rtol=1e-9)
        stocks.append(s.state.stock.copy())

    run(simulation(world, tiny.duties(40)), 40, watch)


@given(world=worlds)
@few
def test_no_price_stock_capacity_or_output_is_out_of_bounds(world: World) -> None:
    """Nothing is negative and no plant makes more than it can."""

    def watch(s: Simulation) -> None:
        for values in (s.state.stock, s.state.capacity, s.month.flow, s.state.share,
                       s.state.capacity_base, s.state.kernel_base, s.month.sold):  # fmt: skip
            assert values.min() >= 0.0
        assert s.state.transfer_price.min() > 0.0
        assert s.state.consumer_price.min() > 0.0
        assert np.all(s.month.output <= s.state.capacity / 12.0 * (1.0 + 1e-9) + 1e-9)

    run(simulation(world, tiny.duties(40)), 40, watch)


@given(world=worlds)
@few
def test_profit_and_duty_are_the_sum_of_their_entries(world: World) -> None:
    """Exporter, importer and government entries of the month add up to what customers paid."""

    def watch(s: Simulation) -> None:
        books = s.books
        assert books is not None
        costs = sum(
            float(part.sum())
            for part in (
                books.production,
                books.freight,
                books.duty,
                books.programme,
                books.idle,
                books.service_duty,
                books.support,
                books.overtime,
            )
        )
        earned = books.revenue.sum() + books.subsidy.sum()
        np.testing.assert_allclose(books.profit.sum(), earned - costs, rtol=1e-9)

    run(simulation(world, tiny.duties(40)), 40, watch)


def test_a_policy_against_itself_is_exactly_zero() -> None:
    """Two runs of one law and seed give the same bits."""
    one, two = (run(simulation(tiny.world(), tiny.duties(60)), 60) for _ in range(2))
    np.testing.assert_array_equal(one.month.flow, two.month.flow)
    np.testing.assert_array_equal(one.state.cash, two.state.cash)


def test_a_lane_does_not_depend_on_the_lanes_beside_it() -> None:
    """Replication 0 is the same alone and among sixteen."""
    alone = run(simulation(tiny.world(), tiny.duties(60), lanes=1), 60)
    among = run(simulation(tiny.world(), tiny.duties(60), lanes=16), 60)
    np.testing.assert_array_equal(alone.month.flow[:, 0], among.month.flow[:, 0])


def test_nobody_looks_ahead() -> None:
    """A duty of month 30 that is announced in month 27 leaves months before 27 bitwise equal."""
    duties, later = tiny.duties(60), tiny.duties(60)
    for name in ("extra", "extra_claimed", "announced", "content_weight"):
        getattr(later, name)[27:, US, :, 0] = 0.0
    seen: list[list[np.ndarray]] = [[], []]
    for k, law in enumerate((duties, later)):
        run(simulation(tiny.world(), law), 30, lambda s, k=k: seen[k].append(s.month.flow.copy()))
    for t in range(27):
        np.testing.assert_array_equal(seen[0][t], seen[1][t])


def test_money_has_no_scale() -> None:
    """Prices, pay and fixed sums a hundred times as great change no quantity."""
    world = tiny.world()
    parameters = dict(world.parameters)
    parameters["fixed_project_usd"] = parameters["fixed_project_usd"] * 100.0
    dear = replace(
        world, price_usd=world.price_usd * 100.0, host_wage=world.host_wage * 100.0,
        parameters=parameters,
    )  # fmt: skip
    one, two = (run(simulation(w, tiny.duties(60), inputs=LOUD), 60) for w in (world, dear))
    np.testing.assert_allclose(one.month.flow, two.month.flow, rtol=1e-6, atol=1e-6)


def test_labels_can_be_permuted() -> None:
    """The lines in another order give each line the same figures."""
    world = tiny.world()
    order = [1, 0]
    arrays: dict[str, Any] = {
        name: getattr(world, name)[order]
        for name in (
            "product_of_line", "parts_product_of_line", "base_flow", "base_capacity", "site_count",
            "lump_units", "price_usd", "retail_markup", "parts_source", "freight_share",
            "preference_share", "candidate", "contract_maker", "market_index", "rival_factor",
            "rival_price", "brand_trend",
        )
    }  # fmt: skip
    turned = replace(
        world, **arrays, lines=tuple(world.lines[n] for n in order),
        firms=tuple(world.firms[n] for n in order), firm_of_line=world.firm_of_line,
        parameters={name: values[order] for name, values in world.parameters.items()},
    )  # fmt: skip
    one, two = (run(simulation(w, tiny.duties(60)), 60) for w in (world, turned))
    for line in world.lines:
        rows = [
            s.month.flow[s.layout.line_routes[n] : s.layout.line_routes[n + 1]]
            for s in (one, two)
            for n, other in enumerate(s.world.lines)
            if other.id == line.id
        ]
        np.testing.assert_array_equal(rows[0], rows[1])


def test_a_duty_on_japan_never_lowers_the_us_built_share() -> None:
    """Paired draws: each step of the duty on Japanese cars leaves the US-built share no lower."""
    shares = []
    for rate in (0.0, 0.1, 0.25, 0.5):
        duties = tiny.duties(60, tariffs=False)
        duties.extra[24:, US, JP, 0, 1] = rate
        duties.age_months[24:, US, JP, 0, 1] = np.arange(36)
        s = run(simulation(tiny.world(), duties, lanes=8), 60)
        to_us = (s.layout.route_market == US) & (s.layout.route_line == 0)
        built = s.month.flow[to_us & (s.layout.route_origin == US)].sum(axis=0)
        shares.append(built / s.month.flow[to_us].sum(axis=0))
    steps = np.diff(np.array(shares), axis=0)
    assert np.all(steps >= 0.0)
    assert np.all(steps.mean(axis=1) > 0.0)


def test_the_drivers_of_every_decision_sum_to_its_value(tariffs: Any) -> None:
    """Option value = the sum of what each driver is credited with."""
    s = run(simulation(tiny.world(), tariffs, lanes=8), 60)
    assert s.events.proposal
    for one in s.events.proposal:
        np.testing.assert_allclose(one[field.FIRST_DRIVER :].sum(), one[field.NET], rtol=1e-9)


def test_programmes_leave_china_only_for_places_that_may_take_them(tariffs: Any) -> None:
    """Every programme goes to a candidate place other than its home."""
    s = run(simulation(tiny.world(), tariffs, lanes=8), 60)
    moved = s.state.moved.sum(axis=(0, 2))
    allowed = {COUNTRIES.index(code) for code in tiny.CANDIDATES[1]}
    assert set(np.flatnonzero(moved)) <= allowed
    assert moved.sum() > 0.0


NO_LOCK_IN = {
    "agglomeration": 0.0,
    "risk_aversion": 0.0,
    "start_up_premium": 0.0,
    "scale_elasticity": 0.0,
}
"""What keeps work where it went even if nothing is sunk, switched off."""


def _share_that_comes_home(**terms: float) -> float:
    """Share of what left during a three-year duty that is back six years after its end."""
    duties = tiny.duties(120, tariffs=False)
    duties.extra[12:48, US, COUNTRY_INDEX["CN"], :, 0] = 0.25
    duties.age_months[12:48, US, COUNTRY_INDEX["CN"], :, 0] = np.arange(36)[:, None]
    away: list[float] = []
    changes = {"decision_probability": 1.0, "growth_penalty": 0.0, **NO_LOCK_IN, **terms}
    world = tiny.world(120, **changes)
    run(simulation(world, duties), 120, lambda s: away.append(float(s.state.moved.sum())))
    assert away[47] > 0.0
    return 1.0 - away[-1] / away[47]


def test_sunk_cost_keeps_programmes_away_after_the_duty_has_gone() -> None:
    """Without lock-in work comes home when moving is free; when it is dear it stays away."""
    free = _share_that_comes_home(transfer_sunk=0.0, open_sunk=0.0, ems_sunk=0.0,
                                  fixed_project_usd=0.0, existing_gap_factor=0.05)  # fmt: skip
    dear = _share_that_comes_home(transfer_sunk=0.2, existing_gap_factor=0.05)
    assert free > 0.2
    assert dear < 0.5 * free


def test_scale_and_learning_keep_programmes_away_even_where_nothing_is_sunk() -> None:
    """With the class gathered and plants grown elsewhere, free moves do not undo themselves."""
    free = {"transfer_sunk": 0.0, "open_sunk": 0.0, "ems_sunk": 0.0, "fixed_project_usd": 0.0,
            "existing_gap_factor": 0.05}  # fmt: skip
    held = _share_that_comes_home(**free, scale_elasticity=0.05)
    assert held < _share_that_comes_home(**free)
