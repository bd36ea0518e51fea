"""Spare room of plants: what nothing uses, and who may take it up (``docs/model.md`` 8, Ways)."""

from __future__ import annotations

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.axes import COUNTRIES, MONTHS_PER_YEAR
from sim.decisions import proposal as field
from sim.decisions.sharing import hosts
from sim.engine.row_sums import sum_rows
from sim.engine.simulation import Simulation


def spare_room(s: Simulation, recovery: Floats) -> Floats:
    """Capacity that nothing uses and nobody was promised, float64[P, R], units a year.

    ``recovery``: float64[M, R], what markets in a slump are expected to come back to.
    """
    state, layout = s.state, s.layout
    plants = len(layout.plant_line)
    made = sum_rows(layout.route_plant, s.month.flow, plants)
    regained = sum_rows(layout.route_plant, s.month.flow * recovery[layout.route_outlet], plants)
    back = np.divide(regained, made, out=np.ones_like(made), where=made > 0.0)
    usual = s.terms.usual_use[layout.plant_line]
    used = MONTHS_PER_YEAR * back * state.output_average / usual
    free = state.capacity - state.mothballed - used - _promised(s)
    return np.maximum(0.0, free)


def _promised(s: Simulation) -> Floats:
    """Room that work under way will take up at plants of its own firm, float64[P, R]."""
    projects, promised = s.state.projects, np.zeros_like(s.state.capacity)
    own = (projects.kind == field.TRANSFER) | (projects.kind == field.RETURN)
    n, slot, r = np.nonzero((projects.months > 0) & own)
    np.add.at(promised, (projects.host[n, slot, r], r), projects.room[n, slot, r])
    return promised


def possible_hosts(s: Simulation, spare: Floats) -> tuple[Ints, Ints]:
    """Plants that a line could share by place, of a maker with ties and without: int64[N, I, R]."""
    shape = (len(s.world.lines), len(COUNTRIES), s.lanes)
    partner, host = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    hosts(
        s.layout,
        terms=s.terms,
        kinds=s.class_of_line,
        tied=_tied(s),
        capacity=s.state.capacity,
        spare=spare,
        partner=partner,
        host=host,
    )
    return partner, host


def _tied(s: Simulation) -> Flags:
    """Firms that capital or production ties by now, bool[F, F]."""
    today, ids = s.world.months[s.state.month], [firm.id for firm in s.world.firms]
    pairs = {one.firms for one in s.world.plant_partners if one.since <= today}
    return np.array([[frozenset((a, b)) in pairs for b in ids] for a in ids], dtype=np.bool_)


def own_sites(s: Simulation) -> Flags:
    """Places where a firm has a plant of some line, bool[F, I, R]."""
    layout, firms = s.layout, len(s.world.firms)
    cell = layout.line_firm[layout.plant_line] * len(COUNTRIES) + layout.plant_country
    units = sum_rows(cell, s.state.capacity, firms * len(COUNTRIES))
    return np.asarray(units.reshape(firms, len(COUNTRIES), -1) > 0.0)


def has_room(s: Simulation, order: Floats, r: int) -> bool:
    """Whether the spare room that an order counts on is still there."""
    room = float(order[field.ROOM])
    return room <= 0.0 or bool(s.month.spare[int(order[field.HOST]), r] >= room)


def take_room(s: Simulation, order: Floats, r: int) -> None:
    """Take up the room that an order counts on; what another maker shares leaves his capacity."""
    host, room, state = int(order[field.HOST]), float(order[field.ROOM]), s.state
    if room <= 0.0:
        return
    s.month.spare[host, r] -= room
    if order[field.KIND] == field.SHARED:
        state.capacity[host, r] -= room
        state.capacity_base[host, r] = max(0.0, state.capacity_base[host, r] - room)
