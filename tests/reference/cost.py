"""Section 4 of docs/model.md: what a unit costs, in the books and for planning."""

from __future__ import annotations

import math

from tests.reference.macro import ALL, Macro, On
from tests.reference.parts import parts_index
from tests.reference.rows import Line, Plant, Route


def fade_ramp(line: Line, plant: Plant) -> None:
    """A month of learning at new capacity."""
    plant.ramp *= 0.5 ** (1 / line.par.start_up_half_life_months)


def take_up(line: Line, plant: Plant, capacity: float) -> None:
    """New capacity comes to a plant, and starts dear."""
    total = plant.capacity + capacity
    if total > 0:
        new = line.par.start_up_premium * capacity
        plant.ramp = (plant.ramp * plant.capacity + new) / total
    plant.capacity = total


def experience(line: Line, plant: Plant) -> float:
    """f_p: learning and scale."""
    scale = 1.0
    if plant.capacity > 0:
        usual = plant.first_capacity if plant.first_capacity > 0 else plant.lump_yearly / 12
        scale = (plant.capacity / usual) ** -line.par.scale_elasticity
    return (1 + plant.ramp) * scale


def full_cost(line: Line, plant: Plant, macro: Macro) -> float:
    """c_p: what a unit costs in the books."""
    par, here = line.par, plant.i
    rest = 1 - par.labour_share - par.parts_share - par.energy_share
    return (
        line.base_cost
        * experience(line, plant)
        * (
            par.labour_share * macro.wage_index(here)
            + par.parts_share * parts_index(plant, macro)
            + par.energy_share * macro.energy_index(here)
            + rest * macro.price_index(here)
        )
    )


def planning_cost(line: Line, plant: Plant, macro: Macro, on: On = ALL) -> float:
    """k_p: relative macro cost damped, duties on parts in full."""
    par, made = line.par, sum(p.base_output for p in line.plants.values())
    wage_bar = energy_bar = price_bar = 0.0
    for p in line.plants.values():
        wage_bar += p.base_output / made * math.log(local_wage(macro, p, on))
        energy_bar += p.base_output / made * math.log(local_energy(macro, p, on))
        price_bar += p.base_output / made * math.log(macro.price_index(p.i, on))
    wage = local_wage(macro, plant, on) / math.exp(wage_bar)
    energy = local_energy(macro, plant, on) / math.exp(energy_bar)
    price = macro.price_index(plant.i, on) / math.exp(price_bar)
    extra = plant.parts_duty - plant.base_parts_duty if "duty" in on else 0.0
    return (
        line.base_cost
        * (experience(line, plant) if "experience" in on else 1.0)
        * wage ** (par.wage_exponent * par.labour_share)
        * energy ** (par.wage_exponent * par.energy_share)
        * price**par.macro_exponent
        * (1 + par.parts_share * extra)
    )


def local_wage(macro: Macro, plant: Plant, on: On) -> float:
    """v_i: the real wage in local prices."""
    return macro.wage_index(plant.i, on) / macro.price_index(plant.i, on)


def local_energy(macro: Macro, plant: Plant, on: On) -> float:
    """y_i: the real price of energy in local prices."""
    return macro.energy_index(plant.i, on) / macro.price_index(plant.i, on)


def route_cost(line: Line, route: Route, macro: Macro, on: On = ALL) -> float:
    """k_e: planning cost delivered, at the present duty."""
    made = route.plant.planning_cost if on is ALL else planning_cost(line, route.plant, macro, on)
    freight = line.planning_freight if "freight" in on else 1.0
    duty = route.duty * route.price if "duty" in on else route.base_duty * line.price
    return made + route.freight * line.price * freight + duty


def smooth_freight(line: Line, freight: float) -> None:
    """F: exponential average of the freight index."""
    kept = 0.5 ** (1 / line.par.freight_half_life_months)
    line.planning_freight = kept * line.planning_freight + (1 - kept) * freight
