"""The reference obeys the specification where pencil and paper suffice."""

from __future__ import annotations

import math

import pytest

from sim.tables import MOVES
from tests.reference import tiny
from tests.reference.base_year import make_line
from tests.reference.beliefs import basis_hurdle, diffusion_hurdle, lasting
from tests.reference.model import ReferenceModel

MONTHS = 72


@pytest.fixture(scope="module")
def run() -> ReferenceModel:
    """Six years with tariffs."""
    model = ReferenceModel(tiny.world(MONTHS), tiny.duties(MONTHS), seed=1, replication=0)
    model.run()
    return model


def test_month_zero_is_the_base_year(run: ReferenceModel) -> None:
    for (line, i, j), flow in run.records[0].flows.items():
        n = 0 if line == "aoi_cars" else 1
        base = run.world.base_flow[n, tiny.C[i], tiny.C[j]]
        assert 12 * flow.units == pytest.approx(base, rel=1e-12, abs=1e-9)


def test_a_world_in_which_nothing_changes_stays_at_its_base_year() -> None:
    world = tiny.world(12, demand_noise_sd=0.0, china_drift_per_year=0.0)
    model = ReferenceModel(world, tiny.duties(12), seed=1)
    model.run()
    for key, flow in model.records[0].flows.items():
        assert model.records[-1].flows[key].units == pytest.approx(flow.units, rel=1e-12)


def test_what_leaves_the_plants_is_sold_in_stock_or_at_sea(run: ReferenceModel) -> None:
    for firm in run.agents:
        for line in firm.lines:
            for market, outlet in line.outlets.items():
                first = make_line(run.world, line.n).outlets[market]
                key = (line.id, outlet.market)
                made = sum(
                    flow.units
                    for record in run.records
                    for (name, _, j), flow in record.flows.items()
                    if (name, j) == key
                )
                sold = sum(record.outlets[key].sales for record in run.records)
                left = outlet.stock + outlet.transit - first.stock - first.transit
                assert made == pytest.approx(sold + left, rel=1e-9)


def test_no_plant_makes_more_than_it_can(run: ReferenceModel) -> None:
    for record in run.records:
        for plant in record.plants.values():
            assert plant.output_units <= plant.capacity_units / 12 * (1 + 1e-12)


def test_the_drivers_of_an_event_sum_to_its_value(run: ReferenceModel) -> None:
    kinds = {event.kind for event in run.events}
    assert {"transfer", "close"} <= kinds
    for event in run.events:
        assert sum(event.drivers.values()) == pytest.approx(event.option_value_usd, rel=1e-9)


def test_programmes_leave_china_only_because_of_the_tariff(run: ReferenceModel) -> None:
    free = ReferenceModel(tiny.world(MONTHS), tiny.duties(MONTHS, tariffs=False), seed=1)
    free.run(48)  # afterwards the yen falls
    assert not {event.kind for event in free.events} & {*MOVES, "return"}
    moves = [event for event in run.events if event.kind == "transfer" and event.announced < 45]
    # later the size that the new plant has come to draws more
    assert {(event.source, event.reason) for event in moves} == {("CN", "duty")}
    assert min(event.announced for event in moves) > 15


def test_a_belief_without_a_lead_is_the_integral() -> None:
    k, a, hazard, age = 0.19, 1.0, 0.12, 1.5
    b, step = a / hazard + age, 0.001
    grid = (step * (n + 0.5) for n in range(150_000))
    sum_ = sum(k * math.exp(-k * s) * (b / (b + s)) ** a * step for s in grid)
    assert lasting(age, 0.0, hazard, 1.0, k) == pytest.approx(sum_, rel=1e-4)


def test_hurdles_exceed_one_and_fall_with_age() -> None:
    par = make_line(tiny.world(12), 1).par
    young, old = basis_hurdle(par, 0, 0.0, 3), basis_hurdle(par, 0, 5.0, 3)
    assert young > old > 1
    assert diffusion_hurdle(par) == pytest.approx(1.60, abs=0.005)
