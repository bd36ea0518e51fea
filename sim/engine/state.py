"""The state of a block: every array that changes, lane last; the only allocator.

Base-year arrays that depend on a lane's parameters or law (costs, base duties) are part of it, as
they differ between lanes. Row letters are those of :mod:`sim.world.layout`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, MONTHS_PER_YEAR
from sim.world.layout import Layout, programme_lump, slice_lump
from sim.world.markets import market_parts, product_parts
from sim.world.world import World

PROJECT_SLOTS = 32
"""Room for projects under way at once in one line; it grows when a line needs more."""
LONG_AGO = -1_000_000
"""Month of what has never happened yet."""


@dataclass(slots=True, eq=False)
class Base:
    """The base year, month rates, one value for all lanes unless it ends in ``R``."""

    flow: Floats
    """float64[E], units a month."""
    share: Floats
    """float64[E]: share of the outlet's supply."""
    demand: Floats
    """float64[M], units a month."""
    output: Floats
    """float64[P], units a month."""
    capacity: Floats
    """float64[P], units a year."""
    lump: Floats
    """float64[P], units a year: the piece that is built or closed."""
    reference_capacity: Floats
    """float64[P], units a year: capacity of neutral scale, one lump where none was."""
    straight_share: Floats
    """float64[P]: output over capacity, 0 without capacity: so much was straight time in 2017."""
    freight: Floats
    """float64[E]: freight over price."""
    programme_lump: Floats
    """float64[N], units a year."""
    slice_lump: Floats
    """float64[Q], units a year: a programme of the slice."""
    slice_volume: Floats
    """float64[Q], units a year."""
    price: Floats
    """float64[N], USD."""
    retail_markup: Floats
    """float64[N]."""
    parts_source: Floats
    """float64[P, 3]: China, Japan, local."""
    market_part: Floats
    """float64[M]: part of the line in its whole market; NaN where the size is not in the data."""
    product_part: Floats
    """float64[M]: its part of what all lines of the product sell there."""


def build_base(world: World, layout: Layout) -> Base:
    """Base-year rows of a world."""
    line, origin, market = layout.route_line, layout.route_origin, layout.route_market
    flow = world.base_flow[line, origin, market] / MONTHS_PER_YEAR
    demand = _summed(layout.route_outlet, flow, len(layout.outlet_line))
    output = _summed(layout.route_plant, flow, len(layout.plant_line))
    plant = (layout.plant_line, layout.plant_country)
    capacity, lump = world.base_capacity[plant], world.lump_units[plant]
    outlet = (layout.outlet_line, layout.outlet_market)
    stands, yearly = capacity > 0.0, MONTHS_PER_YEAR * output
    return Base(
        flow=flow,
        share=flow / demand[layout.route_outlet],
        demand=demand,
        output=output, capacity=capacity, lump=lump,
        reference_capacity=np.where(stands, capacity, lump),
        straight_share=np.divide(yearly, capacity, out=np.zeros_like(output), where=stands),
        freight=world.freight_share[line, origin, market],
        programme_lump=programme_lump(world),
        slice_lump=slice_lump(world, layout),
        slice_volume=flow[layout.slice_route] * MONTHS_PER_YEAR,
        price=world.price_usd,
        retail_markup=world.retail_markup,
        parts_source=world.parts_source[plant],
        market_part=market_parts(world)[outlet],
        product_part=product_parts(world)[outlet],
    )  # fmt: skip


def _summed(rows: Ints, values: Floats, count: int) -> Floats:
    """Sum of values by row, float64[rows]."""
    return np.bincount(rows, values, minlength=count).astype(np.float64)


@dataclass(slots=True, eq=False)
class Projects:
    """Work under construction: fields by line and slot, ``[N, SLOTS, R]``; ``months`` 0 is free."""

    months: Ints
    kind: Ints
    slice: Ints
    country: Ints
    plant: Ints
    volume: Floats
    extra_cost: Floats
    host: Ints
    """Plant whose spare room the work counts on."""
    room: Floats
    """That room, units a year."""
    instalment: Floats
    """What a month of the work costs, USD."""
    ordered: Ints
    """Month of the order."""

    def widen(self) -> None:
        """As many free slots again, in every line and lane."""
        for one in fields(self):
            held = getattr(self, one.name)
            setattr(self, one.name, np.concatenate([held, np.zeros_like(held)], axis=1))


