"""Capacity for local markets: what a full plant's room is worth, and when it is built.

``docs/model.md`` 8. Values come from the duals in closed form for a whole lump and are zero in the
base year; re-solving with a kernel that counts capacity would reward variety and never rest.
"""

from __future__ import annotations

import math

from numba import njit

from sim.arrays import Flags, Floats, Out
from sim.axes import MONTHS_PER_YEAR
from sim.decisions import proposal as field
from sim.decisions.attribution import divide_benefit
from sim.decisions.views import Costs, Orders, Outlook, Room, Terms
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def rents(
    layout: Layout,
    orders: Floats,
    share: Floats,
    capacity: Floats,
    usable: Floats,
    lump: Floats,
    shadow: Floats,
    eta: Floats,
    theta: Floats,
    column: Out[Floats],
    out: Out[Floats],
) -> None:
    """Fill the yearly rent of one more lump, share of unit cost, float64[P, R]; 0 where not full.

    ``rent = (l + max(0, ln(x~ / (capacity + lump)))) / (2 theta)``, ``x~`` the plant's flow at its
    own zero rent given the others'. ``capacity``: float64[P, R], units a year. A plant of which
    nothing is ``usable`` (float64[P, R], units a month) takes no part; ``column`` is work space
    float64[M, R].
    """
    column[:] = 0.0
    out[:] = 0.0
    lanes = orders.shape[1]
    for e in range(layout.route_line.size):
        m, p = layout.route_outlet[e], layout.route_plant[e]
        for r in range(lanes):
            if usable[p, r] > 0.0:
                rent = shadow[p, r]
                column[m, r] += share[e, r] * (math.exp(-rent) if rent > 0.0 else 1.0)
    for e in range(layout.route_line.size):
        n, m, p = layout.route_line[e], layout.route_outlet[e], layout.route_plant[e]
        for r in range(lanes):
            if shadow[p, r] > 0.0 and share[e, r] > 0.0:
                z = column[m, r] + share[e, r] * (1.0 - math.exp(-shadow[p, r]))
                power = max(eta[n, r], 2.0) / theta[n, r] - 1.0
                out[p, r] += orders[m, r] * math.exp(power * math.log(z)) * share[e, r]
    for p in range(layout.plant_line.size):
        n = layout.plant_line[p]
        for r in range(lanes):
            if shadow[p, r] > 0.0:
                beyond = math.log(MONTHS_PER_YEAR * out[p, r] / (capacity[p, r] + lump[p]))
                out[p, r] = 0.5 * (shadow[p, r] + max(0.0, beyond)) / theta[n, r]


@njit(cache=True, error_model="numpy")
def expansions(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    orders: Orders,
    room: Room,
    out: Out[Floats],
) -> None:
    """Fill expansion proposals, float64[P, R, fields]; ``NET`` is 0 where none is worth its cost.

    Only a plant of at least one lump of which nothing is mothballed is expanded.
    """
    out[:] = 0.0
    for p in range(layout.plant_line.size):
        for r in range(room.capacity.shape[1]):
            if room.worth[p, r] > 0.0 and _may_grow(room, p, r):
                benefit, outlay, net = _worth(
                    layout, costs=costs, outlook=outlook, terms=terms, room=room, p=p, r=r
                )
                if net > 0.0:
                    _propose(
                        layout,
                        costs=costs,
                        outlook=outlook,
                        terms=terms,
                        orders=orders,
                        p=p,
                        r=r,
                        benefit=benefit,
                        outlay=outlay,
                        net=net,
                        room=room,
                        out=out[p, r],
                    )


@njit(cache=True, error_model="numpy")
def considered_expansions(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    orders: Orders,
    room: Room,
    n: int,
    r: int,
    out: Out[Floats],
    wanted: Out[Flags],
) -> int:
    """Fill the expansion of every plant of line n that may grow in lane r, and give their number.

    ``out``: float64[rows, fields]; ``wanted``: bool[rows], whether it is worth its cost.
    """
    count = 0
    for p in range(layout.line_plants[n], layout.line_plants[n + 1]):
        if _may_grow(room, p, r):
            benefit, outlay, net = _worth(
                layout, costs=costs, outlook=outlook, terms=terms, room=room, p=p, r=r
            )
            out[count] = 0.0
            _propose(
                layout,
                costs=costs,
                outlook=outlook,
                terms=terms,
                orders=orders,
                p=p,
                r=r,
                benefit=benefit,
                outlay=outlay,
                net=net,
                room=room,
                out=out[count],
            )
            wanted[count] = room.worth[p, r] > 0.0 and net > 0.0
            count += 1
    return count


