"""Sections 4 and 8 of docs/model.md: China's export rules on what goods are made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cache

from sim.axes import COUNTRIES
from sim.law.controls import MaterialQuery, decide_material, enacted
from tests.reference.rows import Line, Plant

MATERIALS = {
    "rare_earth_magnet": "magnet", "dysprosium": "dysprosium", "gallium": "gallium",
    "germanium": "germanium", "graphite": "graphite",
}  # fmt: skip
"""Material of the law -> how parameters call it."""
ANSWERS = ("CN_NONE", "CN_LIC", "CN_LIC_STRICT", "CN_BAN")
DEGREES = ("licence", "strict", "ban")


@dataclass(frozen=True)
class Answer:
    """What China asks in a month for a material that is used in a place."""

    degree: int
    asked_for: int
    since: int
    stricter: int


@cache
def answers(material: str, place: str, months: tuple[date, ...]) -> tuple[Answer, ...]:
    """China's answers month by month, with what came before them."""
    law, told = enacted(), []
    degree = asked_for = stricter = 0
    since = -1
    for month in months:
        before, degree = degree, 0
        if place != "CN":
            query = MaterialQuery(material, "CN", "CN", place)
            said = decide_material(query, month.replace(day=15), law.defaults, law).china
            degree = ANSWERS.index(said)
        asked_for = asked_for + 1 if degree else 0
        since = since + 1 if degree else -1
        if degree > before:
            stricter, since = stricter + 1, 0
        told.append(Answer(degree, asked_for, since, stricter))
    return tuple(told)


@dataclass
class Materials:
    """The rules of the months of a world; without ``on`` there are none."""

    months: tuple[date, ...]
    on: bool = True

    def found(self, line: Line, plant: Plant, month: int) -> list[tuple[str, Answer]]:
        """Materials of a line, as parameters call them, and the answers for a plant."""
        if not self.on or line.product == "chip_tools":
            return []
        place = COUNTRIES[plant.i]
        return [
            (name, answers(material, place, self.months)[month])
            for material, name in MATERIALS.items()
        ]

    def dearer(self, line: Line, plant: Plant, month: int) -> float:
        """What full cost is multiplied by."""
        par, rise = line.par, 0.0
        for name, now in self.found(line, plant, month):
            bought = min(1.0, now.asked_for / max(1.0, par.material_stock_months))
            rise += share(line, name, "cost") * premium(line, now.degree) * bought
        return 1 + rise

    def loss(self, line: Line, plant: Plant, month: int) -> float:
        """What standing lines lose in a month, over the value of what is made."""
        par, stands = line.par, 0.0
        for name, now in self.found(line, plant, month):
            if now.degree and now.since >= par.material_line_stock_months:
                waits = late(line, now.degree)
                waits *= math.exp(-(now.since + 0.5) / par.material_delay_months)
                stands = max(stands, share(line, name, "needed") * waits)
        return margin(line) * stands

    def expected(self, line: Line, plant: Plant, month: int) -> float:
        """Z_e: what rules are expected to cost a year where goods are made, over price."""
        par, rise, stands = line.par, 0.0, 0.0
        for name, now in self.found(line, plant, month):
            pace = now.stricter / (par.control_prior_years + month / 12)
            risk = min(1.0, par.control_horizon_years * pace)
            next_ = min(now.degree + 1, len(DEGREES))
            here, there = premium(line, now.degree), premium(line, next_)
            rise += share(line, name, "cost") * (here + risk * (there - here))
            delay = par.material_delay_months
            months = late(line, next_) * delay * math.exp(-par.material_line_stock_months / delay)
            stands = max(stands, share(line, name, "needed") * pace * months / 12)
        return float(plant.planning_cost / line.price * rise + margin(line) * stands)


def share(line: Line, name: str, what: str) -> float:
    """A material's part in unit cost, or in the output that needs it."""
    return float(getattr(line.par, f"{name}_{what}_share") * line.par.materials_on)


def premium(line: Line, degree: int) -> float:
    """Rise of a material's price under an answer."""
    return float(getattr(line.par, f"material_premium_{DEGREES[degree - 1]}")) if degree else 0.0


def late(line: Line, degree: int) -> float:
    """Part of licences that are late when an answer becomes as strict as this."""
    return float(getattr(line.par, f"material_late_{DEGREES[degree - 1]}")) if degree else 0.0


def margin(line: Line) -> float:
    """M: what output that is not made up for would have earned over what it buys."""
    par = line.par
    bought = (1 - par.base_margin) * (par.parts_share + par.energy_share)
    return float(par.material_lost_share * (1 - bought))
