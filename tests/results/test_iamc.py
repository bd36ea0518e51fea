"""Outcomes leave as an IAMC table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.meanings import Group
from sim.results.comparing.pairs import paired
from sim.results.exporting.export import export
from sim.results.exporting.spreads import chosen
from sim.results.run_folder.query import RunFolder


def test_an_iamc_table_has_the_five_columns_then_years(run: RunFolder, tmp_path: Path) -> None:
    count = export(chosen(run), tmp_path / "x.csv")
    table = pd.read_csv(tmp_path / "x.csv")
    assert list(table.columns) == [
        "model", "scenario", "region", "variable", "unit", "2017", "2018", "2019",
    ]  # fmt: skip
    assert len(table) == count
    assert set(table["scenario"]) == {"base", "tariff"}
    assert not table.duplicated(["model", "scenario", "region", "variable", "unit"]).any()


def test_a_row_holds_the_mean_over_runs_between_its_two_spreads(
    run: RunFolder, tmp_path: Path
) -> None:
    export(chosen(run, ["output"], ["tariff"]), tmp_path / "x.csv")
    rows = pd.read_csv(tmp_path / "x.csv").set_index(["region", "variable"])["2019"]
    both = paired(run, "tariff", "tariff", "output").yearly()
    group = both.groups.index(Group("printers", "VN"))
    name = ("Vietnam", "Output|Printers")
    assert rows[name] == pytest.approx(both.a[group, 2].mean())
    bounds = (
        "10th Percentile",
        "Precision of Mean|Low",
        "Precision of Mean|High",
        "90th Percentile",
    )
    values = [rows[name[0], f"{name[1]}|{bound}"] for bound in bounds]
    assert sorted([*values, rows[name]]) == [*values[:2], rows[name], *values[2:]]
    single = both.a[group, 2]
    assert values[0] == pytest.approx(np.quantile(single, 0.1))
    assert values[3] == pytest.approx(np.quantile(single, 0.9))


def test_differences_are_named_as_pyam_names_a_subtraction(run: RunFolder, tmp_path: Path) -> None:
    export(chosen(run, ["output"], against="base"), tmp_path / "x.csv")
    table = pd.read_csv(tmp_path / "x.csv")
    assert set(table["scenario"]) == {"tariff - base"}
    rows = table.set_index(["region", "variable"])["2019"]
    both = paired(run, "tariff", "base", "output").yearly()
    group = both.groups.index(Group("printers", "VN"))
    assert rows["Vietnam", "Output|Printers"] == pytest.approx(both.difference[group, 2].mean())
