"""Outcomes leave as files that other programs read: long tables, Excel, Parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from sim.errors import InputError
from sim.meanings import Group
from sim.results.comparing.bootstrap import mean_interval
from sim.results.comparing.futures import range_of_futures
from sim.results.comparing.pairs import paired
from sim.results.exporting import workbook as workbooks
from sim.results.exporting.export import export
from sim.results.exporting.spreads import chosen
from sim.results.exporting.workbook import workbook
from sim.results.run_folder.query import RunFolder


def read(path: Path) -> pd.DataFrame:
    reader = {".csv": pd.read_csv, ".xlsx": pd.read_excel, ".parquet": pd.read_parquet}
    return reader[path.suffix](path)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_every_kind_of_file_holds_the_same_long_table(
    run: RunFolder, tmp_path: Path, ending: str
) -> None:
    asked = chosen(run, ["output", "us_supply"], against="base")
    rows = export(asked, tmp_path / f"x.{ending}", "table")
    export(asked, tmp_path / "other.parquet", "table")
    found, same = read(tmp_path / f"x.{ending}"), read(tmp_path / "other.parquet")
    assert len(found) == rows == len(same)
    assert list(found) == [
        "policy", "against", "outcome", "product", "country", "year", "mean_difference",
        "precision_low", "precision_high", "futures_low", "futures_high", "runs", "unit",
        "description",
    ]  # fmt: skip
    numbers = list(same.select_dtypes("number"))
    np.testing.assert_allclose(found[numbers], same[numbers], rtol=1e-9)
    texts = [name for name in same if name not in numbers]
    assert (found[texts].fillna("") == same[texts]).all(axis=None)


def test_a_difference_is_told_with_both_spreads(run: RunFolder, tmp_path: Path) -> None:
    export(chosen(run, ["output"], against="base"), tmp_path / "x.parquet")
    rows = read(tmp_path / "x.parquet").query("product == 'printers' and country == 'VN'")
    both = paired(run, "tariff", "base", "output").yearly()
    values = both.difference[both.groups.index(Group("printers", "VN"))]
    np.testing.assert_allclose(
        rows[["mean_difference", "precision_low", "precision_high"]].T, mean_interval(values)
    )
    np.testing.assert_allclose(rows[["futures_low", "futures_high"]].T, range_of_futures(values))


def test_a_years_flow_has_the_unit_of_a_year_and_a_months_that_of_a_month(
    run: RunFolder, tmp_path: Path
) -> None:
    for every in ("year", "month"):
        export(chosen(run, ["output"], every=every), tmp_path / f"{every}.parquet")
    year, month = (read(tmp_path / f"{every}.parquet") for every in ("year", "month"))
    assert {unit.rpartition(" a ")[2] for unit in year["unit"]} == {"year"}
    assert {unit.rpartition(" a ")[2] for unit in month["unit"]} == {"month"}
    assert month["mean"].sum() == pytest.approx(year["mean"].sum())


def test_a_workbook_has_dates_numbers_a_frozen_heading_and_notes(
    run: RunFolder, tmp_path: Path
) -> None:
    export(chosen(run, ["output"], every="month"), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    data = book["data"]
    cells = dict(zip((cell.value for cell in data[1]), data[2], strict=True))
    assert cells["month"].value == pd.Timestamp("2017-01-01")
    assert cells["mean"].data_type == "n"
    assert data.freeze_panes == "A2"
    told = {row[0].value: row[1].value for row in book["notes"]}
    assert "95 % bootstrap interval" in told["precision_low, precision_high"]
    assert "10th to 90th percentile" in told["futures_low, futures_high"]
    assert "seed 1" in told["runs of each policy"]


def test_years_of_an_iamc_workbook_are_numbers(run: RunFolder, tmp_path: Path) -> None:
    export(chosen(run, ["output"]), tmp_path / "x.xlsx")
    head = [cell.value for cell in openpyxl.load_workbook(tmp_path / "x.xlsx")["data"][1]]
    assert head == ["model", "scenario", "region", "variable", "unit", 2017, 2018, 2019]


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["=1+1", "+1", "-1", "@x", "http://x"], "mean": [-1.0] * 5})
    (tmp_path / "x.xlsx").write_bytes(workbook(frame, [("=note", "=1")], tmp_path / "x.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    cells = [*(row[0] for row in book["data"].iter_rows(min_row=2)), *book["notes"][1]]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert cells[0].value == "=1+1"


def test_a_csv_holds_no_text_that_a_spreadsheet_would_compute(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    meaning = replace(run.outcomes["output"], description="=1+1")
    monkeypatch.setitem(run.outcomes, "output", meaning)  # what a user's outcome may say
    export(chosen(run, ["output"], against="base"), tmp_path / "x.csv", "table")
    table = read(tmp_path / "x.csv")
    assert set(table["description"]) == {"'=1+1"}
    assert (table["mean_difference"] < 0).any()  # numbers stay numbers


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_the_same_run_gives_the_same_bytes(run: RunFolder, tmp_path: Path, ending: str) -> None:
    paths = [tmp_path / f"{name}.{ending}" for name in ("a", "b")]
    for path in paths:
        export(chosen(run, ["output"]), path, "table")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_more_than_excel_holds_is_refused_with_a_cure(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "ROWS", 10)
    with pytest.raises(InputError, match=r"holds 9 rows .* write \.csv or \.parquet"):
        export(chosen(run, ["output"]), tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()
    long = pd.DataFrame({"text": ["x" * 32_768]})
    with pytest.raises(InputError, match="holds 32,767 characters, not 32,768"):
        workbook(long, [], tmp_path / "x.xlsx")


@pytest.mark.parametrize(
    ("name", "form", "every", "cure"),
    [
        ("x.xls", None, "year", "did you mean `.xlsx`"),
        ("x", None, "year", "end it with one of .csv, .xlsx, .parquet"),
        ("x.csv", "tabel", "year", "did you mean `table`"),
        ("x.csv", None, "moth", "did you mean `month`"),
        ("x.parquet", "iamc", "year", "ask for `table`"),
        ("x.csv", "iamc", "month", "ask for `table`"),
    ],
)
def test_what_cannot_be_written_is_refused(
    run: RunFolder, tmp_path: Path, name: str, form: str | None, every: str, cure: str
) -> None:
    with pytest.raises(InputError, match=cure):
        export(chosen(run, ["output"], every=every), tmp_path / name, form)
    assert list(tmp_path.iterdir()) == []
