"""Demand of the month, its orders, and what is made, shipped and sold."""

from __future__ import annotations

import math

import numpy as np

from sim.arrays import Floats
from sim.axes import MONTHS_PER_YEAR, months_between
from sim.decisions import shipping, sourcing
from sim.engine.simulation import Simulation
from sim.world.paths import RECORD_ENDS


def outlet_demand(s: Simulation) -> None:
    """What buyers want of every outlet; they lean to what is made where they are."""
    state, month, p = s.state, s.month, s.parameters
    month.index = s.demand_index[:, state.month, None] * _growing_on(s)
    shipping.demand(
        s.layout,
        base_demand=s.base.demand,
        index=month.index,
        noise=state.demand_noise,
        consumer_price=state.consumer_price,
        market_price=month.market_price,
        eta=p["eta"],
        market_elasticity=p["market_elasticity"],
        at_base_price=month.base_demand,
        out=month.demand,
    )
    if state.month > 0:
        _favour_local(s)


def _growing_on(s: Simulation) -> Floats:
    """What China's lead in growth adds to its markets after the record, float64[M, R]; it fades."""
    since = max(0, months_between(RECORD_ENDS, s.world.months[s.state.month]))
    factor, p = np.ones_like(s.month.index), s.parameters
    if s.inputs["market_size"] and since > 0:
        rows = np.flatnonzero(s.layout.outlet_market == s.layout.china)
        line = s.layout.outlet_line[rows]
        life = p["china_growth_half_life_months"][line] / math.log(2.0)
        grown = life / MONTHS_PER_YEAR * (1.0 - np.exp(-since / life))
        factor[rows] = np.exp(p["china_growth"][line] * grown)
    return factor


def _favour_local(s: Simulation) -> None:
    month = s.month
    shipping.favour_local(
        s.layout,
        last_flow=s.state.shipped[0],
        base_share=s.base.share,
        appeal=s.parameters["local_appeal"],
        sent=month.column,
        at_base_price=month.base_demand,
        demand=month.demand,
    )


def place_orders(s: Simulation) -> None:
    """What outlets order: demand and what stocks lack."""
    state, month, p = s.state, s.month, s.parameters
    shipping.orders(
        s.layout,
        wanted=month.demand,
        share=month.share,
        shipped=state.shipped,
        stock=state.stock,
        ahead=state.ahead,
        stock_months=p["inventory_months"],
        refill=p["refill_months"],
        out=month.orders,
    )


def make(s: Simulation) -> None:
    """What each plant makes for each outlet under its capacity, and the rents of full plants."""
    state, month, p = s.state, s.month, s.parameters
    shadow = np.empty_like(state.shadow)
    sourcing.transport(
        s.layout,
        orders=month.orders,
        share=month.share,
        capacity=month.usable,
        straight=s.straight,
        premium=p["overtime_premium"],
        eta=p["eta"],
        theta=p["theta"],
        flow=month.flow,
        shadow=shadow,
        row=month.output,
        column=month.column,
        kept=np.empty_like(shadow),
    )
    state.shadow = shadow


def ship_and_sell(s: Simulation) -> None:
    """Goods leave, sea voyages end, customers buy."""
    state, month = s.state, s.month
    for back in range(len(state.shipped) - 1, 0, -1):
        state.shipped[back] = state.shipped[back - 1]
    state.shipped[0] = month.flow
    shipping.arrivals(s.layout, state.shipped, month.arrived)
    left = np.empty_like(state.stock)
    shipping.sales(s.layout, month.demand, month.arrived, state.stock, month.sold, left)
    state.stock = left
