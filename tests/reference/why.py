"""Section 9 of docs/model.md: why an option is worth what it is, driver by driver."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.axes import COUNTRIES
from sim.tables import DRIVERS
from tests.reference.beliefs import diffusion_hurdle
from tests.reference.capacity import granted_of, growth_worth
from tests.reference.cost import route_cost
from tests.reference.macro import ALL, Macro, On
from tests.reference.programmes import Option, freed_room, saving
from tests.reference.rows import Line, Plant, Route
from tests.reference.scene import Scene

ORDER = ("duty", "wage", "fx", "freight")
"""Drivers that enter a cost, in the order in which they are switched on."""


@dataclass
class Event:
    """One row of the table ``relocations``; money in nominal USD."""

    line: str
    firm: str
    product: str
    kind: str
    source: str
    target: str
    market: str
    units: float
    announced: int
    operating: int
    sunk_cost_usd: float
    option_value_usd: float
    hurdle: float
    grant_usd: float = 0.0
    reason: str = ""
    partner: str = ""
    drivers: dict[str, float] = field(default_factory=dict)


def programme_event(option: Option, scene: Scene, due: int) -> Event:
    """Drivers of a programme: its saving telescoped, its costs by name."""
    line, par = option.line, option.line.par
    yearly = option.volume * line.price
    credit = dict.fromkeys(DRIVERS, 0.0)
    on: On = frozenset()
    a, b = option.source, option.target
    before = saving(line, a, b, option.months, scene, on)
    for driver in ORDER:
        on = on | {driver}
        after = saving(line, a, b, option.months, scene, on)
        credit[driver] = (after - before) * yearly
        before = after
    credit["controls"] = scene.spared(line, a.plant, b.plant) * yearly
    last = saving(line, a, b, option.months, scene, ALL) - before
    credit["demand"] = (last + freed_room(line, a.plant, scene)) * yearly
    rate = par.discount + par.depreciation
    fixed = par.fixed_project_usd / yearly
    credit["subsidy"] = option.given * yearly
    credit["entry"] = -(option.gap + rate * (option.sunk + fixed)) * yearly
    credit["uncertainty"] = (option.hedge - rate * option.sunk * (option.hurdle - 1)) * yearly
    event = Event(
        line.id, line.firm, line.product, option.kind, option.source.plant.country,
        option.target.plant.country, option.source.outlet.market, option.volume, scene.month,
        due, option.outlay(), option.net * yearly, option.hurdle,
        grant_usd=option.outlay() - option.borne(),
        partner=scene.industry.owner(option.host) if option.kind == "shared" else "",
    )  # fmt: skip
    return finish(event, credit, scene.macro)


def worth_and_sunk(
    line: Line, plant: Plant, kind: str, units: float, scene: Scene
) -> tuple[float, float]:
    """Yearly benefit and outlay of a change of capacity, USD."""
    par, value = line.par, line.price * units
    kept = par.mothball_cost_share
    if kind == "expand":
        benefit = growth_worth(line, plant, scene) * units
        return benefit, par.expand_sunk * value
    lay_up = par.mothball_exit_share * par.exit_cost_share * value
    if kind == "mothball":
        return par.idle_cost_share * (1 - kept) * value, lay_up
    if kind == "restart":
        return par.overtime_premium * line.base_cost * units, lay_up
    cold = min(12 * plant.mothballed, units)
    benefit = par.idle_cost_share * line.price * (units - (1 - kept) * cold)
    return benefit, par.exit_cost_share * value


def capacity_event(
    line: Line, plant: Plant, kind: str, units: float, scene: Scene, due: int
) -> Event:
    """Drivers of a change of capacity: the benefit by log contribution to the orders."""
    par = line.par
    rate = par.discount + par.depreciation
    hurdle = 1.0 if kind == "restart" else diffusion_hurdle(par)
    benefit, sunk = worth_and_sunk(line, plant, kind, units, scene)
    credit = dict.fromkeys(DRIVERS, 0.0)
    shares = order_contributions(line, plant, scene.macro)
    if kind in ("close", "exit", "mothball"):
        if any(share != 0 for share in shares.values()):
            shares["demand"] -= math.log(plant.capacity / plant.base_capacity)
        shares = {driver: max(0.0, -share) for driver, share in shares.items()}
    total = sum(shares.values())
    for driver, share in shares.items():
        credit[driver] = benefit * share / total if total != 0 else 0.0
    if total == 0:
        credit["demand"] = benefit
    granted = granted_of(line, plant, scene) if kind == "expand" else 0.0
    given = par.subsidy_weight * granted * rate * sunk * hurdle
    credit["subsidy"] = given
    credit["entry"] = -rate * sunk
    credit["uncertainty"] = -rate * sunk * (hurdle - 1)
    here, grows = COUNTRIES[plant.i], kind in ("expand", "restart")
    event = Event(
        line.id, line.firm, line.product, kind, "" if grows else here, here if grows else "",
        "", units, scene.month, due, sunk, benefit - rate * sunk * hurdle + given, hurdle,
        grant_usd=max(0.0, granted) * sunk,
    )  # fmt: skip
    return finish(event, credit, scene.macro)


def order_contributions(line: Line, plant: Plant, macro: Macro) -> dict[str, float]:
    """Log contributions of demand and of cost drivers to the plant's orders."""
    routes = plant.routes
    base = sum(e.outlet.base_demand * e.base_share for e in routes)
    free = sum(undeterred(e) * e.base_share for e in routes)
    level = sum(e.outlet.orders * e.base_share for e in routes)
    now = sum(e.outlet.orders * e.share for e in routes)
    if min(base, free, level, now) <= 0:
        return {"demand": 0.0}
    result = {"demand": math.log(free / base)}
    steps = cost_steps(line, macro)
    for log, parts in (
        (math.log(level / free), deterred(plant, steps)),
        (math.log(now / level), advantages(plant, steps)),
    ):
        total = sum(parts.values())
        if abs(total) < 1e-9:
            result["demand"] += log
            continue
        for driver, part in parts.items():
            result[driver] = result.get(driver, 0.0) + log * part / total
    return result


