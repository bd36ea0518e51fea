"""How a shortage and a rise in parts cost travel along the links: pure kernels, one step each.

**Shortage**, a day at a time: the adaptive regional input-output model (Hallegatte 2008) of firms
(Inoue and Todo 2019). Everything is counted over base and in days of base use, so that a network
at rest stays at rest to the last bit. With stock ``x`` of input ``s`` of firm ``i``, its target
``n`` and yesterday's output ``q'``:

- order      ``o_s = max(0, q'_i + (n_i (1 + follow (q'_i - 1)) - x_s) / tau)``, the same multiple
  of base from every supplier of the input;
- demand     ``D_j = (final_j + sum_s flow_sj o_s) / base_j``;
- output     ``q_i = min(capacity_i, min_s x_s, D_i)``: Leontief in kinds of input;
- rationing  of a short supplier, even (Inoue and Todo): every buyer, final users too, gets its
  order up to one level ``c_j``, the same multiple of base for all, where
  ``final_j min(1, c_j) + sum_s flow_sj min(o_s, c_j) = q_j base_j``; or in proportion to orders
  (Hallegatte): the share ``q_j / D_j`` of each;
- stock      ``x_s += o_s - (what short suppliers left out) / use_s - q_i``.

``follow`` is how far the target moves with output. At 1, the rule of the papers, orders swing more
than sales and small losses grow once ``input share (1 + (n - 1) / tau) > 1``; at 0 (the published
simulator's "keep initial" rule) they do not. docs/network.md has the figures for both switches.

**Parts cost**, a month at a time: a supplier adds the share ``pass_through`` of the rise of its own
cost and of its dearer inputs to its price, so that a rise climbs one tier a month.

Arrays hold one lane ``[F]`` or stacked lanes ``[F, R]`` (lane last); results have the same shape.
Axis letters ``S`` and ``E`` are those of :mod:`sim.network.graph`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.network.graph import Network
from sim.network.parameters import Parameters

Pointers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """One day, all over base: what happened, and what the next day starts from."""

    output: Floats
    """float64[F(, R)]: goods made and delivered."""
    demand: Floats
    """float64[F(, R)]: orders of firms and final users."""
    level: Floats
    """float64[F(, R)]: up to which a firm filled orders: under even rationing a multiple of base
    flow (infinite when it filled them all), under proportional rationing a share of the order."""
    stock: Floats
    """float64[inputs(, R)], days of base use: stock of each input in the evening."""
    ready: Floats
    """float64[F(, R)]: output that the scarcest input allows tomorrow, at most 1."""
    order: Floats
    """float64[inputs(, R)]: order of each input for tomorrow."""


def at_rest(network: Network, lanes: int | None = None) -> Day:
    """The day before anything happened: every stock at its target, everything else at base."""
    tail = () if lanes is None else (lanes,)
    firms, inputs = np.ones((network.firms, *tail)), np.ones((len(network.use), *tail))
    target = network.target[network.buyer_of_input()].reshape((-1,) + (1,) * len(tail))
    return Day(firms, firms, np.inf * firms, inputs * target, firms, inputs)


def step(network: Network, before: Day, capacity: Floats, parameters: Parameters) -> Day:
    """One day of shortage.

    ``capacity``: float64[F(, R)], the share of base output that each firm can make, 0..1.

    >>> from sim.network.parameters import load_inputs, load_parameters
    >>> from sim.network.population import draw, no_anchors
    >>> network = draw(7, 1000, no_anchors(), load_inputs(), load_parameters()).network
    >>> day = step(network, at_rest(network), np.ones(1000), load_parameters())
    >>> float(day.output.min()), float(day.output.max())
    (1.0, 1.0)
    """
    stock, ready, order = _lanes(before.stock), _lanes(before.ready), _lanes(before.order)
    customers = network.customers
    demand = (customers @ order + network.final[:, None]) / network.base[:, None]
    output, level, left_out = _produce(
        ready,
        _lanes(capacity),
        demand,
        order,
        network.final,
        network.base,
        customers.indptr,
        customers.indices,
        customers.data,
        parameters.even_rationing > 0.0,
    )
    stock, ready, order = _settle(
        stock, order, left_out, output, network.use, network.target, network.input_ptr,
        1.0 / parameters.adjustment_days, parameters.target_follow_share,
    )  # fmt: skip
    firms, inputs = before.output.shape, before.stock.shape
    return Day(
        output.reshape(firms), demand.reshape(firms), level.reshape(firms),
        stock.reshape(inputs), ready.reshape(firms), order.reshape(inputs),
    )  # fmt: skip


def pass_on(network: Network, price_rise: Floats, cost_rise: Floats, pass_through: float) -> Floats:
    """One month of parts cost: the price rise of every firm, ``float64[F(, R)]``, over base price.

    ``price_rise`` is last month's; ``cost_rise`` is what each firm's unit costs more this month for
    reasons outside the network, over its base price:
    ``p_i = pass_through (cost_i + sum_j flow_ij p'_j / base_i)``. Under a lasting cost this
    converges to the input-output price model (Miller and Blair 2009, chapter 2).
    """
    base = network.base.reshape((-1,) + (1,) * (price_rise.ndim - 1))
    return pass_through * (cost_rise + network.flow() @ price_rise / base)


def _lanes(array: Floats) -> Floats:
    return np.ascontiguousarray(array if array.ndim == 2 else array[:, None])


@njit(cache=True, nogil=True, error_model="numpy")
def _produce(
    ready: Floats,
    capacity: Floats,
    demand: Floats,
    order: Floats,
    final: Floats,
    base: Floats,
    ptr: Pointers,
    customer: Pointers,
    flow: Floats,
    even: bool,
) -> tuple[Floats, Floats, Floats]:
    """Output, level to which orders were filled, and what each input did not get of its order."""
    output = np.minimum(np.minimum(ready, capacity), demand)
    level, left_out = np.full_like(output, np.inf), np.zeros_like(order)
    wanted = np.empty(np.diff(ptr).max())
    for j in range(output.shape[0]):
        links = range(ptr[j], ptr[j + 1])
        for r in range(output.shape[1]):
            made = output[j, r]
            if made >= demand[j, r]:
                continue
            for e in links:
                wanted[e - ptr[j]] = order[customer[e], r]
            if even:
                level[j, r] = _level(made, base[j], final[j], wanted, flow[ptr[j] : ptr[j + 1]])
            else:
                level[j, r] = made / demand[j, r]
            for e in links:
                want = wanted[e - ptr[j]]
                given = min(want, level[j, r]) if even else want * level[j, r]
                if given < want:
                    left_out[customer[e], r] += flow[e] * (want - given)
    return output, level, left_out


@njit(cache=True, nogil=True, error_model="numpy")
def _level(made: float, base: float, final: float, wanted: Floats, flow: Floats) -> float:
    """Multiple of base flow to which the goods ``made * base`` fill all orders evenly.

    Nobody wants less than nought, so ``made`` is the first guess. Each round the level rises by
    what the orders below it leave to those above; the set below only grows, so that it ends after
    at most as many rounds as there are orders.
    """
    level = made
    while True:
        left, above = (made * base - final, 0.0) if level >= 1.0 else (made * base, final)
        for e in range(len(flow)):
            if wanted[e] <= level:
                left -= flow[e] * wanted[e]
            else:
                above += flow[e]
        if above == 0.0 or left / above <= level:
            return level
        level = left / above


@njit(cache=True, nogil=True, error_model="numpy")
def _settle(
    stock: Floats,
    order: Floats,
    left_out: Floats,
    output: Floats,
    use: Floats,
    target: Floats,
    ptr: Pointers,
    speed: float,
    follow: float,
) -> tuple[Floats, Floats, Floats]:
    """Evening stock, output that it allows and tomorrow's order: one pass over the inputs."""
    after, ready, tomorrow = np.empty_like(stock), np.ones_like(output), np.empty_like(stock)
    for i in range(output.shape[0]):
        for s in range(ptr[i], ptr[i + 1]):
            for r in range(output.shape[1]):
                made = output[i, r]
                arrived = max(0.0, order[s, r] - left_out[s, r] / use[s])
                x = stock[s, r] + (arrived - made)
                gap = target[i] * (1.0 + follow * (made - 1.0)) - x
                after[s, r] = x
                ready[i, r] = min(ready[i, r], x)
                tomorrow[s, r] = max(0.0, made + gap * speed)
    return after, ready, tomorrow
