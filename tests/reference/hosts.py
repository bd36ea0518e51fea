"""Hosts that fill up (section 4 of docs/model.md), and the pace of a plant (section 8)."""

from __future__ import annotations

from sim.axes import COUNTRIES
from sim.world.world import World
from tests.reference.rows import Line, Plant


def crowding(lines: list[Line], world: World, month: int) -> list[float]:
    """u_i: jobs that have come since base over the workforce that takes such plants."""
    return [0.0 if code == "ROW" else _jobs(lines, world, i) / _pool(world, i, month)
            for i, code in enumerate(COUNTRIES)]  # fmt: skip


def _jobs(lines: list[Line], world: World, i: int) -> float:
    wages = 0.0
    for line in lines:
        plant, par = line.plants.get(i), line.par
        if plant is not None:
            bill = (1 - par.base_margin) * par.labour_share * par.base_use_share * line.price
            wages += bill * (plant.capacity - plant.first_capacity)
    return lines[0].par.host_followers * max(0.0, wages) / float(world.host_wage[i])


def _pool(world: World, i: int, month: int) -> float:
    share = float(world.parameters["host_region_share"][0])
    return share * float(world.host_workforce[i, month])


def pay(world: World, i: int, crowd: float) -> float:
    """Rise of pay in a place."""
    if crowd == 0:
        return 1.0
    scale = float(world.parameters["labour_supply_scale"][0])
    return float((1 + crowd) ** (1 / (scale * float(world.labour_supply[i]))))


def land(line: Line, crowd: float) -> float:
    """Rise of the outlay on a new plant."""
    return float((1 + crowd) ** line.par.land_response)


def can_take(line: Line, plant: Plant, units: float, piece: float, month: int) -> bool:
    """Whether a plant can take on so many yearly units more within the year."""
    taken = sum(volume for at, volume in plant.taken if month - at < 12)
    return units <= max(line.par.plant_pace * 12 * plant.capacity, piece) - taken
