"""Section 8 of docs/model.md: expansion of full plants, and what is done about idle ones."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from tests.reference.beliefs import diffusion_hurdle
from tests.reference.hosts import can_take
from tests.reference.pace import over
from tests.reference.rows import Line, Plant, Route
from tests.reference.transport import output_at_no_rent

if TYPE_CHECKING:
    from tests.reference.scene import Scene


def track_capacity(line: Line, plant: Plant) -> None:
    """Value of more capacity, and idleness, month by month."""
    rent = capacity_rent(line, plant) * line.base_cost
    year, half = (
        over(1 / line.par.rent_average_months, line.step_months),
        over(1 / line.par.use_average_months, line.step_months),
    )
    plant.capacity_value += (rent - plant.capacity_value) * year
    plant.smooth_output += (plant.output - plant.smooth_output) * half
    idle = 12 * plant.capacity
    idle -= 12 * plant.smooth_output / line.par.full_use_share * regained(line, plant)
    waited = plant.idle_months + line.step_months
    plant.idle_months = waited if idle > plant.lump_yearly else 0


def remember_markets(line: Line) -> None:
    """The usual size of every outlet's market moves to its present one."""
    part = over(1 / line.par.slump_memory_months, line.step_months)
    for outlet in line.outlets.values():
        outlet.usual_size += (outlet.log_size - outlet.usual_size) * part


def regained(line: Line, plant: Plant) -> float:
    """rec_p: what the plant's markets will ask for when their slump is over, over today."""
    made = sum(e.units for e in plant.routes)
    if made == 0:
        return 1.0
    back = 0.0
    for e in plant.routes:
        slump = max(0.0, e.outlet.usual_size - e.outlet.log_size)
        back += e.units * math.exp(line.par.slump_recovery * slump)
    return back / made


def capacity_rent(line: Line, plant: Plant) -> float:
    """rent_p: what a lump more would earn, over unit cost."""
    pull = output_at_no_rent(line, plant)
    if plant.capacity == 0 or pull == 0:
        return 0.0
    excess = max(0.0, math.log(pull / (plant.capacity + plant.lump_yearly / 12)))
    return 0.5 * (plant.log_rent + excess) / line.par.theta


def protection(line: Line, plant: Plant, scene: Scene) -> float:
    """omega_p: expected over present duty above base in the plant's markets, at most 1 in each."""
    weighted = flow = 0.0
    for e in plant.routes:
        present = expected = 0.0
        for o in e.outlet.routes:
            later = scene.law.expected(line, o, line.par.expand_months)
            present += o.units * max(0.0, o.duty - o.base_duty)
            expected += o.units * max(0.0, later - o.base_duty)
        taxed = present > 1e-9 * sum(o.units for o in e.outlet.routes)  # less is rounding
        weighted += e.units * (min(1.0, expected / present) if taxed else 1.0)
        flow += e.units
    return weighted / flow if flow > 0 else 1.0


def room_worth(line: Line, plant: Plant, scene: Scene) -> float:
    """V_p omega_p: what more room earns a year, USD a unit."""
    if plant.capacity_value <= 0:
        return 0.0
    return plant.capacity_value * protection(line, plant, scene)


def growth_worth(line: Line, plant: Plant, scene: Scene) -> float:
    """The same where no market is worth more than serving it from elsewhere would cost."""
    value, made = room_worth(line, plant, scene), sum(e.units for e in plant.routes)
    if made == 0:
        return value
    worth = 0.0
    for e in plant.routes:
        most = math.inf
        for q in line.slices:
            if q.route is e:
                most = line.par.base_use_share * line.price * max(0.0, -q.elsewhere)
        worth += e.units / made * min(value, most)
    return worth


def wants_to_expand(line: Line, plant: Plant, scene: Scene) -> bool:
    """Whether a lump more pays, with the hurdle on what is sunk."""
    small = 12 * plant.capacity < plant.lump_yearly
    if plant.building or plant.mothballed > 0 or small or plant.capacity_value <= 0:
        return False
    if not can_take(line, plant, plant.lump_yearly, plant.lump_yearly, scene.month):
        return False
    par = line.par
    worth = growth_worth(line, plant, scene) / (par.discount + par.depreciation)
    borne = 1 - par.subsidy_weight * granted_of(line, plant, scene)
    return worth >= diffusion_hurdle(par) * par.expand_sunk * line.price * borne


def granted_of(line: Line, plant: Plant, scene: Scene) -> float:
    """Part of an outlay at a plant that acts pay, above the base year."""
    return scene.subsidy(line, plant, plant, 0.0)[0]


def idle_step(line: Line, plant: Plant) -> str:
    """What would be done about an idle plant: close, restart, mothball or nothing."""
    if plant.capacity == 0:
        return ""
    par, waited = line.par, plant.idle_months
    patience = 12 * par.exit_cost_share * diffusion_hurdle(par) / par.idle_cost_share
    kept = par.mothball_cost_share
    before_closing = patience
    if plant.mothballed > 0:
        before_closing = patience / kept if kept > 0 else math.inf
    if waited > 0 and waited >= before_closing:
        return "close"
    if plant.mothballed > 0:
        busy = plant.smooth_output >= min(plant.straight, par.restart_use_share) * plant.use()
        return "restart" if busy else ""
    if kept < 1 and waited > 0 and waited >= par.mothball_exit_share * patience / (1 - kept):
        return "mothball"
    return ""


def units_of(line: Line, plant: Plant, step: str) -> tuple[str, float]:
    """Kind of the event and yearly units: a lump, or the whole plant where little would remain."""
    if step == "restart":
        return step, 12 * plant.mothballed
    lump = min(plant.lump_yearly / 12, plant.capacity)
    rest = plant.capacity - lump
    little = (
        12 * rest < line.par.minimum_scale_units
        and plant.smooth_output < line.par.exit_use_share * rest
    )
    if step == "close" and little:
        return "exit", 12 * plant.capacity
    return step, 12 * lump


def change_capacity(plant: Plant, kind: str, units: float) -> None:
    """Lay a lump up, take it out again, close one, or close the plant for good."""
    if kind == "mothball":
        plant.mothballed = units / 12
    elif kind == "restart":
        plant.mothballed = 0.0
    else:
        plant.idle_months = 0
        plant.capacity -= units / 12
        plant.base_capacity = max(0.0, plant.base_capacity - units / 12)
        plant.mothballed = max(0.0, plant.mothballed - units / 12)
    if kind == "exit":
        plant.capacity = plant.base_capacity = plant.capacity_value = 0.0
        for e in plant.routes:
            _leave(e)


def _leave(route: Route) -> None:
    """A closed plant's route carries nothing; the outlet's other routes share what it had."""
    others = [e for e in route.outlet.routes if e is not route]
    route.share = route.base_share = 0.0
    route.targets = deque([0.0] * len(route.targets))
    total, base = sum(e.share for e in others), sum(e.base_share for e in others)
    for e in others:
        e.share = e.share / total if total > 0 else 0.0
        e.base_share = e.base_share / base if base > 0 else 0.0
    for lag in range(len(route.targets)):
        total = sum(e.targets[lag] for e in others)
        for e in others:
            e.targets[lag] = e.targets[lag] / total if total > 0 else 0.0