def undeterred(route: Route) -> float:
    """O~_m: what would be ordered at base prices."""
    outlet = route.outlet
    return outlet.orders * outlet.full_demand / outlet.demand if outlet.demand > 0 else 0.0


def cost_steps(line: Line, macro: Macro) -> dict[str, dict[Route, float]]:
    """Change of each route's landed planning cost since base, by driver; no learning or scale."""
    steps, on = {}, frozenset[str]()
    before = {e: route_cost(line, e, macro, on) for e in line.routes}
    for driver in ORDER:
        on = on | {driver}
        after = {e: route_cost(line, e, macro, on) for e in line.routes}
        steps[driver] = {e: after[e] - before[e] for e in line.routes}
        before = after
    return steps


def deterred(plant: Plant, steps: dict[str, dict[Route, float]]) -> dict[str, float]:
    """How much dearer the plant's markets became, by driver, weighted with its orders."""
    parts = {}
    orders = sum(e.outlet.orders * e.base_share for e in plant.routes)
    for driver, step in steps.items():
        parts[driver] = 0.0
        for e in plant.routes:
            landed = sum(o.first_share * o.base_landed for o in e.outlet.routes)
            dearer = sum(o.share * step[o] for o in e.outlet.routes) / landed
            parts[driver] += e.outlet.orders * e.base_share / orders * dearer
    return parts


def advantages(plant: Plant, steps: dict[str, dict[Route, float]]) -> dict[str, float]:
    """Order-weighted mean of -(dln k_e - mean over the outlet of dln k) by driver."""
    gains = {}
    orders = {e: e.outlet.orders * e.share for e in plant.routes}
    for driver, step in steps.items():
        gain = 0.0
        for e in plant.routes:
            mean = sum(o.base_share * step[o] / o.base_landed for o in e.outlet.routes)
            gain -= orders[e] * (step[e] / e.base_landed - mean)
        gains[driver] = gain / sum(orders.values())
    return gains


def finish(event: Event, credit: dict[str, float], macro: Macro) -> Event:
    """Nominal money, and the driver with the greatest credit (what the option costs is none)."""
    level = macro.us_prices()
    event.sunk_cost_usd *= level
    event.grant_usd *= level
    event.option_value_usd *= level
    event.drivers = {driver: value * level for driver, value in credit.items()}
    named = [driver for driver in DRIVERS if driver != "entry"]
    event.reason = max(named, key=lambda driver: event.drivers[driver])
    return event
