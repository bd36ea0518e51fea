"""A copy of the tables that a test may spoil."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.data.dataset import packaged_folder

Spoil = Callable[[str, Callable[[list[dict[str, str]]], None]], Path]


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A writable copy of ``sim/data/world``."""
    return Path(shutil.copytree(packaged_folder(), tmp_path / "world"))


@pytest.fixture
def spoil(tables: Path) -> Spoil:
    """``spoil("lines", change)`` lets ``change`` alter the rows of a table; returns the folder."""

    def change(name: str, edit: Callable[[list[dict[str, str]]], None]) -> Path:
        path = tables / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = list(rows[0])
        edit(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return tables

    return change
