"""The tables of the package are sound, and a spoiled copy says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.data.dataset import load_dataset, packaged_folder, read_dataset, table_path
from sim.data.schema import TABLES
from sim.errors import DataError
from tests.data.conftest import Spoil

Rows = list[dict[str, str]]


def wrong(folder: Path) -> list[str]:
    with pytest.raises(DataError) as raised:
        load_dataset(folder)
    return [str(fault) for fault in raised.value.faults]


def set_cell(at: int, column: str, value: str) -> Callable[[Rows], None]:
    def edit(rows: Rows) -> None:
        rows[at][column] = value

    return edit


def test_the_packaged_tables_have_no_fault() -> None:
    _, faults = read_dataset()
    assert faults == []


def test_every_file_of_the_folder_has_a_schema() -> None:
    names = {path.stem for path in packaged_folder().glob("*.csv")}
    assert names == {spec.name for spec in TABLES}


def test_every_fact_has_source_confidence_and_evidence() -> None:
    data = load_dataset()
    graded = [spec.name for spec in TABLES if spec.name not in {"firms", "products", "posterior"}]
    for name in graded:
        for row in data[name]:
            cells = [row.text(c) for c in ("source_url", "confidence", "evidence")]
            assert all(cells), f"{name}:{row.line}"


def test_a_declared_estimate_says_why() -> None:
    data = load_dataset()
    bare = [
        f"{spec.name}:{row.line}"
        for spec in TABLES
        if spec.name not in {"firms", "products", "parameters"}
        for row in data[spec.name]
        if row.text("source_url") == "declared" and not row.text("note")
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("output_2017", "country", "JPN", "country: `JPN` is not known; did you mean `JP`?"),
        ("capacity_2017", "capacity_units", "-5", "capacity_units: -5 is outside 0 .. inf"),
        ("fx_monthly", "month", "2025-13-01", "month: `2025-13-01` is no date"),
        ("market_size", "sales_units", "many", "sales_units: `many` is no number"),
        ("output_2017", "line", "toyta_cars", "`toyta_cars` is not in lines.csv; did you mean"),
        ("lines", "firm", "toyot", "`toyot` is not in firms.csv; did you mean `toyota`?"),
        ("parameters", "scope", "car", "`car` is no class; did you mean `cars`?"),
    ],
)
def test_a_spoiled_cell_is_named_with_file_line_and_cure(
    spoil: Spoil, table: str, column: str, value: str, message: str
) -> None:
    folder = spoil(table, set_cell(0, column, value))
    faults = wrong(folder)
    assert any(message in fault for fault in faults), faults
    assert all(re.match(rf"{re.escape(str(folder))}/\w+\.csv:\d+", faults[0]) for _ in faults)


def test_faults_of_several_tables_come_together(spoil: Spoil) -> None:
    spoil("connections", set_cell(0, "sailing_days", "far"))
    folder = spoil("plants", set_cell(0, "latitude", "91"))
    (folder / "rivals.csv").unlink()
    text = "\n".join(wrong(folder))
    assert "connections.csv:2" in text
    assert "plants.csv:2" in text
    assert "rivals.csv: is missing" in text


@pytest.mark.parametrize(
    ("table", "edit", "message"),
    [
        ("output_2017", lambda rows: rows.append(dict(rows[0])), "stands on line 2 already"),
        ("connections", lambda rows: rows.pop(), "no connection between EU and ROW"),
        ("price_levels", lambda rows: rows.__delitem__(slice(0, 9)), "JP is missing"),
        ("parts_sources", set_cell(0, "local_share", "0.9"), "three shares add up to"),
        ("sales_2017", lambda rows: rows.pop(), "shares of fujitsu_networking add up to"),
        ("freight_rates", lambda rows: rows.pop(), "port_days is missing"),
        ("flow_facts", set_cell(0, "origin", "PH"), "toyota_cars makes nothing in PH"),
        ("kind_mix", set_cell(0, "share", "0.9"), "kinds of toyota_cars in CN add up to"),
        ("equipment_billings", set_cell(0, "quarter", "2016-1"), "`2016-1` is no quarter"),
        (
            "partnerships",
            lambda rows: rows[0].update(line="canon_printers_laser"),
            "canon_printers_laser sells no cars in China",
        ),
        (
            "partnerships",
            lambda rows: rows[0].update(offered_from="2026-01-01"),
            "lies after the agreement",
        ),
        ("energy_prices", lambda rows: rows.pop(0), "JP has no 2017"),
        ("ventures", set_cell(0, "country", "KR"), "toyota_cars makes nothing in KR"),
    ],
)
def test_rows_that_do_not_fit_together_are_told(
    spoil: Spoil, table: str, edit: Callable[[Rows], None], message: str
) -> None:
    faults = wrong(spoil(table, edit))
    assert any(message in fault for fault in faults), faults


def test_a_parameter_without_a_value_for_some_class_is_told(spoil: Spoil) -> None:
    def drop(rows: Rows) -> None:
        rows[:] = [r for r in rows if (r["parameter"], r["scope"]) != ("labour_share", "tyres")]

    assert any("labour_share has no value for tyres" in f for f in wrong(spoil("parameters", drop)))


def test_a_folder_is_read_once() -> None:
    assert load_dataset() is load_dataset(packaged_folder())


def test_an_edited_table_is_read_again(spoil: Spoil, tables: Path) -> None:
    before = load_dataset(tables)
    after = load_dataset(spoil("firms", set_cell(0, "name", "Toyota Motor")))
    assert (before["firms"][0].text("name"), after["firms"][0].text("name")) == (
        "Toyota", "Toyota Motor",
    )  # fmt: skip


def test_a_table_has_its_path() -> None:
    assert table_path(packaged_folder(), "lines").exists()


def test_the_page_on_data_tells_of_every_table(root: Path) -> None:
    page = (root / "docs" / "data.md").read_text(encoding="utf-8")
    assert [spec.name for spec in TABLES if f"`{spec.name}`" not in page] == []
