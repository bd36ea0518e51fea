"""Section 8 of docs/model.md: where programmes of one line would go, and come back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from tests.reference.beliefs import diffusion_hurdle
from tests.reference.capacity import room_worth
from tests.reference.cost import planning_cost
from tests.reference.gaps import gap_of_contract, gap_of_new_plant, gap_of_plant
from tests.reference.hosts import can_take, land
from tests.reference.macro import ALL, On
from tests.reference.rows import Line, Moved, Plant, Route, Slice
from tests.reference.scene import Scene


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
    hedge: float
    net: float
    host: Plant | None
    room: float
    granted: float
    given: float
    whole: float = math.nan

    def back(self) -> bool:
        """Whether this brings work back."""
        return self.kind == "return"

    def value(self) -> float:
        """Yearly value net of gap and hurdle, USD."""
        return self.net * self.volume * self.line.price

    def outlay(self) -> float:
        """K v p + F0, USD."""
        return self.sunk * self.volume * self.line.price + self.line.par.fixed_project_usd

    def borne(self) -> float:
        """What the firm pays of it: acts pay the rest."""
        return self.outlay() * (1 - max(0.0, self.granted))


def siting_cost(
    line: Line, route: Route, lead: float, scene: Scene, on: On = ALL, lean: int = 0
) -> float:
    """C_p(E) over price: planning cost delivered, at the duty expected after the lead."""
    plant = route.plant
    made = plant.planning_cost if on is ALL else planning_cost(line, plant, scene.macro, on)
    freight = line.planning_freight if "freight" in on else 1.0
    if "duty" in on:
        duty = scene.law.expected(line, route, lead, lean) * route.price
    else:
        duty = route.base_duty * line.price
    return (made + route.freight * line.price * freight + duty) / line.price


def saving(
    line: Line, left: Route, target: Route, lead: float, scene: Scene, on: On = ALL
) -> float:
    """What the target route costs less than the one that is left, less the same at base."""
    now = siting_cost(line, left, lead, scene, on, lean=-1)
    now -= siting_cost(line, target, lead, scene, on, lean=1)
    return now - (left.base_landed - target.base_landed) / line.price


def sunk_cost_rate(line: Line, hurdle: float, sunk: float, volume: float) -> float:
    """The h of section 8: yearly cost of what is sunk, over price."""
    par = line.par
    fixed = par.fixed_project_usd / (volume * line.price)
    return (par.discount + par.depreciation) * (hurdle * sunk + fixed)


@dataclass
class Way:
    """A way to put a programme into a place: sunk cost over price, months, gap with fee."""

    kind: str
    sunk: float
    months: float
    gap: float
    host: Plant | None = None
    room: float = 0.0


def freed_room(line: Line, plant: Plant, scene: Scene) -> float:
    """What the room that work leaves behind is worth a year, over price."""
    stays = (1 - line.par.capacity_moved_share) / line.par.base_use_share
    return float(stays * room_worth(line, plant, scene) / line.price)


def needed_room(line: Line, volume: float) -> float:
    """Units a month of capacity that do not move with a programme."""
    share = line.par.capacity_moved_share
    return float((1 - share) * volume / (12 * line.par.base_use_share))


def own_ways(line: Line, origin: int, plant: Plant, volume: float, scene: Scene) -> Iterator[Way]:
    """The firm's own way to a place, if its plant there can take on so much this year."""
    par, need, industry = line.par, needed_room(line, volume), scene.industry
    bigger = par.transfer_sunk + par.expand_sunk
    if plant.capacity > 0 and can_take(line, plant, volume, line.lump(), scene.month):
        gap = gap_of_plant(line, origin, plant, volume, industry)
        if plant.spare >= need:
            yield Way("transfer", par.transfer_sunk, par.transfer_months, gap, plant, need)
        else:
            yield Way("brownfield", bigger, par.brownfield_months, gap)
    elif plant.capacity == 0:
        gap = gap_of_new_plant(line, origin, plant, industry)
        if industry.stands(line.firm, plant.i):
            yield Way("brownfield", bigger, par.brownfield_months, gap)
        else:
            yield Way("open", new_site(line, plant, scene), par.open_months, gap)


def new_site(line: Line, plant: Plant, scene: Scene) -> float:
    """K of a plant on land that the firm has to buy."""
    return float(line.par.open_sunk * land(line, scene.industry.crowding[plant.i]))


def ways(line: Line, origin: int, plant: Plant, volume: float, scene: Scene) -> Iterator[Way]:
    """Ways to put a programme into a place, the firm's own first."""
    par, need = line.par, needed_room(line, volume)
    yield from own_ways(line, origin, plant, volume, scene)
    if not math.isnan(par.shared_sunk):
        for tied in (True, False):
            host = scene.industry.host(line, plant.i, scene.month, tied)
            if host is None:
                continue
            gap = gap_of_plant(line, origin, host, volume, scene.industry) + par.shared_fee
            gap += 0 if tied else par.untied_fee
            if host.spare >= need:
                yield Way("shared", par.shared_sunk, par.shared_months, gap, host, need)
            elif tied:
                joint = gap - par.shared_fee
                yield Way("shared", new_site(line, plant, scene), par.open_months, joint, host)
    if plant.contract_maker:
        gap = gap_of_contract(line, origin, plant, scene.industry) + par.ems_fee
        yield Way("ems", par.ems_sunk, par.ems_months, gap)


