"""What places are to firms besides their costs: alarm and exposure, the class's gathering, peers.

``docs/model.md`` 2 (Alarm) and 8 (hedge, agglomeration, imitation). Sums run over rows in order.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, PLACES
from sim.decisions.views import Places
from sim.engine.row_sums import sum_rows
from sim.engine.simulation import Simulation


def raise_alarm(s: Simulation) -> None:
    """Alarm fades by its half-life; what is newly in force or announced raises it."""
    keep = 0.5 ** (1.0 / s.parameters["alarm_half_life_months"])
    acts = np.stack([one.acts[s.state.month] for one in s.laws], axis=1)
    s.state.alarm = keep[s.layout.plant_line] * s.state.alarm + acts[:, s.law]


def places_view(s: Simulation) -> Places:
    """Fear of each plant's place and ease of each line there, as the kernels take them."""
    return Places(
        fear=_fear(s),
        ease=_ease(s),
        gap_factor=_gap_factor(s),
        high_wages=np.array([one.high_wages for one in PLACES]),
    )


def _gap_factor(s: Simulation) -> Floats:
    """Factor on the gap by place, float64[N, I, R]: the parameter that ``countries.csv`` names."""
    factor = np.ones((len(s.world.lines), len(PLACES), s.lanes))
    for i, one in enumerate(PLACES):
        if one.gap_parameter:
            factor[:, i] = s.parameters[one.gap_parameter]
    return factor


def exposure(s: Simulation) -> Floats:
    """Part of the firm's capacity value that stands in the plant's place, float64[P, R], 0..1."""
    layout = s.layout
    firm = layout.line_firm[layout.plant_line]
    value = s.state.capacity * s.base.price[layout.plant_line, None]
    whole = sum_rows(firm, value, len(s.world.firms))[firm]
    cell = firm * len(COUNTRIES) + layout.plant_country
    here = sum_rows(cell, value, len(s.world.firms) * len(COUNTRIES))[cell]
    return np.divide(here, whole, out=np.zeros_like(here), where=whole > 0.0)


def _fear(s: Simulation) -> Floats:
    averse = s.parameters["risk_aversion"][s.layout.plant_line]
    return np.asarray(averse * exposure(s) * s.state.alarm)


def _ease(s: Simulation) -> Floats:
    """Fall of the gap where the class has gathered since base, float64[N, I, R]; a rise below 0."""
    layout, kinds = s.layout, s.class_of_line
    count, price = len(COUNTRIES), s.base.price[layout.plant_line]
    cell = kinds[layout.plant_line] * count + layout.plant_country
    cells = count * (1 + int(kinds.max()))
    base = sum_rows(cell, (s.base.capacity * price)[:, None], cells).reshape(-1, count)
    now = sum_rows(cell, s.state.capacity * price[:, None], cells)
    stands = np.maximum(1, (base > 0.0).sum(axis=1))
    usual = (base.sum(axis=1) / stands)[:, None, None]
    grown = np.divide(
        now.reshape(-1, count, s.lanes) + usual,
        base[..., None] + usual,
        out=np.ones((len(base), count, s.lanes)),
        where=usual > 0.0,
    )
    strength = s.parameters["agglomeration"] / s.parameters["theta"]
    return np.asarray(strength[:, None, :] * np.log(grown)[kinds])


def peers_moving(s: Simulation) -> Floats:
    """Part of the other firms' lines of the class with a programme of late, float64[N, R]."""
    firm, kinds = s.layout.line_firm, s.class_of_line
    peers = (kinds[:, None] == kinds) & (firm[:, None] != firm)
    recent = s.state.month - s.state.last_programme <= s.parameters["copy_months"]
    moving = peers.astype(np.float64) @ recent.astype(np.float64)
    return np.asarray(moving / np.maximum(1, peers.sum(axis=1))[:, None])
