"""The slow, obvious reference of docs/model.md: one lane, one Mesa agent a firm, plain floats.

Written from the specification alone and independently of the kernels, so that an error would have
to be made twice. It is also what the benchmark measures the engine against.

>>> from tests.reference import tiny
>>> model = ReferenceModel(tiny.world(12), tiny.duties(12), seed=1)
>>> model.run()
>>> round(12 * model.records[0].flows["midori_printers", "CN", "US"].units)
1400000000
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import mesa
import numpy as np

from sim.engine.streams import Streams
from sim.world.world import World
from tests.reference import investment, monthly, why
from tests.reference.beliefs import Law
from tests.reference.macro import Macro, draw
from tests.reference.rows import Line, Plant, make_line

PHASES = ("receive", "count_costs", "set_prices", "source", "ship", "book", "review")
"""The firm's month; ``book`` writes what happened before the review changes capacity."""


@dataclass
class Flow:
    """One route's month: units shipped, real and nominal transfer price, duty paid at entry."""

    units: float
    price: float
    price_usd: float
    customs_value_usd: float
    value_usd: float
    duty_usd: float


@dataclass
class PlantMonth:
    """One plant's month: yearly capacity, output of the month."""

    capacity_units: float
    output_units: float


@dataclass
class OutletMonth:
    """One outlet's month: consumer price (2017 = 1), demand, sales and stock at its end."""

    price: float
    demand: float
    sales: float
    stock: float


@dataclass
class Record:
    """What the tables are compared with; keys are line id and country codes."""

    flows: dict[tuple[str, str, str], Flow] = field(default_factory=dict)
    plants: dict[tuple[str, str], PlantMonth] = field(default_factory=dict)
    outlets: dict[tuple[str, str], OutletMonth] = field(default_factory=dict)


class Firm(mesa.Agent):  # type: ignore[misc]  # Mesa has no types
    """A firm: its lines, and the capital it may spend on moves."""

    def __init__(self, model: ReferenceModel, name: str, lines: list[Line]) -> None:
        super().__init__(model)
        self.name, self.lines, self.budget = name, lines, 0.0

    def receive(self) -> None:
        """What was ordered and is due starts to work."""
        for line in self.lines:
            investment.arrive(line, self.model.month)

    def count_costs(self) -> None:
        """Duties, parts, full cost, planning freight."""
        for line in self.lines:
            for route in line.routes:
                self.model.law.set_duty(line, route)
            for plant in line.plants.values():
                plant.parts_duty = self.model.law.parts_duty(line, plant)
            if self.model.month == 0:
                self.fix_base(line)
            else:
                monthly.smooth_freight(line, self.model.freight())
            for plant in line.plants.values():
                plant.full_cost = monthly.full_cost(line, plant, self.model.macro)
                plant.planning_cost = monthly.planning_cost(line, plant, self.model.macro)

    def fix_base(self, line: Line) -> None:
        """Duties and landed costs of the first month are those of the base year."""
        for plant in line.plants.values():
            plant.base_parts_duty = plant.parts_duty
        for route in line.routes:
            route.base_duty = route.duty
            route.base_landed = line.base_cost + (route.freight + route.duty) * line.price

    def set_prices(self) -> None:
        """Consumer prices, then transfer prices; the first month is the base year's."""
        if self.model.month == 0:
            return
        for line in self.lines:
            for outlet in line.outlets.values():
                monthly.price_outlet(line, outlet, self.model.macro, self.model.freight())
            for route in line.routes:
                monthly.price_route(line, route, self.model.macro)

    def source(self) -> None:
        """Sourcing shares, demand and orders, flows under capacity."""
        for line in self.lines:
            monthly.source(line, self.model.macro, self.model.month)
            for outlet in line.outlets.values():
                self.disturb(line, outlet)
                monthly.demand(line, outlet, self.model.world, self.model.month)
            monthly.transport(line)

    def disturb(self, line: Line, outlet: Any) -> None:
        """Demand noise of an outlet."""
        if self.model.month > 0:
            a, sd = line.par.demand_noise_ar, line.par.demand_noise_sd
            name = f"{line.id}:{outlet.market}"
            z = draw(self.model.streams, "normal", "demand", name, self.model.month)
            outlet.noise = a * outlet.noise + sd * (1 - a**2) ** 0.5 * z

    def ship(self) -> None:
        """Goods move; plants learn how full they were."""
        for line in self.lines:
            monthly.ship(line)
            for plant in line.plants.values():
                investment.track_capacity(line, plant)

    def book(self) -> None:
        """Write the month down."""
        for line in self.lines:
            self.model.write(line)

    def review(self) -> None:
        """Every third month: programmes, returns, expansions, closures."""
        if self.model.month == 0 or self.model.month % 3:
            return
        yearly = sum(line.par.capital_budget_share * base_revenue(line) for line in self.lines) / 4
        self.budget = min(self.budget + yearly, 4 * yearly)
        deciding = [line for line in self.lines if self.decides(line, "decision", line.id)]
        law, macro = self.model.law, self.model.macro
        ordered = self.place([investment.outward_options(line, law, macro) for line in deciding])
        rest = [line for line in deciding if line not in ordered]
        self.place([investment.return_options(line, law, macro) for line in rest])
        for line in self.lines:
            for plant in line.plants.values():
                self.review_plant(line, plant)

    def decides(self, line: Line, stream: str, name: str) -> bool:
        """A draw against the decision probability."""
        u = draw(self.model.streams, "uniform", stream, name, self.model.month)
        return u < line.par.decision_probability

    def place(self, by_line: list[list[investment.Option]]) -> list[Line]:
        """Order the best option of each line, lines in the order of net value."""
        best = [max(options, key=lambda option: option.net) for options in by_line if options]
        ordered = []
        for option in sorted(best, key=lambda option: -option.net):
            if option.outlay() <= self.budget:
                self.budget -= option.outlay()
                month = self.model.month
                event = why.programme_event(option, self.model.law, self.model.macro, month)
                self.model.events.append(event)
                investment.order(option, month)
                ordered.append(option.line)
        return ordered

    def review_plant(self, line: Line, plant: Plant) -> None:
        """Expansion or closure of one plant."""
        model, name = self.model, f"{line.id}:{plant.country}"
        kind = ""
        if investment.wants_to_expand(line, plant, model.law):
            outlay = line.par.expand_sunk * line.price * plant.lump_yearly
            if outlay <= self.budget and self.decides(line, "expansion", name):
                kind, units = "expand", plant.lump_yearly
                self.budget -= outlay
        elif investment.wants_to_close(line, plant) and self.decides(line, "closure", name):
            kind, units = investment.closing(line, plant)
        if kind:
            at = model.month
            event = why.capacity_event(line, plant, kind, units, model.law, model.macro, at)
            model.events.append(event)
            investment.change_capacity(line, plant, kind, units, at)