def destinations(line: Line, q: Slice, scene: Scene) -> list[Option]:
    """Every place and way for one lump of a slice, worth it or not, the best first."""
    return programmes_of(line, q, min(line.programme(q), q.size() - q.ordered), scene)


def programmes_of(line: Line, q: Slice, volume: float, scene: Scene) -> list[Option]:
    """Every place and way for so much of a slice, the best first."""
    if volume <= 0 or q.route.plant.capacity == 0:
        return []
    found, freed = [], freed_room(line, q.route.plant, scene)
    for plant in line.plants.values():
        if not plant.candidate or plant is q.route.plant:
            continue
        target = line.route(plant.i, q.route.outlet.j)
        for way in ways(line, q.route.plant.i, plant, volume, scene):
            hpol = scene.law.learning_hurdle(line, q.route, target, way.months)
            hurdle = hpol * diffusion_hurdle(line.par)
            gain = saving(line, q.route, target, way.months, scene)
            gain += scene.spared(line, q.route.plant, plant)
            hedge = scene.industry.hedge(line, q.route.plant, plant)
            cost = sunk_cost_rate(line, hurdle, way.sunk, volume)
            granted, yearly = scene.subsidy(line, q.route.plant, plant, way.months)
            given = line.par.subsidy_weight * granted * cost + yearly
            gap = way.gap - scene.industry.drawn_by_assemblers(line, plant.i)
            net = gain + hedge + freed - gap - cost + given
            option = Option(
                line, q, q.route, target, way.kind, volume, way.months, way.sunk, gap,
                hurdle, hedge, net, way.host, way.room, granted, given, q.size(),
            )  # fmt: skip
            found.append(option)
    return sorted(found, key=lambda option: -option.net)


def best_destination(line: Line, q: Slice, scene: Scene) -> Option | None:
    """The best place and way for one lump of a slice, worth it or not."""
    return next(iter(destinations(line, q, scene)), None)


def served_elsewhere(line: Line, q: Slice, scene: Scene) -> float:
    """Net value over price of serving a slice's market by the best programme, no room freed."""
    found = programmes_of(line, q, line.programme(q), scene)
    if not found:
        return -math.inf
    return found[0].net - freed_room(line, q.route.plant, scene)


def best_outward(line: Line, q: Slice, scene: Scene) -> Option | None:
    """The best place and way for one lump of a slice, if enough of it wants to go."""
    best = best_destination(line, q, scene)
    if best is None or wish(line, best.net) * q.size() < q.ordered + best.volume / 2:
        return None
    return best


def wish(line: Line, net: float) -> float:
    """Share of a slice that wants to go."""
    return 1 - math.exp(-line.par.theta_slice * max(0.0, net))


def best_return(line: Line, q: Slice, i: int, moved: Moved, scene: Scene) -> Option | None:
    """One lump of what a slice moved to a place, if enough of it wants to come back."""
    volume, par = min(line.programme(q), moved.volume - moved.returning), line.par
    source = line.route(i, q.route.outlet.j)
    if volume <= 0 or source.plant.capacity == 0 or q.route.plant.capacity == 0:
        return None
    room = needed_room(line, volume)
    if q.route.plant.spare < room:
        return None
    months, sunk = par.transfer_months, par.transfer_sunk
    hurdle = scene.law.learning_hurdle(line, source, q.route, months) * diffusion_hurdle(par)
    gain = saving(line, source, q.route, months, scene)
    gain += scene.spared(line, source.plant, q.route.plant)
    hedge = scene.industry.hedge(line, source.plant, q.route.plant)
    gap = -moved.gap
    cost = sunk_cost_rate(line, hurdle, sunk, volume)
    granted, yearly = scene.subsidy(line, source.plant, q.route.plant, months)
    given = par.subsidy_weight * granted * cost + yearly
    freed = freed_room(line, source.plant, scene)
    net = gain + hedge + freed - gap - cost + given
    if wish(line, net) * moved.volume < moved.returning + volume / 2:
        return None
    return Option(
        line, q, source, q.route, "return", volume, months, sunk, gap, hurdle, hedge, net,
        q.route.plant, room, granted, given,
    )  # fmt: skip


def outward_options(line: Line, scene: Scene) -> list[Option]:
    """What a line could move away now."""
    found = (best_outward(line, q, scene) for q in line.slices)
    return [option for option in found if option is not None]


def return_options(line: Line, scene: Scene) -> list[Option]:
    """What a line could bring back now."""
    found = (
        best_return(line, q, i, moved, scene)
        for q in line.slices
        for i, moved in q.moved.items()
        if moved.volume > 0
    )
    return [option for option in found if option is not None]
