"""Idle room is laid up, put to work again or closed for good, and paid for at once."""

from __future__ import annotations

import numpy as np

from sim.arrays import Flags
from sim.decisions import proposal as field
from sim.engine.options import IDLE_STEP
from sim.engine.simulation import Simulation
from sim.engine.steps.orders import capacity_orders, equity_share, pay_at_once


def place_idle_steps(s: Simulation, decided: Flags) -> None:
    """Act at once on the plants in ``decided``, bool[P, R]; an exit takes its routes with it."""
    for n, r, chosen in capacity_orders(s, IDLE_STEP, decided):
        p, kind, state = int(chosen[field.PLANT]), int(chosen[field.KIND]), s.state
        units = min(float(chosen[field.VOLUME]), float(state.capacity[p, r]))
        if kind == field.MOTHBALL:
            state.mothballed[p, r] = units
        elif kind == field.RESTART:
            state.mothballed[p, r] = 0.0
        else:
            _close(s, p, r, units)
            if kind == field.EXIT:
                state.capacity[p, r] = state.capacity_base[p, r] = 0.0
                _abandon(s, p, r)
        pay_at_once(s, n, r, equity_share(s, p) * float(chosen[field.SUNK]))
        s.events.add(state.month, r, n, chosen, state.month)


def _close(s: Simulation, p: int, r: int, units: float) -> None:
    """Close capacity for good, what is laid up first; the count of idle months starts again."""
    state = s.state
    state.capacity[p, r] -= units
    state.capacity_base[p, r] = max(0.0, state.capacity_base[p, r] - units)
    state.mothballed[p, r] = max(0.0, state.mothballed[p, r] - units)
    state.idle_months[p, r] = 0


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