@njit(cache=True, error_model="numpy")
def may_grow(capacity: Floats, mothballed: Floats, lump: Floats, p: int, r: int) -> bool:
    """Whether the plant has at least one lump and all of it is in use."""
    return bool(capacity[p, r] >= lump[p] and not mothballed[p, r] > 0.0)


@njit(cache=True, error_model="numpy")
def _may_grow(room: Room, p: int, r: int) -> bool:
    """Whether a plant that may be enlarged can take on another lump this year."""
    whole = may_grow(room.capacity, room.mothballed, room.lump, p, r)
    return bool(whole and room.lump[p] <= room.growth[p, r])


@njit(cache=True, error_model="numpy")
def _worth(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, room: Room, p: int, r: int
) -> tuple[float, float, float]:
    """Yearly benefit of one more lump at plant p, its outlay, and what is left net, USD.

    Room for a market is worth no more than what it would cost to serve it from another place.
    """
    n = layout.plant_line[p]
    value, unit = room.worth[p, r], terms.usual_use[n, r] * costs.price[n]
    made, lost = 0.0, 0.0
    for e in range(layout.line_routes[n], layout.line_routes[n + 1]):
        if layout.route_plant[e] == p:
            made += room.flow[e, r]
    for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
        e = layout.slice_route[s]
        if layout.route_plant[e] == p and made > 0.0:
            most = unit * max(0.0, -room.elsewhere[s, r])
            lost += room.flow[e, r] / made * max(0.0, value - most)
    benefit = (value - lost) * room.lump[p]
    capital = terms.discount[n, r] + terms.depreciation[n, r]
    outlay = terms.expand_sunk[n, r] * costs.price[n] * room.lump[p]
    borne = 1.0 - subsidised(layout, outlook=outlook, terms=terms, p=p, r=r)
    return benefit, outlay, benefit - capital * terms.diffusion[n, r] * outlay * borne


@njit(cache=True, error_model="numpy")
def subsidised(layout: Layout, outlook: Outlook, terms: Terms, p: int, r: int) -> float:
    """Part of the outlay at plant p that subsidies pay, as it counts in a decision."""
    n, i = layout.plant_line[p], layout.plant_country[p]
    return terms.subsidy_weight[n, r] * outlook.subsidies.outlay[outlook.law[r], n, i]


@njit(cache=True, error_model="numpy")
def _propose(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    orders: Orders,
    p: int,
    r: int,
    benefit: float,
    outlay: float,
    net: float,
    room: Room,
    out: Out[Floats],
) -> None:
    """Fill the proposal of one more lump at plant p."""
    n = layout.plant_line[p]
    capital = terms.discount[n, r] + terms.depreciation[n, r]
    divide_benefit(
        layout,
        costs=costs,
        terms=terms,
        orders=orders,
        p=p,
        r=r,
        benefit=benefit,
        built=0.0,
        shrinks=False,
        out=out,
    )
    given = subsidised(layout, outlook=outlook, terms=terms, p=p, r=r)
    out[field.SUBSIDY] = capital * terms.diffusion[n, r] * outlay * given
    out[field.GRANT] = outlay * max(
        0.0, outlook.subsidies.outlay[outlook.law[r], n, layout.plant_country[p]]
    )
    out[field.UNCERTAINTY] = -capital * (terms.diffusion[n, r] - 1.0) * outlay
    out[field.ENTRY] = -capital * outlay
    out[field.NET] = net
    out[field.KIND] = field.EXPAND
    out[field.COUNTRY] = layout.plant_country[p]
    out[field.PLANT] = p
    out[field.VOLUME] = room.lump[p]
    out[field.SUNK] = outlay
    out[field.LEAD] = terms.expand_months[n, r]
    out[field.HURDLE] = terms.diffusion[n, r]
