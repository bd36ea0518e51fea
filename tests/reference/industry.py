"""What lines feel of each other: market prices, assemblers, clusters, imitation, exposure."""

from __future__ import annotations

import math
from collections import defaultdict

from tests.reference.beliefs import CARS
from tests.reference.rows import Line, Outlet, Plant


class Industry:
    """All lines of the lane."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.base_cars: dict[int, float] = defaultdict(float)
        for line in lines:
            for i, plant in line.plants.items():
                if line.product in CARS:
                    self.base_cars[i] += line.price * plant.base_output
        self.base_value = self._value_by_class()
        self.value = self.base_value

    def look(self) -> None:
        """Where capacity stands before the decisions of a review."""
        self.value = self._value_by_class()

    def _value_by_class(self) -> dict[tuple[str, int], float]:
        """G_ci: yearly capacity value by class and place, at 2017 prices."""
        value: dict[tuple[str, int], float] = defaultdict(float)
        for line in self.lines:
            for i, plant in line.plants.items():
                value[line.line_class, i] += 12 * plant.capacity * line.price
        return value

    def log_market_price(self, line: Line, outlet: Outlet) -> float:
        """ln PI: the makers modelled, and the others who follow a little."""
        ours = part = 0.0
        for other in self.lines:
            if other.product == line.product and outlet.j in other.outlets:
                there = other.outlets[outlet.j]
                ours += there.part_of_market * math.log(there.price)
                part += there.part_of_market
        return ours + (1 - part) * line.par.rival_reply * ours

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

    def pull_of_others(self, line: Line, plant: Plant) -> float:
        """What the gap to a place falls by since more of the class stands there."""
        start = [v for (name, _), v in self.base_value.items() if name == line.line_class and v > 0]
        b = sum(start) / len(start)
        at = line.line_class, plant.i
        grown = (self.value[at] + b) / (self.base_value[at] + b)
        return float(line.par.agglomeration / line.par.theta * math.log(grown))

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
