"""Sections 5 and 6 of docs/model.md up to orders: prices, what buyers want, what is ordered."""

from __future__ import annotations

import math

from sim.axes import COUNTRIES
from sim.world.world import World
from tests.reference.industry import Industry
from tests.reference.macro import Macro
from tests.reference.partners import partner_factor
from tests.reference.rows import Line, Outlet, Route


def price_outlet(line: Line, outlet: Outlet, macro: Macro, freight: float) -> None:
    """pc_m moves toward the fleet-average landed cost."""
    par, landed, base = line.par, 0.0, 0.0
    for e in outlet.routes:
        cost = e.plant.full_cost + e.freight * line.price * freight + e.duty * e.price
        landed += e.share * cost
        base += e.first_share * e.base_landed
    if landed > 0:
        star = (landed / base / macro.price_index(outlet.j)) ** par.price_weight
        outlet.price = outlet.price ** (1 - par.price_adjustment) * star**par.price_adjustment


def price_route(line: Line, route: Route, macro: Macro) -> None:
    """pt_e, the transfer price, holds the landed price; its lag moves with the maker's currency."""
    par, held = line.par, (1 + route.base_duty) / (1 + route.duty)
    star = line.price * route.outlet.price * macro.price_index(route.outlet.j)
    star *= par.hold_degree * held + (1 - par.hold_degree) * held ** (1 - par.hold_arm)
    star = max(star, (1 + par.margin_floor) * route.plant.full_cost)
    i = route.plant.i
    currency = (macro.price_index(i) / macro.last_price_index[i]) ** par.invoice_maker_share
    route.price = (1 - par.invoice_lag) * star + par.invoice_lag * route.price_star * currency
    route.price_star = star


def demand(line: Line, outlet: Outlet, world: World, industry: Industry, month: int) -> None:
    """B_m, D_m by nested CES, and the orders that refill stock and pipeline."""
    at, par = (line.n, outlet.j, month), line.par
    outlet.log_size = math.log(float(world.market_index[at])) + outlet.noise
    size = float(world.market_index[at]) * float(world.rival_factor[at])
    size *= float(world.brand_trend[at]) * math.exp(outlet.noise)
    size *= growth_in_china(line, outlet, world, month)
    size *= partner_factor(line, outlet.j, world, month)
    follows = par.keiretsu_share > 0
    outlet.followed = industry.assemblers(outlet.j) ** par.keiretsu_share if follows else 1.0
    size *= outlet.followed
    size *= home_advantage(line, outlet)
    outlet.full_demand = outlet.base_demand * size
    market = industry.log_market_price(line, outlet, math.log(float(world.rival_price[at])))
    outlet.demand = outlet.full_demand * outlet.price**-par.eta
    outlet.demand *= math.exp(market * (par.eta - par.market_elasticity))
    wanted = par.inventory_months + sum(e.share * e.lag for e in outlet.routes)
    gap = wanted * outlet.demand - outlet.stock - outlet.transit
    gap += sum(e.ahead for e in outlet.routes)
    outlet.orders = max(0.0, outlet.demand + gap / par.refill_months)


def growth_in_china(line: Line, outlet: Outlet, world: World, month: int) -> float:
    """What China's lead in growth adds after 2020; month by month it falls to a half."""
    today = world.months[month]
    since = 12 * (today.year - 2021) + today.month
    if COUNTRIES[outlet.j] != "CN" or since <= 0:
        return 1.0
    life = line.par.china_growth_half_life_months / math.log(2)
    return math.exp(line.par.china_growth * life / 12 * (1 - math.exp(-since / life)))


def home_advantage(line: Line, outlet: Outlet) -> float:
    """J_m: buyers favour what is made where they are."""
    sent = sum(e.units for e in outlet.routes)
    if sent <= 0:
        return 1.0
    here = [e for e in outlet.routes if e.plant.i == outlet.j]
    more = sum(e.units / sent - e.first_share for e in here)
    return math.exp(line.par.local_appeal * more)
