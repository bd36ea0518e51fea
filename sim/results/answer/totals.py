"""Totals of two policies: each quantity under both, their difference, and its two spreads.

The **range of futures** tells how far single paired runs lie apart (seeds, and parameters where
they vary); the **precision of the mean** how well the runs settle their average.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.results.comparing.futures import spreads

KEYS = ("measure", "from_country", "country", "firm")


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean of a difference over paired runs and how sure it is.

    ``low, high`` is the precision of the mean (95 %, bootstrap), ``futures_low, futures_high`` the
    range of futures (10th to 90th percentile of single runs); both NaN for a single run. ``rises``
    and ``falls`` count the futures in which the difference is above and below zero.
    """

    difference: float
    low: float
    high: float
    futures_low: float
    futures_high: float
    rises: int
    falls: int
    futures: int

    @property
    def agree(self) -> int:
        """Futures whose difference has the sign of the mean; all of them where the mean is zero."""
        if self.difference == 0.0:
            return self.futures - self.rises - self.falls
        return self.rises if self.difference > 0 else self.falls


def spread(differences: Floats) -> Spread:
    """Spread of one difference a paired run; ``differences`` is float64[R].

    >>> found = spread(np.array([1.0, 2.0, 3.0, -2.0]))
    >>> found.difference, found.agree, found.futures
    (1.0, 3, 4)
    """
    known = {name: float(value) for name, value in spreads(differences).items()}
    return Spread(
        **known,
        rises=int((differences > 0).sum()),
        falls=int((differences < 0).sum()),
        futures=len(differences),
    )


@dataclass(frozen=True)
class Total:
    """One quantity of a year under two policies, run by run.

    ``measure`` says what it is (a key of :data:`sim.results.answer.measures.MEASURES`), ``unit`` in
    what it is counted, the codes what it belongs to (empty: not told apart). ``under`` and
    ``without`` are float64[R], the policy's and the other one's values in every paired run.
    """

    measure: str
    unit: str
    under: Floats
    without: Floats
    from_country: str = ""
    country: str = ""
    firm: str = ""

    @property
    def level(self) -> float:
        """Mean under the policy."""
        return float(self.under.mean())

    @property
    def base(self) -> float:
        """Mean under the policy it is compared with."""
        return float(self.without.mean())

    @cached_property
    def spread(self) -> Spread:
        """The paired difference and how sure it is."""
        return spread(self.differences)

    @property
    def differences(self) -> Floats:
        """float64[R]: the policy less the other one."""
        return self.under - self.without

    @property
    def difference(self) -> float:
        """Mean difference."""
        return float(self.differences.mean())

    def row(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        keys: Mapping[str, Any] = {name: getattr(self, name) for name in KEYS}
        about = {**keys, "unit": self.unit, "base": self.base, "level": self.level}
        told = {
            name: None if isinstance(value, float) and np.isnan(value) else value
            for name, value in asdict(self.spread).items()
        }
        return about | told
