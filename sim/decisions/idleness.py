"""What becomes of idle room: laid up for a while, put to work again, or closed for good.

``docs/model.md`` 8, Idleness. A slump of a market, which will pass, is no idleness. A step
pays when what it saves would have earned its cost over the idleness so far, which forecasts the
idleness to come.
"""

from __future__ import annotations

import math

from numba import njit

from sim.arrays import Flags, Floats, Ints, Out
from sim.axes import MONTHS_PER_YEAR
from sim.decisions import proposal as field
from sim.decisions.attribution import divide_benefit
from sim.decisions.views import Costs, Orders, Room, Terms
from sim.world.layout import Layout

STEPS = (field.EXIT, field.CLOSE, field.RESTART, field.MOTHBALL)
"""What may be done with idle room, in the order in which the first that pays is taken."""


@njit(cache=True, error_model="numpy")
def idleness(
    layout: Layout,
    terms: Terms,
    memory: Floats,
    output: Floats,
    output_average: Floats,
    capacity: Floats,
    lump: Floats,
    flow: Floats,
    recovery: Floats,
    idle_months: Ints,
    average: Out[Floats],
    months: Out[Ints],
) -> None:
    """Fill the average of output and the unbroken months with a whole lump idle.

    Room that a slump leaves idle does not count: what a plant makes is taken at what its markets
    will ask for again. ``memory``: float64[N, R], months of the average; ``recovery``:
    float64[M, R], what an outlet's market is expected to come back to, over what it is now.
    """
    for p in range(layout.plant_line.size):
        n = layout.plant_line[p]
        for r in range(output.shape[1]):
            step = (output[p, r] - output_average[p, r]) / memory[n, r]
            average[p, r] = output_average[p, r] + step
            used = MONTHS_PER_YEAR * average[p, r] / terms.full_use[n, r]
            idle = capacity[p, r] - used > lump[p]
            if idle:  # asked only here: few plants are
                used *= _regained(layout, flow, recovery, p, r)
            months[p, r] = idle_months[p, r] + 1 if idle and capacity[p, r] - used > lump[p] else 0


@njit(cache=True, error_model="numpy")
def _regained(layout: Layout, flow: Floats, recovery: Floats, p: int, r: int) -> float:
    """Mean recovery of a plant's markets, weighted with what it makes for each; 1 where nothing."""
    n = layout.plant_line[p]
    made, later = 0.0, 0.0
    for e in range(layout.line_routes[n], layout.line_routes[n + 1]):
        if layout.route_plant[e] == p:
            made += flow[e, r]
            later += flow[e, r] * recovery[layout.route_outlet[e], r]
    return later / made if made > 0.0 else 1.0


@njit(cache=True, error_model="numpy")
def idle_steps(
    layout: Layout, costs: Costs, terms: Terms, orders: Orders, room: Room, out: Out[Floats]
) -> None:
    """Fill what to do with idle room, float64[P, R, fields]; ``VOLUME`` is 0 where nothing is.

    Closing goes before restarting, restarting before mothballing.
    """
    out[:] = 0.0
    for p in range(layout.plant_line.size):
        for r in range(room.capacity.shape[1]):
            if room.idle_months[p, r] == 0 and room.mothballed[p, r] == 0.0:
                continue
            for kind in STEPS:
                if _pays(layout, terms, room, kind, p, r):
                    _propose(
                        layout,
                        costs=costs,
                        terms=terms,
                        orders=orders,
                        room=room,
                        kind=kind,
                        p=p,
                        r=r,
                        out=out[p, r],
                    )
                    break


@njit(cache=True, error_model="numpy")
def considered_idle_steps(
    layout: Layout,
    costs: Costs,
    terms: Terms,
    orders: Orders,
    room: Room,
    n: int,
    r: int,
    out: Out[Floats],
    wanted: Out[Flags],
) -> int:
    """Fill every step that line n could take with idle room in lane r, and give their number.

    A plant with a lump idle may close all of it, close a lump, or lay a lump up if none is; one
    with room laid up may put it to work. ``out``: float64[rows, fields], a plant's steps in the
    order in which the first that pays is taken; ``wanted``: bool[rows], whether it pays.
    """
    count = 0
    for p in range(layout.line_plants[n], layout.line_plants[n + 1]):
        for kind in STEPS:
            if _stands_open(room, kind, p, r):
                out[count] = 0.0
                _propose(
                    layout,
                    costs=costs,
                    terms=terms,
                    orders=orders,
                    room=room,
                    kind=kind,
                    p=p,
                    r=r,
                    out=out[count],
                )
                wanted[count] = _pays(layout, terms, room, kind, p, r)
                count += 1
    return count


