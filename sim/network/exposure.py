"""What the engine asks of the network: multipliers of parts cost and supply by country and product.

Shocks come in as arrays over (country, product) of the firms they hit; multipliers go out over
(country, product) of the makers who feel them, ``float64[T, I, K]`` or with lanes ``[T, I, K, R]``:

- ``parts_cost``: the parts bill of a maker of ``k`` in country ``i`` over its base, one plus the
  sourcing rule times the price rises of the cells it buys from. Defined everywhere, since a plant
  that is not yet built would buy by the same rule.
- ``parts_supply``: output that the parts on hand allow a maker, over base, mean of the days of
  the month and, by base output, of the makers. Where nobody makes the product, its makers elsewhere
  stand in; a product that no firm of the population makes has 1.

Pass only what the engine does not count itself: duties on the parts that a named line imports are
already in its unit cost, so ``cost_rise`` is for what hits the firms behind (duties and controls on
*their* inputs, wages, energy), as a share of their price.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, PRODUCTS
from sim.errors import InputError
from sim.network.parameters import Parameters
from sim.network.population import CELLS, Population
from sim.network.propagation import at_rest, pass_on, step

DAYS_A_MONTH = 30
LANES_AT_ONCE = 32


@dataclass(frozen=True, slots=True, eq=False)
class Multipliers:
    """Over base, so 1 where nothing happened."""

    parts_cost: Floats
    """float64[T, I, K(, R)]"""
    parts_supply: Floats
    """float64[T, I, K(, R)]"""


def multipliers(
    population: Population, cost_rise: Floats, capacity: Floats, parameters: Parameters
) -> Multipliers:
    """Multipliers month by month from rest.

    ``cost_rise[T, I, K(, R)]``: rise of unit cost over base price of the firms of that cell.
    ``capacity[T, I, K(, R)]``: share of base output that the firms of that cell can make, 0..1.
    Both are the state of that month, not changes. Time: one price step and 30 days of shortage a
    month, the latter only from the first month that has one.
    """
    _check(cost_rise, capacity)
    network, cell = population.network, population.cell
    lanes = cost_rise.shape[3] if cost_rise.ndim == 4 else None
    price = np.zeros(network.firms if lanes is None else (network.firms, lanes))
    day, quiet = at_rest(network, lanes), True
    cost, supply = np.ones_like(cost_rise), np.ones_like(cost_rise)
    for t in range(len(cost_rise)):
        price = pass_on(network, price, by_cell(cost_rise[t])[cell], parameters.pass_through)
        cost[t] += by_place(population.sourcing @ cell_mean(population, price))
        room = by_cell(capacity[t])[cell]
        quiet = quiet and bool((room == 1.0).all())
        if quiet:
            continue
        ready = np.zeros_like(price)
        for _ in range(DAYS_A_MONTH):
            ready += day.ready / DAYS_A_MONTH
            day = step(network, day, room, parameters)
        supply[t] = by_place(_fill_gaps(population, cell_mean(population, ready)))
    return Multipliers(cost, supply)


def price_response(population: Population, months: int, pass_through: float) -> Floats:
    """Price rise of a cell ``h`` months after one month's cost rise in another.

    Shape: float64[ahead, cells, cells].

    Parts cost is linear, so these few numbers stand for the whole network in a batch of runs: see
    :func:`parts_cost`. Cut off at ``months``; what is left out shrinks each month by
    ``pass_through`` times the share of inputs in sales (below 1e-4 after a year at 0.46).
    """
    network, cell = population.network, population.cell
    response = np.zeros((months, CELLS, CELLS))
    present = np.unique(cell)
    for first in range(0, len(present), LANES_AT_ONCE):
        hit = present[first : first + LANES_AT_ONCE]
        cost = (cell[:, None] == hit).astype(np.float64)
        price = np.zeros_like(cost)
        for h in range(months):
            price = pass_on(network, price, cost, pass_through)
            response[h][:, hit] = cell_mean(population, price)
            cost = np.zeros_like(cost)
    return response


def parts_cost(population: Population, response: Floats, cost_rise: Floats) -> Floats:
    """``parts_cost`` multipliers, float64[T, I, K(, R)], from a :func:`price_response`."""
    _check(cost_rise, np.ones_like(cost_rise))
    cost = np.ones_like(cost_rise)
    felt = np.einsum("cd,hde->hce", population.sourcing, response)
    for t in range(len(cost)):
        for h in range(min(t + 1, len(response))):
            cost[t] += by_place(felt[h] @ by_cell(cost_rise[t - h]))
    return cost


def cell_mean(population: Population, value: Floats) -> Floats:
    """Mean of ``value[F(, R)]`` by base output, float64[cells(, R)]; 0 without firms."""
    edge = np.searchsorted(population.cell, np.arange(CELLS + 1))
    base = population.network.base.reshape((-1,) + (1,) * (value.ndim - 1))
    present = np.flatnonzero(np.diff(edge))
    mean = np.zeros((CELLS, *value.shape[1:]))
    mean[present] = np.add.reduceat(base * value, edge[present])
    mean[present] /= np.add.reduceat(base, edge[present])
    return mean


def by_cell(places: Floats) -> Floats:
    """``[I, K(, R)]`` in the order of cells, ``[C(, R)]``."""
    return places.swapaxes(0, 1).reshape(CELLS, *places.shape[2:])


def by_place(cells: Floats) -> Floats:
    """``[C(, R)]`` as ``[I, K(, R)]``, the inverse of :func:`by_cell`."""
    return cells.reshape(len(PRODUCTS), len(COUNTRIES), *cells.shape[1:]).swapaxes(0, 1)


def _fill_gaps(population: Population, mean: Floats) -> Floats:
    """Cells without firms take their product's mean, a product without firms 1."""
    cells = np.bincount(population.cell, weights=population.network.base, minlength=CELLS)
    value = by_place(mean)
    base = by_place(cells.astype(np.float64)).reshape(value.shape[:2] + (1,) * (value.ndim - 2))
    made = base.sum(axis=0)
    usual = np.ones(value.shape[1:])
    np.divide((base * value).sum(axis=0), made, out=usual, where=made > 0.0)
    return by_cell(np.where(base > 0.0, value, usual))


def _check(cost_rise: Floats, capacity: Floats) -> None:
    places = (len(COUNTRIES), len(PRODUCTS))
    if cost_rise.shape != capacity.shape or cost_rise.shape[1:3] != places:
        raise InputError(
            f"network: shocks of shape {cost_rise.shape} and {capacity.shape}, not [T, I, K(, R)] "
            f"with {places[0]} countries and {places[1]} products"
        )
    if not ((capacity >= 0.0) & (capacity <= 1.0)).all() or not np.isfinite(cost_rise).all():
        raise InputError("network: capacity must lie in 0..1 and cost rises must be finite")
