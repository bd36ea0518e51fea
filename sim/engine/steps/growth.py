"""How fast a plant can grow: what it takes on within a year is a part of its size.

``docs/model.md`` 8, Pace.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.engine.simulation import Simulation


def begin_review(s: Simulation) -> None:
    """What was taken on a year ago counts no more."""
    before = s.state.taken_on
    s.state.taken_on = np.concatenate([np.zeros_like(before[:1]), before[:-1]])


def take_on(s: Simulation, p: int, r: int, units: float) -> None:
    """Count what was ordered to plant p in this review, units a year."""
    s.state.taken_on[0, p, r] += units


def room_to_grow(s: Simulation, piece: Floats) -> Floats:
    """What each plant can still take on this year, float64[P, R], units a year.

    Whatever its size, a plant can take one ``piece`` (float64[P]) a year.
    """
    pace = s.parameters["plant_pace"][s.layout.plant_line]
    most = np.maximum(pace * s.state.capacity, piece[:, None])
    return np.asarray(most - s.state.taken_on.sum(axis=0))
