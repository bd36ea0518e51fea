"""The rows of docs/model.md as plain records: line, plant, outlet, route, slice, and orders.

Everything here is one lane, floats and dictionaries; :func:`make_line` builds a line's rows from
the base year. Quantities are units a month unless a name says ``yearly``.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace

from sim.axes import COUNTRIES, PRODUCTS
from sim.world.world import World

U0 = 0.88
"""Use of a new programme's capacity."""


@dataclass(eq=False)
class Plant:
    """Capacity of the line in one country, or a place where it may come to be."""

    i: int
    country: str
    base_output: float
    capacity: float
    base_capacity: float
    lump_yearly: float
    sources: tuple[float, float, float]
    candidate: bool
    contract_maker: bool
    base_parts_duty: float = 0.0
    parts_duty: float = 0.0
    full_cost: float = 0.0
    planning_cost: float = 0.0
    log_rent: float = 0.0
    capacity_value: float = 0.0
    output: float = 0.0
    smooth_output: float = 0.0
    idle_months: int = 0
    building: bool = False
    routes: list[Route] = field(default_factory=list)


@dataclass(eq=False)
class Outlet:
    """A market with base sales."""

    j: int
    market: str
    base_demand: float
    price: float = 1.0
    noise: float = 0.0
    stock: float = 0.0
    transit: float = 0.0
    demand: float = 0.0
    orders: float = 0.0
    sales: float = 0.0
    routes: list[Route] = field(default_factory=list)


@dataclass(eq=False)
class Route:
    """From a plant to an outlet."""

    plant: Plant
    outlet: Outlet
    base_flow: float
    first_share: float
    base_share: float
    freight: float
    lag: int
    claim: float
    volume: float
    base_duty: float = 0.0
    base_landed: float = 0.0
    share: float = 0.0
    targets: deque[float] = field(default_factory=deque)
    duty: float = 0.0
    basis_duty: tuple[float, ...] = ()
    price: float = 0.0
    price_star: float = 0.0
    units: float = 0.0
    pipeline: deque[float] = field(default_factory=deque)
    duty_paid: float = 0.0


@dataclass(eq=False)
class Moved:
    """Volume of a slice that went to one place, units a year; gaps weighted by volume."""

    arrived: float = 0.0
    gap_volume: float = 0.0
    return_ordered: float = 0.0
    return_arrived: float = 0.0


@dataclass(eq=False)
class Slice:
    """A route whose work may be moved: made in one country for another."""

    route: Route
    yearly: float
    ordered: float = 0.0
    moved: dict[int, Moved] = field(default_factory=dict)


@dataclass(eq=False)
class Programme:
    """An order that moves volume from one route to another."""

    slice: Slice
    source: Route
    target: Route
    volume: float
    gap: float
    back: bool
    due: int


@dataclass(eq=False)
class Project:
    """An expansion under construction."""

    plant: Plant
    capacity: float
    due: int


@dataclass(eq=False)
class Line:
    """A product line: its parameters and its rows."""

    n: int
    id: str
    firm: str
    product: str
    k: int
    parts_k: int
    par: SimpleNamespace
    price: float
    base_cost: float
    retail_markup: float
    plants: dict[int, Plant]
    outlets: dict[int, Outlet]
    routes: list[Route]
    slices: list[Slice] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    planning_freight: float = 1.0

    def lump(self) -> float:
        """Yearly volume of one programme."""
        sales = 12 * sum(outlet.base_demand for outlet in self.outlets.values())
        return max(self.par.programme_lump_share * sales, self.par.programme_lump_units)

    def route(self, i: int, j: int) -> Route:
        """The route from ``i`` to ``j``."""
        return next(route for route in self.plants[i].routes if route.outlet.j == j)


def make_line(world: World, n: int) -> Line:
    """Rows of line ``n`` in the base year (prices of 2017; duties are set by the model)."""
    par = SimpleNamespace(**{name: float(value[n]) for name, value in world.parameters.items()})
    info, price = world.lines[n], float(world.price_usd[n])
    plants, outlets = _plants(world, n), _outlets(world, n, par)
    line = Line(
        n, info.id, info.firm, info.product, PRODUCTS.index(info.product),
        int(world.parts_product_of_line[n]), par, price, price * (1 - par.base_margin),
        float(world.retail_markup[n]), plants, outlets, [],
    )  # fmt: skip
    served = _slice_routes(world, line) if par.programmes == 1 else []
    markets = {j for _, j in served}
    for i, plant in plants.items():
        for j, outlet in outlets.items():
            if world.base_flow[n, i, j] > 0 or (plant.candidate and j in markets):
                route = _route(world, line, plant, outlet)
                for routes in (line.routes, plant.routes, outlet.routes):
                    routes.append(route)
    for i, j in served:
        line.slices.append(Slice(line.route(i, j), float(world.base_flow[n, i, j])))
    return line


def _plants(world: World, n: int) -> dict[int, Plant]:
    plants = {}
    for i, country in enumerate(COUNTRIES):
        flow, capacity = float(world.base_flow[n, i].sum()), float(world.base_capacity[n, i])
        if flow > 0 or capacity > 0 or world.candidate[n, i]:
            plants[i] = Plant(
                i, country, flow / 12, capacity / 12, capacity / 12,
                float(world.lump_units[n, i]), tuple(map(float, world.parts_source[n, i])),
                bool(world.candidate[n, i]), bool(world.contract_maker[n, i]),
                smooth_output=flow / 12,
            )  # fmt: skip
    return plants


def _outlets(world: World, n: int, par: SimpleNamespace) -> dict[int, Outlet]:
    outlets = {}
    for j, market in enumerate(COUNTRIES):
        demand = float(world.base_flow[n, :, j].sum()) / 12
        if demand > 0:
            outlets[j] = Outlet(j, market, demand, stock=par.inventory_months * demand)
    return outlets


def _slice_routes(world: World, line: Line) -> list[tuple[int, int]]:
    return [
        (i, j)
        for i, plant in line.plants.items()
        for j in line.outlets
        if i != j and plant.country != "ROW"
        if 0 < world.base_flow[line.n, i, j] >= line.lump() / 3
    ]


def _route(world: World, line: Line, plant: Plant, outlet: Outlet) -> Route:
    n, i, j = line.n, plant.i, outlet.j
    flow, lag = float(world.base_flow[n, i, j]) / 12, int(world.sea_months[i, j])
    share = flow / outlet.base_demand
    outlet.transit += lag * flow
    return Route(
        plant, outlet, flow, share, share,
        float(world.freight_share[n, i, j]), lag, float(world.preference_share[n, i, j]),
        12 * flow, share=share, targets=deque([share] * int(line.par.retooling_lag_months)),
        price=line.price, price_star=line.price, pipeline=deque([flow] * lag),
    )  # fmt: skip
