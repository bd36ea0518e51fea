"""Section 9 of docs/model.md: what a firm earns in a month, and what it pays for its orders."""

from __future__ import annotations

from sim.axes import COUNTRY_INDEX
from tests.reference.beliefs import Law
from tests.reference.macro import Macro
from tests.reference.partners import partners_share
from tests.reference.parts import support
from tests.reference.rows import Line, Outlet, Plant
from tests.reference.subsidies import paid_for_units

JAPAN = COUNTRY_INDEX["JP"]


def wholesale(line: Line, outlet: Outlet, macro: Macro) -> float:
    """wp_m: what the trade pays for a unit."""
    landed = sum(e.first_share * line.price * (1 + e.freight + e.base_duty) for e in outlet.routes)
    return outlet.price * macro.price_index(outlet.j) * landed


def revenue(line: Line, macro: Macro) -> float:
    """Wholesale value of a month's sales."""
    return sum(wholesale(line, o, macro) * o.sales for o in line.outlets.values())


def service_duty(line: Line, outlet: Outlet, law: Law, macro: Macro) -> float:
    """Duty on an outlet's service parts, which come from Japan."""
    if outlet.j == JAPAN:
        return 0.0
    at = law.month, outlet.j, JAPAN, line.parts_k
    rate = float(law.duty.mfn[at]) + sum(float(extra) for extra in law.duty.extra[at])
    return rate * wholesale(line, outlet, macro) * outlet.sales * line.par.service_parts_share


def idle_cost(line: Line, plant: Plant) -> float:
    """Cost of capacity that stands still, and of what is laid up."""
    par = line.par
    usual = par.base_use_share
    still = max(0.0, usual * plant.use() - plant.output)
    still += par.mothball_cost_share * usual * min(plant.mothballed, plant.capacity)
    return float(par.idle_cost_share * line.price * still)


def programme_cost(line: Line) -> float:
    """Gaps and fees of what has moved and stays."""
    total = 0.0
    for q in line.slices:
        for moved in q.moved.values():
            total += moved.gap * moved.volume / 12 * line.price
    return total


def plant_profit(line: Line, plant: Plant, law: Law) -> float:
    """What a plant gets for its goods, less what it costs."""
    earned = sum(e.customs_value for e in plant.routes) - plant.full_cost * plant.output
    earned -= plant.overtime_cost + idle_cost(line, plant) + support(line, plant)
    months, acts = law.world.months, law.duty.subsidies
    paid = paid_for_units(acts, line, plant.country, months[law.month])
    return earned + paid * plant.output


def outlet_profit(line: Line, outlet: Outlet, law: Law, macro: Macro, freight: float) -> float:
    """What an outlet gets for its goods, less what it pays for them, their voyage and duty."""
    total = wholesale(line, outlet, macro) * outlet.sales - service_duty(line, outlet, law, macro)
    for e in outlet.routes:
        total -= e.customs_value + e.freight * line.price * freight * e.units + e.duty_paid
    return total


def profit(line: Line, law: Law, macro: Macro, freight: float) -> float:
    """Operating profit of a month, real USD: the firm's shares in its plants and outlets."""
    total = -programme_cost(line)
    for plant in line.plants.values():
        total += plant.equity * plant_profit(line, plant, law)
    for outlet in line.outlets.values():
        total += outlet.equity * outlet_profit(line, outlet, law, macro, freight)
        total -= partners_share(line, outlet, law.world, law.month)
    return total
