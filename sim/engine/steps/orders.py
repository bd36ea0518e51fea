"""Decisions become orders: draws, the capital budget, work under way, the log.

An order is charged to the budget at once and paid from cash while the work goes on.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.axes import MONTHS_PER_YEAR
from sim.decisions import proposal as field
from sim.engine.options import EXPANSION, PROGRAMME
from sim.engine.simulation import Simulation
from sim.engine.steps.growth import take_on
from sim.engine.steps.room import has_room, take_room


def place_programmes(s: Simulation, decided: Flags) -> None:
    """Order the programmes that firms decide on, the line of greatest value first.

    ``decided``: bool[N, R].
    """
    proposals = s.month.proposals
    chosen = decided & (proposals[:, :, field.NET] > 0.0)
    if s.agents is not None:
        chosen = s.agents.answer(PROGRAMME, proposals, np.arange(len(chosen)), chosen)
    lines, lanes = np.nonzero(chosen)
    net = proposals[lines, lanes, field.NET]
    months = work_months(s, "line", np.arange(len(s.world.lines)), proposals[:, :, field.LEAD])
    for k in np.lexsort((lines, -net, s.layout.line_firm[lines], lanes)):
        n, r = int(lines[k]), int(lanes[k])
        order = proposals[n, r]
        if not (has_room(s, order, r) and place_order(s, n, r, order, int(months[n, r]))):
            continue
        take_room(s, order, r)
        place = int(order[field.SLICE]), int(order[field.COUNTRY]), r
        if order[field.KIND] == field.RETURN:
            s.state.returned[place] += order[field.VOLUME]
        else:
            s.state.ordered[place] += order[field.VOLUME]
            s.state.last_programme[n, r] = s.state.month
        if order[field.KIND] in field.ON_A_PLANT:
            take_on(s, int(order[field.PLANT]), r, float(order[field.VOLUME]))


def place_expansions(s: Simulation, decided: Flags) -> None:
    """Order expansions of plants in ``decided``, bool[P, R]: one a plant at a time."""
    line = s.layout.plant_line
    ordered = capacity_orders(s, EXPANSION, decided)
    months = work_months(s, "plant", line, s.month.capacity_proposals[:, :, field.LEAD])
    for n, r, order in ordered:
        p = int(order[field.PLANT])
        if is_expanding(s, n, p, r):
            continue
        if place_order(s, n, r, order, int(months[p, r]), equity_share(s, p)):
            take_on(s, p, r, float(order[field.VOLUME]))


def is_expanding(s: Simulation, n: int, p: int, r: int) -> bool:
    """Whether an expansion of plant p of line n is under way."""
    projects = s.state.projects
    busy = (projects.months[n, :, r] > 0) & (projects.kind[n, :, r] == field.EXPAND)
    return bool(np.any(busy & (projects.plant[n, :, r] == p)))


def work_months(s: Simulation, entity: str, line: Ints, planned: Floats) -> Ints:
    """Months that the work takes, int64[rows, R]: the plan's, drawn about its mean.

    ``entity`` names the rows (``line`` or ``plant``); ``planned``: float64[rows, R], months.
    """
    whole = np.floor(planned)
    if s.inputs["noise"]:
        sd = s.parameters["lead_time_sd"][line]
        draw = s.streams.normal("lead", s.ids[entity], s.state.month)
        whole = np.floor(whole * np.exp(sd * draw - 0.5 * sd**2) + 0.5)
    return np.maximum(1, whole).astype(np.int64)


def equity_share(s: Simulation, p: int) -> float:
    """What part of an outlay at plant p its firm pays; the partner of a venture pays the rest."""
    return float(s.world.equity_share[s.layout.plant_line[p], s.layout.plant_country[p]])


def place_order(
    s: Simulation, n: int, r: int, chosen: Floats, months: int, share: float = 1.0
) -> bool:
    """Charge the budget, start the work and log it; false where money is short.

    ``share`` is the part of the outlay that the firm pays of what no subsidy pays; the log tells
    the whole.
    """
    firm = s.layout.line_firm[n]
    outlay = share * float(chosen[field.SUNK] - chosen[field.GRANT])
    if s.state.budget[firm, r] < outlay:
        return False
    _start(s, n, r, chosen, months, outlay)
    s.state.budget[firm, r] -= outlay
    s.events.add(s.state.month, r, n, chosen, s.state.month + months)
    return True


def pay_at_once(s: Simulation, n: int, r: int, outlay: float) -> None:
    """Pay an outlay of line n from its firm's cash; the budget stays as it is."""
    s.state.cash[s.layout.line_firm[n], r] -= outlay


def capacity_orders(s: Simulation, step: str, decided: Flags) -> list[tuple[int, int, Floats]]:
    """Capacity proposals that are ordered, with line and lane, in row order."""
    proposals, line = s.month.capacity_proposals, s.layout.plant_line
    chosen = decided & (proposals[:, :, field.VOLUME] > 0.0)
    if s.agents is not None:
        chosen = s.agents.answer(step, proposals, line, chosen)
    return [(int(line[p]), int(r), proposals[p, r]) for p, r in np.argwhere(chosen)]


def pay_in_budget(s: Simulation) -> None:
    """A quarter's share of yearly revenue, carried over ``budget_reviews`` times at most."""
    quarter = quarter_budget(s)
    s.state.budget = np.minimum(
        s.state.budget + quarter, float(s.world.parameters["budget_reviews"][0]) * quarter
    )


def quarter_budget(s: Simulation) -> Floats:
    """Capital budget that each review adds, float64[F, R], USD."""
    line = s.layout.outlet_line
    revenue = (
        MONTHS_PER_YEAR
        * s.base.demand[:, None]
        * s.wholesale
        * s.parameters["capital_budget_share"][line]
    )
    quarter = np.zeros_like(s.state.budget)
    np.add.at(quarter, s.layout.line_firm[line], revenue / (MONTHS_PER_YEAR / s.review_months))
    return quarter


def _start(s: Simulation, n: int, r: int, chosen: Floats, months: int, outlay: float) -> None:
    """Put a project into a free slot of its line; where there is none, slots are added."""
    projects = s.state.projects
    free = np.flatnonzero(projects.months[n, :, r] == 0)
    if free.size == 0:
        free = np.array([projects.months.shape[1]])
        projects.widen()
    slot = free[0]
    projects.months[n, slot, r] = months
    projects.kind[n, slot, r] = int(chosen[field.KIND])
    projects.slice[n, slot, r] = int(chosen[field.SLICE])
    projects.country[n, slot, r] = int(chosen[field.COUNTRY])
    projects.plant[n, slot, r] = int(chosen[field.PLANT])
    projects.volume[n, slot, r] = chosen[field.VOLUME]
    projects.extra_cost[n, slot, r] = chosen[field.EXTRA]
    projects.host[n, slot, r] = int(chosen[field.HOST])
    projects.room[n, slot, r] = chosen[field.ROOM]
    projects.instalment[n, slot, r] = outlay / months
    projects.ordered[n, slot, r] = s.state.month
