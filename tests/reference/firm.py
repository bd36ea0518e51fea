"""A firm of the reference: its month, phase by phase, and its review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from tests.reference import (
    books,
    capacity,
    construction,
    cost,
    market,
    partners,
    parts,
    rhythm,
    shipping,
    transport,
    why,
)
from tests.reference.macro import draw
from tests.reference.programmes import (
    Option,
    destinations,
    outward_options,
    return_options,
    served_elsewhere,
)
from tests.reference.record import FirmMonth
from tests.reference.rows import Line, Plant, Project

if TYPE_CHECKING:
    from tests.reference.model import ReferenceModel

PHASES = ("receive", "count_costs", "set_prices", "source", "ship", "book")
"""The firm's month before a review; ``book`` writes it down before the review changes capacity."""

REVIEW = ("pay_in", "consider_growth", "order_programmes", "review_plants", "take_partners")
"""Every third month."""


class Firm(mesa.Agent):  # type: ignore[misc]  # Mesa has no types
    """A firm: its lines, and the capital it may spend on moves."""

    def __init__(self, model: ReferenceModel, name: str, lines: list[Line]) -> None:
        super().__init__(model)
        self.name, self.lines, self.budget = name, lines, 0.0
        self.cash, self.instalments = 0.0, dict[int, float]()

    def receive(self) -> None:
        """What was ordered and is due starts to work."""
        for line in self.lines:
            construction.arrive(line, self.model.month)

    def count_costs(self) -> None:
        """Duties and the alarm they raise, parts, full cost, planning freight."""
        law, macro, first = self.model.law, self.model.macro, self.model.month == 0
        for line in self.lines:
            for route in line.routes:
                law.set_duty(line, route)
            for plant in line.plants.values():
                law.alarm(line, plant)
                parts.set_duty(law, line, plant)
                if not first:
                    parts.switch_suppliers(line, plant, macro)
                plant.parts_duty = parts.parts_duty(law, line, plant)
            if first:
                fix_base(line)
            else:
                cost.smooth_freight(line, self.model.freight())
            for plant in line.plants.values():
                dearer = self.model.scene.materials.dearer(line, plant, law.month)
                plant.full_cost = cost.full_cost(line, plant, macro) * dearer
                plant.planning_cost = cost.planning_cost(line, plant, macro)

    def set_prices(self) -> None:
        """Consumer prices, then transfer prices; the first month is the base year's."""
        if self.model.month == 0:
            return
        for line in self.lines:
            for outlet in line.outlets.values():
                market.price_outlet(line, outlet, self.model.macro, self.model.freight())
            for route in line.routes:
                market.price_route(line, route, self.model.macro)

    def source(self) -> None:
        """Sourcing shares, demand and orders, flows under capacity."""
        model = self.model
        for line in self.lines:
            transport.source(line, model.macro, model.month)
            for outlet in line.outlets.values():
                self.disturb(line, outlet)
                market.demand(line, outlet, model.world, model.industry, model.law.month)
            transport.transport(line)

    def disturb(self, line: Line, outlet: Any) -> None:
        """Demand noise of an outlet."""
        if self.model.month > 0:
            a, sd = line.par.demand_noise_ar, line.par.demand_noise_sd
            name = f"{line.id}:{outlet.market}"
            z = draw(self.model.streams, "normal", "demand", name, self.model.month)
            outlet.noise = a * outlet.noise + sd * (1 - a**2) ** 0.5 * z

    def ship(self) -> None:
        """Goods move, some of them ahead of a duty; plants learn how full they were."""
        for line in self.lines:
            shipping.buy_ahead(line, self.model.law)
            shipping.ship(line)
            capacity.remember_markets(line)
            for plant in line.plants.values():
                plant.overtime_cost = shipping.overtime(line, plant)
                capacity.track_capacity(line, plant)

    def book(self) -> None:
        """Write the month down."""
        for line in self.lines:
            self.model.write(line)

    def stood(self, line: Line) -> float:
        """What a line loses where it stands for a licence that is late."""
        rules, month = self.model.scene.materials, self.model.law.month
        return sum(
            rules.loss(line, plant, month) * plant.output * line.price
            for plant in line.plants.values()
        )

    def close_month(self) -> None:
        """The books, after what the review changed."""
        model, level = self.model, self.model.macro.us_prices()
        sales = sum(books.revenue(line, model.macro) for line in self.lines)
        earned = sum(
            books.profit(line, model.law, model.macro, model.freight()) - self.stood(line)
            for line in self.lines
        )
        due = [month for month in self.instalments if month <= model.month]
        self.cash += model.step_months * earned - sum(self.instalments.pop(m) for m in due)
        model.records[-1].firms[self.name] = FirmMonth(
            sales * level, earned * level, self.cash * level
        )

    def pay(self, outlay: float, months: int) -> None:
        """Pay for work in equal parts while it goes on; at once where it takes no time."""
        if months == 0:
            self.cash -= outlay
        for month in range(self.model.month + 1, self.model.month + months + 1):
            self.instalments[month] = self.instalments.get(month, 0.0) + outlay / months

    def pay_in(self) -> None:
        """The review's part of the capital budget; it lapses after four reviews."""
        yearly = sum(line.par.capital_budget_share * base_revenue(line) for line in self.lines)
        par = self.lines[0].par
        paid = yearly * max(1, round(par.review_months)) / 12
        self.budget = min(self.budget + paid, par.budget_reviews * paid)

    def consider_growth(self) -> None:
        """What serving every market from elsewhere would be worth."""
        for line in self.lines:
            for q in line.slices:
                q.elsewhere = served_elsewhere(line, q, self.model.scene)

    def look_around(self) -> None:
        """Note where every slice could go best, before anything is ordered."""
        for line in self.lines:
            for q in line.slices:
                place = line.id, q.route.plant.country, q.route.outlet.market
                ranked = destinations(line, q, self.model.scene)
                if ranked and ranked[0].volume > 1e-6 * q.size():
                    level = self.model.macro.us_prices()
                    looks = self.model.looks
                    looks[self.model.month, *place] = ranked, q.ordered, self.budget, level

    def order_programmes(self) -> None:
        """Programmes, and returns of lines that ordered none."""
        self.look_around()
        scene = self.model.scene
        deciding = [
            line
            for line in self.lines
            if scene.happens("decision", line.id, rhythm.chance_to_decide(line, scene))
        ]
        ordered = self.place([outward_options(line, scene) for line in deciding])
        rest = [line for line in deciding if line not in ordered]
        self.place([return_options(line, scene) for line in rest])

    def place(self, by_line: list[list[Option]]) -> list[Line]:
        """Order the best option of each line, lines in the order of net value."""
        scene = self.model.scene
        best = [max(options, key=lambda option: option.value()) for options in by_line if options]
        ordered = []
        for option in sorted(best, key=lambda option: -option.value()):
            room = option.host is None or option.host.free >= option.room
            if room and option.borne() <= self.budget:
                self.budget -= option.borne()
                lead = scene.lead(option.months, option.line.par.lead_time_sd, option.line.id)
                due = scene.month + lead
                self.pay(option.borne(), lead)
                self.model.events.append(why.programme_event(option, scene, due))
                construction.order(option, scene.month, due)
                if option.host is not None:
                    scene.industry.take(option.kind, option.host, option.room)
                ordered.append(option.line)
        return ordered

    def review_plants(self) -> None:
        """Expansions of full plants, then what is done about idle ones."""
        for line in self.lines:
            for plant in line.plants.values():
                self.expand(line, plant)
        steps = [
            self.end_idleness(line, plant) for line in self.lines for plant in line.plants.values()
        ]
        for plant, kind, units in filter(None, steps):
            capacity.change_capacity(plant, kind, units)

    def expand(self, line: Line, plant: Plant) -> None:
        """A lump more, if it pays and the budget allows."""
        scene, name = self.model.scene, f"{line.id}:{plant.country}"
        outlay = plant.equity * line.par.expand_sunk * line.price * plant.lump_yearly
        outlay *= 1 - max(0.0, capacity.granted_of(line, plant, scene))
        if not capacity.wants_to_expand(line, plant, scene) or outlay > self.budget:
            return
        if scene.happens("expansion", name, line.par.decision_probability):
            self.budget -= outlay
            lead = scene.lead(line.par.expand_months, line.par.lead_time_sd, name)
            due = scene.month + lead
            self.pay(outlay, lead)
            event = why.capacity_event(line, plant, "expand", plant.lump_yearly, scene, due)
            self.model.events.append(event)
            line.works.append(Project(plant, plant.lump_yearly / 12, due))
            plant.building = True
            plant.taken.append((scene.month, plant.lump_yearly))

    def end_idleness(self, line: Line, plant: Plant) -> tuple[Plant, str, float] | None:
        """Decide to close, restart or mothball a lump; all are carried out together."""
        scene, name = self.model.scene, f"{line.id}:{plant.country}"
        step = capacity.idle_step(line, plant)
        if not step or not scene.happens("closure", name, line.par.decision_probability):
            return None
        kind, units = capacity.units_of(line, plant, step)
        event = why.capacity_event(line, plant, kind, units, scene, scene.month)
        self.model.events.append(event)
        self.pay(plant.equity * why.worth_and_sunk(line, plant, kind, units, scene)[1], 0)
        return plant, kind, units

    def take_partners(self) -> None:
        """Technology partners in China."""
        scene = self.model.scene
        for line in self.lines:
            offer = partners.best_partner(line, scene)
            if offer is None or partners.outlay(line) > self.budget:
                continue
            if scene.happens("partner", line.id, line.par.decision_probability):
                self.budget -= partners.outlay(line)
                self.pay(partners.outlay(line), 0)
                self.model.events.append(partners.take_partner(line, offer, scene))


def fix_base(line: Line) -> None:
    """Duties and landed costs of the first month are those of the base year."""
    for plant in line.plants.values():
        plant.base_parts_duty = plant.parts_duty
        plant.base_supplier_duty = plant.supplier_duty
    for route in line.routes:
        route.base_duty = route.duty
        route.base_landed = line.base_cost + (route.freight + route.duty) * line.price


def base_revenue(line: Line) -> float:
    """Yearly revenue of the base year at wholesale prices."""
    return 12 * sum(e.base_flow * line.price * (1 + e.freight + e.base_duty) for e in line.routes)
