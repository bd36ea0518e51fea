"""What becomes of idle room: laid up for a while, put to work again, or closed for good.

``docs/model.md`` 8, Idleness. A step pays when what it saves would have earned its cost over the
idleness so far, which forecasts the idleness to come.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.decisions import proposal as field
from sim.decisions.attribution import divide_benefit
from sim.decisions.views import Costs, Orders, Terms
from sim.world.layout import Layout

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

USED_FULLY = 0.9
"""Output over capacity above which a plant counts as fully used."""
NEEDED_ABOVE = 0.95
"""Average use above which laid-up room is needed, even where no overtime is paid."""
EXIT_BELOW = 0.75
"""What remains of a plant under its minimum scale leaves too when used less than this."""


@njit(cache=True, error_model="numpy")
def idleness(
    layout: Layout,
    output: Floats,
    output_average: Floats,
    capacity: Floats,
    lump: Floats,
    idle_months: Ints,
    average: Floats,
    months: Ints,
) -> None:
    """Fill the six-month average of output and the unbroken months with a whole lump idle."""
    for p in range(layout.plant_line.size):
        for r in range(output.shape[1]):
            average[p, r] = output_average[p, r] + (output[p, r] - output_average[p, r]) / 6.0
            spare = 12.0 * (capacity[p, r] - average[p, r] / USED_FULLY)
            months[p, r] = idle_months[p, r] + 1 if spare > lump[p] else 0


@njit(cache=True, error_model="numpy")
def idle_steps(
    layout: Layout,
    costs: Costs,
    terms: Terms,
    orders: Orders,
    lump: Floats,
    straight: Floats,
    output_average: Floats,
    idle_months: Ints,
    capacity: Floats,
    mothballed: Floats,
    out: Floats,
) -> None:
    """Fill what to do with idle room, float64[P, R, FIELDS]; ``VOLUME`` is 0 where nothing is.

    ``straight``: float64[P, R], share of usable capacity in straight time; ``mothballed``:
    float64[P, R], units a month. Closing goes before restarting, restarting before mothballing.
    """
    out[:] = 0.0
    for p in range(layout.plant_line.size):
        n = layout.plant_line[p]
        for r in range(capacity.shape[1]):
            laid, months = mothballed[p, r], idle_months[p, r]
            if months == 0 and laid == 0.0:
                continue
            idle, exits = terms.idle_cost[n, r], terms.exit_cost[n, r]
            kept, lay = terms.mothball_cost[n, r], terms.mothball_exit[n, r] * exits
            saved, paying = idle * (1.0 - kept), idle * kept if laid > 0.0 else idle
            hurdle, price = terms.diffusion[n, r], costs.price[n]
            needed = min(straight[p, r], NEEDED_ABOVE) * (capacity[p, r] - laid)
            if months > 0 and months >= 12.0 * exits * hurdle / paying:
                volume, kind = lump[p], field.CLOSE
                left = 12.0 * capacity[p, r] - volume
                little = 12.0 * output_average[p, r] < EXIT_BELOW * left or left <= 0.0
                if left < terms.minimum_scale[n, r] and little:
                    volume, kind = 12.0 * capacity[p, r], field.EXIT
                benefit = idle * price * (volume - (1.0 - kept) * min(volume, 12.0 * laid))
                share = exits
            elif laid > 0.0 and output_average[p, r] >= needed:
                volume, kind, share, hurdle = 12.0 * laid, field.RESTART, lay, 1.0
                benefit = terms.overtime_premium[n, r] * costs.base_cost[n, r] * volume
            elif laid == 0.0 and months >= 12.0 * lay * hurdle / saved:
                volume, kind, share = min(lump[p], 12.0 * capacity[p, r]), field.MOTHBALL, lay
                benefit = saved * price * volume
            else:
                continue
            _propose(layout, costs, terms, orders, p, r, kind, volume, benefit,
                     share * price * volume, hurdle, out[p, r])  # fmt: skip


@njit(cache=True, error_model="numpy")
def _propose(
    layout: Layout, costs: Costs, terms: Terms, orders: Orders, p: int, r: int,
    kind: int, volume: float, benefit: float, outlay: float, hurdle: float, out: Floats,
) -> None:  # fmt: skip
    """Fill one proposal: yearly benefit over its drivers, less the yearly cost of the outlay."""
    n = layout.plant_line[p]
    capital = terms.discount[n, r] + terms.depreciation[n, r]
    divide_benefit(layout, costs, terms, orders, p, r, benefit, out)
    out[field.UNCERTAINTY] = -capital * (hurdle - 1.0) * outlay
    out[field.ENTRY] = -capital * outlay
    out[field.NET] = benefit - capital * hurdle * outlay
    out[field.KIND] = kind
    out[field.COUNTRY] = layout.plant_country[p]
    out[field.PLANT] = p
    out[field.VOLUME] = volume
    out[field.SUNK] = outlay
    out[field.HURDLE] = hurdle
