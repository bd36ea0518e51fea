"""Kinds of parameters: which values have a meaning at all, whatever range was declared for them."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What a parameter is, and the values that have a meaning for such a thing.

    Values from ``low`` to ``high`` have one; ``low`` itself only where ``low_counts``, ``high``
    only where ``high_counts``.
    """

    what: str
    low: float
    high: float
    low_counts: bool = True
    high_counts: bool = True

    def holds(self, value: float) -> bool:
        """Whether a value has a meaning.

        >>> KINDS["elasticity"].holds(0.0), KINDS["share"].holds(0.0)
        (False, True)
        """
        above = value >= self.low if self.low_counts else value > self.low
        below = value <= self.high if self.high_counts else value < self.high
        return math.isfinite(value) and above and below

    @property
    def cure(self) -> str:
        """What to give instead.

        >>> KINDS["elasticity"].cure
        'give a number above 0 and at most 1000'
        """
        least = f"from {self.low:g}" if self.low_counts else f"above {self.low:g}"
        most = f"at most {self.high:g}" if self.high_counts else f"below {self.high:g}"
        return f"give a number {least} and {most}"


KINDS: dict[str, Kind] = {
    "number": Kind("a number", -1e15, 1e15),
    "share": Kind("a share", 0.0, 1.0),
    "positive_share": Kind("a share that divides", 0.0, 1.0, low_counts=False),
    "margin": Kind("a margin", 0.0, 1.0, high_counts=False),
    "probability": Kind("a probability", 0.0, 1.0),
    "switch": Kind("a switch", 0.0, 1.0),
    "rate": Kind("a rate", 0.0, 100.0),
    "yearly_rate": Kind("a yearly rate that divides", 0.0, 100.0, low_counts=False),
    "elasticity": Kind("an elasticity that divides", 0.0, 1000.0, low_counts=False),
    "response": Kind("an exponent", 0.0, 1000.0),
    "months": Kind("a number of months", 0.0, 1200.0),
    "period": Kind("a number of whole months", 1.0, 120.0),
    "life": Kind("a mean life in months", 0.0, 1200.0, low_counts=False),
    "usd": Kind("an amount in USD", 0.0, 1e15),
    "units": Kind("a number of units", 0.0, 1e15),
    "factor": Kind("a factor", 0.0, 1000.0),
    "spread": Kind("a spread", 0.0, 10.0),
    "ratio": Kind("a ratio that divides", 0.0, 1000.0, low_counts=False),
    "count": Kind("a count that divides", 0.0, 1e6, low_counts=False),
}
"""Kinds that the column ``kind`` of ``parameters.csv`` may name.

The greatest values are no estimates: beyond them numbers of a run lose their digits or overflow.
"""

SETTLED: tuple[str, ...] = ("lane", "rows", "base_year")
"""When a parameter is settled: by lane, when rows are laid out, or when the base year is built."""
