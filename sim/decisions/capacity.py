"""Capacity for local markets: what a full plant's room is worth, and when idle room closes.

``docs/model.md`` 8. Values come from the duals in closed form for a whole lump and are zero in the
base year; re-solving with a kernel that counts capacity would reward variety and never rest.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.decisions import proposal as field
from sim.decisions.expectations import expected_duty
from sim.decisions.views import Costs, Outlook, Terms
from sim.world.layout import Layout

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

USED_FULLY = 0.9
"""Output over capacity above which a plant counts as fully used."""
EXIT_BELOW = 0.75
"""What remains of a plant under its minimum scale leaves too when used less than this."""


@njit(cache=True, error_model="numpy")
def rents(
    layout: Layout,
    orders: Floats,
    share: Floats,
    capacity: Floats,
    lump: Floats,
    shadow: Floats,
    eta: Floats,
    theta: Floats,
    column: Floats,
    out: Floats,
) -> None:
    """Fill the yearly rent of one more lump, share of unit cost, float64[P, R]; 0 where not full.

    ``rent = (l + max(0, ln(x~ / (capacity + lump)))) / (2 theta)``, ``x~`` the plant's flow at its
    own zero rent given the others'. ``column`` is work space float64[M, R].
    """
    column[:] = 0.0
    out[:] = 0.0
    lanes = orders.shape[1]
    for e in range(layout.route_line.size):
        m, p = layout.route_outlet[e], layout.route_plant[e]
        for r in range(lanes):
            column[m, r] += share[e, r] * math.exp(-shadow[p, r])
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
                beyond = math.log(out[p, r] / (capacity[p, r] + lump[p] / 12.0))
                out[p, r] = 0.5 * (shadow[p, r] + max(0.0, beyond)) / theta[n, r]


@njit(cache=True, error_model="numpy")
def idleness(
    layout: Layout,
    output: Floats,
    output_average: Floats,
    capacity: Floats,
    lump: Floats,
    idle_months: Ints,
    average: Floats,
    months: Ints,
) -> None:
    """Fill the six-month average of output and the unbroken months with a whole lump idle."""
    for p in range(layout.plant_line.size):
        for r in range(output.shape[1]):
            average[p, r] = output_average[p, r] + (output[p, r] - output_average[p, r]) / 6.0
            spare = 12.0 * (capacity[p, r] - average[p, r] / USED_FULLY)
            months[p, r] = idle_months[p, r] + 1 if spare > lump[p] else 0


@njit(cache=True, error_model="numpy")
def expansions(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    orders: Floats,
    share: Floats,
    kernel_base: Floats,
    base_demand: Floats,
    base_delivered: Floats,
    lump: Floats,
    flow: Floats,
    rent_average: Floats,
    capacity: Floats,
    out: Floats,
) -> None:
    """Fill expansion proposals, float64[P, R, FIELDS]; ``NET`` is 0 where none is worth its cost.

    Only a plant of at least one lump is expanded.
    """
    out[:] = 0.0
    for p in range(layout.plant_line.size):
        n = layout.plant_line[p]
        for r in range(capacity.shape[1]):
            if rent_average[p, r] <= 0.0 or 12.0 * capacity[p, r] < lump[p]:
                continue
            lasting = _duty_lasting(
                layout, costs, outlook, flow, p, int(terms.expand_months[n, r]), r
            )
            benefit = rent_average[p, r] * lasting * lump[p]
            capital = terms.discount[n, r] + terms.depreciation[n, r]
            outlay = terms.expand_sunk[n, r] * costs.price[n] * lump[p]
            net = benefit - capital * terms.diffusion[n, r] * outlay
            if net <= 0.0:
                continue
            best = out[p, r]
            _divide(layout, costs, terms, orders, share, kernel_base, base_demand, base_delivered,
                    p, r, benefit, best)  # fmt: skip
            best[field.UNCERTAINTY] = -capital * (terms.diffusion[n, r] - 1.0) * outlay
            best[field.ENTRY] = -capital * outlay
            best[field.NET] = net
            best[field.KIND] = field.EXPAND
            best[field.COUNTRY] = layout.plant_country[p]
            best[field.PLANT] = p
            best[field.VOLUME] = lump[p]
            best[field.SUNK] = outlay
            best[field.LEAD] = terms.expand_months[n, r]
            best[field.HURDLE] = terms.diffusion[n, r]


@njit(cache=True, error_model="numpy")
def closures(
    layout: Layout,
    costs: Costs,
    terms: Terms,
    orders: Floats,
    share: Floats,
    kernel_base: Floats,
    base_demand: Floats,
    base_delivered: Floats,
    lump: Floats,
    output_average: Floats,
    idle_months: Ints,
    capacity: Floats,
    out: Floats,
) -> None:
    """Fill closure proposals, float64[P, R, FIELDS]: past idleness forecasts the idleness to come.

    One lump closes; what is left below minimum scale and little used closes with it (``EXIT``).
    """
    out[:] = 0.0
    for p in range(layout.plant_line.size):
        n = layout.plant_line[p]
        for r in range(capacity.shape[1]):
            if terms.idle_cost[n, r] <= 0.0 or idle_months[p, r] == 0:
                continue
            hurdle = terms.diffusion[n, r]
            wait = 12.0 * terms.exit_cost[n, r] * hurdle / terms.idle_cost[n, r]
            if idle_months[p, r] <= wait:
                continue
            best = out[p, r]
            volume, kind = lump[p], field.CLOSE
            left = 12.0 * capacity[p, r] - volume
            little = 12.0 * output_average[p, r] < EXIT_BELOW * left or left <= 0.0
            if left < terms.minimum_scale[n, r] and little:
                volume, kind = 12.0 * capacity[p, r], field.EXIT
            value = volume * costs.price[n]
            capital = terms.discount[n, r] + terms.depreciation[n, r]
            outlay = terms.exit_cost[n, r] * value
            _divide(layout, costs, terms, orders, share, kernel_base, base_demand, base_delivered,
                    p, r, terms.idle_cost[n, r] * value, best)  # fmt: skip
            best[field.UNCERTAINTY] = -capital * (hurdle - 1.0) * outlay
            best[field.ENTRY] = -capital * outlay
            best[field.NET] = terms.idle_cost[n, r] * value - capital * hurdle * outlay
            best[field.KIND] = kind
            best[field.COUNTRY] = layout.plant_country[p]
            best[field.PLANT] = p
            best[field.VOLUME] = volume
            best[field.SUNK] = outlay
            best[field.HURDLE] = hurdle


@njit(cache=True, error_model="numpy")
def _duty_lasting(
    layout: Layout, costs: Costs, outlook: Outlook, flow: Floats, p: int, lead: int, r: int
) -> float:
    """Expected over present duty above base in the plant's markets, 0..1; 1 where there is none.

    Routes count by what flows over them.
    """
    n = layout.plant_line[p]
    w, h = outlook.law[r], outlook.hazard_set[r]
    total, lasting = 0.0, 0.0
    for e in range(layout.line_routes[n], layout.line_routes[n + 1]):
        if layout.route_plant[e] != p or flow[e, r] <= 0.0:
            continue
        supplied, now, later = 0.0, 0.0, 0.0
        for o in range(layout.line_routes[n], layout.line_routes[n + 1]):
            if layout.route_outlet[o] == layout.route_outlet[e]:
                supplied += flow[o, r]
                now += flow[o, r] * max(0.0, costs.duty[o, r] - costs.base_duty[o, r])
                expected = expected_duty(
                    outlook.permanent[w, o], outlook.extra[w, o], outlook.announced[w, o],
                    outlook.announced_in[w, o], outlook.enforced[w, :, r], outlook.age[w, o],
                    outlook.weights[h], lead,
                )  # fmt: skip
                later += flow[o, r] * max(0.0, expected - costs.base_duty[o, r])
        ratio = min(1.0, later / now) if now > 1e-9 * supplied else 1.0
        total += flow[e, r]
        lasting += flow[e, r] * ratio
    return lasting / total if total > 0.0 else 1.0


@njit(cache=True, error_model="numpy")
def _divide(
    layout: Layout, costs: Costs, terms: Terms, orders: Floats, share: Floats,
    kernel_base: Floats, base_demand: Floats, base_delivered: Floats,
    p: int, r: int, benefit: float, out: Floats,
) -> None:  # fmt: skip
    """Divide a capacity event's benefit over drivers by their log contribution to the orders."""
    n = layout.plant_line[p]
    now, base, kept = 0.0, 0.0, 0.0
    duty, wage, fx, freight = 0.0, 0.0, 0.0, 0.0
    for e in range(layout.line_routes[n], layout.line_routes[n + 1]):
        if layout.route_plant[e] != p:
            continue
        m = layout.route_outlet[e]
        base += base_demand[m] * kernel_base[e, r]
        kept += orders[m, r] * kernel_base[e, r]
        weight = orders[m, r] * share[e, r]
        now += weight
        for o in range(layout.line_routes[n], layout.line_routes[n + 1]):
            if layout.route_outlet[o] == m:
                a = weight * (kernel_base[o, r] - (1.0 if o == e else 0.0))
                q, c = layout.route_plant[o], costs.base_cost[n, r]
                taxed = c * (1.0 + terms.parts_share[n, r] * costs.parts_duty[q, r])
                scale = a / base_delivered[o, r]
                duty += scale * (
                    taxed - c + costs.duty[o, r] * costs.transfer_price[o, r]
                    - costs.base_duty[o, r] * costs.price[n]
                )  # fmt: skip
                wage += scale * (costs.plan_at_base_fx[q, r] - taxed)
                fx += scale * (costs.plan[q, r] - costs.plan_at_base_fx[q, r])
                freight += scale * costs.freight[o] * costs.price[n] * (costs.freight_plan[r] - 1.0)
    demand = math.log(kept / base) if kept > 0.0 and base > 0.0 else 0.0
    shift = math.log(now / kept) if now > 0.0 and kept > 0.0 else 0.0
    advantage = duty + wage + fx + freight
    if abs(advantage) <= 1e-9 * max(now, 1e-300):
        demand, shift = demand + shift, 0.0
        advantage = 1.0
    total = demand + shift
    if abs(total) < 1e-12:
        demand, total, shift = 1.0, 1.0, 0.0
    out[field.DEMAND] = benefit * demand / total
    part = benefit * shift / total / advantage
    out[field.DUTY] = part * duty
    out[field.WAGE] = part * wage
    out[field.FX] = part * fx
    out[field.FREIGHT] = part * freight
