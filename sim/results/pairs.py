"""Two policies side by side over the same draws: arrays of an outcome by group, month and pair.

A pair is a (scenario, replication) that both policies have: every other draw is shared, so that
their difference is the policy alone (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import Fault, QueryError
from sim.results.cube import Cube, Pair, accrues, cubes, is_stock
from sim.results.run_folder.query import RunFolder

__all__ = ["Pair", "Paired", "accrues", "common_pairs", "is_stock", "paired"]

Floats = NDArray[np.float64]


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
    first, second = (cubes(run, name, [outcome])[outcome] for name in (policy, against))
    groups = tuple(sorted({*first.groups, *second.groups}))
    months = np.union1d(first.months, second.months)
    a = _aligned(first, outcome, groups, months, pairs)
    b = a if against == policy else _aligned(second, outcome, groups, months, pairs)
    return Paired(outcome, groups, months, pairs, a, b)


def common_pairs(run: RunFolder, policy: str, against: str) -> tuple[Pair, ...]:
    """Every (scenario, replication) that both policies have finished, sorted."""
    lanes = run.lanes()
    both = lanes.get(policy, frozenset()) & lanes.get(against, frozenset())
    if not both:
        wrong = f"`{policy}` and `{against}` share no finished run"
        raise QueryError(Fault(str(run.path), "", wrong, "finish it with --resume"))
    return tuple(sorted(both))


def _aligned(
    cube: Cube,
    outcome: str,
    groups: tuple[str, ...],
    months: NDArray[np.datetime64],
    pairs: tuple[Pair, ...],
) -> Floats:
    """Values of a cube on wider or narrower axes; no copy when they are its own."""
    if (cube.groups, cube.pairs) == (groups, pairs) and np.array_equal(cube.months, months):
        return cube.cells
    additive = accrues(outcome) or is_stock(outcome)
    values = np.full((len(groups), len(months), len(pairs)), 0.0 if additive else np.nan)
    if cube.groups:
        g = np.searchsorted(np.array(groups), np.array(cube.groups))
        t = np.searchsorted(months, cube.months)
        index = {pair: r for r, pair in enumerate(cube.pairs)}
        own = [index[pair] for pair in pairs]
        values[np.ix_(g, t)] = cube.cells[:, :, own]
    return values