@dataclass(slots=True, eq=False)
class State:
    """Everything that a month changes. Lane last in every array."""

    month: int
    fx_log: Floats
    """float64[I, R]: log of local currency per USD over 2017."""
    demand_noise: Floats
    """float64[M, R]."""
    market_average: Floats
    """float64[M, R]: log of the usual size of the outlet's market over 2017."""
    freight_plan: Floats
    """float64[R]: freight that planners expect, 2017 = 1."""
    consumer_price: Floats
    """float64[M, R]: real, market currency, 2017 = 1."""
    transfer_target: Floats
    """float64[E, R], USD: last month's target of the transfer price."""
    transfer_price: Floats
    """float64[E, R], USD."""
    kernel_base: Floats
    """float64[E, R]: base share, moved by programmes."""
    share: Floats
    """float64[E, R]: sourcing share in force."""
    share_target: Floats
    """float64[lags, E, R]: targets of the last months, newest first."""
    volume: Floats
    """float64[E, R], units a year: base flow plus what programmes brought, less what they took."""
    capacity: Floats
    """float64[P, R], units a year."""
    capacity_base: Floats
    """float64[P, R]: capacity that the kernel counts as base."""
    mothballed: Floats
    """float64[P, R], units a year: capacity laid up, part of ``capacity`` but not of its use."""
    ramp: Floats
    """float64[P, R]: what young capacity adds to unit cost, over unit cost."""
    macro: Floats
    """float64[I, R]: macro index of the month before, real USD, 2017 = 1."""
    ahead: Floats
    """float64[E, R], units: shipped ahead of a duty that is announced for the route."""
    shadow: Floats
    """float64[P, R]: log capacity rent ``l`` of the month."""
    shipped: Floats
    """float64[3, E, R]: shipments of this month and the two before, newest first."""
    stock: Floats
    """float64[M, R], units."""
    rent_average: Floats
    """float64[P, R], USD a unit-year."""
    output_average: Floats
    """float64[P, R], units a month."""
    parts_mix: Floats
    """float64[P, 3, R]: present shares of parts suppliers: China, Japan, local."""
    idle_months: Ints
    """int64[P, R]."""
    alarm: Floats
    """float64[P, R]: what acts against the plant's goods have raised, fading."""
    taken_on: Floats
    """float64[lags, P, R], units a year: ordered to the plant in the reviews of the last year, the
    newest first."""
    last_programme: Ints
    """int64[N, R]: month in which the line last ordered a programme; long ago at first."""
    ordered: Floats
    """float64[Q, I, R], units a year: programmes ordered, by destination."""
    moved: Floats
    """float64[Q, I, R], units a year: programmes operating at the destination."""
    returned: Floats
    """float64[Q, I, R], units a year: returns ordered."""
    gap_paid: Floats
    """float64[Q, I, R]: volume-weighted gap and fee of what moved, share of price."""
    budget: Floats
    """float64[F, R], USD."""
    cash: Floats
    """float64[F, R], USD."""
    projects: Projects


def allocate_state(world: World, layout: Layout, base: Base, lanes: int, lag: int = 3) -> State:
    """State of month 0: the base year, in every lane; ``lag`` is the longest retooling lag."""
    firms = (len(world.firms), lanes)
    return State(
        month=0,
        fx_log=np.zeros((len(COUNTRIES), lanes)),
        freight_plan=np.ones(lanes),
        macro=np.ones((len(COUNTRIES), lanes)),
        last_programme=np.full((len(world.lines), lanes), LONG_AGO, dtype=np.int64),
        budget=np.zeros(firms),
        cash=np.zeros(firms),
        projects=_no_projects((len(world.lines), PROJECT_SLOTS, lanes)),
        **_outlets(world, layout, base, lanes),
        **_routes(layout, base, lanes, max(1, lag)),
        **_plants(layout, base, lanes),
        taken_on=np.zeros((_reviews_a_year(world), len(layout.plant_line), lanes)),
        **_slices(layout, lanes),
    )


def _reviews_a_year(world: World) -> int:
    """Reviews whose orders count in the pace of a plant, the present one among them."""
    between = max(1, round(float(world.parameters["review_months"][0])))
    return math.ceil(MONTHS_PER_YEAR / between)


def _repeated(values: Floats, lanes: int) -> Floats:
    """The same values in every lane, lane last."""
    return np.repeat(values[..., None], lanes, axis=-1)


def _outlets(world: World, layout: Layout, base: Base, lanes: int) -> dict[str, Any]:
    """Fields by outlet: base prices, no noise, the stock of so many months."""
    count = len(layout.outlet_line)
    months = world.parameters["inventory_months"][layout.outlet_line]
    return {
        "demand_noise": np.zeros((count, lanes)),
        "market_average": np.zeros((count, lanes)),
        "consumer_price": np.ones((count, lanes)),
        "stock": _repeated(months * base.demand, lanes),
    }


def _routes(layout: Layout, base: Base, lanes: int, lag: int) -> dict[str, Any]:
    """Fields by route: base shares, flows and prices."""
    price, share = base.price[layout.route_line], _repeated(base.share, lanes)
    return {
        "transfer_target": _repeated(price, lanes),
        "transfer_price": _repeated(price, lanes),
        "kernel_base": share,
        "share": share.copy(),
        "share_target": np.repeat(share[None], lag, axis=0),
        "volume": _repeated(MONTHS_PER_YEAR * base.flow, lanes),
        "ahead": np.zeros_like(share),
        "shipped": np.repeat(_repeated(base.flow, lanes)[None], 3, axis=0),
    }


def _plants(layout: Layout, base: Base, lanes: int) -> dict[str, Any]:
    """Fields by plant: base capacity and output, nothing laid up, young or idle."""
    count = (len(layout.plant_line), lanes)
    empty = ("mothballed", "ramp", "shadow", "rent_average", "alarm")
    return {
        "capacity": _repeated(base.capacity, lanes),
        "capacity_base": _repeated(base.capacity, lanes),
        "output_average": _repeated(base.output, lanes),
        "parts_mix": _repeated(base.parts_source, lanes),
        "idle_months": np.zeros(count, dtype=np.int64),
        **{name: np.zeros(count) for name in empty},
    }


def _slices(layout: Layout, lanes: int) -> dict[str, Any]:
    """Fields by slice and destination: no programme has moved or is ordered."""
    count = (len(layout.slice_line), len(COUNTRIES), lanes)
    return {name: np.zeros(count) for name in ("ordered", "moved", "returned", "gap_paid")}


def _no_projects(slots: tuple[int, int, int]) -> Projects:
    """Every slot of ``slots`` (N, SLOTS, R) free."""

    def whole() -> Ints:
        return np.zeros(slots, dtype=np.int64)

    return Projects(
        months=whole(),
        kind=whole(),
        slice=whole(),
        country=whole(),
        plant=whole(),
        volume=np.zeros(slots),
        extra_cost=np.zeros(slots),
        host=whole(),
        room=np.zeros(slots),
        instalment=np.zeros(slots),
        ordered=whole(),
    )