@njit(cache=True, error_model="numpy")
def _stands_open(room: Room, kind: int, p: int, r: int) -> bool:
    """Whether plant p could take the step at all."""
    laid = room.mothballed[p, r]
    if kind == field.RESTART:
        return bool(laid > 0.0)
    if kind == field.MOTHBALL and laid > 0.0:
        return False
    whole = kind == field.CLOSE and room.capacity[p, r] < room.lump[p]
    return bool(room.idle_months[p, r] > 0 and not whole)


@njit(cache=True, error_model="numpy")
def _pays(layout: Layout, terms: Terms, room: Room, kind: int, p: int, r: int) -> bool:
    """Whether the step would have earned its cost over the idleness so far."""
    n, laid, months = layout.plant_line[p], room.mothballed[p, r], room.idle_months[p, r]
    idle, exits, hurdle = terms.idle_cost[n, r], terms.exit_cost[n, r], terms.diffusion[n, r]
    kept, capacity = terms.mothball_cost[n, r], room.capacity[p, r]
    used = MONTHS_PER_YEAR * room.output_average[p, r]
    if kind == field.RESTART:
        needed = min(room.straight[p, r], terms.restart_use[n, r]) * (capacity - laid)
        return bool(laid > 0.0 and used >= needed)
    if kind == field.MOTHBALL:
        lay, saved = terms.mothball_exit[n, r] * exits, idle * (1.0 - kept)
        return bool(laid == 0.0 and months >= MONTHS_PER_YEAR * lay * hurdle / saved)
    paying = idle * kept if laid > 0.0 else idle
    left = capacity - room.lump[p]
    little = used < terms.exit_use[n, r] * left or left <= 0.0
    leaves = left < terms.minimum_scale[n, r] and little
    ripe = months > 0 and months >= MONTHS_PER_YEAR * exits * hurdle / paying
    return bool(ripe and leaves == (kind == field.EXIT))


@njit(cache=True, error_model="numpy")
def _propose(
    layout: Layout,
    costs: Costs,
    terms: Terms,
    orders: Orders,
    room: Room,
    kind: int,
    p: int,
    r: int,
    out: Out[Floats],
) -> None:
    """Fill one proposal: yearly benefit over its drivers, less the yearly cost of the outlay."""
    n, laid = layout.plant_line[p], room.mothballed[p, r]
    idle, exits, kept = terms.idle_cost[n, r], terms.exit_cost[n, r], terms.mothball_cost[n, r]
    lay, hurdle, price = terms.mothball_exit[n, r] * exits, terms.diffusion[n, r], costs.price[n]
    if kind == field.RESTART:
        volume, share, hurdle = laid, lay, 1.0
        benefit = terms.overtime_premium[n, r] * costs.base_cost[n, r] * volume
    elif kind == field.MOTHBALL:
        volume, share = min(room.lump[p], room.capacity[p, r]), lay
        benefit = idle * (1.0 - kept) * price * volume
    else:
        volume = room.capacity[p, r] if kind == field.EXIT else room.lump[p]
        share = exits
        benefit = idle * price * (volume - (1.0 - kept) * min(volume, laid))
    outlay = share * price * volume
    capital = terms.discount[n, r] + terms.depreciation[n, r]
    built = 0.0
    if kind != field.RESTART and min(room.capacity[p, r], room.capacity_base[p, r]) > 0.0:
        built = math.log(room.capacity[p, r] / room.capacity_base[p, r])
    divide_benefit(
        layout,
        costs=costs,
        terms=terms,
        orders=orders,
        p=p,
        r=r,
        benefit=benefit,
        built=built,
        shrinks=kind != field.RESTART,
        out=out,
    )
    out[field.UNCERTAINTY] = -capital * (hurdle - 1.0) * outlay
    out[field.ENTRY] = -capital * outlay
    out[field.NET] = benefit - capital * hurdle * outlay
    out[field.KIND] = kind
    out[field.COUNTRY] = layout.plant_country[p]
    out[field.PLANT] = p
    out[field.VOLUME] = volume
    out[field.SUNK] = outlay
    out[field.HURDLE] = hurdle
