"""From result tables to the small tables that figures draw: bands over paired runs.

A *pair* is one (scenario, replication) that both policies have finished. Bands are quantiles over
pairs; a difference is taken pair by pair first (policies share every random draw), then
summarised. Flows of a month are shown as yearly rates: twelve times the mean month of the period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.errors import Fault, QueryError, nearest
from sim.meanings import OutcomeMeaning
from sim.results.comparing.pairs import Paired, paired
from sim.results.run_folder.query import RunFolder

QUANTILES: dict[str, float] = {"low": 0.1, "q25": 0.25, "median": 0.5, "q75": 0.75, "high": 0.9}
"""Columns of every band and the quantile each holds."""

_SEEN = 1e-5
"""Part of a product's output that must differ for a page to show it first."""
_UNITS = {"month": "M", "year": "Y"}


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """One outcome under a policy, under the one it is compared with, and their difference.

    Each table holds ``period`` (its first day), one column per key of the outcome's group, the
    :data:`QUANTILES` and ``mean``; ``pairs`` counts the runs behind every quantile.
    """

    outcome: str
    pairs: int
    levels: pd.DataFrame
    base: pd.DataFrame
    difference: pd.DataFrame


def bands(run: RunFolder, outcome: str, policy: str, against: str, every: str = "quarter") -> Bands:
    """Find quantiles of an outcome over the runs that two policies share.

    ``every`` is ``month``, ``quarter`` or ``year``: flows become yearly rates, stocks are taken at
    the period's end, shares and prices are averaged. A policy against itself differs by zeros.

    Raises
    ------
    QueryError
        If the outcome, a policy or the period is not known, the policies share no finished
        run, or none of it holds the outcome.
    """
    both = paired(run, policy, against, outcome)
    if not both.groups:
        raise QueryError(Fault(str(run.path), outcome, "the run holds no such outcome"))
    starts = _starts(both.periods, every)
    one, other = (_by_period(both.outcome, values, starts) for values in (both.a, both.b))
    periods = both.periods[starts]
    return Bands(
        outcome,
        len(both.pairs),
        *(_table(both, periods, values) for values in (one, other, one - other)),
    )


def _starts(months: NDArray[np.datetime64], every: str) -> NDArray[np.int64]:
    """Index of the first month of every period."""
    if every == "quarter":
        number = months.astype("datetime64[M]").astype(np.int64) // 3
    elif every in _UNITS:
        number = months.astype(f"datetime64[{_UNITS[every]}]").astype(np.int64)
    else:
        known = nearest(every, ("month", "quarter", "year"))
        raise QueryError(f"period `{every}` is not known; {known}")
    return np.flatnonzero(np.r_[True, number[1:] != number[:-1]])


def _by_period(outcome: OutcomeMeaning, values: Floats, starts: NDArray[np.int64]) -> Floats:
    """Give float64[G, period, R] from float64[G, T, R]."""
    ends = np.r_[starts[1:], values.shape[1]]
    if outcome.is_stock:
        return values[:, ends - 1]
    mean: Floats = np.add.reduceat(values, starts, axis=1) / (ends - starts)[None, :, None]
    return 12.0 * mean if outcome.accrues else mean


def _table(both: Paired, periods: NDArray[np.datetime64], values: Floats) -> pd.DataFrame:
    groups = len(both.groups)
    shape = values.reshape(groups * len(periods), -1)
    quantiles = _quantiles(shape)
    columns: dict[str, object] = {"period": np.tile(periods.astype("datetime64[s]"), groups)}
    for key in both.outcome.keys:
        columns[key] = np.repeat(both.group_codes(key).astype(object), len(periods))
    columns |= dict(zip(QUANTILES, quantiles, strict=True))
    return pd.DataFrame(columns | {"mean": shape.mean(axis=1)})


def _quantiles(rows: Floats) -> Floats:
    """Quantiles of every row over pairs; a row in which a pair has no value has none."""
    return np.quantile(rows, list(QUANTILES.values()), axis=1)


def made_products(run: RunFolder) -> list[str]:
    """Products of the run's lines, by falling worth of the shipments that it keeps."""
    flows = run.sql("SELECT product, sum(customs_value_usd) AS worth FROM flows GROUP BY product")
    worth = dict(zip(flows["product"].astype(str), flows["worth"], strict=True))
    lines = sorted(set(run.lines["product"].astype(str)))
    return sorted(lines, key=lambda product: -worth.get(product, 0.0))


def moved_most(run: RunFolder, policy: str, against: str, products: Sequence[str]) -> str:
    """Find the product to show first: the first whose output differs, else the first of all.

    Products stand by worth, so that where everything differs the greatest comes first.
    """
    both = paired(run, policy, against, "output")
    product, change = both.group_codes("product"), abs(both.difference).sum(axis=(1, 2))
    made = abs(both.b).sum(axis=(1, 2))
    moved = {p: change[product == p].sum() / max(made[product == p].sum(), 1.0) for p in products}
    first = products[0] if products else ""
    return next((p for p, part in moved.items() if part >= _SEEN), first)


def records(table: pd.DataFrame) -> list[Any]:
    """Rows of a table as named tuples, whose fields may be of any type."""
    return list(table.itertuples())


def leading(table: pd.DataFrame, count: int, by: str = "country") -> list[str]:
    """Find the ``count`` groups with the largest median at any time, largest first."""
    peak = table.assign(size=table["median"].abs()).groupby(by, observed=True)["size"].max()
    return [str(name) for name in peak[peak > 0].nlargest(count).index]


def only(table: pd.DataFrame, **codes: str | Sequence[str]) -> pd.DataFrame:
    """Rows whose columns hold the codes asked for."""
    for column, wanted in codes.items():
        table = table[table[column].isin([wanted] if isinstance(wanted, str) else list(wanted))]
    return table
