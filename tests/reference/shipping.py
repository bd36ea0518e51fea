"""Section 7 of docs/model.md: buying ahead of a duty, voyages, sales."""

from __future__ import annotations

from tests.reference.beliefs import Law
from tests.reference.rows import Line, Plant, Route


def buy_ahead(line: Line, law: Law) -> None:
    """Importers fill up before an announced duty, out of straight time that is left."""
    for plant in line.plants.values():
        wants = {e: wanted_ahead(line, e, law) for e in plant.routes}
        total = sum(wants.values())
        left = max(0.0, plant.straight * plant.use() - plant.output)
        part = min(1.0, left / total) if total > 0 else 0.0
        for e, want in wants.items():
            e.units += part * want
            e.ahead += line.step_months * part * want
            plant.output += part * want
            if not law.waiting(line, e):
                e.ahead = 0.0


def wanted_ahead(line: Line, e: Route, law: Law) -> float:
    """Units that the route would ship on top this month."""
    par, best = line.par, 0.0
    if law.month == 0:
        return 0.0
    for rate, months, sure in law.waiting(line, e):
        if e.lag < months:
            held = par.ahead_months
            if par.holding_cost > 0:
                held = min(held, 12 * sure * rate / par.holding_cost)
            short = held * e.outlet.demand * e.share - e.ahead
            best = max(best, max(0.0, short) / max(months - e.lag, line.step_months))
    return best


def ship(line: Line) -> None:
    """Goods leave, arrive, are sold; duty is paid at entry. Flows are units a month."""
    months = line.step_months
    arrivals = dict.fromkeys(line.outlets.values(), 0.0)
    for e in line.routes:
        e.pipeline.append(e.units)
        arrived = e.pipeline.popleft()
        e.customs_value = e.price * arrived
        e.duty_paid = e.duty * e.customs_value
        e.outlet.transit += months * (e.units - arrived)
        arrivals[e.outlet] += arrived
    for outlet, arrived in arrivals.items():
        outlet.sales = min(outlet.demand, outlet.stock / months + arrived)
        outlet.stock += months * (arrived - outlet.sales)


def overtime(line: Line, plant: Plant) -> float:
    """What overtime costs a month, USD."""
    usual = plant.straight * plant.use()
    if plant.output <= usual or plant.straight == 1:
        return 0.0
    square = (plant.output - usual) ** 2 / (2 * (1 - plant.straight) * plant.use())
    return float(plant.full_cost * line.par.overtime_premium * square)
