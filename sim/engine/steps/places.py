"""What places are to firms besides their costs: alarm and exposure, who stands there, peers.

``docs/model.md`` 2 (Alarm) and 8 (hedge, gaps, imitation). Sums run over rows in order.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, PRODUCTS, VEHICLES
from sim.decisions.views import Places
from sim.engine.row_sums import join_rows, sum_rows
from sim.engine.simulation import Simulation
from sim.engine.steps.hosts import land_cost


def raise_alarm(s: Simulation) -> None:
    """Alarm fades by its half-life; what is newly in force or announced raises it."""
    keep = 0.5 ** (1.0 / s.parameters["alarm_half_life_months"])
    acts = np.stack([one.acts[s.state.month] for one in s.laws], axis=1)
    s.state.alarm = keep[s.layout.plant_line] * s.state.alarm + acts[:, s.law]


def places_view(s: Simulation) -> Places:
    """Fear of each plant's place, and what each place is to each line, as the kernels take them."""
    ease, gathered = _industry(s)
    unseen = _unseen(s)
    return Places(
        fear=_fear(s),
        assembler=_assemblers(s),
        freed=_freed(s),
        ease=ease - unseen,
        gathered=gathered - unseen,
        strange=_strange(s),
        wage=np.log(s.world.host_wage),
        land=land_cost(s),
        distance=s.world.days_from_japan,
    )


def exposure(s: Simulation) -> Floats:
    """Part of the firm's capacity value that stands in the plant's place, float64[P, R], 0..1."""
    layout = s.layout
    firm = layout.line_firm[layout.plant_line]
    value = s.state.capacity * s.base.price[layout.plant_line, None]
    whole = sum_rows(firm, value, len(s.world.firms))[firm]
    cell = firm * len(COUNTRIES) + layout.plant_country
    here = sum_rows(cell, value, len(s.world.firms) * len(COUNTRIES))[cell]
    return np.divide(here, whole, out=np.zeros_like(here), where=whole > 0.0)


def _freed(s: Simulation) -> Floats:
    """Worth of the room that a unit of work leaves free, share of price, float64[P, R]."""
    line, terms = s.layout.plant_line, s.terms
    stays = ((1.0 - terms.moved_share) / terms.usual_use)[line]
    return np.asarray(stays * s.month.room_worth / s.base.price[line, None])


def _fear(s: Simulation) -> Floats:
    averse = s.parameters["risk_aversion"][s.layout.plant_line]
    return np.asarray(averse * exposure(s) * s.state.alarm)


def _industry(s: Simulation) -> tuple[Floats, Floats]:
    """Fall of the gap by the sister lines of a place, and by those come since base.

    float64[N, I, R] each. Sister lines are the others of the class and, by ``kin_share``, those of
    its sector; a place with as many as usual eases nothing.
    """
    price = np.repeat(s.base.price[s.layout.plant_line, None], s.lanes, axis=1)
    base = _sisters(s, _by_place(s, s.base.capacity[:, None] * price))
    now = _sisters(s, _by_place(s, s.state.capacity * price))
    stands = np.maximum(1, (base > 0.0).sum(axis=1, keepdims=True))
    usual = base.sum(axis=1, keepdims=True) / stands

    def crowd(value: Floats) -> Floats:
        ratio = np.divide(value, usual, out=np.ones_like(value), where=usual > 0.0)
        return np.asarray(np.log1p(ratio))

    strength = (s.parameters["agglomeration"] / s.parameters["theta_slice"])[:, None, :]
    before, after = crowd(base), crowd(now)
    return strength * (after - np.log(2.0)), strength * (after - before)


def _assemblers(s: Simulation) -> Floats:
    """Fall of the gap where car plants of the line's group have grown, float64[N, I, R]."""
    cars = np.array([PRODUCTS[k] in VEHICLES for k in s.world.product_of_line])
    group = np.asarray((s.group_of_line[:, None] == s.group_of_line) & cars, dtype=np.float64)
    whole = np.repeat(s.base.capacity[:, None], s.lanes, axis=1)
    base, now = (
        np.einsum("nm,mir->nir", group, _by_place(s, units)) for units in (whole, s.state.capacity)
    )
    stands = np.maximum(1, (base > 0.0).sum(axis=1, keepdims=True))
    usual = base.sum(axis=1, keepdims=True) / stands
    grown = np.divide(now + usual, base + usual, out=np.ones_like(now), where=usual > 0.0)
    odds = (s.parameters["keiretsu_odds"] / s.parameters["theta_slice"])[:, None, :]
    return np.asarray(odds * np.log(grown))


def _by_place(s: Simulation, value: Floats) -> Floats:
    """Values of plants by line and place, float64[N, I, R]; ``value``: float64[P, R]."""
    cells = np.zeros((len(s.world.lines), len(COUNTRIES), value.shape[1]))
    cells[s.layout.plant_line, s.layout.plant_country] = value
    return cells


def _sisters(s: Simulation, value: Floats) -> Floats:
    """What sister lines have in each place, float64[N, I, R]; ``value``: float64[N, I, R]."""
    like, related = _others(s.class_of_line), _others(s.sector_of_line)
    kin = s.parameters["kin_share"][:, None, :]
    related = np.maximum(0.0, related - like)
    same, near = (join_rows(pairs, value) for pairs in (like, related))
    return np.asarray(same + kin * near)


def _others(number: Ints) -> Floats:
    """1 where another line has the same number, float64[N, N]."""
    return np.asarray(number[:, None] == number, dtype=np.float64) - np.eye(len(number))


def _strange(s: Simulation) -> Floats:
    """Rise of the gap where no other line of the group stands, float64[N, I, R]."""
    stands = _by_place(s, np.asarray(s.state.capacity > 0.0, dtype=np.float64))
    known = join_rows(_others(s.group_of_line), stands) > 0.0
    odds = (s.parameters["own_affiliate_odds"] / s.parameters["theta_slice"])[:, None, :]
    return np.where(known, 0.0, odds)


def _unseen(s: Simulation) -> Floats:
    """Rise of the gap by what no data show of a place for a line, float64[N, I, R].

    Drawn once a replication, so that every policy meets the same places.
    """
    sd = s.parameters["place_spread"][s.layout.plant_line]
    if not s.inputs["noise"]:
        return np.zeros((len(s.world.lines), len(COUNTRIES), s.lanes))
    return _by_place(s, sd * s.streams.normal("place", s.ids["plant"], 0))


def peers_moving(s: Simulation) -> Floats:
    """Part of the other firms' lines of the class with a programme of late, float64[N, R]."""
    firm, kinds = s.layout.line_firm, s.class_of_line
    peers = (kinds[:, None] == kinds) & (firm[:, None] != firm)
    recent = s.state.month - s.state.last_programme <= s.parameters["copy_months"]
    moving = peers.astype(np.float64) @ recent.astype(np.float64)
    return np.asarray(moving / np.maximum(1, peers.sum(axis=1))[:, None])
