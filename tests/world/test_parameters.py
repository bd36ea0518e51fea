"""Parameters by class, their ranges, and overrides by lane."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.axes import LEGAL_BASES
from sim.errors import InputError
from sim.world.build import load_world
from sim.world.parameter_table import load_parameters
from sim.world.parameters import for_lines, lane_values, parameter_table


def line(name: str) -> int:
    return [found.id for found in load_world().lines].index(name)


def test_a_class_row_goes_before_the_row_for_all() -> None:
    eta = load_world().parameters["eta"]
    assert (eta[line("toyota_cars")], eta[line("ricoh_printers")]) == (3.87, 3.0)


def test_every_value_lies_in_its_range_and_says_where_it_is_from() -> None:
    for parameter in load_parameters():
        assert parameter.source_url
        if not math.isnan(parameter.value):
            assert parameter.low <= parameter.value <= parameter.high, parameter.name


def test_only_terms_of_ways_are_missing_and_only_in_classes_that_lack_the_way() -> None:
    world = load_world()
    for name, values in world.parameters.items():
        missing = np.isnan(values)
        if name.startswith("ems_"):
            assert np.array_equal(missing, ~world.contract_maker.any(axis=1))
        elif name.startswith("shared_") or name == "untied_fee":
            cars = [line.line_class in {"cars", "battery_cars"} for line in world.lines]
            assert np.array_equal(missing, np.logical_not(cars))
        else:
            assert not missing.any(), name


def test_every_legal_basis_has_a_hazard() -> None:
    assert {f"hazard_{basis}" for basis in LEGAL_BASES} <= set(load_world().parameters)


def test_overrides_set_then_scale_and_a_class_goes_last() -> None:
    cars, printers = line("honda_cars"), line("epson_printers")
    lanes = lane_values(
        load_world(),
        [{"theta": 5.0, "theta.cars": 6.0, "theta.scale": 2.0, "theta.cars.scale": 0.5}, {}],
    )
    assert lanes["theta"][cars].tolist() == [6.0, 7.7]
    assert lanes["theta"][printers].tolist() == [10.0, 7.7]


def test_what_a_class_does_not_have_cannot_be_given_to_it() -> None:
    lanes = lane_values(load_world(), [{"ems_fee": 0.1, "ems_fee.tyres": 0.1}])
    assert math.isnan(lanes["ems_fee"][line("bridgestone_auto_parts"), 0])
    assert lanes["ems_fee"][line("canon_printers_laser"), 0] == 0.1


def test_unknown_keys_and_wrong_values_are_told_together_with_the_nearest_spelling() -> None:
    with pytest.raises(InputError) as raised:
        lane_values(load_world(), [{"thata": 1.0}, {"theta.car": 1.0, "eta": math.inf}])
    told = {fault.key: f"{fault.wrong}; {fault.cure}" for fault in raised.value.faults}
    assert told["thata"].endswith("did you mean `theta`?")
    assert told["theta.car"].endswith("did you mean `theta.cars`?")
    assert "no finite number" in told["eta"]


@given(st.integers(0, 7), st.floats(0.1, 10.0))
def test_an_override_touches_only_its_parameter_and_lane(lane: int, factor: float) -> None:
    world = load_world()
    overrides: list[dict[str, float]] = [{} for _ in range(8)]
    overrides[lane] = {"wage_exponent.scale": factor}
    lanes = lane_values(world, overrides)
    for name, values in world.parameters.items():
        wanted = np.repeat(values[:, None], 8, axis=1)
        if name == "wage_exponent":
            wanted[:, lane] *= factor
        np.testing.assert_array_equal(lanes[name], wanted)


def test_known_keys_are_all_taken() -> None:
    world = load_world()
    free = {row.name for row in world.parameter_rows if row.settled == "lane"}
    keys = [key for key in parameter_table(world).keys if not key.startswith("ems_")]
    own = {row.name for row in world.parameter_rows if row.by == "class"}
    stems = [key for key in keys if key.split(".")[0] in free & own]
    lane_values(world, [{key: 0.5} for key in stems])
    assert len(keys) == len(set(keys))


def test_defaults_follow_the_lines_they_are_asked_for() -> None:
    world = load_world()
    some = world.lines[5:8]
    assert for_lines(some)["theta"].shape == (3,)
