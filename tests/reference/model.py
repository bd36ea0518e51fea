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

from typing import Any

import mesa
import numpy as np

from sim.engine.random_streams import Streams
from sim.world.world import World
from tests.reference import hosts, why
from tests.reference.base_year import make_line
from tests.reference.beliefs import Law
from tests.reference.firm import PHASES, REVIEW, Firm
from tests.reference.industry import Industry
from tests.reference.macro import Macro
from tests.reference.materials import Materials
from tests.reference.programmes import Option
from tests.reference.record import Flow, OutletMonth, PlantMonth, Record
from tests.reference.rows import Line
from tests.reference.scene import Scene


class ReferenceModel(mesa.Model):  # type: ignore[misc]  # Mesa has no types
    """One lane of the model of docs/model.md.

    ``duty`` is a :class:`sim.law.rates.schedule.MonthlyDuty`; parameters are those of the world.
    After each :meth:`step`, ``records[-1]`` holds it and ``events`` every decision so far.
    ``looks`` holds where each slice could go in every review, the best first, by month, line,
    origin and market, with what it had ordered away, the firm's budget and the price level.
    """

    def __init__(
        self,
        world: World,
        duty: Any,
        *,
        seed: int,
        replication: int = 0,
        step_months: int = 1,
        materials: bool = True,
    ) -> None:
        super().__init__(seed=seed)
        self.world, self.month, self.step_months = world, -step_months, step_months
        self.streams = Streams(seed, np.array([replication]))
        self.macro = Macro(world, self.streams, step_months)
        self.law = Law(world, duty)
        self.records: list[Record] = []
        self.events: list[why.Event] = []
        self.looks: dict[tuple[int, str, str, str], tuple[list[Option], float, float, float]] = {}
        lines = [make_line(world, n, step_months) for n in range(len(world.lines))]
        self.industry = Industry(lines, world, self.streams)
        rules = Materials(tuple(world.months), materials)
        self.scene = Scene(self.law, self.macro, self.industry, self.streams, rules)
        for firm in world.firms:
            own = [line for line in lines if line.firm == firm.id]
            if own:
                Firm(self, firm.id, own)

    def freight(self) -> float:
        """Ocean freight over 2017; base in the first month."""
        return 1.0 if self.month == 0 else float(self.world.freight_index[self.law.month])

    def step(self) -> None:
        """One step, phase by phase, every firm in each; a longer step sees its middle month."""
        self.month += self.step_months
        self.scene.month = self.month + self.step_months - 1
        self.law.month = self.month + (self.step_months - 1) // 2 if self.month > 0 else 0
        self.macro.step(self.law.month)
        self.records.append(Record())
        for phase in PHASES:
            self.agents.do(phase)
            if phase == "receive":
                self.fill_hosts()
        if (
            self.month > 0
            and self.month % round(float(self.world.parameters["review_months"][0])) == 0
        ):
            self.industry.look()
            for step in REVIEW:
                self.agents.do(step)
                self.industry.lend()
        self.agents.do("close_month")

    def fill_hosts(self) -> None:
        """Work that has come to a place makes its labour and its land dearer."""
        crowding = hosts.crowding(self.industry.lines, self.world, self.law.month)
        self.industry.crowding = crowding
        self.macro.host_pay = [hosts.pay(self.world, i, u) for i, u in enumerate(crowding)]

    def run(self, months: int | None = None) -> None:
        """Step through all months, or the first ones."""
        for _ in range(0, len(self.world.months) if months is None else months, self.step_months):
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
