"""A value without a meaning is refused; one outside its declared range is told and goes on."""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path

import pytest

from sim.data.dataset import packaged_folder, read_dataset
from sim.data.kinds import KINDS
from sim.errors import InputError
from sim.world.build import load_world
from sim.world.parameter_table import ParameterTable, load_parameters
from sim.world.parameters import lane_values

CLASSES = ("cars", "chip_tools", "printers")
TABLE = ParameterTable(load_parameters(), CLASSES)


@pytest.mark.parametrize(
    ("key", "value", "cure"),
    [
        ("theta", 0.0, "above 0"),
        ("theta", -5.0, "above 0"),
        ("theta.cars", 1e308, "at most 1000"),
        ("theta.scale", -1.0, "above 0"),
        ("eta", math.nan, "give a number"),
        ("eta.scale", math.inf, "give a number"),
        ("parts_share", 1.5, "at most 1"),
        ("base_margin", 1.0, "below 1"),
        ("decision_probability", 2.0, "at most 1"),
        ("open_months", -1.0, "from 0"),
        ("alarm_half_life_months", 0.0, "above 0"),
        ("fixed_project_usd.cars", -1.0, "from 0"),
        ("hazard_section_301", 0.0, "above 0"),
        ("programmes", 3.0, "at most 1"),
        ("lead_time_sd", -0.1, "from 0"),
    ],
)
def test_a_value_without_a_meaning_is_refused_with_its_bounds(
    key: str, value: float, cure: str
) -> None:
    (fault,) = TABLE.faults({key: value})
    assert fault.key == key
    assert cure in fault.cure


def test_a_factor_is_judged_by_what_it_makes_of_the_value_that_is_set() -> None:
    assert TABLE.faults({"parts_share": 0.4, "parts_share.scale": 2.0}) == []
    (fault,) = TABLE.faults({"parts_share": 0.6, "parts_share.scale": 2.0})
    assert fault.key == "parts_share.scale"
    assert "1.2" in fault.wrong


def test_every_lane_is_looked_at_and_all_faults_come_together() -> None:
    with pytest.raises(InputError) as raised:
        lane_values(load_world(), [{"theta": 5.0}, {"theta": -1.0}, {"eta": 0.0, "zeta": 1.0}])
    assert {fault.key for fault in raised.value.faults} == {"theta", "eta", "zeta"}


def test_a_value_outside_its_declared_range_names_the_range_and_the_classes() -> None:
    (fault,) = TABLE.outside({"theta": 20.0})
    assert fault.wrong == "20 is outside its declared range 5..11.5"
    (fault,) = TABLE.outside({"eta": 3.5})
    assert fault.wrong == "3.5 is outside its declared range 1.2..3 of chip_tools"
    (fault,) = TABLE.outside({"theta.cars.scale": 3.0})
    assert "5..11.5" in fault.wrong


def test_declared_values_and_both_ends_of_every_range_are_inside() -> None:
    for row in load_parameters():
        if row.scope in CLASSES and row.settled != "base_year" and not math.isnan(row.value):
            for value in (row.low, row.value, row.high):
                key = {f"{row.name}.{row.scope}": value}
                assert TABLE.faults(key) == [] == TABLE.outside(key), key


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("base_use_share", "settled when the base year is built"),
        ("hazard_section_301.cars", "the same for all classes"),
        ("review_months.cars", "the same for all classes"),
    ],
)
def test_a_key_that_could_change_nothing_or_the_wrong_rows_is_refused(key: str, wrong: str) -> None:
    (fault,) = TABLE.faults({key: 0.9})
    assert wrong in fault.wrong


def test_every_kind_of_the_table_is_used() -> None:
    assert {row.kind for row in load_parameters()} == set(KINDS) - {"number"}


def test_a_table_with_values_without_a_meaning_is_refused_row_by_row(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    shutil.copytree(packaged_folder(), folder)
    path = folder / "parameters.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"value": "0", "low": "-1"}
    rows[1]["kind"] = "share"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    told = {(fault.line, fault.key): fault for fault in read_dataset(folder)[1]}
    assert "above 0" in told[2, "value"].cure
    assert "above 0" in told[2, "low"].cure
    assert "at most 1" in told[3, "value"].cure
