"""Flows from margins: the biproportional fit nearest to a prior, with some cells given as facts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats

SMALLEST_CELL = 1e-3
"""Cells below this share of the line's output are set to zero and the rest fitted again."""
TOLERANCE = 1e-12
DUST = 1e-12
"""What subtracting given cells from a margin may leave, over the total."""
SWEEPS = 20_000
PATIENCE = 160
"""Sweeps in which the error must halve; otherwise the margins cannot be met on these cells."""
_FLOOR = 1e-9
_DEEPEST = 60


class InfeasibleError(ValueError):
    """No non-negative flow has these margins and these given cells."""


def fit_flows(output: Floats, sales: Floats, prior: Floats, given: Floats) -> Floats:
    """Flows with the given margins that stay nearest to a prior (least relative entropy).

    Parameters
    ----------
    output
        float64[I], units a year.
    sales
        float64[J], units a year, equal sum.
    prior
        float64[I, J], relative weights; 0 forbids a cell.
    given
        float64[I, J], units a year: cells that are facts, NaN where free.

    Returns
    -------
    float64[I, J], units a year: rows equal ``output`` to rounding, columns ``sales`` to 1e-12
    relative; no free cell lies below :data:`SMALLEST_CELL` of the total unless a margin needs it.

    Raises
    ------
    InfeasibleError
        A given cell exceeds its margin, or the margins cannot be met.

    >>> free = np.full((2, 2), np.nan)
    >>> fit_flows(np.array([6.0, 4.0]), np.array([5.0, 5.0]), np.ones((2, 2)), free).tolist()
    [[3.0, 3.0], [2.0, 2.0]]
    """
    fixed = np.where(np.isnan(given), 0.0, given)
    total = float(output.sum())
    rows, columns = output - fixed.sum(axis=1), sales - fixed.sum(axis=0)
    if min(rows.min(), columns.min()) < -DUST * total:
        raise InfeasibleError("a given flow exceeds the output or the sales of its country")
    rows, columns = _clean(rows, total), _clean(columns, total)
    columns = columns * (rows.sum() / columns.sum()) if columns.sum() > 0.0 else columns
    free = np.isnan(given) & (rows > 0.0)[:, None] & (columns > 0.0)[None, :]
    weight = np.where(free, np.maximum(prior, _FLOOR * prior.max()), 0.0)
    flow = _thinned(weight, rows, columns, SMALLEST_CELL * total)
    return _to_rows(flow + fixed, output)


def _clean(margin: Floats, total: float) -> Floats:
    """Margins without the dust that subtracting given cells leaves."""
    return np.where(margin > DUST * total, margin, 0.0)


def _thinned(weight: Floats, rows: Floats, columns: Floats, smallest: float) -> Floats:
    """Fit, then drop the smallest cells step by step for as long as the margins can be met."""
    if not weight.any():
        return weight
    flow, error = balance(weight, rows, columns)
    if error > 1e-9:
        raise InfeasibleError("output and sales cannot be joined by the routes that are allowed")
    floor = smallest
    for _ in range(_DEEPEST):
        drop = (flow > 0.0) & (flow < floor) & ~_needed(flow)
        if not drop.any():
            break
        trial, error = balance(np.where(drop, 0.0, flow), rows, columns)
        if error <= TOLERANCE:
            flow, floor = trial, smallest
        else:
            floor /= 2.0
    return flow


def _needed(flow: Floats) -> NDArray[np.bool_]:
    """Greatest cell of every row and column: a margin is never emptied."""
    best = flow == flow.max(axis=1, keepdims=True)
    return np.asarray(best | (flow == flow.max(axis=0, keepdims=True)), dtype=np.bool_)


def balance(weight: Floats, rows: Floats, columns: Floats) -> tuple[Floats, float]:
    """Scale rows and columns in turn until both margins hold; also the greatest relative error."""
    flow = weight.copy()
    error, before = np.inf, np.inf
    for sweep in range(1, SWEEPS + 1):
        flow *= _ratio(rows, flow.sum(axis=1))[:, None]
        flow *= _ratio(columns, flow.sum(axis=0))[None, :]
        if sweep % 8 == 0:
            error = _miss(rows, flow.sum(axis=1))
            if error <= TOLERANCE:
                break
        if sweep % PATIENCE == 0:
            if error > 0.5 * before:
                break
            before = error
    return flow, max(error, _miss(columns, flow.sum(axis=0)))


def _ratio(wanted: Floats, held: Floats) -> Floats:
    return np.divide(wanted, held, out=np.zeros_like(wanted), where=held > 0.0)


def _miss(wanted: Floats, held: Floats) -> float:
    ratio = np.divide(held, wanted, out=np.ones_like(wanted), where=wanted > 0.0)
    return float(np.max(np.abs(ratio - 1.0)))


def _to_rows(flow: Floats, output: Floats) -> Floats:
    """Rows to the last bit that floats allow, so that output is fitted exactly."""
    return flow * _ratio(output, flow.sum(axis=1))[:, None]
