"""Sections 4 to 7 of docs/model.md: cost, prices, sourcing and shipping of one line."""

from __future__ import annotations

import math

from sim.world.world import World
from tests.reference.macro import ALL, Macro, On
from tests.reference.rows import Line, Outlet, Plant, Route

STEPS = 15
"""Dual steps of the transport."""


def full_cost(line: Line, plant: Plant, macro: Macro) -> float:
    """c_p: what a unit costs in the books."""
    par, china, japan, here = line.par, 1, 0, plant.i
    parts = sum(
        share * macro.price_index(s)
        for share, s in zip(plant.sources, (china, japan, here), strict=True)
    )
    parts += plant.parts_duty - plant.base_parts_duty
    rest = 1 - par.labour_share - par.parts_share
    return line.base_cost * (
        par.labour_share * macro.wage_index(here)
        + par.parts_share * parts
        + rest * macro.price_index(here)
    )


def planning_cost(line: Line, plant: Plant, macro: Macro, on: On = ALL) -> float:
    """k_p: relative macro cost damped, duties on parts in full."""
    par, made = line.par, sum(p.base_output for p in line.plants.values())
    wage_bar = price_bar = 0.0
    for p in line.plants.values():
        wage_bar += p.base_output / made * math.log(local_wage(macro, p, on))
        price_bar += p.base_output / made * math.log(macro.price_index(p.i, on))
    wage = local_wage(macro, plant, on) / math.exp(wage_bar)
    price = macro.price_index(plant.i, on) / math.exp(price_bar)
    extra = plant.parts_duty - plant.base_parts_duty if "duty" in on else 0.0
    return (
        line.base_cost
        * wage ** (par.wage_exponent * par.labour_share)
        * price**par.macro_exponent
        * (1 + par.parts_share * extra)
    )


def local_wage(macro: Macro, plant: Plant, on: On) -> float:
    """v_i: the real wage in local prices."""
    return macro.wage_index(plant.i, on) / macro.price_index(plant.i, on)


def route_cost(line: Line, route: Route, macro: Macro, on: On = ALL) -> float:
    """k_e: planning cost delivered, at the present duty."""
    made = route.plant.planning_cost if on is ALL else planning_cost(line, route.plant, macro, on)
    freight = line.planning_freight if "freight" in on else 1.0
    duty = route.duty * route.price if "duty" in on else route.base_duty * line.price
    return made + route.freight * line.price * freight + duty


def smooth_freight(line: Line, freight: float) -> None:
    """F: exponential average of the freight index."""
    kept = 0.5 ** (1 / line.par.freight_half_life_months)
    line.planning_freight = kept * line.planning_freight + (1 - kept) * freight


def price_outlet(line: Line, outlet: Outlet, macro: Macro, freight: float) -> None:
    """pc_m moves toward the fleet-average landed cost."""
    par, landed, base = line.par, 0.0, 0.0
    for e in outlet.routes:
        cost = e.plant.full_cost + e.freight * line.price * freight + e.duty * e.price
        landed += e.share * cost
        base += e.first_share * e.base_landed
    if landed > 0:
        star = (landed / base / macro.price_index(outlet.j)) ** par.price_weight
        outlet.price = outlet.price ** (1 - par.price_adjustment) * star**par.price_adjustment


def price_route(line: Line, route: Route, macro: Macro) -> None:
    """pt_e, the transfer price, holds the landed price."""
    par, held = line.par, (1 + route.base_duty) / (1 + route.duty)
    star = line.price * route.outlet.price * macro.price_index(route.outlet.j)
    star *= par.hold_degree * held + (1 - par.hold_degree) * held ** (1 - par.hold_arm)
    star = max(star, (1 + par.margin_floor) * route.plant.full_cost)
    route.price = (1 - par.invoice_lag) * star + par.invoice_lag * route.price_star
    route.price_star = star


