"""A new country is rows: a copy of the package whose tables alone have a sixteenth place."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.axes import COUNTRIES

ROOT = Path(__file__).resolve().parents[2]
NEW, MODEL = "TR", "TH"
"""A country that no table and no law knows, and the one whose rows it is given."""
Rows = list[dict[str, str]]

MONTHS = """
import numpy as np
from sim.axes import COUNTRY_INDEX
from sim.engine.model import RelocationModel

model = RelocationModel(seed=7, last="2018-03")
s, layout = model.simulation, model.simulation.layout
maker = [firm.id for firm in s.world.firms].index("subaru")

def own(values, line):
    return float(values[layout.line_firm[line] == maker].sum())

for _ in range(15):
    model.step()
    books = s.closed_books
    made = np.zeros_like(s.month.output)
    np.add.at(made, layout.route_plant, s.month.flow)
    np.testing.assert_allclose(made, s.month.output, rtol=1e-9)
    spent = sum(own(v, layout.plant_line)
                for v in (books.production, books.idle, books.overtime, books.support))
    spent += sum(own(v, layout.route_line) for v in (books.freight, books.duty))
    spent += own(books.programme, np.arange(len(layout.line_firm)))
    earned = own(books.revenue - books.service_duty, layout.outlet_line)
    np.testing.assert_allclose(books.profit[maker, 0], earned - spent, rtol=1e-9)
there = layout.plant_country == COUNTRY_INDEX["TR"]
assert 12.0 * own(s.month.output * there[:, None], layout.plant_line) > 30_000.0
assert "TR" in {government.country for government in model.governments}
print("sixteen" if s.world.base_flow.shape[1:] == (16, 16) else s.world.base_flow.shape)
"""
"""Fifteen months; the maker with the new plant has no ventures: its books add up plainly."""

FAULTS = """
from sim.data.dataset import load_dataset
from sim.errors import InputError
from sim.law.law import load_law

for load in (load_dataset, load_law):
    try:
        load()
    except InputError as error:
        print(error)
"""


def edit(folder: Path, table: str, change: Callable[[Rows], None]) -> None:
    """Change the rows of a table."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def like_model(column: str, **other: str) -> Callable[[Rows], None]:
    """Give the new country a copy of every row of the model country."""

    def change(rows: Rows) -> None:
        rows += [{**row, column: NEW, **other} for row in rows if row[column] == MODEL]

    return change


def first_places(rows: Rows) -> None:
    """The new country stands among the others, so that the last two change their numbers."""
    [model] = [row for row in rows if row["country"] == MODEL]
    new = {
        "country": NEW,
        "name": "Turkey",
        "currency": "TRY",
        "segment": "other",
        "colour": "#123",
    }
    rows.insert([row["country"] for row in rows].index("EU"), model | new)


def with_connections(rows: Rows) -> None:
    rows += [
        {**rows[0], "origin": NEW, "market": code, "mode": "sea", "sailing_days": "15"}
        for code in COUNTRIES
    ]


def with_plant(rows: Rows) -> None:
    [model] = [row for row in rows if (row["line"], row["country"]) == ("subaru_cars", "US")]
    rows.append(model | {"country": NEW, "quantity": "60000", "low": "50000", "high": "70000"})


def with_sales(rows: Rows) -> None:
    [model] = [row for row in rows if (row["line"], row["market"]) == ("subaru_cars", MODEL)]
    rows.append(model | {"market": NEW, "quantity": "20000", "low": "10000", "high": "30000"})


ROWS: dict[str, Callable[[Rows], None]] = {
    "countries": first_places,
    "fx_monthly": lambda rows: rows.extend(
        {**row, "currency": "TRY"} for row in list(rows) if row["currency"] == "THB"
    ),
    "price_levels": like_model("country"),
    "wage_growth": like_model("country"),
    "energy_prices": like_model("country"),
    "hosts": like_model("country"),
    "connections": with_connections,
    "output_2017": with_plant,
    "sales_2017": with_sales,
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's own files, untouched but for its tables."""
    place = tmp_path_factory.mktemp("package")
    for room in ("sim", "analysis"):
        shutil.copytree(ROOT / room, place / room)
    return place


def told(package: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """What a fresh interpreter says that knows this copy alone."""
    environment = {**os.environ, "PYTHONPATH": str(package), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, *command], cwd=package, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_a_country_of_rows_alone_is_checked_and_simulated_and_a_forgotten_row_is_told(
    package: Path,
) -> None:
    """First the row of the country alone, then every other row that it needs."""
    data = package / "sim" / "data"
    edit(data / "world", "countries", ROWS["countries"])
    ended = told(package, "-c", FAULTS)
    for name in (
        "price_levels",
        "wage_growth",
        "energy_prices",
        "hosts",
        "connections",
        "fx_monthly",
        "mfn",
    ):
        assert f"{name}.csv" in ended.stdout, name
    assert f"no connection between {NEW} and {', '.join(COUNTRIES)}" in ended.stdout
    assert told(package, "-m", "sim.cli.main", "check").returncode == 2
    for table, change in ROWS.items():
        if table != "countries":
            edit(data / "world", table, change)
    edit(data / "law" / "schedules", "mfn", like_model("importer"))
    ended = told(package, "-m", "sim.cli.main", "check")
    assert ended.returncode == 0, ended.stderr
    ended = told(package, "-c", MONTHS)
    assert ended.stdout == "sixteen\n", ended.stderr