def base_revenue(line: Line) -> float:
    """Yearly revenue of the base year at wholesale prices."""
    return 12 * sum(e.base_flow * line.price * (1 + e.freight + e.base_duty) for e in line.routes)


class ReferenceModel(mesa.Model):  # type: ignore[misc]  # Mesa has no types
    """One lane of the model of docs/model.md.

    ``duty`` is a :class:`sim.law.schedule.MonthlyDuty`; parameters are those of the world. After
    each :meth:`step`, ``records[t]`` holds the month and ``events`` every decision so far.
    """

    def __init__(self, world: World, duty: Any, *, seed: int, replication: int = 0) -> None:
        super().__init__(seed=seed)
        self.world, self.month = world, -1
        self.streams = Streams(seed, np.array([replication]))
        self.macro = Macro(world, self.streams)
        self.law = Law(world, duty)
        self.records: list[Record] = []
        self.events: list[why.Event] = []
        lines = [make_line(world, n) for n in range(len(world.lines))]
        for firm in world.firms:
            own = [line for line in lines if line.firm == firm.id]
            if own:
                Firm(self, firm.id, own)

    def freight(self) -> float:
        """Ocean freight over 2017; base in the first month."""
        return 1.0 if self.month == 0 else float(self.world.freight_index[self.month])

    def step(self) -> None:
        """One month, phase by phase, every firm in each."""
        self.month += 1
        self.law.month = self.month
        self.macro.step(self.month)
        self.records.append(Record())
        for phase in PHASES:
            self.agents.do(phase)

    def run(self, months: int | None = None) -> None:
        """Step through all months, or the first ones."""
        for _ in range(len(self.world.months) if months is None else months):
            self.step()

    def write(self, line: Line) -> None:
        """Record a line's month."""
        record, level = self.records[-1], self.macro.us_prices()
        for e in line.routes:
            wholesale = (
                e.outlet.price
                * self.macro.price_index(e.outlet.j)
                * sum(
                    o.first_share * line.price * (1 + o.freight + o.base_duty)
                    for o in e.outlet.routes
                )
            )
            record.flows[line.id, e.plant.country, e.outlet.market] = Flow(
                e.units, e.price, e.price * level, e.units * e.price * level,
                e.units * wholesale * line.retail_markup * level, e.duty_paid * level,
            )  # fmt: skip
        for p in line.plants.values():
            record.plants[line.id, p.country] = PlantMonth(12 * p.capacity, p.output)
        for o in line.outlets.values():
            record.outlets[line.id, o.market] = OutletMonth(o.price, o.demand, o.sales, o.stock)
