"""Where each outlet's supply comes from: slow kernel, elastic transport under capacity.

``docs/model.md`` 6. Fixed 15 dual steps and no stopping test: a test would couple lanes and break
paired runs. The kernel is in exact-hat form, so the base year is reproduced without levels of cost.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.arrays import Flags, Floats, Out
from sim.world.layout import Layout

STEPS = 15
"""Dual steps of the transport problem; after 15 output misses its room by 1e-10 in the median busy
plant-month and by 1.4e-4 in the worst (measured on 64 lanes of 120 months)."""


@njit(cache=True, error_model="numpy")
def delivered_costs(
    layout: Layout,
    plan: Floats,
    factor: Floats,
    freight: Floats,
    freight_plan: Floats,
    duty: Floats,
    transfer_price: Floats,
    price: Floats,
    out: Out[Floats],
) -> None:
    """Fill the planning cost delivered over each route, float64[E, R] in USD, duty in full.

    ``factor``: float64[P, R], learning and scale.
    """
    for e in range(layout.route_line.size):
        n, p = layout.route_line[e], layout.route_plant[e]
        carriage = freight[e] * price[n]
        for r in range(duty.shape[1]):
            made = plan[p, r] * factor[p, r]
            out[e, r] = made + carriage * freight_plan[r] + duty[e, r] * transfer_price[e, r]


@njit(cache=True, error_model="numpy")
def share_targets(
    layout: Layout,
    delivered: Floats,
    base_delivered: Floats,
    kernel_base: Floats,
    capacity: Floats,
    capacity_base: Floats,
    years: float,
    drift: Floats,
    floor: Floats,
    theta: Floats,
    outlet_sum: Out[Floats],
    out: Out[Floats],
) -> None:
    """Fill the shares that firms would choose were all programmes up for choice, float64[E, R].

    ``kernel_base``: base shares as moved by programmes. Expanded plants attract in proportion to
    their capacity. The drift acts on no smaller share than ``floor``, float64[N, R].
    ``outlet_sum`` is work space float64[M, R].
    """
    lanes = delivered.shape[1]
    outlet_sum[:] = 0.0
    for e in range(layout.route_line.size):
        n, m, p = layout.route_line[e], layout.route_outlet[e], layout.route_plant[e]
        chinese = layout.route_origin[e] == layout.china
        for r in range(lanes):
            weight = kernel_base[e, r]
            if weight > 0.0 and capacity_base[p, r] > 0.0:
                exponent = -theta[n, r] * math.log(delivered[e, r] / base_delivered[e, r])
                if chinese:
                    exponent -= drift[n, r] * years / max(weight, floor[n, r])
                weight *= capacity[p, r] / capacity_base[p, r] * math.exp(exponent)
            else:
                weight = 0.0
            out[e, r] = weight
            outlet_sum[m, r] += weight
    for e in range(layout.route_line.size):
        m = layout.route_outlet[e]
        for r in range(lanes):
            if out[e, r] > 0.0:
                out[e, r] /= outlet_sum[m, r]


@njit(cache=True, error_model="numpy")
def shares(
    layout: Layout,
    share: Floats,
    target: Floats,
    targets_before: Floats,
    reallocation: Floats,
    lag: Floats,
    out: Out[Floats],
) -> None:
    """Fill sourcing shares: a part of the range is up each month, after a retooling lag.

    ``targets_before``: float64[lags, E, R], newest first.
    """
    for e in range(layout.route_line.size):
        n = layout.route_line[e]
        for r in range(share.shape[1]):
            months = int(lag[n, r])
            chosen = target[e, r] if months == 0 else targets_before[months - 1, e, r]
            out[e, r] = (1.0 - reallocation[n, r]) * share[e, r] + reallocation[n, r] * chosen


@njit(cache=True, error_model="numpy")
def transport(
    layout: Layout,
    orders: Floats,
    share: Floats,
    capacity: Floats,
    straight: Floats,
    premium: Floats,
    eta: Floats,
    theta: Floats,
    flow: Out[Floats],
    shadow: Out[Floats],
    row: Out[Floats],
    column: Out[Floats],
    kept: Out[Floats],
) -> None:
    """Fill flows float64[E, R] (units a month) and log capacity rents ``shadow`` float64[P, R].

    Elastic transport: rent at a full plant raises the delivered price index and lowers what the
    outlet takes. ``capacity``: float64[P, R], what may be used; beyond its part ``straight``
    (float64[P, R]) a plant works overtime, dearer hour by hour up to ``premium`` (float64[N, R],
    over unit cost), so that room grows with the rent until all of it is in use. A plant that may
    use nothing sends nothing. ``row`` (float64[P, R]) is output at the end; ``column`` (float64[M,
    R]) and ``kept`` (float64[P, R], ``e^-l``) are work space.
    Steps are shorter by the ``slope`` of room in the rent.
    A lane in which no plant is full keeps zero rents, exactly as the steps would leave them.
    """
    lanes = orders.shape[1]
    dearest, sends = np.empty(lanes), np.zeros(layout.route_line.size, dtype=np.bool_)
    for e in range(sends.size):  # a route that carries nothing in any lane adds nothing
        for r in range(lanes):
            if share[e, r] != 0.0:
                sends[e] = True
                break
        if not sends[e]:
            flow[e] = 0.0
    for n in range(layout.line_routes.size - 1):
        e0, e1 = layout.line_routes[n], layout.line_routes[n + 1]
        p0, p1 = layout.line_plants[n], layout.line_plants[n + 1]
        shadow[p0:p1] = 0.0
        for p in range(p0, p1):
            for r in range(lanes):
                kept[p, r] = 1.0 if capacity[p, r] > 0.0 else 0.0
        _fill_flows(
            layout,
            n=n,
            sends=sends,
            orders=orders,
            share=share,
            eta=eta,
            theta=theta,
            kept=kept,
            flow=flow,
            row=row,
            column=column,
        )
        full = False
        for p in range(p0, p1):
            for r in range(lanes):
                if row[p, r] > straight[p, r] * capacity[p, r]:
                    full = True
        if not full:
            continue
        for r in range(lanes):
            dearest[r] = theta[n, r] * math.log(1.0 + premium[n, r])
        for _ in range(STEPS):
            for p in range(p0, p1):
                for r in range(lanes):
                    rent = shadow[p, r]
                    room = straight[p, r] * capacity[p, r]
                    if row[p, r] <= 0.0 or capacity[p, r] <= 0.0:
                        continue
                    if rent <= 0.0 and row[p, r] <= room:
                        continue
                    most, slope = (1.0 - straight[p, r]) * capacity[p, r], 0.0
                    if rent < dearest[r]:
                        room += most * rent / dearest[r]
                        slope = most / (dearest[r] * room)
                    else:
                        room += most
                    step = 2.0 / (1.0 + max(eta[n, r], 2.0) / theta[n, r] + 2.0 * slope)
                    shadow[p, r] = max(0.0, rent + step * math.log(row[p, r] / room))
                    kept[p, r] = math.exp(-shadow[p, r])
            _fill_flows(
                layout,
                n=n,
                sends=sends,
                orders=orders,
                share=share,
                eta=eta,
                theta=theta,
                kept=kept,
                flow=flow,
                row=row,
                column=column,
            )
        for e in range(e0, e1):
            p = layout.route_plant[e]
            for r in range(lanes):
                if row[p, r] > capacity[p, r]:
                    flow[e, r] *= capacity[p, r] / row[p, r]
        for p in range(p0, p1):
            for r in range(lanes):
                row[p, r] = min(row[p, r], capacity[p, r])


@njit(cache=True, error_model="numpy", inline="never")
def _fill_flows(
    layout: Layout,
    n: int,
    sends: Flags,
    orders: Floats,
    share: Floats,
    eta: Floats,
    theta: Floats,
    kept: Floats,
    flow: Out[Floats],
    row: Out[Floats],
    column: Out[Floats],
) -> None:
    """Flows of one line at given rents, and their sums by plant."""
    lanes = orders.shape[1]
    column[layout.line_outlets[n] : layout.line_outlets[n + 1]] = 0.0
    row[layout.line_plants[n] : layout.line_plants[n + 1]] = 0.0
    for e in range(layout.line_routes[n], layout.line_routes[n + 1]):
        if not sends[e]:
            continue
        m, p = layout.route_outlet[e], layout.route_plant[e]
        for r in range(lanes):
            flow[e, r] = share[e, r] * kept[p, r]
            column[m, r] += flow[e, r]
    for m in range(layout.line_outlets[n], layout.line_outlets[n + 1]):
        for r in range(lanes):
            z = column[m, r]
            power = max(eta[n, r], 2.0) / theta[n, r] - 1.0
            column[m, r] = orders[m, r] * math.exp(power * math.log(z)) if z > 0.0 else 0.0
    for e in range(layout.line_routes[n], layout.line_routes[n + 1]):
        if not sends[e]:
            continue
        m, p = layout.route_outlet[e], layout.route_plant[e]
        for r in range(lanes):
            flow[e, r] *= column[m, r]
            row[p, r] += flow[e, r]
