"""Intervals of a mean over runs: the percentile bootstrap, with draws that never change.

The resamples are drawn once for a number of runs and shared by every series, so that two series,
two calls or two machines never differ by the luck of resampling (Efron and Tibshirani 1993, ch.
13).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats

RESAMPLES = 1000
LEVEL = 0.95
_KEY = 20170101
_BLOCK = 4096


def weights(runs: int, resamples: int = RESAMPLES) -> Floats:
    """Weights of each run in each resample, float64[resamples, R]; rows sum to one.

    >>> weights(4).shape
    (1000, 4)
    """
    random = np.random.Generator(np.random.Philox(key=_KEY))
    drawn = random.integers(runs, size=(resamples, runs))
    rows = np.repeat(np.arange(resamples), runs)
    counts = np.bincount(rows * runs + drawn.ravel(), minlength=resamples * runs)
    return counts.reshape(resamples, runs) / runs


def mean_interval(values: Floats, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
    """Mean over the last axis and its bootstrap interval.

    ``values`` is float64[..., R]; NaN means that a run has no value and leaves the series' mean to
    the others. The interval is NaN for fewer than two runs: one run says nothing about spread.

    >>> [float(x) for x in mean_interval(np.full(8, 2.5))]
    [2.5, 2.5, 2.5]
    """
    flat = np.ascontiguousarray(values.reshape(-1, values.shape[-1]), dtype=np.float64)
    there = ~np.isnan(flat)
    count = there.sum(axis=1)
    clean = np.where(there, flat, 0.0)
    mean = np.full(len(flat), np.nan)
    np.divide(clean.sum(axis=1), count, out=mean, where=count > 0)
    low, high = _interval(clean, there, count, mean, level)
    shape = values.shape[:-1]
    return mean.reshape(shape), low.reshape(shape), high.reshape(shape)


def _interval(
    clean: Floats, there: NDArray[np.bool_], count: NDArray[np.int64], mean: Floats, level: float
) -> tuple[Floats, Floats]:
    low, high = np.where(count > 1, mean, np.nan), np.where(count > 1, mean, np.nan)
    first = clean[np.arange(len(clean)), there.argmax(axis=1)]
    varies = (count > 1) & (np.where(there, clean - first[:, None], 0.0) != 0).any(axis=1)
    chosen = np.flatnonzero(varies)
    share = weights(clean.shape[1])
    tail = (1 - level) / 2
    for start in range(0, len(chosen), _BLOCK):
        rows = chosen[start : start + _BLOCK]
        means = _resampled(share, clean[rows], there[rows])
        means.sort(axis=1)
        low[rows] = np.minimum(_quantile(means, tail), mean[rows])
        high[rows] = np.maximum(_quantile(means, 1 - tail), mean[rows])
    return low, high


def _quantile(ordered: Floats, share: float) -> Floats:
    """Linear quantile of every row; rows are sorted and hold their NaN at the end."""
    place = share * (np.count_nonzero(~np.isnan(ordered), axis=1) - 1)
    below = np.floor(place).astype(np.int64)
    above = np.ceil(place).astype(np.int64)
    row = np.arange(len(ordered))
    base: Floats = ordered[row, below]
    edge: Floats = base + (place - below) * (ordered[row, above] - base)
    return edge


def _resampled(share: Floats, clean: Floats, there: NDArray[np.bool_]) -> Floats:
    """Means of every resample, float64[series, resamples]; NaN where a resample has no run."""
    total = clean @ share.T
    if there.all():
        return total
    held = there.astype(np.float64) @ share.T
    means = np.full(total.shape, np.nan)
    np.divide(total, held, out=means, where=held > 0)
    return means
