"""Outcomes leave as an IAMC table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.results.comparing.pairs import paired
from sim.results.iamc import export_iamc
from sim.results.run_folder.query import RunFolder
from sim.tables import Group


def test_an_iamc_table_has_the_five_columns_then_years(run: RunFolder, tmp_path: Path) -> None:
    count = export_iamc(run, tmp_path / "x.csv")
    table = pd.read_csv(tmp_path / "x.csv")
    assert list(table.columns) == [
        "model", "scenario", "region", "variable", "unit", "2017", "2018", "2019",
    ]  # fmt: skip
    assert len(table) == count
    assert set(table["scenario"]) == {"base", "tariff"}
    assert not table.duplicated(["model", "scenario", "region", "variable", "unit"]).any()


def test_a_row_holds_the_mean_over_runs_between_its_percentiles(
    run: RunFolder, tmp_path: Path
) -> None:
    export_iamc(run, tmp_path / "x.csv", outcomes=["output"], policies=["tariff"])
    rows = pd.read_csv(tmp_path / "x.csv").set_index(["region", "variable"])["2019"]
    both = paired(run, "tariff", "tariff", "output").yearly()
    group = both.groups.index(Group("printers", "VN"))
    name = ("Vietnam", "Output|Printers")
    assert rows[name] == pytest.approx(both.a[group, 2].mean())
    low, high = (rows[name[0], f"{name[1]}|{q}th Percentile"] for q in ("2.5", "97.5"))
    assert low < rows[name] < high
