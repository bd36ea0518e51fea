"""Projects come to an end: programmes arrive, capacity opens (``docs/model.md`` 8, Arrival)."""

from __future__ import annotations

import numpy as np

from sim.decisions import proposal as field
from sim.engine.simulation import Simulation
from sim.world.state import BASE_UTILISATION


def finish(s: Simulation) -> None:
    """Count every project down by a month and put those that are ready into service."""
    projects = s.state.projects
    under_way = projects.months > 0
    projects.months[under_way] -= 1
    for n, slot, r in zip(*np.nonzero(under_way & (projects.months == 0)), strict=True):
        kind, volume = projects.kind[n, slot, r], float(projects.volume[n, slot, r])
        if kind == field.EXPAND:
            s.state.capacity[projects.plant[n, slot, r], r] += volume / 12.0
        else:
            _arrive(s, int(n), int(slot), int(r), volume, back=kind == field.RETURN)


def _arrive(s: Simulation, n: int, slot: int, r: int, volume: float, *, back: bool) -> None:
    """A programme takes up work at its new place, or returns to its old one."""
    state, layout, projects = s.state, s.layout, s.state.projects
    q, i = projects.slice[n, slot, r], projects.country[n, slot, r]
    source, target = layout.slice_route[q], layout.slice_destination[q, i]
    if back:
        state.moved[q, i, r] -= volume
        state.ordered[q, i, r] -= volume
        state.returned[q, i, r] -= volume
        _carry(s, int(target), int(source), r, volume)
        return
    before = state.moved[q, i, r]
    extra = projects.extra_cost[n, slot, r]
    state.gap_paid[q, i, r] = (state.gap_paid[q, i, r] * before + extra * volume) / (
        before + volume
    )
    state.moved[q, i, r] += volume
    _carry(s, int(source), int(target), r, volume)


def _carry(s: Simulation, source: int, target: int, r: int, volume: float) -> None:
    """Move a programme's flow, its weight in the kernel and its capacity from route to route."""
    state, layout = s.state, s.layout
    fraction = min(1.0, volume / state.volume[source, r]) if state.volume[source, r] > 0.0 else 0.0
    state.volume[source, r] -= fraction * state.volume[source, r]
    state.volume[target, r] += volume
    n = layout.route_line[source]
    rebase = fraction * s.parameters["rebase_share"][n, r]
    for shares, part in (
        (state.share, fraction),
        (state.kernel_base, rebase),
        *((target_shares, fraction) for target_shares in state.share_target),
    ):
        moved = part * shares[source, r]
        shares[source, r] -= moved
        shares[target, r] += moved
    old, new = layout.route_plant[source], layout.route_plant[target]
    room = min(volume / 12.0 / BASE_UTILISATION, state.capacity[old, r])
    for capacity in (state.capacity, state.capacity_base):
        capacity[old, r] = max(0.0, capacity[old, r] - room)
        capacity[new, r] += room
