"""One block of lanes: what is given, the state, and the month in hand.

:data:`sim.engine.phases.PHASES` says what happens in a month; this module only holds what the
phases read and write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.decisions.proposal import FIELDS
from sim.decisions.views import Outlook, Terms
from sim.engine.books import Books
from sim.engine.chip_tools.build import build_tools
from sim.engine.chip_tools.state import Controls, Tools
from sim.engine.events import EventLog
from sim.engine.parameters import Beliefs, build_beliefs, build_terms
from sim.engine.partners.state import Partners, build_partners
from sim.engine.random_streams import Streams, entity_ids
from sim.engine.route_duty import RouteDuty
from sim.engine.state import Base, State, allocate_state, build_base
from sim.world.layout import Layout
from sim.world.markets import supplied_parts
from sim.world.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

INPUTS: dict[str, str] = {
    "market_size": "market sizes follow their record",
    "rivals": "Chinese rivals rise, segment by segment",
    "brand_trends": "brands follow their declared trends outside China",
    "macro": "wages, prices and exchange rates move",
    "freight": "ocean freight moves",
    "noise": "demand and, after the record, exchange rates are drawn",
    "licences": "export controls bind chip tools, and their buyers respond",
    "partners": "car lines may take Chinese technology partners",
}
"""Exogenous inputs that an experiment may switch off."""


@dataclass(slots=True, eq=False)
class Month:
    """What the month in hand has come to so far; arrays are lane last, money in real USD."""

    macro: Floats
    wage: Floats
    macro_at_base_fx: Floats
    wage_at_base_fx: Floats
    energy: Floats
    energy_at_base_fx: Floats
    duty: Floats
    parts_rate: Floats
    """float64[P, R]: duty on bought parts over their value, net of the credit."""
    parts_duty: Floats
    """float64[P, R]: the same, above base."""
    factor: Floats
    """float64[P, R]: learning and scale, in the full cost and not in the planning costs."""
    full_cost: Floats
    plan_cost: Floats
    plan_at_base_fx: Floats
    market_price: Floats
    """float64[M, R]: log of the price index of the outlet's market."""
    rival_price: Floats
    """float64[M, R]: log of what other makers charge there."""
    delivered: Floats
    base_demand: Floats
    demand: Floats
    orders: Floats
    flow: Floats
    output: Floats
    capacity: Floats
    """float64[P, R]: capacity in force while the month's goods were made."""
    usable: Floats
    """float64[P, R]: what of it may be used."""
    arrived: Floats
    sold: Floats
    column: Floats
    proposals: Floats
    capacity_proposals: Floats
    outlook: Outlook | None = None


