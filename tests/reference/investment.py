"""Section 8 of docs/model.md: programmes, returns, expansions and closures of one line."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from tests.reference.beliefs import Law, diffusion_hurdle
from tests.reference.macro import ALL, Macro, On
from tests.reference.monthly import output_at_no_rent, planning_cost
from tests.reference.rows import U0, Line, Moved, Plant, Programme, Project, Route, Slice

RICH = ("JP", "US", "CA", "EU", "KR", "TW")


@dataclass(eq=False)
class Option:
    """A programme that may be ordered: the numbers of section 8, over price."""

    line: Line
    slice: Slice
    source: Route
    target: Route
    kind: str
    volume: float
    months: float
    sunk: float
    gap: float
    hurdle: float
    saving: float
    net: float

    def back(self) -> bool:
        """Whether this brings work back."""
        return self.kind == "return"

    def outlay(self) -> float:
        """K v p + F0, USD."""
        return self.sunk * self.volume * self.line.price + self.line.par.fixed_project_usd


def siting_cost(
    line: Line, route: Route, lead: float, law: Law, macro: Macro, on: On = ALL
) -> float:
    """C_p(E) over price: planning cost delivered, at the duty expected after the lead."""
    made = route.plant.planning_cost if on is ALL else planning_cost(line, route.plant, macro, on)
    freight = line.planning_freight if "freight" in on else 1.0
    if "duty" in on:
        duty = law.expected(line, route, lead) * route.price
    else:
        duty = route.base_duty * line.price
    return (made + route.freight * line.price * freight + duty) / line.price


def saving(
    line: Line, source: Route, target: Route, lead: float, law: Law, macro: Macro, on: On = ALL
) -> float:
    """What the target route costs less than the source route, less the same at base."""
    now = siting_cost(line, source, lead, law, macro, on)
    now -= siting_cost(line, target, lead, law, macro, on)
    return now - (source.base_landed - target.base_landed) / line.price


def sunk_cost_rate(line: Line, hurdle: float, sunk: float, volume: float) -> float:
    """The h of section 8: yearly cost of what is sunk, over price."""
    par = line.par
    fixed = par.fixed_project_usd / (volume * line.price)
    return (par.discount + par.depreciation) * (hurdle * sunk + fixed)


def place_factor(line: Line, country: str) -> float:
    """G_i: how much larger the gap is in a country."""
    if country == "MX":
        return line.par.gap_mexico_factor
    return line.par.gap_rich_factor if country in RICH else 1.0


def ways(line: Line, plant: Plant, volume: float) -> Iterator[tuple[str, float, float, float]]:
    """Ways to put a programme into a place: name, sunk cost, months, gap with fee."""
    par, factor = line.par, place_factor(line, plant.country)
    new = par.entry_gap * factor
    if plant.capacity > 0:
        growth = par.growth_penalty / par.theta * math.log(1 + volume / (12 * plant.capacity))
        gap = par.existing_gap_factor * factor + growth
        yield "transfer", par.transfer_sunk, par.transfer_months, gap
    else:
        yield "open", par.open_sunk, par.open_months, new
    if plant.contract_maker:
        yield "ems", par.ems_sunk, par.ems_months, new + par.ems_fee


def best_outward(line: Line, q: Slice, law: Law, macro: Macro) -> Option | None:
    """The best place and way for one lump of a slice, if enough of it wants to go."""
    volume, best = min(line.lump(), q.yearly - q.ordered), None
    if volume <= 0 or q.route.plant.capacity == 0:
        return None
    for plant in line.plants.values():
        if not plant.candidate or plant is q.route.plant:
            continue
        target = line.route(plant.i, q.route.outlet.j)
        for kind, sunk, months, gap in ways(line, plant, volume):
            hpol = law.learning_hurdle(line, q.route, target, months)
            hurdle = hpol * diffusion_hurdle(line.par)
            gain = saving(line, q.route, target, months, law, macro)
            net = gain - gap - sunk_cost_rate(line, hurdle, sunk, volume)
            if best is None or net > best.net:
                best = Option(
                    line, q, q.route, target, kind, volume, months, sunk, gap, hurdle, gain, net
                )
    if best is None or wish(line, best.net) * q.yearly < q.ordered + volume / 2:
        return None
    return best


def wish(line: Line, net: float) -> float:
    """Share of a slice that wants to go."""
    return 1 - math.exp(-line.par.theta_slice * max(0.0, net))


def best_return(
    line: Line, q: Slice, i: int, moved: Moved, law: Law, macro: Macro
) -> Option | None:
    """One lump of what a slice moved to a place, if enough of it wants to come back."""
    volume, par = min(line.lump(), moved.arrived - moved.return_ordered), line.par
    source = line.route(i, q.route.outlet.j)
    if volume <= 0 or source.plant.capacity == 0 or q.route.plant.capacity == 0:
        return None
    months, sunk = par.transfer_months, par.transfer_sunk
    hurdle = law.learning_hurdle(line, source, q.route, months) * diffusion_hurdle(par)
    gain = -saving(line, q.route, source, months, law, macro)
    gap = -moved.gap_volume / moved.arrived
    net = gain - gap - sunk_cost_rate(line, hurdle, sunk, volume)
    if wish(line, net) * moved.arrived < moved.return_ordered + volume / 2:
        return None
    return Option(line, q, source, q.route, "return", volume, months, sunk, gap, hurdle, gain, net)


def outward_options(line: Line, law: Law, macro: Macro) -> list[Option]:
    """What a line could move away now."""
    found = (best_outward(line, q, law, macro) for q in line.slices)
    return [option for option in found if option is not None]


def return_options(line: Line, law: Law, macro: Macro) -> list[Option]:
    """What a line could bring back now."""
    found = (
        best_return(line, q, i, moved, law, macro)
        for q in line.slices
        for i, moved in q.moved.items()
        if moved.arrived > 0
    )
    return [option for option in found if option is not None]


def order(option: Option, month: int) -> None:
    """Put a programme on its way."""
    q, volume = option.slice, option.volume
    if option.back():
        q.moved[option.source.plant.i].return_ordered += volume
        q.ordered -= volume
    else:
        q.ordered += volume
    option.line.programmes.append(
        Programme(
            q, option.source, option.target, volume, option.gap, option.back(),
            month + round(option.months),
        )
    )  # fmt: skip


def arrive(line: Line, month: int) -> None:
    """Programmes and expansions that are ready start to work."""
    for programme in [p for p in line.programmes if p.due == month]:
        line.programmes.remove(programme)
        _move(line, programme)
    for project in [p for p in line.projects if p.due == month]:
        line.projects.remove(project)
        project.plant.capacity += project.capacity
        project.plant.building = False


def _move(line: Line, programme: Programme) -> None:
    volume, source, target = programme.volume, programme.source, programme.target
    if programme.back:
        programme.slice.moved[source.plant.i].return_arrived += volume
    else:
        moved = programme.slice.moved.setdefault(target.plant.i, Moved())
        moved.arrived += volume
        moved.gap_volume += programme.gap * volume
    phi = min(1.0, volume / source.volume) if source.volume > 0 else 0.0
    _shift_shares(source, target, phi, phi * line.par.rebase_share)
    source.volume -= volume
    target.volume += volume
    capacity = min(volume / (12 * U0), source.plant.capacity)
    for plant, change in ((source.plant, -capacity), (target.plant, capacity)):
        plant.capacity += change
        plant.base_capacity = max(0.0, plant.base_capacity + change)


def _shift_shares(source: Route, target: Route, phi: float, rebased: float) -> None:
    """Move a fraction of S, of all lagged S*, and a fraction of s0."""
    moved = phi * source.share
    source.share, target.share = source.share - moved, target.share + moved
    for lag, star in enumerate(source.targets):
        source.targets[lag] -= phi * star
        target.targets[lag] += phi * star
    moved = rebased * source.base_share
    source.base_share, target.base_share = source.base_share - moved, target.base_share + moved


def track_capacity(line: Line, plant: Plant) -> None:
    """Value of more capacity, and idleness, month by month."""
    rent = capacity_rent(line, plant) * line.base_cost
    plant.capacity_value += (rent - plant.capacity_value) / 12
    plant.smooth_output += (plant.output - plant.smooth_output) / 6
    idle = 12 * plant.capacity - 12 * plant.smooth_output / 0.9
    plant.idle_months = plant.idle_months + 1 if idle > plant.lump_yearly else 0


def capacity_rent(line: Line, plant: Plant) -> float:
    """rent_p: what a lump more would earn, over unit cost."""
    pull = output_at_no_rent(line, plant)
    if plant.capacity == 0 or pull == 0:
        return 0.0
    excess = max(0.0, math.log(pull / (plant.capacity + plant.lump_yearly / 12)))
    return 0.5 * (plant.log_rent + excess) / line.par.theta


def protection(line: Line, plant: Plant, law: Law) -> float:
    """omega_p: expected over present duty above base in the plant's markets, at most 1 in each."""
    weighted = flow = 0.0
    for e in plant.routes:
        present = expected = 0.0
        for o in e.outlet.routes:
            later = law.expected(line, o, line.par.expand_months)
            present += o.units * max(0.0, o.duty - o.base_duty)
            expected += o.units * max(0.0, later - o.base_duty)
        weighted += e.units * (min(1.0, expected / present) if present > 0 else 1.0)
        flow += e.units
    return weighted / flow if flow > 0 else 1.0


