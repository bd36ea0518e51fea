"""One replication of the engine against a plain Mesa loop: ``python benchmarks/model.py [months]``.

The loop is the reference of ``tests/reference``: one Mesa agent a firm, ``do()`` for each phase,
plain floats, the same equations and the same records. Both run the same months of the same world
in this one process; a block of the engine holds 64 lanes, so its time is divided by 64. Times are
CPU seconds, least of the repeats; only the ratio carries over to another machine.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))  # the plain loop lives with the tests

from sim.axes import LANES
from sim.engine.block import Block, Lane, run_block
from sim.law.law import load_law
from sim.law.rates.monthly import MonthlyDuty, monthly
from sim.world.build import load_world
from sim.world.world import World
from tests.reference.model import ReferenceModel

MONTHS, REPEATS = 36, 3
WHOLE = 168


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Least CPU time of one call."""
    least = np.inf
    for _ in range(repeats):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return float(least)


def setting(months: int) -> tuple[World, MonthlyDuty]:
    """World and enacted duties of the first months; chip tools unlicensed, as in the loop."""
    last = 2017 * 12 + months - 1
    world = load_world(last=date(last // 12, last % 12 + 1, 1))
    world = dataclasses.replace(world, tools=None)
    return world, monthly(load_law(), world.months)


def block_seconds(months: int, repeats: int) -> float:
    """A full block of 64 replications, tables of outcomes and moves included."""
    world, duty = setting(months)
    lanes = tuple(Lane("enacted", "base", replication, 0) for replication in range(LANES))
    block = Block("benchmark", 1, lanes)
    return seconds(lambda: run_block(world, [duty], block), repeats)


def loop_seconds(months: int) -> float:
    """One replication of the plain loop."""
    world, duty = setting(months)
    return seconds(lambda: ReferenceModel(world, duty, seed=1).run(), 1)


def main(months: int = MONTHS) -> None:
    block_seconds(4, 1)  # compiles, or loads what was compiled
    loop, block = loop_seconds(months) / months, block_seconds(months, REPEATS) / months
    whole = block_seconds(WHOLE, 1) / WHOLE
    table = Table(title=f"{len(load_world().lines)} lines, the first {months} months, CPU time")
    for heading in ("", "ms a replication and month", "s a block-month", "times the loop"):
        table.add_column(heading, justify="left" if not heading else "right")
    table.add_row("plain Mesa loop", f"{1e3 * loop:.1f}", "", "1")
    for name, cost in (("engine", block), (f"engine, all {WHOLE} months", whole)):
        lane = cost / LANES
        ratio = f"{loop / lane:.0f}" if name == "engine" else ""
        table.add_row(name, f"{1e3 * lane:.3f}", f"{cost:.4f}", ratio)
    Console(width=100).print(table)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
