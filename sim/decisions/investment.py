"""Programmes: slices made in one country for one market, and whether they should move.

``docs/model.md`` 8. The share of a slice that wants to go is ``1 - exp(-theta max(0, net))``:
programmes differ in what moving costs them, and at base nobody wants to move. The same option with
its sign turned brings programmes back.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.decisions import proposal as field
from sim.decisions.options import entry_gap, may_save, offer
from sim.decisions.views import Costs, Outlook, Places, Terms
from sim.world.layout import Layout

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@njit(cache=True, error_model="numpy")
def programmes(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    places: Places,
    contract_maker: Flags,
    slice_volume: Floats,
    programme_lump: Floats,
    capacity: Floats,
    ordered: Floats,
    moved: Floats,
    returned: Floats,
    gap_paid: Floats,
    out: Floats,
) -> None:
    """Fill each line's best programme proposal, float64[N, R, FIELDS]; ``NET`` is 0 where none.

    ``capacity``: float64[P, R], units a month; ``ordered, moved, returned``: float64[Q, I, R],
    units a year; ``contract_maker``: bool[N, I]. Only proposals whose wanted share of the slice has
    reached half of the next lump count. Returns are looked at where no outward move is wanted.
    """
    lanes, countries = capacity.shape[1], ordered.shape[1]
    trial = np.zeros(out.shape[2])
    for n in range(layout.line_slices.size - 1):
        for r in range(lanes):
            best = out[n, r]
            best[:] = 0.0
            for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
                total = 0.0
                for i in range(countries):
                    total += ordered[s, i, r]
                volume = min(programme_lump[n], slice_volume[s] - total)
                home = layout.route_plant[layout.slice_route[s]]
                if volume <= 1e-6 * slice_volume[s] or capacity[home, r] <= 0.0:
                    continue
                reached = (total + 0.5 * volume) / slice_volume[s]
                least = -math.log(1.0 - reached) / terms.theta_slice[n, r]
                for i in range(countries):
                    target = layout.slice_destination[s, i]
                    if target >= 0 and may_save(
                        layout, costs, outlook, terms, places, contract_maker[n, i], s, i, target,
                        volume, least, capacity, r,
                    ):  # fmt: skip
                        _outward(layout, costs, outlook, terms, places, contract_maker[n, i],
                                 s, i, volume, slice_volume[s], total, capacity, r,
                                 trial, best)  # fmt: skip
            if best[field.NET] > 0.0:
                continue
            for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
                for i in range(countries):
                    if moved[s, i, r] - returned[s, i, r] > 1e-6 * slice_volume[s]:
                        _homeward(layout, costs, outlook, terms, places, s, i, programme_lump[n],
                                  moved[s, i, r], returned[s, i, r], gap_paid[s, i, r],
                                  capacity, r, trial, best)  # fmt: skip


@njit(cache=True, error_model="numpy")
def _outward(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places,
    contract: bool, s: int, i: int, volume: float, slice0: float, total: float,
    capacity: Floats, r: int,
    trial: Floats, best: Floats,
) -> None:  # fmt: skip
    """Try the ways to place i for slice s and keep the better of them and ``best``."""
    source, target = layout.slice_route[s], layout.slice_destination[s, i]
    n, p = layout.route_line[source], layout.route_plant[target]
    o = layout.route_origin[source]
    stands = capacity[p, r] > 0.0
    for way in range(2):
        if way == 0 and stands:
            kind, sunk, months = (
                field.TRANSFER,
                terms.transfer_sunk[n, r],
                terms.transfer_months[n, r],
            )
            gap = entry_gap(terms, places, n, o, i, volume, 12.0 * capacity[p, r], r)
        elif way == 0:
            kind, sunk, months = field.OPEN, terms.open_sunk[n, r], terms.open_months[n, r]
            gap = entry_gap(terms, places, n, o, i, volume, 0.0, r)
        elif contract:
            kind, sunk, months = field.EMS, terms.ems_sunk[n, r], terms.ems_months[n, r]
            gap = entry_gap(terms, places, n, o, i, volume, 0.0, r) + terms.ems_fee[n, r]
        else:
            continue
        offer(layout, costs, outlook, terms, places, source, target, volume, gap, sunk,
              int(months), False, r, trial)  # fmt: skip
        net = trial[field.NET] / (volume * costs.price[n])
        wanted = 1.0 - math.exp(-terms.theta_slice[n, r] * max(0.0, net))
        if wanted * slice0 >= total + 0.5 * volume and trial[field.NET] > best[field.NET]:
            best[:] = trial
            best[field.KIND] = kind
            best[field.SLICE] = s
            best[field.COUNTRY] = i
            best[field.PLANT] = p


@njit(cache=True, error_model="numpy")
def _homeward(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places,
    s: int, i: int, lump: float, there: float, back: float, gap_paid: float, capacity: Floats,
    r: int, trial: Floats, best: Floats,
) -> None:  # fmt: skip
    """Try the return of what slice s moved to place i and keep the better of it and ``best``."""
    source, target = layout.slice_route[s], layout.slice_destination[s, i]
    n, home = layout.route_line[source], layout.route_plant[source]
    if capacity[home, r] <= 0.0 or capacity[layout.route_plant[target], r] <= 0.0:
        return
    volume = min(lump, there - back)
    offer(layout, costs, outlook, terms, places, source, target, volume, gap_paid,
          terms.transfer_sunk[n, r], int(terms.transfer_months[n, r]), True, r, trial)  # fmt: skip
    net = trial[field.NET] / (volume * costs.price[n])
    wanted = 1.0 - math.exp(-terms.theta_slice[n, r] * max(0.0, net))
    if wanted * there >= back + 0.5 * volume and trial[field.NET] > best[field.NET]:
        best[:] = trial
        best[field.KIND] = field.RETURN
        best[field.SLICE] = s
        best[field.COUNTRY] = i
        best[field.PLANT] = home
