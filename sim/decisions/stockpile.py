"""Goods shipped ahead of an announced duty (``docs/model.md`` 7, Buying ahead)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.arrays import Floats, Ints, Out, Shorts
from sim.axes import MONTHS_PER_YEAR
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def buy_ahead(
    layout: Layout,
    law: Ints,
    announced: Floats,
    announced_in: Shorts,
    announced_stage: NDArray[np.int8],
    enforced: Floats,
    demand: Floats,
    share: Floats,
    spare: Floats,
    before: Floats,
    ahead_months: Floats,
    holding_cost: Floats,
    bought: Out[Floats],
    made: Out[Floats],
    ahead: Out[Floats],
) -> None:
    """Fill what is shipped ahead in the month and what stands so far, float64[E, R] in units.

    ``made`` (float64[P, R]) is filled with what plants make for it.

    ``announced, announced_in, announced_stage``: [L, E, B], duty announced, the months until it
    starts and how far it has come; ``enforced``: float64[L, stages, B, R], belief in it;
    ``demand``: float64[M, R]; ``share``: float64[E, R]; ``spare``: float64[P, R], straight time
    left, units; ``before``: float64[E, R], what stood at the end of last month;
    ``ahead_months, holding_cost``: float64[N, R].

    Stock is worth its keep for as many months of sales as the duty pays its holding, up to
    ``ahead_months``; it is spread over the months in which goods still arrive in time. What stands
    is forgotten in the first month in which no announced duty waits for the route.
    """
    lanes, bases = law.size, announced.shape[2]
    made[:] = 0.0
    bought[:] = 0.0
    ahead[:] = 0.0
    here = np.zeros(bases, dtype=np.bool_)
    for e in range(layout.route_line.size):
        n, m, p = layout.route_line[e], layout.route_outlet[e], layout.route_plant[e]
        lag, waits = layout.route_lag[e], False
        for b in range(bases):
            here[b] = False
            for one in range(announced.shape[0]):
                here[b] |= announced[one, e, b] > 0.0
            waits |= here[b]
        if not waits:
            continue
        for b in range(bases):
            if not here[b]:
                continue
            for r in range(lanes):
                duty, months = announced[law[r], e, b], announced_in[law[r], e, b]
                if duty <= 0.0:
                    continue
                ahead[e, r] = before[e, r]
                if months > lag:
                    sure = enforced[law[r], announced_stage[law[r], e, b], b, r]
                    worth = MONTHS_PER_YEAR * sure * duty / holding_cost[n, r]
                    stock = min(ahead_months[n, r], worth) * demand[m, r] * share[e, r]
                    bought[e, r] = max(bought[e, r], (stock - before[e, r]) / (months - lag))
        for r in range(lanes):
            made[p, r] += bought[e, r]
    for e in range(layout.route_line.size):
        p = layout.route_plant[e]
        for r in range(lanes):
            if bought[e, r] > 0.0:
                bought[e, r] *= min(1.0, spare[p, r] / made[p, r])
                ahead[e, r] += bought[e, r]
    for p in range(spare.shape[0]):
        for r in range(lanes):
            made[p, r] = min(made[p, r], spare[p, r])