def demand(line: Line, outlet: Outlet, world: World, month: int) -> None:
    """D_m and the orders that refill stock and pipeline."""
    at, par = (line.n, outlet.j, month), line.par
    size = float(world.market_index[at]) * float(world.rival_factor[at])
    size *= float(world.brand_trend[at]) * math.exp(outlet.noise)
    outlet.demand = outlet.base_demand * size * outlet.price**-par.eta
    wanted = par.inventory_months + sum(e.share * e.lag for e in outlet.routes)
    gap = wanted * outlet.demand - outlet.stock - outlet.transit
    outlet.orders = max(0.0, outlet.demand + gap / 6)


def source(line: Line, macro: Macro, month: int) -> None:
    """S_e: a part of the range is up each month, after the retooling lag."""
    theta, r = line.par.theta, line.par.reallocation_share
    for outlet in line.outlets.values():
        routes = outlet.routes
        kernel = [_kernel(line, e, macro, month, theta) for e in routes]
        total = sum(kernel)
        for e, weight in zip(routes, kernel, strict=True):
            e.targets.append(weight / total if total > 0 else 0.0)
            e.share = (1 - r) * e.share + r * e.targets.popleft()
            if e.plant.capacity == 0:
                e.share = 0.0


def _kernel(line: Line, e: Route, macro: Macro, month: int, theta: float) -> float:
    if e.base_share == 0 or e.plant.capacity == 0 or e.plant.base_capacity == 0:
        return 0.0
    drift = 1.0
    if e.plant.country == "CN":
        years = month / 12
        drift = math.exp(-line.par.china_drift_per_year * years / max(e.base_share, 0.05))
    scale = e.plant.capacity / e.plant.base_capacity
    return e.base_share * scale * drift * (route_cost(line, e, macro) / e.base_landed) ** -theta


def transport(line: Line) -> None:
    """Elastic transport under capacity: x_e, and l_p of every plant."""
    theta, eps = line.par.theta, max(line.par.eta, 2.0)
    for plant in line.plants.values():
        plant.log_rent = 0.0
    for _ in range(STEPS):
        _flows(line, theta, eps)
        for plant in line.plants.values():
            if plant.capacity > 0 and plant.output > 0:
                step = 2 / (1 + eps / theta) * math.log(plant.output / plant.capacity)
                plant.log_rent = max(0.0, plant.log_rent + step)
    _flows(line, theta, eps)
    for plant in line.plants.values():
        if plant.output > plant.capacity:
            for e in plant.routes:
                e.units *= plant.capacity / plant.output
            plant.output = plant.capacity


def _flows(line: Line, theta: float, eps: float) -> None:
    for outlet in line.outlets.values():
        routes = outlet.routes
        z = sum(e.share * math.exp(-e.plant.log_rent) for e in routes)
        for e in routes:
            e.units = 0.0
            if e.share > 0:
                pull = outlet.orders * z ** (eps / theta - 1)
                e.units = pull * e.share * math.exp(-e.plant.log_rent)
    for plant in line.plants.values():
        plant.output = sum(e.units for e in plant.routes)


def output_at_no_rent(line: Line, plant: Plant) -> float:
    """x~_p: what the plant would make at its own zero rent, the others' given."""
    theta, eps = line.par.theta, max(line.par.eta, 2.0)
    total = 0.0
    for e in plant.routes:
        z = e.share + sum(
            o.share * math.exp(-o.plant.log_rent) for o in e.outlet.routes if o is not e
        )
        if e.share > 0:
            total += e.outlet.orders * z ** (eps / theta - 1) * e.share
    return total


def ship(line: Line) -> None:
    """Goods leave, arrive, are sold; duty is paid at entry."""
    arrivals = dict.fromkeys(line.outlets.values(), 0.0)
    for e in line.routes:
        e.pipeline.append(e.units)
        arrived = e.pipeline.popleft()
        e.duty_paid = e.duty * e.price * arrived
        e.outlet.transit += e.units - arrived
        arrivals[e.outlet] += arrived
    for outlet, arrived in arrivals.items():
        at_hand = outlet.stock + arrived
        outlet.sales = min(outlet.demand, at_hand)
        outlet.stock = at_hand - outlet.sales
