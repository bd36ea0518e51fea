"""How far draws of the parameters lie apart, told apart from chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST_DRAWS = 8
"""Draws below which no range over them is told."""
ENDS = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class ParameterSpread:
    """A difference over draws of the parameters.

    ``low``, ``high``: 5th and 95th percentile over draws of the mean over a draw's seeds.
    ``from_parameters``: part of the variance of single futures that lies between draws (one-way
    analysis of variance), NaN where no draw has two seeds: then seeds and parameters cannot be told
    apart.
    """

    draws: int
    low: float
    high: float
    from_parameters: float

    @property
    def factor(self) -> float:
        """The larger end over the smaller; NaN where the two have different signs."""
        if self.low * self.high <= 0.0:
            return float("nan")
        ends = sorted((abs(self.low), abs(self.high)))
        return ends[1] / ends[0]


def parameter_spread(differences: pd.Series) -> ParameterSpread | None:
    """Spread of differences indexed by draw, one a future; None for fewer than eight draws.

    >>> seeds = pd.Series([k + e for k in range(10) for e in (-1.0, 1.0)], index=[*range(10)] * 2)
    >>> parameter_spread(seeds.sort_index()).draws
    10
    """
    by_draw = differences.groupby(level=0, sort=True)
    means, counts = by_draw.mean(), by_draw.size()
    if len(means) < LEAST_DRAWS:
        return None
    low, high = (float(x) for x in np.quantile(means, ENDS))
    return ParameterSpread(len(means), low, high, _between(by_draw.var(), means, counts))


def _between(within: pd.Series, means: pd.Series, counts: pd.Series) -> float:
    """Part of the variance that lies between draws, 0..1."""
    if counts.min() < 2:
        return float("nan")
    chance = float(within.mean())
    between = max(0.0, float(means.var()) - chance / float(counts.mean()))
    whole = between + chance
    return between / whole if whole > 0.0 else float("nan")
