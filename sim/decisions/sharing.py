"""Whose plant a programme could share: a maker of its class who stands in the place.

``docs/model.md`` 8, Ways.
"""

from __future__ import annotations

import math

from numba import njit

from sim.arrays import Flags, Floats, Ints, Out
from sim.decisions.views import Terms
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def hosts(
    layout: Layout,
    terms: Terms,
    kinds: Ints,
    tied: Flags,
    capacity: Floats,
    spare: Floats,
    partner: Out[Ints],
    host: Out[Ints],
) -> None:
    """Fill the plant row of the maker with ties and of the one without, int64[N, I, R] each.

    Of several the one with most room, of equal ones the first; -1 where none. One with ties may
    have no room, as the two can build together. ``kinds``: int64[N], the class of each line;
    ``tied``: bool[F, F]; ``capacity`` and ``spare``: float64[P, R], units a year.
    """
    partner[:] = -1
    host[:] = -1
    for n in range(kinds.size):
        if math.isnan(terms.shared_sunk[n, 0]):
            continue
        for p in range(layout.plant_line.size):
            other, i = layout.plant_line[p], layout.plant_country[p]
            ours, theirs = layout.line_firm[n], layout.line_firm[other]
            if kinds[other] != kinds[n] or ours == theirs:
                continue
            chosen = partner if tied[ours, theirs] else host
            for r in range(capacity.shape[1]):
                if capacity[p, r] > 0.0 and (tied[ours, theirs] or spare[p, r] > 0.0):
                    best = chosen[n, i, r]
                    if best < 0 or spare[p, r] > spare[best, r]:
                        chosen[n, i, r] = p
