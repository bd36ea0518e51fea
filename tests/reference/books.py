"""Section 9 of docs/model.md: what a firm earns in a month, and what it pays for its orders."""

from __future__ import annotations

from sim.axes import COUNTRY_INDEX
from tests.reference.beliefs import Law
from tests.reference.macro import Macro
from tests.reference.parts import support
from tests.reference.rows import U0, Line, Outlet, Plant

JAPAN = COUNTRY_INDEX["JP"]


def wholesale(line: Line, outlet: Outlet, macro: Macro) -> float:
    """wp_m: what the trade pays for a unit."""
    landed = sum(e.first_share * line.price * (1 + e.freight + e.base_duty) for e in outlet.routes)
    return outlet.price * macro.price_index(outlet.j) * landed


def revenue(line: Line, macro: Macro) -> float:
    """Wholesale value of a month's sales."""
    return sum(wholesale(line, o, macro) * o.sales for o in line.outlets.values())


def service_duty(line: Line, law: Law, macro: Macro) -> float:
    """Duty on service parts, which come from Japan."""
    total = 0.0
    for outlet in line.outlets.values():
        at = law.month, outlet.j, JAPAN, line.parts_k
        rate = float(law.duty.mfn[at]) + sum(float(extra) for extra in law.duty.extra[at])
        value = wholesale(line, outlet, macro) * outlet.sales * line.par.service_parts_share
        total += rate * value if outlet.j != JAPAN else 0.0
    return total


def idle_cost(line: Line, plant: Plant) -> float:
    """Cost of capacity that stands still, and of what is laid up."""
    par = line.par
    still = max(0.0, U0 * plant.use() - plant.output)
    still += par.mothball_cost_share * U0 * min(plant.mothballed, plant.capacity)
    return float(par.idle_cost_share * line.price * still)


def programme_cost(line: Line) -> float:
    """Gaps and fees of what has moved and stays."""
    total = 0.0
    for q in line.slices:
        for moved in q.moved.values():
            total += moved.gap * moved.volume / 12 * line.price
    return total


def profit(line: Line, law: Law, macro: Macro, freight: float) -> float:
    """Operating profit of a month, real USD."""
    total = revenue(line, macro) - service_duty(line, law, macro) - programme_cost(line)
    for e in line.routes:
        total -= e.freight * line.price * freight * e.units + e.duty_paid
    for plant in line.plants.values():
        total -= plant.full_cost * plant.output + plant.overtime_cost
        total -= idle_cost(line, plant) + support(line, plant)
    return total
