"""How a fault of rows is told: at the row, or at the table that lacks one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.data.columns import Row
from sim.errors import Fault

Tables = Mapping[str, tuple[Row, ...]]
SHARE_TOLERANCE = 2e-3
"""Shares of a line are rounded; they must add up to one within this."""


def fault(folder: Path, table: str, key: str, wrong: str, cure: str, row: Row | None) -> Fault:
    """Tell a fault at its row, or at the table where no row is to blame."""
    if row is None:
        return Fault(str(folder / f"{table}.csv"), key, wrong, cure)
    return Fault(row.file, key, wrong, cure, row.line)


def missing_rows(table: str, key: str, wrong: str, cure: str, needed_by: Row) -> Fault:
    """Rows that are not there, told at the table beside the one whose row needs them."""
    return Fault(str(Path(needed_by.file).with_name(f"{table}.csv")), key, wrong, cure)
