"""Chip tools: classes that make a whole, customers that leave no market short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from sim.data.meaning.faults import SHARE_TOLERANCE, Tables, fault, missing_rows
from sim.data.schema import NODE_GROUPS
from sim.errors import Fault


def tool_faults(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Faults of makers' classes and of customers."""
    yield from _classes(folder, tables)
    yield from _customers(folder, tables)


def _classes(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Classes of tools make 1 for every maker and node group."""
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for table, column in (("tool_mix", "line"), ("tool_rivals", "maker")):
        for row in tables[table]:
            sums[table, row.text(column), row.text("node_group")] += row.number("share")
    chip_lines = {
        row.text("id"): row for row in tables["lines"] if row.text("product") == "chip_tools"
    }
    for line, group in product(sorted(chip_lines), NODE_GROUPS):
        if ("tool_mix", line, group) not in sums:
            wrong, cure = f"{line} has no classes for {group} fabs", "add rows that make 1"
            yield missing_rows("tool_mix", "share", wrong, cure, chip_lines[line])
    for (table, maker, group), total in sums.items():
        if abs(total - 1.0) > SHARE_TOLERANCE:
            wrong = f"classes of {maker} for {group} fabs add up to {total:.4f}"
            yield fault(folder, table, "share", wrong, "make them 1", None)


def _customers(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Customers leave no market short."""
    market = {row.text("customer"): row.text("market") for row in tables["customers"]}
    taken: dict[tuple[str, int], float] = defaultdict(float)
    for row in tables["customer_spending"]:
        taken[market.get(row.text("customer"), ""), row.integer("year")] += row.number("share")
    for (place, year), total in taken.items():
        if total > 1.0:
            wrong = f"customers of {place} take {total:.4f} of {year}"
            yield fault(folder, "customer_spending", "share", wrong, "leave a rest", None)
