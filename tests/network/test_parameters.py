import csv
import dataclasses
from importlib.resources import files

import pytest

from sim.errors import DataError
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


def test_faulty_rows_are_all_named_with_their_line(tmp_path):
    names = [field.name for field in dataclasses.fields(Parameters)]
    table = [f"{name},0.5,0,1,days,high,read," for name in names[1:]]
    table.append("adjustment_day,1,0,2,days,high,read,")
    table[3] = table[3].replace("0.5", "3")
    header = "parameter,value,low,high,unit,confidence,evidence,note"
    (tmp_path / "parameters.csv").write_text("\n".join([header, *table, ""]))
    with pytest.raises(DataError) as caught:
        load_parameters(tmp_path)
    said = str(caught.value)
    unknown = "parameter: `adjustment_day` is not known; did you mean `adjustment_days`?"
    assert f"parameters.csv:{len(names) + 1}:1: {unknown}" in said
    assert "parameters.csv:5: value: 3 is outside its own range 0 .. 1" in said
    assert "target_days: is missing" in said


def test_inputs_of_unknown_products_and_shares_that_do_not_add_up_are_refused(tmp_path):
    header = "product,input_product,share,low,high,confidence,evidence,note"
    row = "cars,auto_part,1,0,1,low,estimated,"
    (tmp_path / "inputs.csv").write_text(f"{header}\n{row}\n")
    with pytest.raises(DataError) as caught:
        load_inputs(tmp_path)
    assert "did you mean `auto_parts`?" in str(caught.value)
    assert "cars: shares add up to 0, not 1" in str(caught.value)
