"""Unit cost by plant: in full for the books, damped for planning (``docs/model.md`` 4)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.arrays import Floats, Out
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def plant_factors(
    layout: Layout,
    ramp: Floats,
    capacity: Floats,
    reference: Floats,
    scale_elasticity: Floats,
    out: Out[Floats],
) -> None:
    """Fill ``f = (1 + ramp) z``, float64[P, R]: learning at new capacity and scale.

    ``z = (capacity / reference)^(-scale_elasticity)``, 1 where there is no capacity. ``ramp,
    capacity``: float64[P, R]; ``reference``: float64[P], units a year, capacity at which unit cost
    is that of the base year.
    """
    for p in range(layout.plant_line.size):
        n = layout.plant_line[p]
        for r in range(ramp.shape[1]):
            scale = 1.0
            if capacity[p, r] > 0.0 and reference[p] > 0.0:
                size = math.log(capacity[p, r] / reference[p])
                scale = math.exp(-scale_elasticity[n, r] * size)
            out[p, r] = (1.0 + ramp[p, r]) * scale


@njit(cache=True, error_model="numpy")
def unit_costs(
    layout: Layout,
    macro: Floats,
    wage: Floats,
    energy: Floats,
    parts_duty: Floats,
    parts_mix: Floats,
    output: Floats,
    base_cost: Floats,
    factor: Floats,
    labour: Floats,
    parts: Floats,
    energy_share: Floats,
    wage_exponent: Floats,
    macro_exponent: Floats,
    full: Out[Floats],
    plan: Out[Floats],
) -> None:
    """Fill full and planning unit cost, ``float64[P, R]`` in real 2017 USD.

    The full cost has the plant's ``factor`` (float64[P, R], learning and scale) in it; planning
    cost is without it, as siting counts it apart.
    ``macro, wage, energy``: float64[I, R], real USD indices (2017 = 1). ``parts_duty``: float64[P,
    R], duty above base on bought parts. ``parts_mix``: float64[P, 3, R]. ``output``: float64[P],
    base output, the weight of a line's geometric means. ``base_cost``: float64[N, R], USD. The rest
    are the line's parameters, float64[N, R].

    Planning damps relative macro cost (exponents about 0.1 on the rest, 0.5 on wage times labour
    share): the gap between exchange-rate and tariff elasticities of the trade literature.
    """
    lanes = macro.shape[1]
    log_macro, log_wage, log_energy = np.log(macro), np.log(wage / macro), np.log(energy / macro)
    wage_mean = np.empty(lanes)
    energy_mean = np.empty(lanes)
    macro_mean = np.empty(lanes)
    for n in range(layout.line_plants.size - 1):
        first, last = layout.line_plants[n], layout.line_plants[n + 1]
        wage_mean[:] = 0.0
        energy_mean[:] = 0.0
        macro_mean[:] = 0.0
        weight = 0.0
        for p in range(first, last):
            weight += output[p]
        for p in range(first, last):
            i = layout.plant_country[p]
            a = output[p] / weight
            if a > 0.0:
                for r in range(lanes):
                    wage_mean[r] += a * log_wage[i, r]
                    energy_mean[r] += a * log_energy[i, r]
                    macro_mean[r] += a * log_macro[i, r]
        for p in range(first, last):
            i = layout.plant_country[p]
            for r in range(lanes):
                index = (
                    parts_mix[p, 0, r] * macro[layout.china, r]
                    + parts_mix[p, 1, r] * macro[layout.japan, r]
                    + parts_mix[p, 2, r] * macro[i, r]
                )
                rest = 1.0 - labour[n, r] - parts[n, r] - energy_share[n, r]
                level = (
                    labour[n, r] * wage[i, r]
                    + parts[n, r] * (index + parts_duty[p, r])
                    + energy_share[n, r] * energy[i, r]
                    + rest * macro[i, r]
                )
                full[p, r] = base_cost[n, r] * factor[p, r] * level
                local_prices = labour[n, r] * (log_wage[i, r] - wage_mean[r])
                local_prices += energy_share[n, r] * (log_energy[i, r] - energy_mean[r])
                relative = wage_exponent[n, r] * local_prices
                relative += macro_exponent[n, r] * (log_macro[i, r] - macro_mean[r])
                plan[p, r] = (
                    base_cost[n, r] * math.exp(relative) * (1.0 + parts[n, r] * parts_duty[p, r])
                )
