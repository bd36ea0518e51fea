"""Chip tools in a comparison: China's part of sales by maker, orders lost, who gains."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.cli.headline_tables import Section
    from sim.results.chip_tools import ToolTables

MAKERS = "Chip tools: China's part of sales by maker, %"
ORDERS = "Chip tools: orders, and who gains in China, USD a year"


def tool_sections(found: ToolTables | None) -> list[Section]:
    """Both tables of chip tools; without rows where the policies do not differ, none without tools.

    Each year has three columns: the other policy, the policy, and their paired difference.
    """
    from sim.results.chip_tools import ROWS

    if found is None:
        return []
    columns = tuple(
        f"{year} {name}"
        for year in found.years
        for name in (found.against, found.policy, "difference")
    )
    if not found.differ:
        return [("Chip tools", ("", *columns), [])]
    makers: list[tuple[object, ...]] = [
        (str(maker), *_cells(own, share=True))
        for maker, own in found.shares.groupby("maker", sort=False)
    ]
    orders: list[tuple[object, ...]] = [
        (ROWS[str(row)], *_cells(own, share=row == "local"))
        for row, own in found.orders.groupby("row", sort=False)
        if own[["base", "level"]].to_numpy().any()
    ]
    return [(MAKERS, ("maker", *columns), makers), (ORDERS, ("", *columns), orders)]


def _cells(own: pd.DataFrame, *, share: bool) -> list[str]:
    """Three cells a year."""
    from sim.cli.headline_tables import interval
    from sim.results.numbers import short

    cells: list[str] = []
    for row in own.to_dict("records"):
        if share:
            cells += [_percent(row["base"]), _percent(row["level"]), _points(row)]
        else:
            cells += [short(row["base"]), short(row["level"]), interval(row)]
    return cells


def _percent(share: float) -> str:
    """Write a share as per cent.

    >>> _percent(0.1234), _percent(float("nan"))
    ('12.3 %', 'n/a')
    """
    return "n/a" if isnan(share) else f"{100.0 * share:.1f} %"


def _points(row: Any) -> str:
    """Write a difference of shares in percentage points, with its interval."""
    told = [100.0 * float(row[name]) for name in ("difference", "low", "high")]
    if isnan(told[0]):
        return "n/a"
    mean, low, high = (f"{value:+z.1f}" for value in told)
    interval = "" if isnan(told[1]) else f" [{low}, {high}]"
    return f"{mean}{interval} pt"