def wants_to_expand(line: Line, plant: Plant, law: Law) -> bool:
    """Whether a lump more pays, with the hurdle on what is sunk."""
    if plant.building or 12 * plant.capacity < plant.lump_yearly or plant.capacity_value <= 0:
        return False
    par = line.par
    worth = plant.capacity_value * protection(line, plant, law)
    worth /= par.discount + par.depreciation
    return worth >= diffusion_hurdle(par) * par.expand_sunk * line.price


def wants_to_close(line: Line, plant: Plant) -> bool:
    """Whether a lump has been idle long enough."""
    par = line.par
    patience = 12 * par.exit_cost_share * diffusion_hurdle(par) / par.idle_cost_share
    return plant.capacity > 0 and plant.idle_months > 0 and plant.idle_months >= patience


def closing(line: Line, plant: Plant) -> tuple[str, float]:
    """Kind and yearly units: a lump, or the whole plant where too little would remain."""
    lump = min(plant.lump_yearly / 12, plant.capacity)
    rest = plant.capacity - lump
    if 12 * rest < line.par.minimum_scale_units and plant.smooth_output < 0.75 * rest:
        return "exit", 12 * plant.capacity
    return "close", 12 * lump


def change_capacity(line: Line, plant: Plant, kind: str, units: float, month: int) -> None:
    """Start to build a lump, close one, or close the plant for good."""
    if kind == "expand":
        plant.building = True
        due = month + round(line.par.expand_months)
        line.projects.append(Project(plant, units / 12, due))
        return
    plant.idle_months = 0
    plant.capacity -= units / 12
    plant.base_capacity = max(0.0, plant.base_capacity - units / 12)
    if kind == "exit":
        plant.capacity = plant.base_capacity = plant.capacity_value = 0.0
        for e in plant.routes:
            _leave(e)


def _leave(route: Route) -> None:
    """A closed plant's route carries nothing; the outlet's other routes share what it had."""
    others = [e for e in route.outlet.routes if e is not route]
    route.share = route.base_share = 0.0
    route.targets = deque([0.0] * len(route.targets))
    total = sum(e.share for e in others)
    for e in others:
        e.share = e.share / total if total > 0 else 0.0
    for lag in range(len(route.targets)):
        total = sum(e.targets[lag] for e in others)
        for e in others:
            e.targets[lag] = e.targets[lag] / total if total > 0 else 0.0
