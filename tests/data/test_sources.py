"""Every source is listed once, and nothing a table names is of this machine."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from sim.data.dataset import packaged_folder
from sim.results.scoring.targets import read_targets

DATA = packaged_folder().parent


def table_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_of_sources_is_that_of_the_tables() -> None:
    used: Counter[str] = Counter()
    for path in [*(DATA / "world").glob("*.csv"), *(DATA / "targets").glob("*.csv")]:
        rows = table_rows(path)
        column = "source_url" if rows and "source_url" in rows[0] else "source"
        used.update(row[column] for row in rows if row.get(column))
    listed = {row["source_url"]: int(row["rows"]) for row in table_rows(DATA / "sources.csv")}
    assert listed == dict(used)


def test_targets_are_readable_and_their_bands_hold_their_value() -> None:
    path = DATA / "targets" / "calibration.csv"
    targets = {target.id: target for target in read_targets(path)}
    for row in table_rows(path):
        target = targets[row["id"]]
        if row["value"]:
            assert not float(row["value"]) < target.low
            assert not float(row["value"]) > target.high
