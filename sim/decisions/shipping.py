"""Demand, orders, arrivals, stock and the duty paid at entry (``docs/model.md`` 6 and 7)."""

from __future__ import annotations

import math

from numba import njit

from sim.arrays import Floats, Out
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def demand(
    layout: Layout,
    base_demand: Floats,
    index: Floats,
    noise: Floats,
    consumer_price: Floats,
    market_price: Floats,
    eta: Floats,
    market_elasticity: Floats,
    at_base_price: Out[Floats],
    out: Out[Floats],
) -> None:
    """Fill demand and demand at base prices, float64[M, R] (units a month): nested CES.

    ``index``: float64[M, R], market size x rivals x brand trend. ``market_price``: float64[M, R],
    log of the price index of the outlet's market: a brand loses by its price over its market's,
    and the market by ``market_elasticity`` (float64[N, R]).
    """
    for m in range(layout.outlet_line.size):
        n = layout.outlet_line[m]
        for r in range(noise.shape[1]):
            at_base_price[m, r] = base_demand[m] * index[m, r] * math.exp(noise[m, r])
            among = (eta[n, r] - market_elasticity[n, r]) * market_price[m, r]
            price = math.exp(among - eta[n, r] * math.log(consumer_price[m, r]))
            out[m, r] = at_base_price[m, r] * price


@njit(cache=True, error_model="numpy")
def favour_local(
    layout: Layout,
    last_flow: Floats,
    base_share: Floats,
    appeal: Floats,
    sent: Out[Floats],
    at_base_price: Out[Floats],
    demand: Out[Floats],
) -> None:
    """Raise both demands, float64[M, R], where more than in 2017 was made in the market itself.

    ``exp(appeal (S_mm - s0_mm))`` with the part of last month's shipments that was made there:
    buyers favour what is made where they are (Cosar, Grieco, Li and Tintelnot 2018).
    ``last_flow``: float64[E, R]; ``base_share``: float64[E]; ``appeal``: float64[N, R]; ``sent``:
    work space float64[M, R].
    """
    sent[:] = 0.0
    for e in range(layout.route_line.size):
        for r in range(last_flow.shape[1]):
            sent[layout.route_outlet[e], r] += last_flow[e, r]
    for e in range(layout.route_line.size):
        if layout.route_origin[e] == layout.route_market[e]:
            n, m = layout.route_line[e], layout.route_outlet[e]
            for r in range(last_flow.shape[1]):
                if appeal[n, r] != 0.0 and sent[m, r] > 0.0:
                    more = last_flow[e, r] / sent[m, r] - base_share[e]
                    factor = math.exp(appeal[n, r] * more)
                    at_base_price[m, r] *= factor
                    demand[m, r] *= factor


@njit(cache=True, error_model="numpy")
def orders(
    layout: Layout,
    wanted: Floats,
    share: Floats,
    shipped: Floats,
    stock: Floats,
    ahead: Floats,
    stock_months: Floats,
    refill: Floats,
    out: Out[Floats],
) -> None:
    """Fill orders of every outlet, float64[M, R]: demand and the refill of stock and pipeline.

    ``refill``: float64[N, R], months in which a gap is ordered.
    ``ahead``: float64[E, R], goods shipped ahead of a duty, which are set aside.
    ``shipped``: float64[3, E, R], last three months' shipments, newest first (this month's not
    yet).
    """
    lanes = wanted.shape[1]
    for m in range(layout.outlet_line.size):
        n = layout.outlet_line[m]
        for r in range(lanes):
            gap = stock_months[n, r] * wanted[m, r] - stock[m, r]
            out[m, r] = wanted[m, r] + gap / refill[n, r]
    for e in range(layout.route_line.size):
        n, m, lag = layout.route_line[e], layout.route_outlet[e], layout.route_lag[e]
        for r in range(lanes):
            gap = lag * share[e, r] * wanted[m, r] + ahead[e, r]
            for back in range(lag):
                gap -= shipped[back, e, r]
            out[m, r] += gap / refill[n, r]
    for m in range(layout.outlet_line.size):
        for r in range(lanes):
            out[m, r] = max(0.0, out[m, r])


@njit(cache=True, error_model="numpy")
def arrivals(layout: Layout, shipped: Floats, out: Out[Floats]) -> None:
    """Fill arrivals of every route, float64[E, R]: what left ``route_lag`` months ago.

    ``shipped``: float64[3, E, R] with this month's shipments first.
    """
    for e in range(layout.route_line.size):
        for r in range(out.shape[1]):
            out[e, r] = shipped[layout.route_lag[e], e, r]


@njit(cache=True, error_model="numpy")
def sales(
    layout: Layout,
    wanted: Floats,
    arrived: Floats,
    stock: Floats,
    sold: Out[Floats],
    left: Out[Floats],
) -> None:
    """Fill sales and closing stock, float64[M, R]: nobody buys what is not there."""
    lanes = wanted.shape[1]
    left[:] = stock
    for e in range(layout.route_line.size):
        m = layout.route_outlet[e]
        for r in range(lanes):
            left[m, r] += arrived[e, r]
    for m in range(layout.outlet_line.size):
        for r in range(lanes):
            sold[m, r] = min(wanted[m, r], left[m, r])
            left[m, r] -= sold[m, r]
