"""Prices: the slow consumer price of a brand, what rivals answer, the related-party transfer price.

``docs/model.md`` 5. Firms hold the duty-inclusive price of cars almost whole and that of ordinary
goods almost not at all; the degree belongs to the product.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.arrays import Floats, Ints, Out
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def consumer_prices(
    layout: Layout,
    share: Floats,
    full: Floats,
    freight: Floats,
    freight_index: float,
    duty: Floats,
    transfer_price: Floats,
    price: Floats,
    macro: Floats,
    base_landed: Floats,
    consumer_price: Floats,
    price_weight: Floats,
    adjustment: Floats,
    out: Out[Floats],
) -> None:
    """Fill the consumer price, float64[M, R] (real, market currency, 2017 = 1).

    The brand's price moves slowly towards its average landed cost over all its origins, not
    towards the cost of one route. ``base_landed``: float64[M, R], USD; ``share, duty,
    transfer_price``: float64[E, R]; ``full``: float64[P, R]; ``freight``: float64[E].
    """
    lanes = share.shape[1]
    for n in range(layout.line_routes.size - 1):
        for m in range(layout.line_outlets[n], layout.line_outlets[n + 1]):
            for r in range(lanes):
                out[m, r] = 0.0
        for e in range(layout.line_routes[n], layout.line_routes[n + 1]):
            m, p = layout.route_outlet[e], layout.route_plant[e]
            carriage = freight[e] * price[n] * freight_index
            for r in range(lanes):
                out[m, r] += share[e, r] * (
                    full[p, r] + carriage + duty[e, r] * transfer_price[e, r]
                )
        for m in range(layout.line_outlets[n], layout.line_outlets[n + 1]):
            j = layout.outlet_market[m]
            for r in range(lanes):
                target = price_weight[n, r] * math.log(out[m, r] / base_landed[m, r] / macro[j, r])
                last = math.log(consumer_price[m, r])
                out[m, r] = math.exp(last + adjustment[n, r] * (target - last))


@njit(cache=True, error_model="numpy")
def market_prices(
    layout: Layout,
    market: Ints,
    part: Floats,
    consumer_price: Floats,
    reply: Floats,
    rival_path: Floats,
    index: Out[Floats],
    rival: Out[Floats],
) -> None:
    """Fill the log price index of each outlet's market and of its rivals, float64[M, R].

    ``market``: int64[M], the market of the product that the outlet belongs to, from 0 up. ``part``:
    float64[M, R], the line's part of it (``Y``). ``reply``: float64[N, R], elasticity of rivals'
    prices to those of the makers modelled. ``rival_path``: float64[M], log of what rivals charge
    whatever those do. ``ln rival = path + reply sum(Y ln pc)`` and
    ``ln index = sum(Y ln pc) + (1 - sum Y) ln rival`` over the outlets of all lines there.
    """
    lanes = part.shape[1]
    price = np.zeros((market.max() + 1, lanes))
    held = np.zeros((market.max() + 1, lanes))
    for m in range(market.size):
        for r in range(lanes):
            price[market[m], r] += part[m, r] * math.log(consumer_price[m, r])
            held[market[m], r] += part[m, r]
    for m in range(market.size):
        n = layout.outlet_line[m]
        for r in range(lanes):
            own = price[market[m], r]
            rival[m, r] = rival_path[m] + reply[n, r] * own
            index[m, r] = own + (1.0 - held[market[m], r]) * rival[m, r]


@njit(cache=True, error_model="numpy")
def transfer_prices(
    layout: Layout,
    consumer_price: Floats,
    macro: Floats,
    macro_before: Floats,
    duty: Floats,
    base_duty: Floats,
    full: Floats,
    price: Floats,
    last_target: Floats,
    hold_degree: Floats,
    hold_arm: Floats,
    invoice_lag: Floats,
    maker_share: Floats,
    margin_floor: Floats,
    target: Out[Floats],
    out: Out[Floats],
) -> None:
    """Fill the transfer price and its target, float64[E, R] in USD: the customs value.

    A held price absorbs the added duty; the rest follows the arm's-length rule. It never falls
    below cost plus the floor margin, and invoices lag one month: the part of them that is written
    in the maker's currency (``maker_share``) moves with it meanwhile. ``macro, macro_before``:
    float64[I, R], real USD indices of this month and the last.
    """
    lanes = duty.shape[1]
    moved = np.ones((layout.plant_line.size, lanes))
    for p in range(layout.plant_line.size):
        n, i = layout.plant_line[p], layout.plant_country[p]
        for r in range(lanes):
            if macro[i, r] != macro_before[i, r]:
                rise = math.log(macro[i, r] / macro_before[i, r])
                moved[p, r] = math.exp(maker_share[n, r] * rise)
    for e in range(layout.route_line.size):
        n, m, p = layout.route_line[e], layout.route_outlet[e], layout.route_plant[e]
        j = layout.route_market[e]
        factor, power, arm = 1.0, 0.0, 1.0
        for r in range(lanes):
            before, exponent = factor, power
            factor = (1.0 + base_duty[e, r]) / (1.0 + duty[e, r])
            power = 1.0 - hold_arm[n, r]
            if factor != before or power != exponent:  # most lanes share law and terms
                arm = math.exp(power * math.log(factor))
            held = hold_degree[n, r] * factor + (1.0 - hold_degree[n, r]) * arm
            wanted = price[n] * consumer_price[m, r] * macro[j, r] * held
            wanted = max(wanted, (1.0 + margin_floor[n, r]) * full[p, r])
            last = last_target[e, r] * moved[p, r]
            out[e, r] = (1.0 - invoice_lag[n, r]) * wanted + invoice_lag[n, r] * last
            target[e, r] = wanted
