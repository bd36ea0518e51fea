"""Orders: the months their work takes, how it is paid, and who copies whom."""

from __future__ import annotations

import numpy as np
import pytest

from sim.decisions import proposal as field
from sim.engine.simulation import Simulation
from sim.engine.steps import construction
from sim.engine.steps.orders import place_order, work_months
from sim.tables import MOVES, RELOCATION_KINDS
from tests.engine.conftest import LOUD, QUIET, run, simulation
from tests.reference import tiny

LINES = np.arange(2)


def waiting(lanes: int = 1, **inputs: bool) -> Simulation:
    """The hand-made world before its first month, with money to spend."""
    s = simulation(tiny.world(), tiny.duties(60), lanes=lanes, inputs={**LOUD, **inputs})
    s.state.budget[:] = 1e12
    return s


def test_work_takes_what_was_planned_where_nothing_is_drawn() -> None:
    planned = np.array([[7.0], [42.0]])
    assert work_months(waiting(noise=False), "line", LINES, planned)[:, 0].tolist() == [7, 42]
    sure = simulation(tiny.world(lead_time_sd=0.0), tiny.duties(60), lanes=1)
    assert work_months(sure, "line", LINES, planned)[:, 0].tolist() == [7, 42]


def test_work_takes_at_least_a_month_however_it_is_drawn() -> None:
    s = simulation(tiny.world(lead_time_sd=0.8), tiny.duties(60), lanes=500)
    assert work_months(s, "line", LINES, np.ones((2, 500))).min() == 1


def test_drawn_months_spread_about_the_plan() -> None:
    planned = np.repeat([[1.0], [42.0]], 2000, axis=1)
    months = work_months(waiting(2000), "line", LINES, planned)
    assert months[1].mean() == pytest.approx(42.0, rel=0.02)
    assert np.log(months[1]).std() == pytest.approx(0.15, rel=0.1)


def test_a_programme_operates_in_the_month_that_is_written_down() -> None:
    moved: list[np.ndarray] = []
    world = tiny.world(60, lead_time_sd=0.6)
    s = simulation(world, tiny.duties(60), lanes=16)
    run(s, 60, lambda s: moved.append(s.state.moved.sum(axis=(0, 1))))
    first = {}
    for lane, one, month, operating in zip(
        s.events.lane, s.events.proposal, s.events.month, s.events.operating, strict=True
    ):
        if RELOCATION_KINDS[int(one[field.KIND])] in MOVES:
            first.setdefault(lane, []).append((operating, month + int(one[field.LEAD])))
    assert any(run_ != planned for events in first.values() for run_, planned in events)
    for lane, events in first.items():
        start = min(run_ for run_, _ in events)
        if start < 60:
            assert moved[start - 1][lane] == 0.0
            assert moved[start][lane] > 0.0


def test_an_outlay_is_charged_to_the_budget_at_once_and_paid_while_the_work_goes_on() -> None:
    s = waiting()
    order = np.zeros(field.FIELDS)
    order[[field.SUNK, field.VOLUME, field.LEAD]] = 60e6, 120.0, 9.0
    order[[field.KIND, field.PLANT]] = field.EXPAND, 1.0
    assert place_order(s, 0, 0, order, 4)
    assert s.state.budget[0, 0] == 1e12 - 60e6
    assert s.events.operating == [4]
    paid = []
    for _ in range(6):
        before = s.state.cash[0, 0]
        construction.finish(s)
        paid.append(before - s.state.cash[0, 0])
    assert paid == [15e6] * 4 + [0.0] * 2
    assert s.state.cash[1, 0] == 0.0


def test_money_spent_by_the_end_is_what_finished_work_cost() -> None:
    """Cash is profit less outlays: by the last month all work that is done has been paid for."""
    profit = np.zeros((2, 8))

    def watch(s: Simulation) -> None:
        assert s.books is not None
        nonlocal profit
        profit = profit + s.books.profit

    s = run(simulation(tiny.world(), tiny.duties(60), lanes=8), 60, watch)
    spent = np.zeros_like(profit)
    for line, lane, one, month, operating in zip(
        s.events.line, s.events.lane, s.events.proposal, s.events.month, s.events.operating,
        strict=True,
    ):  # fmt: skip
        at_once = one[field.KIND] in (field.CLOSE, field.EXIT, field.MOTHBALL, field.RESTART,
                                      field.PARTNER)  # fmt: skip
        part = 1.0 if at_once else min(1.0, (59 - month) / max(1, operating - month))
        spent[s.layout.line_firm[line], lane] += part * (one[field.SUNK] - one[field.GRANT])
    assert spent.any()
    np.testing.assert_allclose(profit - s.state.cash, spent, rtol=1e-6, atol=1.0)


def orders_of(imitation: float) -> int:
    """Programmes of two firms of one class, counted over 32 replications."""
    s = simulation(tiny.world(48, imitation=imitation), tiny.duties(48), lanes=32)
    s.class_of_line = np.array([0, 0])
    s.state.last_programme[0] = 1_000_000
    run(s, 36)
    return sum(RELOCATION_KINDS[int(one[field.KIND])] in MOVES for one in s.events.proposal)


def test_firms_decide_sooner_when_others_of_their_class_have_just_moved() -> None:
    assert orders_of(2.0) > orders_of(0.0)


def test_nothing_is_ordered_and_nobody_is_alarmed_where_nothing_changes() -> None:
    world = tiny.world(36, china_drift_per_year=0.0)
    s = run(simulation(world, tiny.duties(36, tariffs=False), inputs=QUIET), 36)
    assert s.events.month == []
    assert not s.state.alarm.any()
    assert not s.state.mothballed.any()
