"""The rows of docs/model.md as plain records: line, plant, outlet, route, slice, and orders.

Everything here is one lane, floats and dictionaries; :mod:`tests.reference.base_year` builds a
line's rows. Quantities are units a month unless a name says ``yearly``.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace

from sim.world.lines import Partnership


@dataclass(eq=False)
class Plant:
    """Capacity of the line in one country, or a place where it may come to be."""

    i: int
    country: str
    base_output: float
    capacity: float
    base_capacity: float
    first_capacity: float
    lump_yearly: float
    first_sources: tuple[float, ...]
    sources: tuple[float, ...]
    candidate: bool
    contract_maker: bool
    straight: float
    equity: float
    supplier_duty: tuple[float, ...] = (0.0, 0.0, 0.0)
    base_supplier_duty: tuple[float, ...] = (0.0, 0.0, 0.0)
    base_parts_duty: float = 0.0
    parts_duty: float = 0.0
    ramp: float = 0.0
    alarm: float = 0.0
    full_cost: float = 0.0
    planning_cost: float = 0.0
    log_rent: float = 0.0
    capacity_value: float = 0.0
    output: float = 0.0
    smooth_output: float = 0.0
    overtime_cost: float = 0.0
    idle_months: int = 0
    building: bool = False
    spare: float = 0.0
    free: float = 0.0
    seen: float = 0.0
    mothballed: float = 0.0
    taken: list[tuple[int, float]] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)

    def use(self) -> float:
        """Capacity less what is mothballed."""
        return max(0.0, self.capacity - self.mothballed)

    def passing(self) -> float:
        """e^-l: what rent lets through; nothing where all capacity is mothballed."""
        return math.exp(-self.log_rent) if self.use() > 0 else 0.0


@dataclass(eq=False)
class Partner:
    """An agreement with a technology partner, from a month on."""

    name: str
    field: str
    since: int
    offer: Partnership


@dataclass(eq=False)
class Outlet:
    """A market with base sales."""

    j: int
    market: str
    base_demand: float
    part_of_market: float
    equity: float
    price: float = 1.0
    noise: float = 0.0
    log_size: float = 0.0
    followed: float = 1.0
    usual_size: float = 0.0
    stock: float = 0.0
    transit: float = 0.0
    full_demand: float = 0.0
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
    feared: tuple[float, ...] = ()
    ahead: float = 0.0
    price: float = 0.0
    price_star: float = 0.0
    units: float = 0.0
    pipeline: deque[float] = field(default_factory=deque)
    duty_paid: float = 0.0
    customs_value: float = 0.0


@dataclass(eq=False)
class Moved:
    """Volume of a slice that works at one place now, units a year, and what its gap costs."""

    volume: float = 0.0
    gap: float = 0.0
    returning: float = 0.0


@dataclass(eq=False)
class Slice:
    """A route whose work may be moved: made in one country for another."""

    route: Route
    yearly: float
    ordered: float = 0.0
    elsewhere: float = -math.inf
    moved: dict[int, Moved] = field(default_factory=dict)

    def size(self) -> float:
        """Its yearly volume now: base, grown where it follows assemblers."""
        return self.yearly * self.route.outlet.followed


@dataclass(eq=False)
class Programme:
    """An order that moves volume from one route to another."""

    slice: Slice
    source: Route
    target: Route
    volume: float
    gap: float
    kind: str
    room: float
    due: int

    def back(self) -> bool:
        """Whether this brings work back."""
        return self.kind == "return"

    def finds_room(self) -> bool:
        """Whether it goes to spare room of its own firm."""
        return self.kind in ("transfer", "return")


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
    line_class: str
    k: int
    parts_k: int
    par: SimpleNamespace
    price: float
    base_cost: float
    retail_markup: float
    plants: dict[int, Plant]
    outlets: dict[int, Outlet]
    routes: list[Route]
    step_months: int
    fiscal_year_start: int
    slices: list[Slice] = field(default_factory=list)
    works: list[Programme | Project] = field(default_factory=list)
    planning_freight: float = 1.0
    partners: list[Partner] = field(default_factory=list)
    ordered_in: list[int] = field(default_factory=list)

    def lump(self) -> float:
        """Yearly volume of one programme."""
        sales = 12 * sum(outlet.base_demand for outlet in self.outlets.values())
        return max(self.par.programme_lump_share * sales, self.par.programme_lump_units)

    def programme(self, q: Slice) -> float:
        """Yearly volume of one programme of a slice: a part of it, if that is not too little."""
        part = max(self.par.programme_slice_share * q.yearly, self.par.programme_lump_units)
        return min(self.lump(), part)

    def route(self, i: int, j: int) -> Route:
        """The route from ``i`` to ``j``."""
        return next(route for route in self.plants[i].routes if route.outlet.j == j)
