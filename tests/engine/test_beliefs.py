"""What firms believe follows the terms of their own class."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.axes import BASIS_INDEX, PRODUCT_INDEX
from sim.engine.parameters import build_beliefs, build_terms
from sim.law.instrument import STAGES
from tests.engine.conftest import run, simulation
from tests.reference import tiny


def test_a_class_discounts_with_its_own_rate_and_leaves_others_as_they_were() -> None:
    """The second line's discount lets the near years weigh more in its own beliefs alone."""
    s = simulation(tiny.world(24), tiny.duties(24), lanes=2)
    parameters = {name: rows.copy() for name, rows in s.parameters.items()}
    parameters["discount"][1] = 0.2
    plain, other = build_beliefs(dict(s.parameters), 24), build_beliefs(parameters, 24)
    np.testing.assert_array_equal(other.hazard_set[0], other.hazard_set[0, 0])
    assert other.hazard_set[1, 0] != other.hazard_set[0, 0]
    first, second = other.hazard_set[:, 0]
    np.testing.assert_array_equal(other.weights[first], plain.weights[0])
    assert np.all(other.weights[second][:, :, 1:] > plain.weights[0][:, :, 1:])


def test_one_class_of_other_hazards_moves_its_own_programmes_alone() -> None:
    """Printers that expect the tariff to vanish at once stay; cars decide as they did."""
    sure = {"decision_probability": 1.0, "capital_budget_share": 10.0}

    def of_printers(hazard: float) -> list[np.ndarray]:
        s = simulation(tiny.world(48, **sure), tiny.duties(48), lanes=2)
        for name in s.parameters:
            if name.startswith("hazard_") and name != "hazard_cv":
                s.parameters[name][1] = hazard
        s.beliefs, s.terms = build_beliefs(dict(s.parameters), 48), build_terms(dict(s.parameters))
        s = run(s, 42)
        q = s.layout.slice_line
        return [s.state.ordered[q == line].copy() for line in (0, 1)]

    cars, printers = of_printers(0.2)
    cars_again, stayed = of_printers(50.0)
    np.testing.assert_array_equal(cars, cars_again)
    assert printers.sum() > stayed.sum()


def threatened(stage: str, rate: float, *, comes: bool) -> Any:
    """A duty on printers from China, a year ahead and for half a year more, or for good."""
    duty = tiny.duties(60, tariffs=False)
    flow = tiny.C["US"], tiny.C["CN"], PRODUCT_INDEX["printers"], BASIS_INDEX["section_301"]
    for month in range(12, 24):
        duty.announced[month, *flow] = rate
        duty.announced_months[month, *flow] = 24 - month
        duty.announced_stage[month, *flow] = STAGES.index(stage)
    if comes:
        duty.extra[24:, *flow] = duty.extra_claimed[24:, *flow] = rate
        duty.age_months[24:, *flow] = np.arange(36)
    duty.announced_count[24:, STAGES.index(stage), flow[3]] = 1.0
    duty.carried_count[24:, STAGES.index(stage), flow[3]] = float(comes)
    return duty


def moved(stage: str, rate: float = 0.25, *, comes: bool) -> float:
    """Units a year of printers that have left China or are ordered away, mean of the lanes."""
    terms = {"capital_budget_share": 10.0, "existing_gap_factor": 0.0, "risk_aversion": 0.0}
    world = tiny.world(60, demand_noise_sd=0.0, **terms)
    s = run(simulation(world, threatened(stage, rate, comes=comes), lanes=32), 59)
    return float(s.state.ordered[s.layout.slice_line == 1].sum() / s.lanes)


def test_a_threat_that_never_comes_moves_some_work_and_less_than_one_that_comes() -> None:
    empty, real = moved("ordered", comes=False), moved("ordered", comes=True)
    assert 0.0 < empty < real


def test_what_is_ordered_moves_more_than_what_is_only_said() -> None:
    said, ordered = (moved(stage, 0.15, comes=False) for stage in ("said", "ordered"))
    assert said < ordered
