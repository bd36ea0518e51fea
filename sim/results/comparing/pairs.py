"""Two policies side by side over the same draws: arrays of an outcome by group, month and pair.

A pair is a (scenario, replication) that both policies have: every other draw is shared, so that
their difference is the policy alone (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.errors import Fault, QueryError
from sim.meanings import Group, OutcomeMeaning
from sim.results.comparing.cube import Cube, Pair, cubes
from sim.results.run_folder.query import RunFolder


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """One outcome under two policies.

    ``a`` and ``b`` are float64[G, T, R] by group, period and pair. A cell that a run never wrote is
    0 for flows and stocks and NaN for shares and prices.
    """

    outcome: OutcomeMeaning
    groups: tuple[Group, ...]
    periods: NDArray[np.datetime64]
    pairs: tuple[Pair, ...]
    a: Floats
    b: Floats

    @property
    def difference(self) -> Floats:
        """float64[G, T, R]: the first policy less the second."""
        return self.a - self.b

    def group_codes(self, key: str) -> NDArray[np.str_]:
        """Code of every group for a key, empty where groups are not told apart by it."""
        return np.array([getattr(group, key) for group in self.groups], dtype=np.str_)

    def yearly(self) -> Paired:
        """Calendar years: sums of flows, the last month of stocks, means of shares and prices."""
        years = self.periods.astype("datetime64[Y]")
        starts = np.flatnonzero(np.r_[True, years[1:] != years[:-1]])
        ends = np.r_[starts[1:], len(years)]
        parts = [self._year(values, starts, ends) for values in (self.a, self.b)]
        first = years[starts].astype("datetime64[D]")
        return Paired(self.outcome, self.groups, first, self.pairs, parts[0], parts[1])

    def _year(self, values: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        if self.outcome.is_stock:
            return values[:, ends - 1]
        total: Floats = np.add.reduceat(values, starts, axis=1)
        return total if self.outcome.accrues else total / (ends - starts)[None, :, None]


def paired(run: RunFolder, policy: str, against: str, outcome: str) -> Paired:
    """Both policies' values of an outcome for every pair they share.

    Raises
    ------
    QueryError
        An unknown policy or outcome, or no pair that both policies have finished.
    """
    run.require_policy(policy)
    run.require_policy(against)
    meaning = run.require_outcome(outcome)
    pairs = common_pairs(run, policy, against)
    first, second = (cubes(run, name, [outcome])[outcome] for name in (policy, against))
    groups = tuple(sorted({*first.groups, *second.groups}))
    months = np.union1d(first.months, second.months)
    a = _aligned(first, meaning, groups, months, pairs)
    b = a if against == policy else _aligned(second, meaning, groups, months, pairs)
    return Paired(meaning, groups, months, pairs, a, b)


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
    outcome: OutcomeMeaning,
    groups: tuple[Group, ...],
    months: NDArray[np.datetime64],
    pairs: tuple[Pair, ...],
) -> Floats:
    """Values of a cube on wider or narrower axes; no copy when they are its own."""
    if (cube.groups, cube.pairs) == (groups, pairs) and np.array_equal(cube.months, months):
        return cube.cells
    empty = 0.0 if outcome.additive else np.nan
    values = np.full((len(groups), len(months), len(pairs)), empty)
    if cube.groups:
        row = {group: g for g, group in enumerate(groups)}
        g = np.array([row[group] for group in cube.groups])
        t = np.searchsorted(months, cube.months)
        index = {pair: r for r, pair in enumerate(cube.pairs)}
        own = np.array([index[pair] for pair in pairs])
        values[np.ix_(g, t)] = cube.cells[:, :, own]
    return values
