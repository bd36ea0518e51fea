import csv
import dataclasses
from importlib.resources import files

import pytest

from sim.errors import DataError
from sim.network import parameters
from sim.network.parameters import Parameters, load_inputs, load_parameters


def rows(name):
    text = files("sim").joinpath("data", "network", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_parameter_carries_a_range_a_grade_and_a_source_or_says_it_is_a_judgement():
    for row in rows("parameters.csv"):
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
        assert row["evidence"] in {"read", "cited", "derived", "recalled", "estimated"}
        assert row["source_url"] or (row["source"].startswith("none") and row["low"] != row["high"])


def test_the_shares_of_every_products_inputs_add_up_to_one():
    assert load_inputs().sum(axis=1) == pytest.approx(1.0)


def test_published_values_are_those_of_inoue_and_todo():
    values = load_parameters()
    assert (values.target_days, values.adjustment_days) == (15.0, 6.0)


def test_faulty_rows_are_all_named_with_their_line(monkeypatch):
    names = [field.name for field in dataclasses.fields(Parameters)]
    table = [
        (n, {"parameter": name, "low": "0", "value": "0.5", "high": "1"})
        for n, name in enumerate(names[1:], start=2)
    ]
    table.append((99, {"parameter": "adjustment_day", "low": "0", "value": "1", "high": "2"}))
    table[3][1]["value"] = "3"
    monkeypatch.setattr(parameters, "_rows", lambda name: table)
    with pytest.raises(DataError) as caught:
        load_parameters()
    said = str(caught.value)
    assert "parameters.csv:99: adjustment_day: unknown; did you mean `adjustment_days`?" in said
    assert "parameters.csv:5: " in said
    assert "target_days: missing" in said


def test_inputs_of_unknown_products_and_shares_that_do_not_add_up_are_refused(monkeypatch):
    table = [(2, {"product": "cars", "input_product": "auto_part", "share": "1"})]
    monkeypatch.setattr(parameters, "_rows", lambda name: table)
    with pytest.raises(DataError) as caught:
        load_inputs()
    assert "did you mean `auto_parts`?" in str(caught.value)
    assert "cars: shares add up to 0, not 1" in str(caught.value)
