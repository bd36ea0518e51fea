"""Projects come to an end: programmes arrive, capacity opens and starts dear (``model.md`` 8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.decisions import proposal as field
from sim.engine.simulation import Simulation
from sim.engine.state import Projects


def finish(s: Simulation) -> None:
    """Count every project down by a month, pay for it and put those that are ready into service."""
    fade = 0.5 ** (1.0 / s.parameters["start_up_half_life_months"])
    s.state.ramp = s.state.ramp * fade[s.layout.plant_line]
    projects = s.state.projects
    under_way = projects.months > 0
    _pay_instalments(s, under_way)
    projects.months[under_way] -= 1
    for n, slot, r in _in_order(projects, under_way & (projects.months == 0)):
        kind, volume = projects.kind[n, slot, r], float(projects.volume[n, slot, r])
        if kind == field.EXPAND:
            p = int(projects.plant[n, slot, r])
            _start_up(s, p, r, volume)
            s.state.capacity[p, r] += volume
        else:
            _arrive(s, n, slot, r, volume, back=kind == field.RETURN)


def _in_order(projects: Projects, ready: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Line, slot and lane of what is ready, line by line in the order in which it was ordered."""
    n, slot, r = np.nonzero(ready)
    order = np.lexsort((r, slot, projects.ordered[n, slot, r], n))
    return [(int(n[k]), int(slot[k]), int(r[k])) for k in order]


def _pay_instalments(s: Simulation, under_way: NDArray[np.bool_]) -> None:
    """A month of work is paid for from cash."""
    lines = np.flatnonzero(under_way.any(axis=(1, 2)))
    due = np.where(under_way[lines], s.state.projects.instalment[lines], 0.0).sum(axis=1)
    np.subtract.at(s.state.cash, s.layout.line_firm[lines], due)


def _arrive(s: Simulation, n: int, slot: int, r: int, volume: float, *, back: bool) -> None:
    """A programme takes up work at its new place, or returns to its old one."""
    state, layout, projects = s.state, s.layout, s.state.projects
    q, i = projects.slice[n, slot, r], projects.country[n, slot, r]
    source, target = layout.slice_route[q], layout.slice_destination[q, i]
    if back:
        state.moved[q, i, r] -= volume
        state.ordered[q, i, r] -= volume
        state.returned[q, i, r] -= volume
        _carry(s, int(target), int(source), r, volume, finds_room=True)
        return
    before = state.moved[q, i, r]
    extra = projects.extra_cost[n, slot, r]
    state.gap_paid[q, i, r] = (state.gap_paid[q, i, r] * before + extra * volume) / (
        before + volume
    )
    state.moved[q, i, r] += volume
    finds_room = bool(projects.kind[n, slot, r] == field.TRANSFER)
    _carry(s, int(source), int(target), r, volume, finds_room=finds_room)


def _carry(
    s: Simulation, source: int, target: int, r: int, volume: float, *, finds_room: bool
) -> None:
    """Move a programme's flow, its weight in the kernel and its capacity from route to route.

    Where it ``finds_room`` at its new plant, only the capacity that moves with it comes there.
    """
    state, layout = s.state, s.layout
    fraction, of_base = _part(s, source, r, volume)
    state.volume[source, r] -= fraction * state.volume[source, r]
    state.volume[target, r] += of_base
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
    old, new = int(layout.route_plant[source]), int(layout.route_plant[target])
    _settle_in(s, old, new, r, fraction * float(state.shipped[0, source, r]))
    moves, needs = s.terms.moved_share[n, r], volume / s.terms.usual_use[n, r]
    leaves = min(moves * needs, state.capacity[old, r])
    comes = leaves if finds_room else leaves + (1.0 - moves) * needs
    _start_up(s, new, r, comes)
    for capacity in (state.capacity, state.capacity_base):
        capacity[old, r] = max(0.0, capacity[old, r] - leaves)
        capacity[new, r] += comes
    state.mothballed[old, r] = min(state.mothballed[old, r], state.capacity[old, r])


def _part(s: Simulation, source: int, r: int, volume: float) -> tuple[float, float]:
    """Part of what a route's programmes are that a volume is, and its units of the base year."""
    of_base = volume / float(s.month.followed[s.layout.route_outlet[source], r])
    whole = float(s.state.volume[source, r])
    return min(1.0, of_base / whole) if whole > 0.0 else 0.0, of_base


def _settle_in(s: Simulation, old: int, new: int, r: int, units: float) -> None:
    """Average output follows work at once as far as its capacity does not: room shows at once."""
    average, line = s.state.output_average, s.layout.plant_line[old]
    moved = min((1.0 - s.terms.moved_share[line, r]) * units, average[old, r])
    average[old, r] -= moved
    average[new, r] += moved


def _start_up(s: Simulation, p: int, r: int, units: float) -> None:
    """Capacity that comes to a plant starts dear; what stands there thins its premium out."""
    state, premium = s.state, s.parameters["start_up_premium"][s.layout.plant_line[p], r]
    stands = state.capacity[p, r]
    if stands + units > 0.0:
        state.ramp[p, r] = (state.ramp[p, r] * stands + premium * units) / (stands + units)
