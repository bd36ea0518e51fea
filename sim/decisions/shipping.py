"""Demand, orders, arrivals, stock and the duty paid at entry (``docs/model.md`` 6 and 7)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.world.layout import Layout

Floats = NDArray[np.float64]

REFILL_MONTHS = 6.0
"""Months over which orders close a gap in stock or pipeline."""


@njit(cache=True, error_model="numpy")
def demand(
    layout: Layout,
    base_demand: Floats,
    index: Floats,
    noise: Floats,
    consumer_price: Floats,
    eta: Floats,
    at_base_price: Floats,
    out: Floats,
) -> None:
    """Fill demand and demand at base prices, float64[M, R] (units a month).

    ``index``: float64[M], market size x rivals x brand trend.
    """
    for m in range(layout.outlet_line.size):
        n = layout.outlet_line[m]
        for r in range(noise.shape[1]):
            at_base_price[m, r] = base_demand[m] * index[m] * math.exp(noise[m, r])
            price = math.exp(-eta[n, r] * math.log(consumer_price[m, r]))
            out[m, r] = at_base_price[m, r] * price


@njit(cache=True, error_model="numpy")
def orders(
    layout: Layout,
    wanted: Floats,
    share: Floats,
    shipped: Floats,
    stock: Floats,
    stock_months: Floats,
    out: Floats,
) -> None:
    """Fill orders of every outlet, float64[M, R]: demand and the refill of stock and pipeline.

    ``shipped``: float64[3, E, R], last three months' shipments, newest first (this month's not
    yet).
    """
    lanes = wanted.shape[1]
    for m in range(layout.outlet_line.size):
        n = layout.outlet_line[m]
        for r in range(lanes):
            gap = stock_months[n, r] * wanted[m, r] - stock[m, r]
            out[m, r] = wanted[m, r] + gap / REFILL_MONTHS
    for e in range(layout.route_line.size):
        m, lag = layout.route_outlet[e], layout.route_lag[e]
        for r in range(lanes):
            gap = lag * share[e, r] * wanted[m, r]
            for back in range(lag):
                gap -= shipped[back, e, r]
            out[m, r] += gap / REFILL_MONTHS
    for m in range(layout.outlet_line.size):
        for r in range(lanes):
            out[m, r] = max(0.0, out[m, r])


@njit(cache=True, error_model="numpy")
def arrivals(layout: Layout, shipped: Floats, out: Floats) -> None:
    """Fill arrivals of every route, float64[E, R]: what left ``route_lag`` months ago.

    ``shipped``: float64[3, E, R] with this month's shipments first.
    """
    for e in range(layout.route_line.size):
        for r in range(out.shape[1]):
            out[e, r] = shipped[layout.route_lag[e], e, r]


@njit(cache=True, error_model="numpy")
def sales(
    layout: Layout, wanted: Floats, arrived: Floats, stock: Floats, sold: Floats, left: Floats
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
