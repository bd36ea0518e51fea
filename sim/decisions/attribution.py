"""Why a plant's orders are what they are: a capacity event's benefit, driver by driver.

``docs/model.md`` 9. What demand at base prices and without export rules did, what these rules did,
what prices took, and what the plant gained or lost against the line's others, each by its log
contribution to the plant's orders.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.arrays import Floats, Out
from sim.decisions import proposal as field
from sim.decisions.views import Costs, Orders, Terms
from sim.world.layout import Layout

COSTS = (field.DUTY, field.WAGE, field.FX, field.FREIGHT)
"""Causes that enter a cost, in the order of :func:`_changes`."""
CAUSES = (field.DEMAND, field.CONTROLS, *COSTS)
"""Causes of a plant's orders."""
NOTHING = 1e-9
"""Mean changes of cost below this, over cost, divide nothing: all goes to demand."""


@njit(cache=True, error_model="numpy")
def _changes(
    layout: Layout, costs: Costs, terms: Terms, e: int, r: int
) -> tuple[float, float, float, float]:
    """Change of a route's planning cost delivered since base by duty, wage, fx and freight, USD.

    Learning and scale are left out.
    """
    n, p = layout.route_line[e], layout.route_plant[e]
    base, price = costs.base_cost[n, r], costs.price[n]
    taxed = base * (1.0 + terms.parts_share[n, r] * costs.parts_duty[p, r])
    at_base_fx = costs.plan_at_base_fx[p, r]
    duty = taxed - base + costs.duty[e, r] * costs.transfer_price[e, r]
    return (
        duty - costs.base_duty[e, r] * price,
        at_base_fx - taxed,
        costs.plan[p, r] - at_base_fx,
        costs.freight[e] * price * (costs.freight_plan[r] - 1.0),
    )


@njit(cache=True, error_model="numpy")
def divide_benefit(
    layout: Layout,
    costs: Costs,
    terms: Terms,
    orders: Orders,
    p: int,
    r: int,
    benefit: float,
    built: float,
    shrinks: bool,
    out: Out[Floats],
) -> None:
    """Divide a capacity event's benefit over the drivers of ``out``; they sum to it.

    ``built`` is the log of the growth of demand that a plant which ``shrinks`` had been built for.
    """
    n = layout.plant_line[p]
    first, last = layout.line_routes[n], layout.line_routes[n + 1]
    barred = False
    base, free, asked, kept, now, sent = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    risen, gained = np.zeros(4), np.zeros(4)
    for e in range(first, last):
        if layout.route_plant[e] != p:
            continue
        m = layout.route_outlet[e]
        base += orders.base_demand[m] * orders.kernel_base[e, r]
        at_base = orders.at_base_prices[m, r] * orders.kernel_base[e, r]
        if orders.lawful[m, r] > 0.0:
            free += at_base / orders.lawful[m, r]
        elif orders.kernel_base[e, r] > 0.0:
            barred = True
        asked += at_base
        usual = orders.placed[m, r] * orders.kernel_base[e, r]
        got = orders.placed[m, r] * orders.share[e, r]
        kept += usual
        now += got
        sent += orders.placed[m, r] * orders.licensed[e, r]
        for o in range(first, last):
            if layout.route_outlet[o] == m:
                change = _changes(layout, costs, terms, o, r)
                in_price = usual * orders.share[o, r] / orders.base_landed[m, r]
                beaten = orders.kernel_base[o, r] - (1.0 if o == e else 0.0)
                in_share = got * beaten / orders.base_delivered[o, r]
                for d in range(4):
                    risen[d] += in_price * change[d]
                    gained[d] += in_share * change[d]
    demand, ruled, priced, shift = 0.0, 0.0, 0.0, 0.0
    if min(base, free, asked, kept, now, sent) > 0.0:
        demand, ruled = math.log(free / base) - built, math.log(asked / free) + math.log(sent / now)
        priced, shift = math.log(kept / asked), math.log(now / kept)
    elif barred:
        ruled = -1.0
    rise, gain = 0.0, 0.0
    for d in range(4):
        rise += risen[d]
        gain += gained[d]
    if abs(rise) <= NOTHING * kept:
        demand, priced, rise = demand + priced, 0.0, 1.0
    if abs(gain) <= NOTHING * now:
        demand, shift, gain = demand + shift, 0.0, 1.0
    out[field.DEMAND], out[field.CONTROLS] = demand, ruled
    for d in range(4):
        out[COSTS[d]] = priced * risen[d] / rise + shift * gained[d] / gain
    _scale(benefit, shrinks, out)


@njit(cache=True, error_model="numpy")
def _scale(benefit: float, shrinks: bool, out: Out[Floats]) -> None:
    """Turn the logs of the causes into parts of the benefit.

    What lets a plant shrink is what took orders from it: causes that brought some have no part.
    """
    total = 0.0
    for cause in CAUSES:
        if shrinks:
            out[cause] = max(0.0, -out[cause])
        total += out[cause]
    if abs(total) < 1e-12:
        for cause in CAUSES:
            out[cause] = 0.0
        out[field.DEMAND], total = 1.0, 1.0
    for cause in CAUSES:
        out[cause] *= benefit / total
