"""Decisions become orders: draws, the capital budget, project slots, the log."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.decisions import proposal as field
from sim.engine.simulation import Simulation
from sim.world.state import BUDGET_REVIEWS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def place_programmes(s: Simulation, decided: Flags) -> None:
    """Order the programmes that firms decide on, the line of greatest value first.

    ``decided``: bool[N, R]. The quarter's budget is paid in first; it lapses after a year.
    """
    _pay_in_budget(s)
    proposals = s.month.proposals
    if s.choose is not None:
        decided = s.choose(proposals, np.arange(len(decided)), decided)
    lines, lanes = np.nonzero((proposals[:, :, field.NET] > 0.0) & decided)
    net = proposals[lines, lanes, field.NET]
    for k in np.lexsort((lines, -net, s.layout.line_firm[lines], lanes)):
        n, r = int(lines[k]), int(lanes[k])
        chosen = proposals[n, r]
        if _afford(s, n, r, chosen) and _start(s, n, r, chosen):
            counter = s.state.returned if chosen[field.KIND] == field.RETURN else s.state.ordered
            counter[int(chosen[field.SLICE]), int(chosen[field.COUNTRY]), r] += chosen[field.VOLUME]
            _pay(s, n, r, chosen)


def place_expansions(s: Simulation, decided: Flags) -> None:
    """Order expansions, bool[P, R]: one project a plant at a time."""
    projects = s.state.projects
    for n, r, chosen in _capacity_proposals(s, decided):
        busy = (projects.months[n, :, r] > 0) & (projects.kind[n, :, r] == field.EXPAND)
        if np.any(busy & (projects.plant[n, :, r] == chosen[field.PLANT])):
            continue
        if _afford(s, n, r, chosen) and _start(s, n, r, chosen):
            _pay(s, n, r, chosen)


def place_closures(s: Simulation, decided: Flags) -> None:
    """Close idle capacity at once, bool[P, R]; an exit takes the plant's routes with it."""
    for n, r, chosen in _capacity_proposals(s, decided):
        p = int(chosen[field.PLANT])
        state = s.state
        closed = min(chosen[field.VOLUME] / 12.0, float(state.capacity[p, r]))
        state.capacity[p, r] -= closed
        state.capacity_base[p, r] = max(0.0, state.capacity_base[p, r] - closed)
        state.idle_months[p, r] = 0
        if chosen[field.KIND] == field.EXIT:
            state.capacity[p, r] = state.capacity_base[p, r] = 0.0
            _abandon(s, p, r)
        state.cash[s.layout.line_firm[n], r] -= chosen[field.SUNK]
        s.events.add(state.month, r, n, chosen)


def _abandon(s: Simulation, p: int, r: int) -> None:
    """Take a closed plant off its markets; the others share its place."""
    layout, state = s.layout, s.state
    routes = np.flatnonzero(layout.route_plant == p)
    for shares in (state.kernel_base, state.share, *state.share_target):
        shares[routes, r] = 0.0
        for m in np.unique(layout.route_outlet[routes]):
            rest = np.flatnonzero(layout.route_outlet == m)
            total = shares[rest, r].sum()
            if total > 0.0:
                shares[rest, r] /= total


def _capacity_proposals(s: Simulation, decided: Flags) -> list[tuple[int, int, Floats]]:
    """Decided capacity proposals with line and lane, in row order."""
    proposals = s.month.capacity_proposals
    if s.choose is not None:
        decided = s.choose(proposals, s.layout.plant_line, decided)
    acts = decided & (proposals[:, :, field.NET] != 0.0)
    return [
        (int(s.layout.plant_line[p]), int(r), proposals[p, r])
        for p, r in zip(*np.nonzero(acts), strict=True)
    ]


def _pay_in_budget(s: Simulation) -> None:
    """A quarter's share of yearly revenue, carried over at most :data:`BUDGET_REVIEWS`."""
    quarter = quarter_budget(s)
    s.state.budget = np.minimum(s.state.budget + quarter, BUDGET_REVIEWS * quarter)


def quarter_budget(s: Simulation) -> Floats:
    """Capital budget that each review adds, float64[F, R], USD."""
    line = s.layout.outlet_line
    revenue = (
        12.0 * s.base.demand[:, None] * s.wholesale * s.parameters["capital_budget_share"][line]
    )
    quarter = np.zeros_like(s.state.budget)
    np.add.at(quarter, s.layout.line_firm[line], revenue / 4.0)
    return quarter


def _afford(s: Simulation, n: int, r: int, chosen: Floats) -> bool:
    return bool(s.state.budget[s.layout.line_firm[n], r] >= chosen[field.SUNK])


def _pay(s: Simulation, n: int, r: int, chosen: Floats) -> None:
    firm = s.layout.line_firm[n]
    s.state.budget[firm, r] -= chosen[field.SUNK]
    s.state.cash[firm, r] -= chosen[field.SUNK]
    s.events.add(s.state.month, r, n, chosen)


def _start(s: Simulation, n: int, r: int, chosen: Floats) -> bool:
    """Put a project into a free slot of its line; false when the line builds all it can."""
    projects = s.state.projects
    free = np.flatnonzero(projects.months[n, :, r] == 0)
    if free.size == 0:
        return False
    slot = free[0]
    projects.months[n, slot, r] = max(1, int(chosen[field.LEAD]))
    projects.kind[n, slot, r] = int(chosen[field.KIND])
    projects.slice[n, slot, r] = int(chosen[field.SLICE])
    projects.country[n, slot, r] = int(chosen[field.COUNTRY])
    projects.plant[n, slot, r] = int(chosen[field.PLANT])
    projects.volume[n, slot, r] = chosen[field.VOLUME]
    projects.extra_cost[n, slot, r] = chosen[field.EXTRA]
    return True
