"""Rows of a line in the base year, from the world's arrays."""

from __future__ import annotations

import math
from collections import deque
from types import SimpleNamespace

from sim.axes import COUNTRIES, PRODUCTS
from sim.world.world import World
from tests.reference.pace import paced, steps
from tests.reference.rows import Line, Outlet, Plant, Route, Slice


def make_line(world: World, n: int, step_months: int = 1) -> Line:
    """Rows of line ``n`` in the base year (prices of 2017; duties are set by the model)."""
    par = SimpleNamespace(**{name: float(value[n]) for name, value in world.parameters.items()})
    par = paced(par, step_months)
    info, price = world.lines[n], float(world.price_usd[n])
    plants, outlets = _plants(world, n, par), _outlets(world, n, par)
    line = Line(
        n, info.id, info.firm, info.product, info.line_class, PRODUCTS.index(info.product),
        int(world.parts_product_of_line[n]), par, price, price * (1 - par.base_margin),
        float(world.retail_markup[n]), plants, outlets, [], step_months,
        world.firms[int(world.firm_of_line[n])].fiscal_year_start,
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


def _plants(world: World, n: int, par: SimpleNamespace) -> dict[int, Plant]:
    plants = {}
    for i, country in enumerate(COUNTRIES):
        flow, capacity = float(world.base_flow[n, i].sum()), float(world.base_capacity[n, i])
        if flow > 0 or capacity > 0 or world.candidate[n, i]:
            sources = tuple(float(share) for share in world.parts_source[n, i])
            plants[i] = Plant(
                i, country, flow / 12, capacity / 12, capacity / 12, capacity / 12,
                float(world.lump_units[n, i]), sources, sources,
                bool(world.candidate[n, i]), bool(world.contract_maker[n, i]),
                straight_time(par, flow, capacity), float(world.equity_share[n, i]),
                smooth_output=flow / 12,
            )  # fmt: skip
    return plants


def straight_time(par: SimpleNamespace, flow: float, capacity: float) -> float:
    """straight_p: use of a plant beyond which it works overtime; all of it where that is free."""
    if par.overtime_premium == 0:
        return 1.0
    used = flow / capacity if capacity > 0 else 0.0
    return max(float(par.straight_time_share), used)


def _outlets(world: World, n: int, par: SimpleNamespace) -> dict[int, Outlet]:
    outlets = {}
    for j, market in enumerate(COUNTRIES):
        demand = float(world.base_flow[n, :, j].sum()) / 12
        if demand > 0:
            part = part_of_market(world, n, j, par)
            outlets[j] = Outlet(
                j, market, demand, part, float(world.equity_share[n, j]),
                stock=par.inventory_months * demand,
            )  # fmt: skip
    return outlets


def part_of_market(world: World, n: int, j: int, par: SimpleNamespace) -> float:
    """Y_m: the line's part of the whole market in 2017, a declared one where none is known."""
    sold = float(world.base_flow[n, :, j].sum())
    if world.product_sales is None:
        same = world.product_of_line == world.product_of_line[n]
        together = float(world.base_flow[same, :, j].sum())
    else:
        together = float(world.product_sales[n, j])
    size = math.nan if world.market_units is None else float(world.market_units[n, j])
    if math.isnan(size):
        return float(par.supply_share) * sold / together
    return sold / max(size, together)


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
    flow, voyage = (
        float(world.base_flow[n, i, j]) / 12,
        steps(float(world.sea_months[i, j]), line.step_months),
    )
    share = flow / outlet.base_demand
    lag = voyage * line.step_months
    outlet.transit += lag * flow
    return Route(
        plant, outlet, flow, share, share,
        float(world.freight_share[n, i, j]), lag, float(world.preference_share[n, i, j]),
        12 * flow, share=share, targets=deque([share] * int(line.par.retooling_lag_months)),
        price=line.price, price_star=line.price, pipeline=deque([flow] * voyage),
    )  # fmt: skip
