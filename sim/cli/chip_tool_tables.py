"""Chip tools in a comparison: China's part of sales by maker, orders lost, who gains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.render import Section

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.comparing.chip_tools import ToolTables

MAKERS = "Chip tools: China's part of sales by maker, %"
ORDERS = "Chip tools: orders, and who gains in China, USD a year"


def tool_sections(found: ToolTables | None) -> list[Section]:
    """Both tables of chip tools; without rows where the policies do not differ, none without tools.

    Each year has three columns: the other policy, the policy, and their paired difference.
    """
    from sim.results.comparing.chip_tools import ROWS

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
    from sim.results.numbers import amount, interval, percent, points

    cells: list[str] = []
    for row in own.to_dict("records"):
        if share:
            cells += [percent(row["base"]), percent(row["level"]), points(row)]
        else:
            cells += [amount(row["base"]), amount(row["level"]), interval(row)]
    return cells
