"""Declared ranges of parameters as places from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.data.dataset import Dataset
from sim.data.shared_columns import ALL
from sim.world.parameter_table import SCALE, Parameter, load_parameters

NARROWED = 0.85
"""Draws constrain a parameter where their spread is below this part of that of its range."""
WIDE = 4.0
"""A positive range of at least this ratio is spread evenly by its logarithm."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A parameter that is the same for all classes, or a factor on the values of all of them."""

    key: str
    low: float
    high: float

    @property
    def by_log(self) -> bool:
        """Whether the prior is even over the logarithm."""
        return 0.0 < self.low * WIDE <= self.high

    def value(self, place: float) -> float:
        """Value at a place from 0 to 1 of its range.

        >>> Dial("x", 1.0, 4.0).value(0.5), Dial("x", 2.0, 4.0).value(0.5)
        (2.0, 3.0)
        """
        if self.by_log:
            return float(self.low * (self.high / self.low) ** place)
        return self.low + place * (self.high - self.low)

    def place(self, value: float) -> float:
        """Place of a value, from 0 to 1."""
        if self.by_log:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)


def dials(names: Iterable[str], data: Dataset | None = None) -> tuple[Dial, ...]:
    """Dials of parameters, with the ranges that ``parameters.csv`` declares.

    >>> [one.key for one in dials(["existing_gap_factor", "entry_gap"])]
    ['existing_gap_factor', 'entry_gap.scale']
    """
    rows = load_parameters(data)
    return tuple(_dial(name, [row for row in rows if row.name == name]) for name in names)


def _dial(name: str, rows: Sequence[Parameter]) -> Dial:
    """The range of a single row, or the factors that keep every class within its own range."""
    if len(rows) == 1 and rows[0].scope == ALL:
        return Dial(name, rows[0].low, rows[0].high)
    held = [row for row in rows if row.low < row.high and row.value > 0.0]
    low = max(row.low / row.value for row in held)
    high = min(row.high / row.value for row in held)
    return Dial(f"{name}.{SCALE}", low, high)
