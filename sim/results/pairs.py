"""Two policies side by side over the same draws: arrays of an outcome by group, month and pair.

A pair is a (scenario, replication) that both policies have: every other draw is shared, so that
their difference is the policy alone (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import Fault, QueryError
from sim.results.query import RunFolder
from sim.tables import OUTCOMES

Floats = NDArray[np.float64]
Pair = tuple[str, int]


def accrues(outcome: str) -> bool:
    """Whether months of an outcome add up to a year (a flow, not a stock, share or price).

    >>> accrues("output"), accrues("capacity")
    (True, False)
    """
    return OUTCOMES[outcome].unit.endswith("a month")


def is_stock(outcome: str) -> bool:
    """Whether a year of the outcome is its last month's value (yearly rates in force).

    >>> is_stock("programmes_from_china")
    True
    """
    return OUTCOMES[outcome].unit.endswith("a year")


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """One outcome under two policies.

    ``a`` and ``b`` are float64[G, T, R] by group, period and pair. A cell that a run never wrote is
    0 for quantities and NaN for shares and prices.
    """

    outcome: str
    groups: tuple[str, ...]
    periods: NDArray[np.datetime64]
    pairs: tuple[Pair, ...]
    a: Floats
    b: Floats

    @property
    def difference(self) -> Floats:
        """float64[G, T, R]: the first policy less the second."""
        return self.a - self.b

    def group_codes(self, key: str) -> NDArray[np.str_]:
        """Code of every group for one of its keys, empty where the group lacks it."""
        found = [dict(p.split("=", 1) for p in g.split(";") if "=" in p) for g in self.groups]
        return np.array([codes.get(key, "") for codes in found], dtype=np.str_)

    def yearly(self) -> Paired:
        """Calendar years: sums of flows, the last month of stocks, means of shares and prices."""
        years = self.periods.astype("datetime64[Y]")
        starts = np.flatnonzero(np.r_[True, years[1:] != years[:-1]])
        ends = np.r_[starts[1:], len(years)]
        parts = [self._year(values, starts, ends) for values in (self.a, self.b)]
        first = years[starts].astype("datetime64[D]")
        return Paired(self.outcome, self.groups, first, self.pairs, parts[0], parts[1])

    def _year(self, values: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        if is_stock(self.outcome):
            return values[:, ends - 1]
        total: Floats = np.add.reduceat(values, starts, axis=1)
        return total if accrues(self.outcome) else total / (ends - starts)[None, :, None]


def paired(run: RunFolder, policy: str, against: str, outcome: str) -> Paired:
    """Both policies' values of an outcome for every pair they share.

    Raises
    ------
    QueryError
        An unknown policy or outcome, or no pair that both policies have finished.
    """
    run.require_policy(policy)
    run.require_policy(against)
    run.require_outcome(outcome)
    pairs = common_pairs(run, policy, against)
    first = _rows(run, policy, outcome)
    second = first if against == policy else _rows(run, against, outcome)
    groups = sorted({*first["group"].unique(), *second["group"].unique()})
    months = np.unique(np.concatenate([_months(first), _months(second)]))
    a = _fill(first, groups, months, pairs, outcome)
    b = a if against == policy else _fill(second, groups, months, pairs, outcome)
    return Paired(outcome, tuple(groups), months, pairs, a, b)


def common_pairs(run: RunFolder, policy: str, against: str) -> tuple[Pair, ...]:
    """Every (scenario, replication) that both policies have finished, sorted."""
    lanes = run.lanes()
    both = lanes.get(policy, frozenset()) & lanes.get(against, frozenset())
    if not both:
        wrong = f"`{policy}` and `{against}` share no finished run"
        raise QueryError(Fault(str(run.path), "", wrong, "finish it with --resume"))
    return tuple(sorted(both))


def _rows(run: RunFolder, policy: str, outcome: str) -> pd.DataFrame:
    return run.sql(
        'SELECT scenario, replication, month, "group", value FROM outcomes'
        " WHERE policy = $policy AND outcome = $outcome",
        {"policy": policy, "outcome": outcome},
    )


def _months(rows: pd.DataFrame) -> NDArray[np.datetime64]:
    return np.unique(rows["month"].to_numpy().astype("datetime64[D]"))


def _fill(
    rows: pd.DataFrame,
    groups: list[str],
    months: NDArray[np.datetime64],
    pairs: tuple[Pair, ...],
    outcome: str,
) -> Floats:
    additive = accrues(outcome) or is_stock(outcome)
    values = np.full((len(groups), len(months), len(pairs)), 0.0 if additive else np.nan)
    g = pd.Index(groups).get_indexer(pd.Index(rows["group"]))
    t = np.searchsorted(months, rows["month"].to_numpy().astype("datetime64[D]"))
    r = _pair_index(rows, pairs)
    kept = r >= 0
    values[g[kept], t[kept], r[kept]] = rows["value"].to_numpy(np.float64)[kept]
    return values


def _pair_index(rows: pd.DataFrame, pairs: tuple[Pair, ...]) -> NDArray[np.int64]:
    """Index of each row's pair, -1 where the other policy lacks it."""
    codes, scenarios = pd.factorize(rows["scenario"])
    replications = rows["replication"].to_numpy(np.int64)
    width = max([replications.max(initial=0), *(r for _, r in pairs)]) + 1
    table = np.full((max(len(scenarios), 1), width), -1, dtype=np.int64)
    number = {str(scenario): code for code, scenario in enumerate(scenarios)}
    for index, (scenario, replication) in enumerate(pairs):
        if scenario in number:
            table[number[scenario], replication] = index
    index_of: NDArray[np.int64] = table[codes, replications]
    return index_of
