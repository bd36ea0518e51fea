"""Chip tools in a comparison: China's part of sales by maker, orders lost, who gains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.cli.render import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.results.comparing.chip_tools import ToolTables

Rows = list[tuple[object, ...]]

MAKERS = "Chip tools: China's part of sales by maker"
ORDERS = "Chip tools: orders, and who gains in China, USD"
COLUMNS = ("base", "change", "range of\nfutures", "precision\nof the mean")


def tool_sections(found: ToolTables | None) -> list[Section]:
    """Two tables a year; none without tools, one without rows where policies do not differ."""
    from sim.results.comparing.chip_tools import ROWS

    if found is None:
        return []
    if not found.differ:
        return [("Chip tools", ("", *COLUMNS), [])]
    sections: list[Section] = []
    for year in found.years:
        shares = found.shares[found.shares["year"] == year].to_dict("records")
        orders = found.orders[found.orders["year"] == year].to_dict("records")
        makers: Rows = [(r["maker"], *_cells(r, share=True)) for r in shares if _differs(r)]
        flows: Rows = [
            (ROWS[r["row"]], *_cells(r, share=r["row"] == "local")) for r in orders if _differs(r)
        ]
        sections.append((f"{MAKERS}, {year}", ("", *COLUMNS), makers))
        sections.append((f"{ORDERS}, {year}", ("", *COLUMNS), flows))
    return sections


def _differs(row: Mapping[Any, Any]) -> bool:
    """Whether any run differs by what a table would show."""
    from sim.results.comparing.futures import SPREAD

    least = 5e-4 if abs(row["base"]) <= 1.0 else 0.5
    return any(abs(row[name]) >= least for name in SPREAD)


def _cells(row: Mapping[Any, Any], *, share: bool) -> tuple[str, ...]:
    """Base, change and both spreads; shares in per cent, their changes in points."""
    from sim.results.numbers import amount, between, percent, points

    bounds = ((row["futures_low"], row["futures_high"]), (row["low"], row["high"]))
    if share:
        told = [f"{points(low)} to {points(high)}" for low, high in bounds]
        return (percent(row["base"]), f"{points(row['difference'])} pt", *told)
    change = amount(row["difference"], signed=True)
    return (amount(row["base"]), change, *(between(low, high) for low, high in bounds))
