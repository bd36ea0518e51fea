"""What a decision sees: the law, the macro indices, the other lines, and the draws."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.engine.random_streams import Streams
from tests.reference import subsidies
from tests.reference.beliefs import Law
from tests.reference.industry import Industry
from tests.reference.macro import Macro, draw
from tests.reference.materials import Materials
from tests.reference.rows import Line, Plant


@dataclass
class Scene:
    """The lane outside a line in the present month."""

    law: Law
    macro: Macro
    industry: Industry
    streams: Streams
    materials: Materials
    month: int = 0

    def spared(self, line: Line, left: Plant, taken: Plant) -> float:
        """What rules on materials are expected to cost a year less where work goes, over price."""
        here, there = (
            self.materials.expected(line, plant, self.law.month) for plant in (left, taken)
        )
        return here - there

    def subsidy(self, line: Line, left: Plant, taken: Plant, lead: float) -> tuple[float, float]:
        """Part of the outlay that acts pay, and what they give a year over price, above base."""
        months = self.law.world.months
        return subsidies.gain(
            self.law.duty.subsidies, line, left.country, taken.country, lead,
            (months[self.law.month], months[0]),
        )  # fmt: skip

    def happens(self, stream: str, name: str, probability: float) -> bool:
        """A draw of the month against a probability."""
        return draw(self.streams, "uniform", stream, name, self.month) < probability

    def lead(self, months: float, sd: float, name: str) -> int:
        """Months that work takes which was planned with so many."""
        z = draw(self.streams, "normal", "lead", name, self.month)
        return max(1, math.floor(months * math.exp(sd * z - sd**2 / 2) + 0.5))
