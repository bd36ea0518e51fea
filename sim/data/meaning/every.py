"""Every check of rows against each other, over all tables of the world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.data.meaning.chip_tools import tool_faults
from sim.data.meaning.faults import Tables
from sim.data.meaning.lines import line_faults
from sim.data.meaning.parameters import parameter_faults
from sim.data.meaning.places import place_faults
from sim.data.meaning.trade import trade_faults
from sim.errors import Fault


def meaning_faults(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Faults that no single cell shows."""
    yield from place_faults(folder, tables)
    yield from line_faults(folder, tables)
    yield from parameter_faults(folder, tables)
    yield from tool_faults(folder, tables)
    yield from trade_faults(folder, tables)
