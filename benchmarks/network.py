"""Time and memory of the supplier network: ``python benchmarks/network.py [firms ...]``.

Prints one row a size and, at the smallest size, the ratio to the plain loop of
``tests/network/reference.py``. Times are CPU seconds of one thread, so that other work on the
machine disturbs them less; only the ratio carries over to another machine.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # the plain loop lives with the tests

from sim.network.graph import Network
from sim.network.parameters import load_inputs, load_parameters
from sim.network.population import draw, no_anchors
from sim.network.propagation import at_rest, pass_on, step
from sim.network.study import shut_share
from tests.network import reference

PARAMETERS = load_parameters()
DAYS = 30


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Least CPU time of one call."""
    least = np.inf
    for _ in range(repeats):
        start = time.thread_time()
        work()
        least = min(least, time.thread_time() - start)
    return float(least)


def shocked_days(network: Network, share: float) -> float:
    """Mean CPU seconds of a day in a month with ``share`` of the firms shut."""
    capacity = 1.0 - shut_share(network, share, np.array([0]))[:, 0]
    day = at_rest(network)
    start = time.thread_time()
    for _ in range(DAYS):
        day = step(network, day, capacity, PARAMETERS)
    return (time.thread_time() - start) / DAYS


def plain_day(network: Network) -> float:
    firms, full = reference.firms_of(network), np.ones(network.firms)
    return seconds(lambda: reference.one_day(firms, full, 6.0, 0.0, even=True), repeats=2)


def held_mib(network: Network) -> float:
    """Memory of the frozen network, each array once."""
    arrays = [getattr(network, name) for name in Network.__slots__]
    parts = [a for a in arrays if isinstance(a, np.ndarray)]
    for matrix in (network.inputs, network.customers):
        parts += [matrix.data, matrix.indices, matrix.indptr]
    return sum(part.nbytes for part in parts) / 2**20


def main(sizes: list[int]) -> None:
    print("     firms     links  draw s  rest ms  shock ms  price ms  held MiB  peak MiB")
    small = draw(1, 1000, no_anchors(), load_inputs(), PARAMETERS).network
    step(small, at_rest(small), np.ones(1000), PARAMETERS)  # compile
    ratio = None
    for firms in sizes:
        start = time.thread_time()
        network = draw(1, firms, no_anchors(), load_inputs(), PARAMETERS).network
        drawn = time.thread_time() - start
        rest, price = at_rest(network), np.zeros(firms)
        full = np.ones(firms)
        quiet = seconds(lambda n=network, r=rest, f=full: step(n, r, f, PARAMETERS), repeats=8)
        month = seconds(lambda n=network, p=price, f=full: pass_on(n, p, f, 1.0), repeats=8)
        shock = shocked_days(network, 0.001)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{firms:10,}{network.links:10,}{drawn:8.1f}{1e3 * quiet:9.2f}{1e3 * shock:10.2f}"
              f"{1e3 * month:10.2f}{held_mib(network):10.0f}{peak:10.0f}")  # fmt: skip
        if ratio is None:
            ratio = plain_day(network) / quiet
    print(f"plain loop over kernel, one day at rest, {sizes[0]:,} firms: {ratio:.0f}")


if __name__ == "__main__":
    main([int(float(size)) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
