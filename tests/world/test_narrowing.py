"""A world of some lines does with them what the whole world does."""

from __future__ import annotations

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.errors import InputError
from sim.world.build import load_world
from sim.world.layout import build_layout
from sim.world.narrowing import narrowed, structured
from tests.engine.conftest import run, simulation
from tests.reference import tiny


def test_a_kept_line_does_bit_for_bit_what_it_does_in_the_whole_world() -> None:
    world, duties = tiny.world(48), tiny.duties(48)
    whole = run(simulation(world, duties, lanes=4), 48)
    alone = run(simulation(narrowed(world, ["midori_printers"]), duties, lanes=4), 48)
    rows = whole.layout.route_line == 1
    np.testing.assert_array_equal(whole.month.flow[rows], alone.month.flow)
    np.testing.assert_array_equal(whole.state.cash[1], alone.state.cash[0])


def test_an_unknown_line_is_told_with_the_nearest_spelling() -> None:
    with pytest.raises(InputError, match="did you mean `honda_cars`"):
        narrowed(load_world(), ["hunda_cars"])


def test_chip_tools_stay_under_licence_only_when_all_makers_are_kept() -> None:
    world = load_world()
    makers = [line.id for line in world.lines if line.product == "chip_tools"]
    assert world.tools is not None
    assert narrowed(world, ["honda_cars", *makers[:-1]]).tools is None
    kept = narrowed(world, ["honda_cars", *makers]).tools
    assert kept is not None
    assert kept.mix.shape[0] == len(makers) + 1
    tools = [line.product == "chip_tools" for line in world.lines]
    np.testing.assert_array_equal(kept.mix[1:], world.tools.mix[tools])


def test_a_structural_parameter_reaches_the_rows_of_the_world() -> None:
    world = narrowed(load_world(), ["mazda_cars"])
    assert len(build_layout(world).slice_line) > 0
    moving = structured(world, {"programmes.cars": 0.0, "theta.cars": 5.0})
    assert len(build_layout(moving).slice_line) == 0
    assert moving.parameters["theta"][0] == world.parameters["theta"][0]
    assert structured(world, {"theta.cars": 5.0}) is world


def test_partners_stay_with_their_lines() -> None:
    world = load_world()
    kept = narrowed(world, ["honda_cars"]).partnerships
    assert [one.partner for one in kept] == [
        one.partner for one in world.partnerships if one.line == "honda_cars"
    ]
    assert len(kept) == 9
    assert {one.field for one in kept} == {"platform", "driving", "cockpit", "battery"}


def test_joint_ventures_stay_with_their_lines() -> None:
    kept = narrowed(load_world(), ["suzuki_cars", "canon_chip_tools"]).equity_share
    assert kept[0, COUNTRY_INDEX["IN"]] == 0.5621
    assert kept[0, COUNTRY_INDEX["CN"]] == 0.5
    assert kept[0, COUNTRY_INDEX["JP"]] == 1.0
    assert (kept[1] == 1.0).all()
