"""Unit cost by plant: in full for the books, damped for planning (``docs/model.md`` 4)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.axes import COUNTRY_INDEX
from sim.world.layout import Layout

Floats = NDArray[np.float64]

_CHINA = COUNTRY_INDEX["CN"]
_JAPAN = COUNTRY_INDEX["JP"]


@njit(cache=True, error_model="numpy")
def unit_costs(
    layout: Layout,
    macro: Floats,
    wage: Floats,
    parts_duty: Floats,
    parts_source: Floats,
    output: Floats,
    base_cost: Floats,
    labour: Floats,
    parts: Floats,
    wage_exponent: Floats,
    macro_exponent: Floats,
    full: Floats,
    plan: Floats,
) -> None:
    """Fill full and planning unit cost, ``float64[P, R]`` in real 2017 USD.

    ``macro, wage``: float64[I, R], real USD indices (2017 = 1). ``parts_duty``: float64[P, R], duty
    above base on bought parts. ``parts_source``: float64[P, 3]. ``output``: float64[P], base
    output, the
    weight of a line's geometric means. ``base_cost``: float64[N, R], USD. The rest are the line's
    parameters, float64[N, R].

    Planning damps relative macro cost (exponents about 0.1 on the rest, 0.5 on wage times labour
    share): the gap between exchange-rate and tariff elasticities of the trade literature.
    """
    lanes = macro.shape[1]
    wage_mean = np.empty(lanes)
    macro_mean = np.empty(lanes)
    for n in range(layout.line_plants.size - 1):
        first, last = layout.line_plants[n], layout.line_plants[n + 1]
        wage_mean[:] = 0.0
        macro_mean[:] = 0.0
        weight = 0.0
        for p in range(first, last):
            weight += output[p]
        for p in range(first, last):
            i = layout.plant_country[p]
            a = output[p] / weight
            if a > 0.0:
                for r in range(lanes):
                    wage_mean[r] += a * math.log(wage[i, r] / macro[i, r])
                    macro_mean[r] += a * math.log(macro[i, r])
        for p in range(first, last):
            i = layout.plant_country[p]
            china, japan, local = parts_source[p, 0], parts_source[p, 1], parts_source[p, 2]
            for r in range(lanes):
                index = china * macro[_CHINA, r] + japan * macro[_JAPAN, r] + local * macro[i, r]
                full[p, r] = base_cost[n, r] * (
                    labour[n, r] * wage[i, r]
                    + parts[n, r] * (index + parts_duty[p, r])
                    + (1.0 - labour[n, r] - parts[n, r]) * macro[i, r]
                )
                relative = wage_exponent[n, r] * labour[n, r] * (
                    math.log(wage[i, r] / macro[i, r]) - wage_mean[r]
                ) + macro_exponent[n, r] * (math.log(macro[i, r]) - macro_mean[r])
                plan[p, r] = (
                    base_cost[n, r] * math.exp(relative) * (1.0 + parts[n, r] * parts_duty[p, r])
                )
