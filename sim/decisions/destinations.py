"""Where each slice would go if it went now: its best places and ways, worth it or not.

``docs/model.md`` 8. Nobody decides by this: it is what a reader needs to see why nothing moved.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.arrays import Floats, Out
from sim.decisions import proposal as field
from sim.decisions.capacity import may_grow, subsidised
from sim.decisions.investment import next_lump
from sim.decisions.options import may_save
from sim.decisions.views import Costs, Outlook, Places, Slices, Terms
from sim.decisions.ways import WAYS, outward
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def best_destinations(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, slices: Slices,
    r: int, trial: Out[Floats], best: Out[Floats],
) -> None:  # fmt: skip
    """Fill the outward proposal of greatest net value of every slice in lane r.

    ``best``: float64[Q, fields]; ``VOLUME`` is 0 where nothing is left that could go. ``trial``:
    float64[fields], scratch. Of equal proposals the first counts, in the order in which the
    investment kernel looks at them; its bound passes over places that cannot be better.
    """
    best[:] = 0.0
    for s in range(layout.slice_route.size):
        n = layout.slice_line[s]
        _, volume = next_lump(slices, s, r)
        home = layout.route_plant[layout.slice_route[s]]
        if volume <= 1e-6 * slices.volume[s, r] or slices.capacity[home, r] <= 0.0:
            continue
        least = -math.inf
        for i in range(slices.ordered.shape[1]):
            target = layout.slice_destination[s, i]
            if target >= 0 and may_save(
                layout,
                costs=costs,
                outlook=outlook,
                terms=terms,
                places=places,
                contract=slices.contract_maker[n, i],
                shared=max(slices.partner[n, i, r], slices.host[n, i, r]) >= 0,
                s=s,
                i=i,
                target=target,
                volume=volume,
                least=least,
                capacity=slices.capacity,
                r=r,
            ):
                for way in range(WAYS):
                    if outward(
                        layout,
                        costs=costs,
                        outlook=outlook,
                        terms=terms,
                        places=places,
                        slices=slices,
                        s=s,
                        i=i,
                        way=way,
                        volume=volume,
                        r=r,
                        trial=trial,
                    ) and (best[s, field.VOLUME] == 0.0 or trial[field.NET] > best[s, field.NET]):
                        best[s] = trial
                        least = trial[field.NET] / (volume * costs.price[n])


@njit(cache=True, error_model="numpy")
def ranked_destinations(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, slices: Slices,
    s: int, r: int, trial: Out[Floats], best: Out[Floats],
) -> int:  # fmt: skip
    """Fill the outward proposals of slice s of greatest net value in lane r, and give their number.

    ``best``: float64[rows, fields], the greatest first, as many as it has room for; of equal
    proposals the first stands first. ``trial``: float64[fields], scratch.
    """
    count = 0
    _, volume = next_lump(slices, s, r)
    home = layout.route_plant[layout.slice_route[s]]
    if volume <= 1e-6 * slices.volume[s, r] or slices.capacity[home, r] <= 0.0:
        return 0
    for i in range(slices.ordered.shape[1]):
        for way in range(WAYS):
            if layout.slice_destination[s, i] < 0 or not outward(
                layout,
                costs=costs,
                outlook=outlook,
                terms=terms,
                places=places,
                slices=slices,
                s=s,
                i=i,
                way=way,
                volume=volume,
                r=r,
                trial=trial,
            ):
                continue
            at = count
            while at > 0 and trial[field.NET] > best[at - 1, field.NET]:
                at -= 1
            if at < best.shape[0]:
                count = min(count + 1, best.shape[0])
                for row in range(count - 1, at, -1):
                    best[row] = best[row - 1]
                best[at] = trial
    return count


@njit(cache=True, error_model="numpy")
def served_elsewhere(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, slices: Slices,
    worth: Floats, lump: Floats, mothballed: Floats, out: Out[Floats],
) -> None:  # fmt: skip
    """Fill the net value of the best programme of every slice of a plant that may be enlarged.

    ``out``: float64[Q, R], share of price, for a whole programme and without the room that it
    leaves; minus infinity where no enlargement of the plant pays, or every other place costs more
    than the room is worth. ``worth``: float64[P, R], USD a unit-year.
    """
    trial = np.zeros(field.FIELDS)
    for s in range(layout.slice_route.size):
        n, home = layout.slice_line[s], layout.route_plant[layout.slice_route[s]]
        volume, price = slices.lump[s], costs.price[n]
        for r in range(out.shape[1]):
            out[s, r] = -math.inf
            capital = terms.discount[n, r] + terms.depreciation[n, r]
            borne = 1.0 - subsidised(layout, outlook=outlook, terms=terms, p=home, r=r)
            asked = capital * terms.diffusion[n, r] * terms.expand_sunk[n, r] * price * borne
            pays = worth[home, r] > 0.0 and worth[home, r] >= asked
            if not pays or not may_grow(slices.capacity, mothballed, lump, home, r):
                continue
            freed = places.freed[home, r]
            best = freed - worth[home, r] / (terms.usual_use[n, r] * price)
            for i in range(slices.ordered.shape[1]):
                target = layout.slice_destination[s, i]
                if target < 0 or not may_save(
                    layout,
                    costs=costs,
                    outlook=outlook,
                    terms=terms,
                    places=places,
                    contract=slices.contract_maker[n, i],
                    shared=max(slices.partner[n, i, r], slices.host[n, i, r]) >= 0,
                    s=s,
                    i=i,
                    target=target,
                    volume=volume,
                    least=best,
                    capacity=slices.capacity,
                    r=r,
                ):
                    continue
                for way in range(WAYS):
                    if outward(
                        layout,
                        costs=costs,
                        outlook=outlook,
                        terms=terms,
                        places=places,
                        slices=slices,
                        s=s,
                        i=i,
                        way=way,
                        volume=volume,
                        r=r,
                        trial=trial,
                    ):
                        net = trial[field.NET] / (volume * price)
                        if net > best:
                            best, out[s, r] = net, net - freed
