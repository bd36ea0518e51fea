"""Boards decide in a rhythm of their own: models, fiscal years, shocks."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.steps import draws
from tests.engine.conftest import simulation
from tests.reference import tiny

CARS, PRINTERS = 0, 1
STEADY = {"imitation": 0.0, "shock_review": 0.0}


def chances(months: range, **changes: float) -> list[float]:
    """Chance by month that the board of the printer maker decides, by counting 4,000 draws."""
    world = tiny.world(60, **{**STEADY, **changes})
    s = simulation(world, tiny.duties(60, tariffs=False), lanes=4000)
    found = []
    for t in months:
        s.state.month = t
        found.append(float(draws.drawn(s, "decision")[PRINTERS].mean()))
    return found


def test_the_review_that_begins_a_fiscal_year_decides_more_and_the_year_as_much_as_before() -> None:
    # Midori's year begins in January: months 12, 15, 18, 21 are one year of reviews
    first, *others = chances(range(12, 24, 3), plan_review_weight=1.6)
    assert first == pytest.approx(0.25 * 1.6, abs=0.03)
    assert others == pytest.approx([0.25 * 0.8] * 3, abs=0.03)


def test_without_a_weight_every_quarter_is_alike() -> None:
    assert chances(range(12, 24, 3), plan_review_weight=1.0) == pytest.approx([0.25] * 4, abs=0.03)


def test_alarm_calls_boards_together_as_far_as_their_market_hangs_on_the_place() -> None:
    world = tiny.world(60, imitation=0.0, shock_review=4.0, plan_review_weight=1.0)
    s = simulation(world, tiny.duties(60, tariffs=False), lanes=4000)
    s.state.month = 12
    s.state.alarm[s.layout.plant_line == PRINTERS] = 0.25
    hangs = s.base.share[s.layout.slice_route[s.layout.slice_line == PRINTERS]].max()
    assert 0.5 < hangs < 1.0
    expected = 0.25 * (1.0 + 4.0 * 0.25 * hangs)
    assert draws.drawn(s, "decision")[PRINTERS].mean() == pytest.approx(expected, abs=0.03)


def test_a_model_moves_at_its_change_and_many_models_change_oftener() -> None:
    terms = {**STEADY, "plan_review_weight": 1.0, "programmes": 1.0, "model_life_months": 60.0}
    world = tiny.world(60, **terms, programme_lump_share=0.0, programme_lump_units=100_000.0)
    s = simulation(world, tiny.duties(60, tariffs=False), lanes=4000)
    s.state.month = 12
    rows = s.layout.slice_line == CARS
    models = s.base.slice_volume[rows].sum() / 100_000.0
    expected = min(1.0, models * 3.0 / 60.0)
    assert 0.0 < expected < 1.0
    assert np.mean(draws.drawn(s, "decision")[CARS]) == pytest.approx(expected, abs=0.03)
