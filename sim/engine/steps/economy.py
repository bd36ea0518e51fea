"""The economy around firms steps on: exchange rates, wages, prices, demand noise, ocean freight."""

from __future__ import annotations

import numpy as np

from sim.axes import COUNTRY_INDEX, CURRENCIES
from sim.engine.simulation import Simulation

_US = COUNTRY_INDEX["US"]
_IN_USD = [COUNTRY_INDEX[code] for code, currency in CURRENCIES.items() if currency == "USD"]
"""Places whose currency does not move against the dollar."""


def step_exchange_rates(s: Simulation) -> None:
    """The record while it lasts, then a random walk; USD does not move against itself."""
    t, fx = s.state.month, s.world.fx_per_usd
    if not s.inputs["macro"] or t < 12:
        return
    if t < s.world.fx_known_months:
        s.state.fx_log[:] = np.log(fx[:, t] / fx[:, :12].mean(axis=1))[:, None]
    elif s.inputs["noise"]:
        step = s.parameters["fx_noise_sd"][0] * s.streams.normal("fx", s.ids["country"], t)
        step[_IN_USD] = 0.0
        s.state.fx_log = s.state.fx_log + step


def step_demand_noise(s: Simulation) -> None:
    """Each outlet's noise fades and is drawn on, from the second month."""
    t = s.state.month
    if s.inputs["noise"] and t > 0:
        ar, sd = s.parameters["demand_noise_ar"], s.parameters["demand_noise_sd"]
        line = s.layout.outlet_line
        draw = s.streams.normal("demand", s.ids["outlet"], t)
        fresh = (sd * np.sqrt(1.0 - ar**2))[line] * draw
        s.state.demand_noise = ar[line] * s.state.demand_noise + fresh


def step_prices(s: Simulation) -> None:
    """Prices, wages and energy over their base, with exchange rates at base and of the month."""
    t, world, month = s.state.month, s.world, s.month
    moves, level = s.inputs["macro"], world.price_level[_US, t]
    flat = np.ones(len(world.price_level))
    prices, wages, energy = (
        index[:, t] / level if moves else flat
        for index in (world.price_level, world.wage_index, world.energy_index)
    )
    month.macro_at_base_fx[:] = prices[:, None]
    month.wage_at_base_fx[:] = wages[:, None]
    month.energy_at_base_fx[:] = energy[:, None]
    month.macro = month.macro_at_base_fx * np.exp(-s.state.fx_log)
    month.wage = month.wage_at_base_fx * np.exp(-s.state.fx_log)
    month.energy = month.energy_at_base_fx * np.exp(-s.state.fx_log)


def freight_index(s: Simulation) -> float:
    """Ocean freight of the month over 2017."""
    return float(s.world.freight_index[s.state.month]) if s.inputs["freight"] else 1.0


def plan_freight(s: Simulation) -> None:
    """The freight that planners expect follows the month's with its half-life."""
    if s.inputs["freight"]:
        keep = 0.5 ** (1.0 / s.parameters["freight_half_life_months"][0])
        s.state.freight_plan = keep * s.state.freight_plan + (1.0 - keep) * freight_index(s)
