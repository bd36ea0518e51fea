"""The range of futures: how far single runs lie apart, beside how well their mean is known.

A future is one run of a policy less the same run of another one: one seed and, where parameters
vary, one draw of them. Its range says what may happen within the model; the precision of the mean
(:func:`sim.results.comparing.bootstrap.mean_interval`) says how well many runs settle the average,
and shrinks with their number, which the range does not.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats, Ints
from sim.results.comparing.bootstrap import mean_interval

FUTURES = (0.10, 0.90)
"""Quantiles that bound the range of futures: eight futures in ten lie between them."""


def range_of_futures(values: Floats) -> tuple[Floats, Floats]:
    """10th and 90th percentile over the last axis, linear between runs.

    ``values`` is float64[..., R]; NaN means that a run has no value and leaves the range to the
    others. NaN for fewer than two runs: one run says nothing about spread.

    >>> low, high = range_of_futures(np.arange(11.0))
    >>> float(low), float(high)
    (1.0, 9.0)
    """
    held = ~np.isnan(values)
    count = held.sum(axis=-1)
    ordered = np.sort(values, axis=-1)  # NaN stand last
    low, high = (_quantile(ordered, count, share) for share in FUTURES)
    return np.where(count > 1, low, np.nan), np.where(count > 1, high, np.nan)


SPREAD = ("difference", "low", "high", "futures_low", "futures_high")
"""Columns of a difference: its mean, the precision of the mean (95 %) and the range of futures."""


def spreads(differences: Floats) -> dict[str, Floats]:
    """Give :data:`SPREAD` of float64[..., R], differences by paired run.

    >>> {name: float(value) for name, value in spreads(np.full(4, 2.0)).items()}["futures_high"]
    2.0
    """
    return dict(
        zip(SPREAD, (*mean_interval(differences), *range_of_futures(differences)), strict=True)
    )


def _quantile(ordered: Floats, count: Ints, share: float) -> Floats:
    place = share * np.maximum(count - 1, 0)
    below = np.floor(place).astype(np.int64)
    first = np.take_along_axis(ordered, below[..., None], -1)[..., 0]
    after = np.ceil(place).astype(np.int64)
    last = np.take_along_axis(ordered, after[..., None], -1)[..., 0]
    value: Floats = first + (place - below) * (last - first)
    return value
