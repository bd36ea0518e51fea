"""What lines feel of each other: market prices, assemblers, clusters, imitation, exposure."""

from __future__ import annotations

import math
from collections import defaultdict

from sim.axes import COUNTRIES, PRODUCT_TABLE
from sim.engine.random_streams import Streams
from sim.world.world import World
from tests.reference.beliefs import CARS
from tests.reference.capacity import regained
from tests.reference.macro import draw
from tests.reference.rows import Line, Outlet, Plant, Programme

SECTOR = {product.code: product.sector for product in PRODUCT_TABLE}


class Industry:
    """All lines of the lane."""

    def __init__(self, lines: list[Line], world: World, streams: Streams | None = None) -> None:
        self.lines, self.streams = lines, streams
        self.wage, self.days = world.host_wage, world.days_from_japan
        self.group = {firm.id: firm.group or firm.id for firm in world.firms}
        self.months, self.ties = world.months, world.plant_partners
        self.names = {firm.id: firm.name for firm in world.firms}
        self.lent: list[tuple[Plant, float]] = []
        self.sites: set[tuple[str, int]] = set()
        self.base_cars: dict[int, float] = defaultdict(float)
        for line in lines:
            for i, plant in line.plants.items():
                if line.product in CARS:
                    self.base_cars[i] += line.price * plant.base_output
        self.base_value = self._value()
        self.value = self.base_value
        self.crowding = [0.0] * len(COUNTRIES)
        self.crowds: dict[tuple[str, int, bool], float] = {}

    def look(self) -> None:
        """Where capacity stands, and what of it is spare, before the decisions of a review."""
        self.value = self._value()
        self.crowds.clear()
        self.sites = set()
        for line in self.lines:
            for plant in line.plants.values():
                plant.spare = plant.free = spare_room(line, plant)
                plant.seen = plant.capacity
                if plant.capacity > 0:
                    self.sites.add((line.firm, plant.i))

    def unseen(self, line: Line, i: int) -> float:
        """What no data show of a place for a line, share of price: one draw a lane."""
        if self.streams is None or i not in line.plants:
            return 0.0
        name = f"{line.id}:{COUNTRIES[i]}"
        return float(line.par.place_spread * draw(self.streams, "normal", "place", name, 0))

    def stands(self, firm: str, i: int) -> bool:
        """Whether a firm has a plant of any line in a place."""
        return (firm, i) in self.sites

    def host(self, line: Line, i: int, month: int, tied: bool) -> Plant | None:
        """The plant of another maker that could be shared: of several the one with most room."""
        best = None
        for other in self.lines:
            same = other.line_class == line.line_class and other.firm != line.firm
            if not same or self.tie(line.firm, other.firm, month) != tied or i not in other.plants:
                continue
            plant = other.plants[i]
            if plant.capacity == 0 or not (tied or plant.spare > 0):
                continue
            if best is None or plant.spare > best.spare:
                best = plant
        return best

    def tie(self, firm: str, other: str, month: int) -> bool:
        """Whether capital or production ties two firms by now."""
        pairs = [one for one in self.ties if one.firms == {firm, other}]
        return any(one.since <= self.months[month] for one in pairs)

    def owner(self, plant: Plant | None) -> str:
        """Name of the firm whose plant it is."""
        lines = [line for line in self.lines if plant in line.plants.values()]
        return self.names[lines[0].firm]

    def take(self, kind: str, plant: Plant, room: float) -> None:
        """Room that an order takes up; a host's capacity shrinks when all have ordered."""
        plant.free -= room
        if kind == "shared":
            self.lent.append((plant, room))

    def lend(self) -> None:
        """Hosts give up what they lent in this review."""
        for plant, room in self.lent:
            plant.capacity -= room
            plant.base_capacity = max(0.0, plant.base_capacity - room)
        self.lent = []

    def _value(self) -> dict[tuple[str, int], float]:
        """Yearly capacity value by line and place, at 2017 prices."""
        return {
            (line.id, i): 12 * plant.capacity * line.price
            for line in self.lines
            for i, plant in line.plants.items()
        }

    def log_market_price(self, line: Line, outlet: Outlet, path: float = 0.0) -> float:
        """ln PI: the makers modelled, and the others on a ``path``, who follow a little."""
        ours = part = 0.0
        for other in self.lines:
            if other.product == line.product and outlet.j in other.outlets:
                there = other.outlets[outlet.j]
                ours += there.part_of_market * math.log(there.price)
                part += there.part_of_market
        return ours + (1 - part) * (path + line.par.rival_reply * ours)

    def assemblers(self, j: int) -> float:
        """A_j over base: six-month output of vehicle plants in a market, at base prices."""
        if self.base_cars[j] == 0:
            return 1.0
        now = sum(
            line.price * line.plants[j].smooth_output
            for line in self.lines
            if line.product in CARS and j in line.plants
        )
        return now / self.base_cars[j]

    def sisters(self, line: Line, i: int, *, now: bool) -> float:
        """G_ni: capacity value of other lines of the class in a place, kin by their weight."""
        value, total = self.value if now else self.base_value, 0.0
        for other in self.lines:
            if other is line:
                continue
            if other.line_class == line.line_class:
                total += value.get((other.id, i), 0.0)
            elif SECTOR[other.product] == SECTOR[line.product]:
                total += line.par.kin_share * value.get((other.id, i), 0.0)
        return total

    def crowd(self, line: Line, i: int, *, now: bool) -> float:
        """ln(1 + G_ni / b): b the mean at base over the places that have any; ln 2 where none."""
        if (line.id, i, now) not in self.crowds:
            start = [self.sisters(line, j, now=False) for j in range(len(COUNTRIES))]
            start = [value for value in start if value > 0]
            here = self.sisters(line, i, now=now) / (sum(start) / len(start)) if start else 1.0
            self.crowds[line.id, i, now] = math.log(1 + here)
        return self.crowds[line.id, i, now]

    def drawn_by_assemblers(self, line: Line, i: int) -> float:
        """What the gap to a place falls by since car plants of the line's group grew there."""
        first: dict[int, float] = defaultdict(float)
        now: dict[int, float] = defaultdict(float)
        for other in self.lines:
            if other.product in CARS and self.group[other.firm] == self.group[line.firm]:
                for at, plant in other.plants.items():
                    first[at] += plant.first_capacity
                    now[at] += plant.seen
        stands = [units for units in first.values() if units > 0]
        if not stands:
            return 0.0
        b = sum(stands) / len(stands)
        odds = line.par.keiretsu_odds / line.par.theta_slice
        return float(odds * math.log((now[i] + b) / (first[i] + b)))

    def group_stands(self, line: Line, i: int) -> bool:
        """Whether another line of the firm or its group has capacity in a place."""
        return any(
            self.value.get((other.id, i), 0.0) > 0
            for other in self.lines
            if other is not line and self.group[other.firm] == self.group[line.firm]
        )

    def imitated(self, line: Line, month: int) -> float:
        """a: part of the other firms' lines of the class that ordered a programme of late."""
        others = [
            other
            for other in self.lines
            if other.line_class == line.line_class and other.firm != line.firm
        ]
        movers = [
            o for o in others if any(0 < month - at <= line.par.copy_months for at in o.ordered_in)
        ]
        return len(movers) / len(others) if others else 0.0

    def exposure(self, firm: str, i: int) -> float:
        """X_i: part of a firm's capacity value that stands in a place now."""
        here = total = 0.0
        for line in self.lines:
            if line.firm == firm:
                for plant in line.plants.values():
                    total += plant.capacity * line.price
                    here += plant.capacity * line.price if plant.i == i else 0.0
        return here / total if total > 0 else 0.0

    def hedge(self, line: Line, here: Plant, there: Plant) -> float:
        """What an averse firm pays to stand elsewhere, over price."""
        return float(
            line.par.risk_aversion
            * (
                self.exposure(line.firm, here.i) * here.alarm
                - self.exposure(line.firm, there.i) * there.alarm
            )
        )


def spare_room(line: Line, plant: Plant) -> float:
    """Units a month of capacity that nothing uses and no work under way was promised."""
    promised = sum(
        work.room
        for work in line.works
        if isinstance(work, Programme) and work.finds_room() and work.target.plant is plant
    )
    used = plant.smooth_output * regained(line, plant) / line.par.base_use_share
    return max(0.0, plant.capacity - plant.mothballed - used - promised)
