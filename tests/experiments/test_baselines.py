"""The two plain forecasts say what they are said to say."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.validation.baselines import baselines, persistence, reacted, us_built
from sim.world.build import load_world


def test_without_a_change_of_duty_fixed_plants_ship_what_they_shipped() -> None:
    flow = load_world().base_flow
    duty = np.full_like(flow, 0.1)
    np.testing.assert_allclose(reacted(flow, duty, duty), flow, rtol=1e-12)


def test_a_duty_on_one_origin_of_many_has_the_elasticity_between_plants() -> None:
    flow = np.zeros((1, 15, 15))
    flow[0, 0, 4], flow[0, 1, 4] = 1e-6, 1.0
    later = np.zeros_like(flow)
    later[0, 0, 4] = 0.01
    fall = np.log(reacted(flow, np.zeros_like(flow), later)[0, 0, 4] / flow[0, 0, 4])
    assert fall / np.log(1.01) == pytest.approx(-7.7, rel=1e-3)


def test_a_duty_on_every_origin_has_the_elasticity_between_brands() -> None:
    flow = np.zeros((1, 15, 15))
    flow[0, 0, 4] = 1.0
    later = np.zeros_like(flow)
    later[0, 0, 4] = 0.01
    fall = np.log(reacted(flow, np.zeros_like(flow), later)[0, 0, 4])
    assert fall / np.log(1.01) == pytest.approx(-3.87, rel=1e-6)


def test_persistence_keeps_the_shares_of_2017_and_sees_no_change() -> None:
    world = load_world()
    told = persistence(world)
    rows = np.array([line.id == "honda_cars" for line in world.lines])
    assert told["P10_honda"] == us_built(world.base_flow, rows)
    assert told["T01u"] == told["A01"] == told["E13a"] == 0.0


def test_fixed_plants_overreact_to_the_car_tariff_and_pass_it_on_in_full() -> None:
    told = baselines()["fixed plants"]
    assert told["T03u"] < -0.5
    assert told["B06"] == told["G04a"] == 1.0
    assert 0.0 < told["B03"] < 0.05