def _month(layout: Layout, lines: int, lanes: int) -> Month:
    def rows(count: int) -> Floats:
        return np.zeros((count, lanes))

    countries, plants = len(COUNTRIES), len(layout.plant_line)
    outlets, routes = len(layout.outlet_line), len(layout.route_line)
    return Month(
        macro=rows(countries), wage=rows(countries),
        macro_at_base_fx=rows(countries), wage_at_base_fx=rows(countries),
        energy=rows(countries), energy_at_base_fx=rows(countries), factor=rows(plants),
        market_price=rows(outlets), rival_price=rows(outlets), usable=rows(plants),
        duty=rows(routes), parts_rate=rows(plants), parts_duty=rows(plants),
        full_cost=rows(plants), plan_cost=rows(plants), plan_at_base_fx=rows(plants),
        delivered=rows(routes), base_demand=rows(outlets), demand=rows(outlets),
        orders=rows(outlets), flow=rows(routes), output=rows(plants), capacity=rows(plants),
        arrived=rows(routes),
        sold=rows(outlets), column=rows(outlets),
        proposals=np.zeros((lines, lanes, FIELDS)),
        capacity_proposals=np.zeros((plants, lanes, FIELDS)),
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class Simulation:
    """A block of lanes through time."""

    world: World
    layout: Layout
    base: Base
    laws: Sequence[RouteDuty]
    law: Ints
    """int64[R]: law of every lane."""
    parameters: Mapping[str, Floats]
    """Parameter -> float64[N, R]."""
    terms: Terms
    beliefs: Beliefs
    streams: Streams
    inputs: Mapping[str, bool]
    state: State
    month: Month
    base_cost: Floats
    """float64[N, R], USD."""
    base_duty: Floats
    """float64[E, R]."""
    base_delivered: Floats
    """float64[E, R], USD: planning cost delivered in the base year."""
    base_landed: Floats
    """float64[M, R], USD: average landed cost in the base year."""
    wholesale: Floats
    """float64[M, R], USD: wholesale price in the base year."""
    demand_index: Floats
    """float64[M, T]."""
    market_part: Floats
    """float64[M, R]: the line's part of its market."""
    market_row: Ints
    """int64[M]: which market of a product the outlet belongs to."""
    straight: Floats
    """float64[P, R]: part of usable capacity that is used before overtime."""
    class_of_line: Ints
    """int64[N]: number of the line's class."""
    ids: dict[str, NDArray[np.uint32]]
    events: EventLog = field(default_factory=EventLog)
    choose: Callable[[Floats, Ints, Flags], Flags] | None = None
    """Hook of the Mesa face: (proposals, line of each row, decided) -> decided."""
    partners: Partners | None = None
    """Technology partners in China; None where none is on offer."""
    tools: Tools | None = None
    """Chip tools under export control; None where nothing of the kind is simulated."""
    books: Books | None = None
    """Books of the month in hand."""

    @property
    def lanes(self) -> int:
        """Lanes of the block."""
        return len(self.law)

    @property
    def closed_books(self) -> Books:
        """Books of the month closed last."""
        if self.books is None:
            message = "no month has been closed yet"
            raise ValueError(message)
        return self.books

    @property
    def last_month(self) -> int:
        """Index of the month that was closed last."""
        return self.state.month - 1

    @property
    def nominal(self) -> float:
        """US price level of the month closed last, 2017 = 1: real to nominal USD."""
        level = self.world.price_level[COUNTRY_INDEX["US"], self.last_month]
        return float(level) if self.inputs["macro"] else 1.0


def build_simulation(
    world: World,
    layout: Layout,
    laws: Sequence[RouteDuty],
    law: Ints,
    parameters: dict[str, Floats],
    streams: Streams,
    inputs: Mapping[str, bool],
    controls: Controls | None = None,
) -> Simulation:
    """Simulation at month 0, in the fitted base year.

    Chip tools ship unlicensed when no ``controls`` are given or the input ``licences`` is off.
    """
    base = build_base(world, layout)
    lanes = len(law)
    base_cost = base.price[:, None] * (1.0 - parameters["base_margin"])
    base_duty = duty_of_month(layout, laws, law, parameters, 0)
    route, price = layout.route_line, base.price[layout.route_line, None]
    carriage = base.freight[:, None] * price
    delivered = base_cost[route] + carriage + base_duty * price
    landed, wholesale = (np.zeros((len(layout.outlet_line), lanes)) for _ in range(2))
    np.add.at(landed, layout.route_outlet, base.share[:, None] * delivered)
    np.add.at(wholesale, layout.route_outlet,
              base.share[:, None] * (price + carriage + base_duty * price))  # fmt: skip
    return Simulation(
        world=world, layout=layout, base=base, laws=laws, law=law, parameters=parameters,
        terms=build_terms(parameters), beliefs=build_beliefs(parameters, len(world.months)),
        streams=streams, inputs=inputs, state=allocate_state(world, layout, base, lanes),
        month=_month(layout, len(world.lines), lanes), base_cost=base_cost, base_duty=base_duty,
        base_delivered=delivered, base_landed=landed, wholesale=wholesale,
        demand_index=_demand_index(world, layout, inputs), ids=_ids(world, layout),
        class_of_line=_classes(world),
        market_part=supplied_parts(base.market_part, base.product_part,
                                   parameters["supply_share"][layout.outlet_line]),
        market_row=_market_rows(world, layout), straight=_straight_time(layout, base, parameters),
        partners=build_partners(world, layout, parameters, lanes) if inputs["partners"] else None,
        tools=build_tools(world, layout, base, controls, law, parameters)
        if controls is not None and inputs["licences"] else None,
    )  # fmt: skip


def duty_of_month(
    layout: Layout, laws: Sequence[RouteDuty], law: Ints, parameters: Mapping[str, Floats], t: int
) -> Floats:
    """Duty of every route and lane in month t, float64[E, R]."""
    rate = np.stack([one.permanent[t] + one.extra[t].sum(axis=-1) for one in laws], axis=1)
    relief = np.stack([one.relief[t] for one in laws], axis=1)
    content = parameters["us_content"][layout.route_line]
    return np.asarray(rate[:, law] - relief[:, law] * content)


def _straight_time(layout: Layout, base: Base, parameters: Mapping[str, Floats]) -> Floats:
    """Part of a plant's use that needs no overtime, float64[P, R]; all where that costs nothing."""
    share = parameters["straight_time_share"][layout.plant_line]
    free = parameters["overtime_premium"][layout.plant_line] <= 0.0
    return np.where(free, 1.0, np.maximum(share, base.straight_share[:, None]))


def _classes(world: World) -> Ints:
    """Number of each line's class, int64[N]."""
    names = [line.line_class for line in world.lines]
    return np.unique(names, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _market_rows(world: World, layout: Layout) -> Ints:
    """Number of the market of a product that each outlet belongs to, int64[M]."""
    product = world.product_of_line[layout.outlet_line]
    pairs = product * len(COUNTRIES) + layout.outlet_market
    return np.unique(pairs, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _demand_index(world: World, layout: Layout, inputs: Mapping[str, bool]) -> Floats:
    index = np.ones((len(layout.outlet_line), len(world.months)))
    paths = {
        "market_size": world.market_index,
        "rivals": world.rival_factor,
        "brand_trends": world.brand_trend,
    }
    for name, path in paths.items():
        if inputs[name]:
            index *= path[layout.outlet_line, layout.outlet_market]
    return index


def _ids(world: World, layout: Layout) -> dict[str, NDArray[np.uint32]]:
    lines = [line.id for line in world.lines]

    def pairs(line: Ints, country: Ints) -> list[str]:
        return [f"{lines[n]}:{COUNTRIES[i]}" for n, i in zip(line, country, strict=True)]

    return {
        "line": entity_ids(lines),
        "country": entity_ids(list(COUNTRY_INDEX)),
        "plant": entity_ids(pairs(layout.plant_line, layout.plant_country)),
        "outlet": entity_ids(pairs(layout.outlet_line, layout.outlet_market)),
    }
