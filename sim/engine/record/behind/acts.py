"""The act that gave most of what subsidies are worth to a decision (``docs/model.md`` 8)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sim.arrays import Floats
from sim.axes import COUNTRIES, MONTHS_PER_YEAR
from sim.decisions import proposal as field
from sim.decisions.subsidy import lasting_part
from sim.engine.ends import ends_of
from sim.engine.simulation import Simulation
from sim.engine.steps.subsidies import counts_for, outlay_left, yearly_cells
from sim.law.subsidies.act import Subsidy


def act_behind(s: Simulation, k: int) -> str:
    """Id of the act that weighs most in a decision's driver ``subsidy``; empty where it is 0.

    Each act counts with what the driver would lack without it.
    """
    order, lane = s.events.proposal[k], s.events.lane[k]
    driver = float(order[field.SUBSIDY])
    if not driver:
        return ""
    ends, n = ends_of(s, order), s.events.line[k]
    months = s.world.months[s.events.month[k]], s.world.months[0]
    acts = [one for one in s.laws[s.law[lane]].subsidies if counts_for(one, s.world.lines[n])]
    left, taken = (COUNTRIES[s.layout.plant_country[p]] for p in (ends.left, ends.taken))
    there = [one for one in acts if taken in one.places]
    value = float(order[field.VOLUME] * s.base.price[n])
    worth: dict[str, float] = defaultdict(float)
    for on, sign in zip(months, (1.0, -1.0), strict=True):
        for name, part in _of_outlay(there, on):
            worth[name] += sign * part * _hurdle_cost(s, order, n, lane)
        if ends.left != ends.taken:
            for one in acts:
                stands = {taken: False, left: True}
                for place in stands.keys() & set(one.places):
                    part = sign * value * _yearly(s, one, on, order, n, lane, stands[place])
                    worth[one.id] += -part if stands[place] else part
    weight = math.copysign(1.0, driver)
    return max(sorted(worth), key=lambda name: weight * worth[name], default="")


def _of_outlay(acts: list[Subsidy], on: date) -> Iterator[tuple[str, float]]:
    """What of an outlay would not be paid without each act."""
    parts = {one.id: outlay_left(one, on) for one in acts if one.kind == "share_of_outlay"}
    whole = math.prod(parts.values())
    for name in parts:
        yield name, math.prod(part for other, part in parts.items() if other != name) - whole


def _hurdle_cost(s: Simulation, order: Floats, n: int, lane: int) -> float:
    """Yearly cost of an outlay with what it must earn, as far as subsidies count, USD."""
    terms, moves = s.terms, order[field.KIND] != field.EXPAND
    fixed = float(terms.fixed_project[n, lane]) if moves else 0.0
    capital = terms.discount[n, lane] + terms.depreciation[n, lane]
    cost = capital * (order[field.HURDLE] * (order[field.SUNK] - fixed) + fixed)
    return float(terms.subsidy_weight[n, lane] * cost)


def _yearly(
    s: Simulation, act: Subsidy, on: date, order: Floats, n: int, lane: int, stands: bool
) -> float:
    """Share of price that an act gives every year in a place, as a permanent benefit."""
    terms, total = s.terms, 0.0
    rate = float(terms.discount[n, lane] + terms.depreciation[n, lane])
    for size, first, last, tax, project in yearly_cells(act, float(s.base.price[n]), on):
        if stands and project:
            continue
        total += (size * float(terms.taxed_margin[n, lane]) if tax else size) * lasting_part(
            first=float(first), last=float(last), project=project,
            ready=int(order[field.LEAD]) / MONTHS_PER_YEAR, rate=rate,
            hazard=float(terms.subsidy_hazard[n, lane]),
        )  # fmt: skip
    return total
