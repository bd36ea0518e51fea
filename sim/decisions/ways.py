"""Ways of a programme to a place and back: what each costs, takes and needs.

``docs/model.md`` 8, Ways.
"""

from __future__ import annotations

from numba import njit

from sim.arrays import Floats, Out
from sim.decisions import proposal as field
from sim.decisions.options import contract_gap, entry_gap, offer
from sim.decisions.views import Costs, Outlook, Places, Slices, Terms
from sim.world.layout import Layout

WAYS = 4
"""Ways to a place: the firm's own plant, standing or new; a plant shared with a maker who has ties
to the firm, or with one who has none; and a contract maker."""
OWN, PARTNER, HOST, CONTRACT = range(WAYS)


@njit(cache=True, error_model="numpy")
def outward(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, slices: Slices,
    s: int, i: int, way: int, volume: float, r: int, trial: Out[Floats],
) -> bool:  # fmt: skip
    """Fill what a programme of slice s is worth at place i by one way; false if there is none."""
    source, target = layout.slice_route[s], layout.slice_destination[s, i]
    n, p = layout.route_line[source], layout.route_plant[target]
    o = layout.route_origin[source]
    need = spare_needed(terms, n=n, volume=volume, r=r)
    host, taken, stands, fee = -1, 0.0, 0.0, 0.0
    site = 1.0
    if way == OWN:
        stands = slices.capacity[p, r]
        if stands > 0.0 and volume > slices.room[p, r]:
            return False
        if stands > 0.0 and slices.spare[p, r] >= need:
            kind, sunk, months = field.TRANSFER, terms.transfer_sunk, terms.transfer_months
            host, taken = p, need
        elif stands > 0.0 or slices.own_site[layout.line_firm[n], i, r]:
            kind, sunk, months = field.BROWNFIELD, terms.brownfield_sunk, terms.brownfield_months
        else:
            kind, sunk, months = field.OPEN, terms.open_sunk, terms.open_months
            site = places.land[i, r]
    elif way == CONTRACT:
        if not slices.contract_maker[n, i]:
            return False
        kind, sunk, months, fee = field.EMS, terms.ems_sunk, terms.ems_months, terms.ems_fee[n, r]
    else:
        host = slices.partner[n, i, r] if way == PARTNER else slices.host[n, i, r]
        if host < 0:
            return False
        kind, sunk, months = field.SHARED, terms.shared_sunk, terms.shared_months
        stands, fee = slices.capacity[host, r], terms.shared_fee[n, r]
        if slices.spare[host, r] >= need:
            taken = need
        elif way == PARTNER:  # the two build a plant together, each for its own work
            sunk, months, site = terms.open_sunk, terms.open_months, places.land[i, r]
            fee = 0.0
        else:
            return False
        if way == HOST:
            fee += terms.untied_fee[n, r]
    if way == CONTRACT:
        gap = contract_gap(terms, places=places, n=n, o=o, i=i, r=r)
    else:
        gap = entry_gap(terms, places=places, n=n, o=o, i=i, volume=volume, capacity=stands, r=r)
    offer(
        layout,
        costs=costs,
        outlook=outlook,
        terms=terms,
        places=places,
        source=source,
        target=target,
        volume=volume,
        gap=gap + fee - places.assembler[n, i, r],
        sunk=site * sunk[n, r],
        lead=int(months[n, r]),
        turned=False,
        r=r,
        out=trial,
    )
    trial[field.KIND] = kind
    trial[field.SLICE] = s
    trial[field.COUNTRY] = i
    trial[field.PLANT] = p
    trial[field.HOST] = host
    trial[field.ROOM] = taken
    return True


@njit(cache=True, error_model="numpy")
def spare_needed(terms: Terms, n: int, volume: float, r: int) -> float:
    """Spare capacity that a programme needs where none is built, units a year.

    The rest of what it needs moves with it.
    """
    return float((1.0 - terms.moved_share[n, r]) * volume / terms.usual_use[n, r])


@njit(cache=True, error_model="numpy")
def homeward(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, places: Places, slices: Slices,
    s: int, i: int, r: int, trial: Out[Floats],
) -> bool:  # fmt: skip
    """Fill the return of what slice s moved to place i; false where none can come back."""
    there, back = slices.moved[s, i, r], slices.returned[s, i, r]
    if there - back <= 1e-6 * slices.volume[s, r]:
        return False
    source, target = layout.slice_route[s], layout.slice_destination[s, i]
    n, home = layout.route_line[source], layout.route_plant[source]
    if slices.capacity[home, r] <= 0.0 or slices.capacity[layout.route_plant[target], r] <= 0.0:
        return False
    volume = min(slices.lump[s], there - back)
    need = spare_needed(terms, n=n, volume=volume, r=r)
    if slices.spare[home, r] < need:
        return False
    offer(
        layout,
        costs=costs,
        outlook=outlook,
        terms=terms,
        places=places,
        source=source,
        target=target,
        volume=volume,
        gap=slices.gap_paid[s, i, r],
        sunk=terms.transfer_sunk[n, r],
        lead=int(terms.transfer_months[n, r]),
        turned=True,
        r=r,
        out=trial,
    )
    trial[field.KIND] = field.RETURN
    trial[field.SLICE] = s
    trial[field.COUNTRY] = i
    trial[field.PLANT] = home
    trial[field.HOST] = home
    trial[field.ROOM] = need
    return True
