"""What firms believe follows the terms of their own class."""

from __future__ import annotations

import numpy as np

from sim.engine.parameters import build_beliefs, build_terms
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
