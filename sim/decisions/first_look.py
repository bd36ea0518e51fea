"""A first look at every slice, all lanes at once: where a programme could be worth a second one.

The bound is simple on purpose. It lets through all that :func:`sim.decisions.options.may_save`
does, and most of the rest is gone before bundles of arrays are handed over lane by lane.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.arrays import Flags, Floats, Out
from sim.decisions.views import Costs, Outlook, Places, Slices, Terms
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def first_look(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, slices: Slices,
    gone: Out[Floats], volume: Out[Floats], least: Out[Floats], look: Out[Flags],
    back: Out[Flags],
) -> None:  # fmt: skip
    """Fill what each slice could order next and whether it is worth a look.

    ``gone``, ``volume``: float64[Q, R], units a year, ordered away so far and in the next lump;
    ``least``: float64[Q, R], what the next lump must net, share of price, infinite where none can
    go; ``look``: bool[Q, R], whether some place may net it; ``back``: bool[Q, R], whether
    something could come home.
    """
    lanes, countries = slices.capacity.shape[1], slices.ordered.shape[1]
    gone[:] = 0.0
    look[:] = False
    back[:] = False
    saved = np.empty(lanes)
    for s in range(layout.slice_route.size):
        n = layout.slice_line[s]
        home = layout.route_plant[layout.slice_route[s]]
        for i in range(countries):
            for r in range(lanes):
                gone[s, r] += slices.ordered[s, i, r]
                away = slices.moved[s, i, r] - slices.returned[s, i, r]
                back[s, r] |= away > 1e-6 * slices.volume[s, r]
        for r in range(lanes):
            whole = slices.volume[s, r]
            volume[s, r] = min(slices.lump[s], whole - gone[s, r])
            least[s, r] = math.inf
            if volume[s, r] > 1e-6 * whole and slices.capacity[home, r] > 0.0:
                reached = (gone[s, r] + 0.5 * volume[s, r]) / whole
                least[s, r] = -math.log(1.0 - reached) / terms.theta_slice[n, r]
        for i in range(countries):
            if layout.slice_destination[s, i] >= 0:
                _most_saved(
                    layout,
                    costs=costs,
                    outlook=outlook,
                    terms=terms,
                    places=places,
                    s=s,
                    i=i,
                    out=saved,
                )
                for r in range(lanes):
                    look[s, r] |= saved[r] > least[s, r] - 1e-9


@njit(cache=True, error_model="numpy")
def _most_saved(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, s: int, i: int,
    out: Out[Floats],
) -> None:  # fmt: skip
    """Fill what slice s could save at place i at most, float64[R], share of price.

    Every duty lasts, the gap is the least there is, and building costs nothing.
    """
    source, target = layout.slice_route[s], layout.slice_destination[s, i]
    n, o = layout.slice_line[s], layout.route_origin[source]
    po, pi = layout.route_plant[source], layout.route_plant[target]
    carried, price = costs.freight[source] - costs.freight[target], costs.price[n]
    given, spared = _most_given(outlook, n, o, i, False), _most_given(outlook, n, o, i, True)
    for r in range(out.size):
        w = outlook.law[r]
        paid = (
            costs.plan[po, r] * costs.factor[po, r]
            - costs.plan[pi, r] * costs.factor[pi, r]
            + outlook.most[w, source] * costs.transfer_price[source, r]
            - outlook.permanent[w, target] * costs.transfer_price[target, r]
        )
        out[r] = (
            paid / price
            + carried * (costs.freight_plan[r] - 1.0)
            - (costs.base_duty[source, r] - costs.base_duty[target, r])
            + (places.fear[po, r] - places.fear[pi, r])
            + places.freed[po, r]
            + places.assembler[n, i, r]
            + (costs.controls[source, r] - costs.controls[target, r])
            + given
            + spared * terms.taxed_margin[n, r]
            - terms.existing_gap[n, r]
        )


@njit(cache=True, error_model="numpy")
def _most_given(outlook: Outlook, n: int, left: int, taken: int, tax: bool) -> float:
    """Most that subsidies, or spared taxes, could be worth under any law, share of price."""
    acts, most = outlook.subsidies, 0.0
    for w in range(acts.size.shape[0]):
        total, sign = 0.0, 1.0
        for when in range(2):
            for a in range(acts.size.shape[4]):
                if acts.tax[w, when, n, taken, a] == tax:
                    total += max(0.0, sign * acts.size[w, when, n, taken, a])
                if acts.tax[w, when, n, left, a] == tax:
                    total += max(0.0, -sign * acts.size[w, when, n, left, a])
            sign = -1.0
        most = max(most, total)
    return most
