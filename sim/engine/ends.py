"""What a decision is about: the routes and plants that it leaves and takes up."""

from __future__ import annotations

from typing import NamedTuple

from sim.arrays import Floats
from sim.decisions import proposal as field
from sim.engine.simulation import Simulation


class Ends(NamedTuple):
    """Rows between which work moves, or those of the one plant that changes (then both are it)."""

    left: int
    """Plant."""
    taken: int
    """Plant."""
    left_route: int
    """-1 where a plant changes in its place."""
    taken_route: int


def ends_of(s: Simulation, order: Floats) -> Ends:
    """Rows that a proposal is about."""
    if order[field.KIND] in field.IN_PLACE:
        plant = int(order[field.PLANT])
        return Ends(plant, plant, -1, -1)
    slice_, place = int(order[field.SLICE]), int(order[field.COUNTRY])
    home = int(s.layout.slice_route[slice_])
    away = int(s.layout.slice_destination[slice_, place])
    left, taken = (away, home) if order[field.KIND] == field.RETURN else (home, away)
    plants = s.layout.route_plant
    return Ends(int(plants[left]), int(plants[taken]), left, taken)
