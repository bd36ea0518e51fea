"""Programmes: slices made in one country for one market, and whether they should move.

``docs/model.md`` 8. The share of a slice that wants to go is ``1 - exp(-theta max(0, net))``:
programmes differ in what moving costs them, and at base nobody wants to move. The same option with
its sign turned brings programmes back.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.arrays import Flags, Floats, Out
from sim.decisions import proposal as field
from sim.decisions.first_look import first_look
from sim.decisions.options import may_save
from sim.decisions.views import Costs, Outlook, Places, Slices, Terms
from sim.decisions.ways import WAYS, homeward, outward
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def programmes(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, slices: Slices,
    out: Out[Floats],
) -> None:  # fmt: skip
    """Fill each line's best programme proposal, float64[N, R, fields]; ``NET`` is 0 where none.

    Only proposals whose wanted share of the slice has reached half of the next lump count. Returns
    are looked at where no outward move is wanted.
    """
    lanes, countries = slices.capacity.shape[1], slices.ordered.shape[1]
    trial, shape = np.zeros(out.shape[2]), (layout.slice_route.size, lanes)
    gone, lump, needed = np.empty(shape), np.empty(shape), np.empty(shape)
    look, back = np.empty(shape, dtype=np.bool_), np.empty(shape, dtype=np.bool_)
    first_look(
        layout,
        costs=costs,
        outlook=outlook,
        terms=terms,
        places=places,
        slices=slices,
        gone=gone,
        volume=lump,
        least=needed,
        look=look,
        back=back,
    )
    for n in range(layout.line_slices.size - 1):
        for r in range(lanes):
            best = out[n, r]
            best[:] = 0.0
            for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
                if not look[s, r]:
                    continue
                total, volume, least = gone[s, r], lump[s, r], needed[s, r]
                for i in range(countries):
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
                            if (
                                outward(
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
                                )
                                and trial[field.NET] > best[field.NET]
                                and _wanted(
                                    costs,
                                    terms=terms,
                                    n=n,
                                    r=r,
                                    trial=trial,
                                    whole=slices.volume[s, r],
                                    gone=total,
                                )
                            ):
                                best[:] = trial
            if best[field.NET] > 0.0:
                continue
            for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
                for i in range(countries if back[s, r] else 0):
                    if (  # asked here as well: handing bundles over takes longer than the question
                        slices.moved[s, i, r] - slices.returned[s, i, r]
                        > 1e-6 * slices.volume[s, r]
                        and homeward(
                            layout,
                            costs=costs,
                            outlook=outlook,
                            terms=terms,
                            places=places,
                            slices=slices,
                            s=s,
                            i=i,
                            r=r,
                            trial=trial,
                        )
                        and trial[field.NET] > best[field.NET]
                        and _wanted(
                            costs,
                            terms=terms,
                            n=n,
                            r=r,
                            trial=trial,
                            whole=slices.moved[s, i, r],
                            gone=slices.returned[s, i, r],
                        )
                    ):
                        best[:] = trial


@njit(cache=True, error_model="numpy")
def considered_programmes(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, slices: Slices,
    n: int, r: int, out: Out[Floats], wanted: Out[Flags],
) -> int:  # fmt: skip
    """Fill every programme and return that line n could order in lane r, and give their number.

    ``out``: float64[rows, fields], ``wanted``: bool[rows], whether the slice wants that proposal
    by itself; both with :func:`most_programmes` rows. Outward moves come first, in the order in
    which :func:`programmes` looks at them; none is left out by its bound.
    """
    countries, count = slices.ordered.shape[1], 0
    for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
        total, volume = next_lump(slices, s, r)
        home = layout.route_plant[layout.slice_route[s]]
        if volume <= 1e-6 * slices.volume[s, r] or slices.capacity[home, r] <= 0.0:
            continue
        for i in range(countries):
            for way in range(WAYS):
                if layout.slice_destination[s, i] >= 0 and outward(
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
                    trial=out[count],
                ):
                    wanted[count] = out[count, field.NET] > 0.0 and _wanted(
                        costs,
                        terms=terms,
                        n=n,
                        r=r,
                        trial=out[count],
                        whole=slices.volume[s, r],
                        gone=total,
                    )
                    count += 1
    for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
        for i in range(countries):
            if homeward(
                layout,
                costs=costs,
                outlook=outlook,
                terms=terms,
                places=places,
                slices=slices,
                s=s,
                i=i,
                r=r,
                trial=out[count],
            ):
                wanted[count] = out[count, field.NET] > 0.0 and _wanted(
                    costs,
                    terms=terms,
                    n=n,
                    r=r,
                    trial=out[count],
                    whole=slices.moved[s, i, r],
                    gone=slices.returned[s, i, r],
                )
                count += 1
    return count


def most_programmes(layout: Layout, countries: int) -> int:
    """Rows that hold what any one line can order: each slice to each place by each way, or back."""
    return int(np.diff(layout.line_slices).max(initial=0)) * countries * (WAYS + 1) + 1


@njit(cache=True, error_model="numpy")
def next_lump(slices: Slices, s: int, r: int) -> tuple[float, float]:
    """What slice s has ordered away so far and what its next programme takes, units a year."""
    total = 0.0
    for i in range(slices.ordered.shape[1]):
        total += slices.ordered[s, i, r]
    return total, min(slices.lump[s], slices.volume[s, r] - total)


@njit(cache=True, error_model="numpy")
def _wanted(
    costs: Costs, terms: Terms, n: int, r: int, trial: Floats, whole: float, gone: float
) -> bool:
    """Whether the share that wants to go has reached half of this lump, ``gone`` of it before."""
    net = trial[field.NET] / (trial[field.VOLUME] * costs.price[n])
    share = 1.0 - math.exp(-terms.theta_slice[n, r] * max(0.0, net))
    return bool(share * whole >= gone + 0.5 * trial[field.VOLUME])
