"""Section 9 of docs/model.md: why an option is worth what it is, driver by driver."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.axes import COUNTRIES
from sim.tables import DRIVERS
from tests.reference.beliefs import Law, diffusion_hurdle
from tests.reference.investment import Option, protection, saving
from tests.reference.macro import Macro, On
from tests.reference.monthly import route_cost
from tests.reference.rows import Line, Plant

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
    reason: str = ""
    drivers: dict[str, float] = field(default_factory=dict)


def programme_event(option: Option, law: Law, macro: Macro, month: int) -> Event:
    """Drivers of a programme: its saving telescoped, its costs by name."""
    line, par = option.line, option.line.par
    yearly = option.volume * line.price
    credit = dict.fromkeys(DRIVERS, 0.0)
    on: On = frozenset()
    sign = -1 if option.back() else 1
    a, b = (option.target, option.source) if option.back() else (option.source, option.target)
    before = saving(line, a, b, option.months, law, macro, on)
    for driver in ORDER:
        on = on | {driver}
        after = saving(line, a, b, option.months, law, macro, on)
        credit[driver] = sign * (after - before) * yearly
        before = after
    rate = par.discount + par.depreciation
    fixed = par.fixed_project_usd / yearly
    credit["entry"] = -(option.gap + rate * (option.sunk + fixed)) * yearly
    credit["uncertainty"] = -rate * option.sunk * (option.hurdle - 1) * yearly
    event = Event(
        line.id, line.firm, line.product, option.kind, option.source.plant.country,
        option.target.plant.country, option.source.outlet.market, option.volume, month,
        month + round(option.months), option.outlay(), option.net * yearly, option.hurdle,
    )  # fmt: skip
    return _finish(event, credit, macro)


def capacity_event(
    line: Line, plant: Plant, kind: str, units: float, law: Law, macro: Macro, month: int
) -> Event:
    """Drivers of an expansion or closure: the benefit by log contribution to the orders."""
    par, hurdle = line.par, diffusion_hurdle(line.par)
    rate = par.discount + par.depreciation
    if kind == "expand":
        benefit = plant.capacity_value * protection(line, plant, law) * units
        sunk = par.expand_sunk * line.price * units
    else:
        benefit = par.idle_cost_share * line.price * units
        sunk = par.exit_cost_share * line.price * units
    credit = dict.fromkeys(DRIVERS, 0.0)
    shares = order_contributions(line, plant, macro)
    total = sum(shares.values())
    for driver, share in shares.items():
        credit[driver] = benefit * share / total if total != 0 else 0.0
    if total == 0:
        credit["demand"] = benefit
    credit["entry"] = -rate * sunk
    credit["uncertainty"] = -rate * sunk * (hurdle - 1)
    here, expand = COUNTRIES[plant.i], kind == "expand"
    event = Event(
        line.id, line.firm, line.product, kind, "" if expand else here, here if expand else "",
        "", units, month, month + (round(par.expand_months) if expand else 0), sunk,
        benefit - rate * sunk * hurdle, hurdle,
    )  # fmt: skip
    return _finish(event, credit, macro)


def order_contributions(line: Line, plant: Plant, macro: Macro) -> dict[str, float]:
    """Log contributions of demand and of cost drivers to the plant's orders."""
    routes = plant.routes
    base = sum(e.outlet.base_demand * e.base_share for e in routes)
    level = sum(e.outlet.orders * e.base_share for e in routes)
    now = sum(e.outlet.orders * e.share for e in routes)
    if min(base, level, now) <= 0:
        return {"demand": 0.0}
    result = {"demand": math.log(level / base)}
    moved, gains = math.log(now / level), advantages(line, plant, macro)
    total = sum(gains.values())
    if abs(total) < 1e-9:
        result["demand"] += moved
        return result
    return result | {driver: moved * gain / total for driver, gain in gains.items()}


def advantages(line: Line, plant: Plant, macro: Macro) -> dict[str, float]:
    """Order-weighted mean of -(dln k_e - mean over the outlet of dln k) by driver."""
    gains, on = {}, frozenset[str]()
    before = {e: route_cost(line, e, macro, on) for e in line.routes}
    for driver in ORDER:
        on = on | {driver}
        after = {e: route_cost(line, e, macro, on) for e in line.routes}
        change = {e: (after[e] - before[e]) / e.base_landed for e in line.routes}
        orders = {e: e.outlet.orders * e.share for e in plant.routes}
        gain = 0.0
        for e in plant.routes:
            mean = sum(o.base_share * change[o] for o in e.outlet.routes)
            gain -= orders[e] * (change[e] - mean)
        gains[driver] = gain / sum(orders.values())
        before = after
    return gains


def _finish(event: Event, credit: dict[str, float], macro: Macro) -> Event:
    """Nominal money, and the driver with the greatest credit (what the option costs is none)."""
    level = macro.us_prices()
    event.sunk_cost_usd *= level
    event.option_value_usd *= level
    event.drivers = {driver: value * level for driver, value in credit.items()}
    named = [driver for driver in DRIVERS if driver != "entry"]
    event.reason = max(named, key=lambda driver: event.drivers[driver])
    return event
