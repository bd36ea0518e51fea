"""Random networks for the property tests, and small drawn populations."""

import numpy as np
from hypothesis import strategies as st

from sim.network.graph import freeze
from sim.network.parameters import load_inputs, load_parameters
from sim.network.population import draw, no_anchors


@st.composite
def networks(draw, largest=14, productive=False):
    """Small random networks of every shape: cycles, hubs, firms without suppliers.

    ``productive`` ones have value added everywhere, so that their prices converge.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    firms = draw(st.integers(2, largest))
    links = draw(st.integers(0, 4 * firms))
    return random_network(rng, firms, links, productive=productive)


def random_network(rng, firms, links, *, productive=False):
    buyer, supplier = rng.integers(0, firms, (2, links))
    kept = buyer != supplier
    buyer, supplier, flow = buyer[kept], supplier[kept], rng.lognormal(0, 1.5, links)[kept]
    final = rng.lognormal(0, 2, firms)
    if productive:
        final += 2.0 * np.bincount(buyer, weights=flow, minlength=firms)
    kinds = rng.integers(0, 6, firms)
    return freeze(
        buyer, supplier, flow, product=kinds // 2, country=rng.integers(0, 3, firms), kind=kinds,
        final=final, target=rng.uniform(1, 20, firms),
    )  # fmt: skip


def chain(length, target=3.0):
    """A mill at 0, then makers, each the only customer of the one before."""
    number = np.arange(length)
    return freeze(
        number[1:], number[:-1], np.ones(length - 1), product=number % 17,
        country=np.zeros(length, int), kind=number, final=np.ones(length),
        target=np.full(length, target),
    )  # fmt: skip


def population(seed=1, firms=2000, anchors=None, **kwargs):
    return draw(
        seed, firms, no_anchors() if anchors is None else anchors, load_inputs(),
        load_parameters(), **kwargs,
    )  # fmt: skip
