"""Rows added up by group, in the order of the rows: the same bits however lanes are packed."""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.arrays import Floats, Ints


@njit(cache=True, error_model="numpy")
def add_rows(group: Ints, values: Floats, out: Floats) -> None:
    """Add every row of ``values`` (float64[rows, R]) to row ``group[row]`` of ``out``.

    >>> total = np.zeros((2, 1))
    >>> add_rows(np.array([0, 1, 0]), np.array([[1.0], [2.0], [3.0]]), total)
    >>> total[:, 0].tolist()
    [4.0, 2.0]
    """
    for row in range(group.size):
        for r in range(values.shape[1]):
            out[group[row], r] += values[row, r]


@njit(cache=True, error_model="numpy")
def add_weighted(group: Ints, weight: Floats, values: Floats, out: Floats) -> None:
    """Add ``weight[row]`` times every row, as :func:`add_rows`; rows of no weight are not read."""
    for row in range(group.size):
        if weight[row] != 0.0:
            for r in range(values.shape[1]):
                out[group[row], r] += weight[row] * values[row, r]


def sum_rows(group: Ints, values: Floats, count: int) -> Floats:
    """Sum of ``values`` (float64[rows, R]) by group, float64[groups, R]."""
    total = np.zeros((count, values.shape[1]))
    add_rows(group, values, total)
    return total


def join_rows(pairs: Floats, values: Floats) -> Floats:
    """For each row the sum of the rows that it is paired with, as ``pairs @ values``.

    Pairs are few, and threads of a matrix product would cost more than the sums.
    """
    out = np.zeros_like(values)
    _join(pairs, values.reshape(len(values), -1), out.reshape(len(out), -1))
    return out


@njit(cache=True, error_model="numpy")
def _join(pairs: Floats, values: Floats, out: Floats) -> None:
    for row in range(pairs.shape[0]):
        for other in range(pairs.shape[1]):
            weight = pairs[row, other]
            if weight != 0.0:
                for r in range(values.shape[1]):
                    out[row, r] += weight * values[other, r]
