"""Section 6 of docs/model.md from orders on: sourcing shares, and flows under capacity."""

from __future__ import annotations

import math

from tests.reference.cost import route_cost
from tests.reference.macro import Macro
from tests.reference.rows import Line, Plant, Route

STEPS = 15
"""Dual steps of the transport."""


def source(line: Line, macro: Macro, month: int) -> None:
    """S_e: a part of the range is up each month, after the retooling lag."""
    theta, r = line.par.theta, line.par.reallocation_share
    for outlet in line.outlets.values():
        routes = outlet.routes
        kernel = [_kernel(line, e, macro, month, theta) for e in routes]
        total = sum(kernel)
        for e, weight in zip(routes, kernel, strict=True):
            e.targets.append(weight / total if total > 0 else 0.0)
            e.share = (1 - r) * e.share + r * e.targets.popleft()


def _kernel(line: Line, e: Route, macro: Macro, month: int, theta: float) -> float:
    if e.base_share == 0 or e.plant.capacity == 0 or e.plant.base_capacity == 0:
        return 0.0
    drift = 1.0
    if e.plant.country == "CN":
        years = month / 12
        drift = math.exp(
            -line.par.china_drift_per_year * years / max(e.base_share, line.par.drift_share_floor)
        )
    scale = e.plant.capacity / e.plant.base_capacity
    return e.base_share * scale * drift * (route_cost(line, e, macro) / e.base_landed) ** -theta


def transport(line: Line) -> None:
    """Elastic transport under capacity: x_e, and l_p of every plant."""
    theta, eps = line.par.theta, max(line.par.eta, 2.0)
    for plant in line.plants.values():
        plant.log_rent = 0.0
    for _ in range(STEPS):
        _flows(line, theta, eps)
        for plant in line.plants.values():
            if plant.use() > 0 and plant.output > 0:
                steep = 2 / (1 + eps / theta + 2 * room_slope(line, plant))
                step = steep * math.log(plant.output / room(line, plant))
                plant.log_rent = max(0.0, plant.log_rent + step)
    _flows(line, theta, eps)
    for plant in line.plants.values():
        if plant.output > plant.use():
            for e in plant.routes:
                e.units *= plant.use() / plant.output
            plant.output = plant.use()


def room(line: Line, plant: Plant) -> float:
    """Straight time, and as much overtime as the present rent pays for."""
    if line.par.overtime_premium == 0:
        return plant.use()
    dearest = line.par.theta * math.log(1 + line.par.overtime_premium)
    overtime = (1 - plant.straight) * min(1.0, plant.log_rent / dearest)
    return plant.use() * (plant.straight + overtime)


def room_slope(line: Line, plant: Plant) -> float:
    """b_p: how fast room grows with rent, in logs."""
    dearest = line.par.theta * math.log(1 + line.par.overtime_premium)
    if plant.log_rent >= dearest:
        return 0.0
    return (1 - plant.straight) * plant.use() / (dearest * room(line, plant))


def _flows(line: Line, theta: float, eps: float) -> None:
    for outlet in line.outlets.values():
        routes = outlet.routes
        z = sum(e.share * e.plant.passing() for e in routes)
        for e in routes:
            e.units = 0.0
            if e.share > 0 and z > 0:
                e.units = outlet.orders * z ** (eps / theta - 1) * e.share * e.plant.passing()
    for plant in line.plants.values():
        plant.output = sum(e.units for e in plant.routes)


def output_at_no_rent(line: Line, plant: Plant) -> float:
    """x~_p: what the plant would make at its own zero rent, the others' given."""
    theta, eps = line.par.theta, max(line.par.eta, 2.0)
    total = 0.0
    for e in plant.routes:
        z = e.share + sum(o.share * o.plant.passing() for o in e.outlet.routes if o is not e)
        if e.share > 0:
            total += e.outlet.orders * z ** (eps / theta - 1) * e.share
    return total
