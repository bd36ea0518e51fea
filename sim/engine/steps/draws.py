"""Who decides in a review: a board meets with a chance, and firms copy each other."""

from __future__ import annotations

import numpy as np

from sim.arrays import Flags
from sim.engine.simulation import Simulation
from sim.engine.steps.places import peers_moving

_OF_PLANTS = ("expansion", "closure")
"""Streams that are drawn for each plant; the others for each line."""


def drawn(s: Simulation, stream: str) -> Flags:
    """Lines or plants that decide in this review, bool[rows, R], by the stream of what they decide.

    For programmes (stream ``decision``) others of the class that have just moved make it likelier.
    """
    chance, entity = s.parameters["decision_probability"], "line"
    if stream in _OF_PLANTS:
        chance, entity = chance[s.layout.plant_line], "plant"
    elif stream == "decision":
        chance = chance * (1.0 + s.parameters["imitation"] * peers_moving(s))
    return np.asarray(s.streams.uniform(stream, s.ids[entity], s.state.month) < chance)
