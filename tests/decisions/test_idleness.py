"""Idle room: laid up, put to work again or closed, each when it pays and never otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.engine.events import EventLog
from sim.engine.record.detail import DetailRecorder
from sim.engine.simulation import Simulation
from sim.engine.steps import ledger, reviews
from sim.engine.steps.costs import costs_view
from sim.engine.steps.outlook import outlook_view
from sim.tables import RELOCATION_KINDS
from tests.engine.conftest import run, simulation
from tests.reference import tiny

CN = COUNTRY_INDEX["CN"]
KEYS = {"experiment": "x", "policy": "p", "scenario": "base", "replication": 0}


def idle(months: int, laid_up: float = 0.0, **changes: float) -> tuple[Simulation, int]:
    """Cars in China idle for so many months, a part of a lump laid up; boards always decide."""
    world = tiny.world(24, decision_probability=1.0, **changes)
    s = run(simulation(world, tiny.duties(24, tariffs=False), lanes=1), 4)
    p = int(np.flatnonzero((s.layout.plant_line == 0) & (s.layout.plant_country == CN))[0])
    s.state.idle_months[:] = 0
    s.state.idle_months[p] = months
    s.state.output_average[p] = 0.5 * s.state.capacity[p] / 12.0
    s.state.mothballed[p] = laid_up * s.base.lump[p]
    s.events = EventLog()
    return s, p


def decide(s: Simulation) -> list[str]:
    """Kinds of what a review of plants does, in order."""
    reviews.review_plants(s, outlook_view(s), costs_view(s))
    kinds = [RELOCATION_KINDS[int(one[field.KIND])] for one in s.events.proposal]
    return [kind for kind in kinds if kind != "expand"]


def waits(s: Simulation) -> tuple[float, float, float]:
    """Months before mothballing, before closing, and before closing what is laid up."""
    terms = s.terms
    closing = 12.0 * terms.exit_cost[0, 0] * terms.diffusion[0, 0] / terms.idle_cost[0, 0]
    kept, lay = terms.mothball_cost[0, 0], terms.mothball_exit[0, 0]
    return lay * closing / (1.0 - kept), closing, closing / kept


def idle_months(months: int, market: float, rivals: float = 1.0) -> int:
    """Idle months of car plants in China, their market and what rivals leave of it so long."""
    world = tiny.world(140, demand_noise_sd=0.0, decision_probability=0.0)
    world = replace(world, rival_price=np.ones_like(world.rival_price))
    s = simulation(world, tiny.duties(140, tariffs=False), lanes=1)
    s.market_path[:, :24], s.demand_index[:, :24] = 0.0, 1.0
    s.market_path[:, 24:], s.demand_index[:, 24:] = math.log(market), market * rivals
    run(s, 24 + months)
    p = int(np.flatnonzero((s.layout.plant_line == 0) & (s.layout.plant_country == CN))[0])
    return int(s.state.idle_months[p, 0])


def test_a_slump_of_two_years_is_no_idleness_and_a_decline_that_lasts_is() -> None:
    assert idle_months(24, market=0.85) == 0
    assert idle_months(100, market=0.7) > 24


def test_what_is_lost_to_rivals_is_idleness_at_once() -> None:
    assert idle_months(24, market=1.0, rivals=0.85) > 12


def test_a_lump_is_laid_up_when_idleness_would_have_earned_it_and_closed_later() -> None:
    lay, close, close_laid = (math.ceil(wait) for wait in waits(idle(1)[0]))
    assert lay < close < close_laid
    assert decide(idle(lay - 1)[0]) == []
    assert decide(idle(lay)[0]) == ["mothball"]
    assert decide(idle(close)[0]) == ["close"]
    assert decide(idle(close, laid_up=1.0)[0]) == []
    assert decide(idle(close_laid, laid_up=1.0)[0]) == ["close"]


def test_what_is_laid_up_stays_capacity_but_is_not_used_and_costs_less() -> None:
    s, p = idle(10)
    capacity, lump = s.state.capacity[p, 0], s.base.lump[p]
    before = ledger.idle_cost(s)[p, 0]
    assert decide(s) == ["mothball"]
    assert s.state.capacity[p, 0] == capacity
    assert s.state.mothballed[p, 0] == pytest.approx(lump)
    s.month.output[p] = 0.0
    full = s.terms.idle_cost[0, 0] * s.base.price[0] * 0.88
    assert ledger.idle_cost(s)[p, 0] == pytest.approx(full * (capacity - 0.2 * lump) / 12.0)
    assert before > 0.0
    run(s, 1)
    assert s.month.usable[p, 0] == pytest.approx((capacity - lump) / 12.0)


def test_nothing_is_laid_up_where_it_saves_nothing() -> None:
    assert decide(idle(10, mothball_cost_share=1.0)[0]) == []
    assert decide(idle(10, mothball_cost_share=0.8)[0]) == ["mothball"]


def test_it_is_restarted_whole_when_straight_time_is_used_up() -> None:
    for used, done in ((0.94, []), (0.96, ["restart"])):
        s, p = idle(0, laid_up=1.0)
        s.state.output_average[p] = used * (s.state.capacity[p] - s.state.mothballed[p]) / 12.0
        assert decide(s) == done
        assert (s.state.mothballed[p, 0] == 0.0) == bool(done)


def test_a_plant_that_pays_no_overtime_is_restarted_too() -> None:
    s, p = idle(0, laid_up=1.0, overtime_premium=0.0)
    s.state.output_average[p] = 0.96 * (s.state.capacity[p] - s.state.mothballed[p]) / 12.0
    assert decide(s) == ["restart"]


def test_closing_takes_what_is_laid_up_and_starts_the_count_again() -> None:
    s, p = idle(30, laid_up=1.0)
    capacity = s.state.capacity[p, 0]
    assert decide(s) == ["close"]
    assert s.state.capacity[p, 0] == pytest.approx(capacity - s.base.lump[p])
    assert s.state.mothballed[p, 0] == 0.0
    assert s.state.idle_months[p, 0] == 0


def test_laying_up_and_restarting_are_paid_for_at_once() -> None:
    s, p = idle(10)
    before = s.state.cash[0, 0]
    decide(s)
    value = s.base.lump[p] * s.base.price[0]
    share = s.terms.mothball_exit[0, 0] * s.terms.exit_cost[0, 0]
    assert before - s.state.cash[0, 0] == pytest.approx(share * value)
    assert s.events.operating == s.events.month


@pytest.mark.parametrize("start", [lambda: idle(10), lambda: idle(30), lambda: idle(30, 1.0)])
def test_drivers_of_what_is_done_sum_to_its_value(
    start: Callable[[], tuple[Simulation, int]],
) -> None:
    s, _ = start()
    assert decide(s)
    for one in s.events.proposal:
        assert one[field.FIRST_DRIVER :].sum() == pytest.approx(one[field.NET], rel=1e-9)


def test_the_plants_table_says_that_something_is_laid_up() -> None:
    s = simulation(tiny.world(3), tiny.duties(3), lanes=1)
    recorder = DetailRecorder(s, {0: KEYS})
    p = int(np.flatnonzero((s.layout.plant_line == 0) & (s.layout.plant_country == CN))[0])
    for laid_up in (0.0, 100.0, 0.0):
        s.state.mothballed[p] = laid_up
        run(s, 1)
        recorder.record(s)
    frame = recorder.tables(s)["plants"].whole()
    china = frame[(frame["firm"] == "aoi") & (frame["country"] == "CN")]
    assert china["status"].tolist() == ["operating", "mothballed", "operating"]
    assert set(frame.drop(china.index)["status"]) == {"operating"}


def test_a_plant_full_of_orders_is_not_expanded_while_a_part_is_laid_up() -> None:
    for laid_up in (0.0, 1.0):
        s, p = idle(0, laid_up=laid_up)
        s.month.room_worth[p] = 1e5
        reviews.review_plants(s, outlook_view(s), costs_view(s))
        grown = [one for one in s.events.proposal if int(one[field.PLANT]) == p]
        assert any(one[field.KIND] == field.EXPAND for one in grown) == (laid_up == 0.0)
