"""How a shortage and a rise in parts cost travel along the links: pure kernels, one step each.

**Shortage**, a day at a time: the adaptive regional input-output model (Hallegatte 2008) of firms
(Inoue and Todo 2019). Everything is counted over base and in days of base use, so that a network
at rest stays at rest to the last bit. With stock ``x`` of input ``s`` of firm ``i``, its target
``n`` and yesterday's output ``q'``:

- order      ``o_s = max(0, q'_i + (n_i (1 + follow (q'_i - 1)) - x_s) / tau)``, the same share of
  base from every supplier of the input;
- demand     ``D_j = (final_j + sum_s flow_sj o_s) / base_j``;
- output     ``q_i = min(capacity_i, min_s x_s, D_i)``: Leontief in kinds of input;
- rationing  ``f_j = q_j / D_j``: every buyer, final users too, gets the same share of its order;
- stock      ``x_s += o_s sum_j flow_sj f_j / use_s - q_i``.

``follow`` is how far the target moves with output. At 1, the rule of the papers, orders swing more
than sales and the rest point is unstable once ``input share (1 + (n - 1) / tau) > 1``; at 0 (the
published simulator's "keep initial" rule) it is stable. docs/network.md has the figures.

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

from sim.network.graph import Floats, Network

Pointers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """One day, all over base: what happened, and what the next day starts from."""

    output: Floats
    """float64[F(, R)]: goods made and delivered."""
    demand: Floats
    """float64[F(, R)]: orders of firms and final users."""
    fill: Floats
    """float64[F(, R)]: share of every order to the firm that was delivered."""
    stock: Floats
    """float64[S(, R)], days of base use: stock of each input in the evening."""
    ready: Floats
    """float64[F(, R)]: output that the scarcest input allows tomorrow, at most 1."""
    order: Floats
    """float64[S(, R)]: order of each input for tomorrow."""


def at_rest(network: Network, lanes: int | None = None) -> Day:
    """The day before anything happened: every stock at its target, everything else at base."""
    tail = () if lanes is None else (lanes,)
    firms, inputs = np.ones((network.firms, *tail)), np.ones((len(network.use), *tail))
    target = network.target[network.buyer_of_input()].reshape((-1,) + (1,) * len(tail))
    return Day(firms, firms, firms, inputs * target, firms, inputs)


def step(
    network: Network, before: Day, capacity: Floats, adjustment_days: float, follow: float = 0.0
) -> Day:
    """One day of shortage.

    ``capacity`` is the share of base output that each firm can make, ``float64[F(, R)]`` in 0..1.

    >>> from sim.network.parameters import load_inputs, load_parameters
    >>> from sim.network.population import draw, no_anchors
    >>> network = draw(7, 1000, no_anchors(), load_inputs(), load_parameters()).network
    >>> day = step(network, at_rest(network), np.ones(1000), adjustment_days=6.0)
    >>> float(day.output.min()), float(day.output.max())
    (1.0, 1.0)
    """
    stock, ready, order = _lanes(before.stock), _lanes(before.ready), _lanes(before.order)
    demand = network.inputs.T @ order
    output, fill = _produce(ready, _lanes(capacity), demand, network.final, network.base)
    evening = _settle(
        stock, order, network.inputs @ fill, network.use, output, network.target,
        network.input_ptr, 1.0 / adjustment_days, follow,
    )  # fmt: skip
    firms, inputs = before.output.shape, before.stock.shape
    stock, ready, order = evening
    return Day(
        output.reshape(firms), demand.reshape(firms), fill.reshape(firms),
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
    ready: Floats, capacity: Floats, demand: Floats, final: Floats, base: Floats
) -> tuple[Floats, Floats]:
    """Output and share of orders filled; ``demand`` comes as firms' orders, leaves over base."""
    output, fill = np.empty_like(demand), np.empty_like(demand)
    for i in range(demand.shape[0]):
        for r in range(demand.shape[1]):
            demand[i, r] = (demand[i, r] + final[i]) / base[i]
            output[i, r] = min(ready[i, r], capacity[i, r], demand[i, r])
            short = output[i, r] < demand[i, r]
            fill[i, r] = output[i, r] / demand[i, r] if short else 1.0
    return output, fill


@njit(cache=True, nogil=True, error_model="numpy")
def _settle(
    stock: Floats,
    order: Floats,
    filled: Floats,
    use: Floats,
    output: Floats,
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
                x = stock[s, r] + (order[s, r] * (filled[s, r] / use[s]) - made)
                gap = target[i] * (1.0 + follow * (made - 1.0)) - x
                after[s, r] = x
                ready[i, r] = min(ready[i, r], x)
                tomorrow[s, r] = max(0.0, made + gap * speed)
    return after, ready, tomorrow
