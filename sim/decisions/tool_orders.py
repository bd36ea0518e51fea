"""The order book of chip tools, the law as it meets it, and what came of a month's orders."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Flags, Floats, Ints


class OrderBook(NamedTuple):
    """Which cells exist. Routes of an outlet lie in ``routes[start[o]:start[o + 1]]``."""

    outlet: Ints
    """int64[C]: tool outlet (O) of the cell."""
    line: Ints
    customer: Ints
    account: Ints
    service: Ints
    """int64[C]: 1 for parts and service."""
    mix: Floats
    """float64[C]: share of the class in the line's tools for such a buyer; 1 for service."""
    start: Ints
    """int64[O + 1]."""
    routes: Ints
    """int64[.]: layout's routes by tool outlet."""
    direct: Ints
    """int64[C, W]: query of the cell on each route of its outlet."""
    by_home: Ints
    """int64[C, W]: query of the same tool shipped by way of Japan."""


class Ruling(NamedTuple):
    """The law of the month by law (L), query (Q) and band of US content (B), and lanes' terms."""

    law: Ints
    """int64[R]."""
    band: Ints
    """int64[N, R]."""
    us: NDArray[np.int8]
    """int8[L, Y, bands]."""
    own: NDArray[np.int8]
    """int8[L, Y]."""
    rule: NDArray[np.int16]
    """int16[L, Y, bands]: rule that decided, a row of ``lost_by_rule``."""
    listed: Flags
    """bool[L, U]."""
    approve_us: Floats
    """float64[codes, R]: probability that a licence is granted; 1 where none is needed."""
    approve_own: Floats
    """float64[3, R]."""
    wait_us: Floats
    """float64[codes, R]: mean months to the decision; 0 where none is needed."""
    wait_own: Floats
    """float64[3, R]."""
    reroute: Floats
    """float64[R]: part of blocked orders that ships from elsewhere."""
    cancel: Floats
    """float64[R]: share of waiting orders cancelled a month."""


class Backlog(NamedTuple):
    """Orders under application, USD at 2017 prices, float64[C, R]; renewed by the kernel.

    The fate of an application is drawn when it is made, so that a stricter law never grants what a
    laxer one refuses; it comes to light with the decision.
    """

    good: Floats
    """Those that will be granted."""
    bad: Floats
    """Those that will be refused."""
    odds: Floats
    """Probability of a grant last month; 1 where nothing was asked."""


class Filled(NamedTuple):
    """What came of the month's orders, USD at 2017 prices; zero it before the kernel runs."""

    shipped: Floats
    """float64[C, R]: may leave this month, orders that waited among it."""
    denied: Floats
    """float64[C, R]."""
    cancelled: Floats
    """float64[C, R]."""
    revoked: Floats
    """float64[C, R]: waiting orders that a rule of this month turns from good to bad."""
    applied: Floats
    """float64[C, R]: put under application."""
    legal: Floats
    """float64[A, R]: share of the account's tool orders that may be expected to ship."""
    deviation: Floats
    """float64[E, R]: shipments by route above what sourcing shares give."""
    lost_by_rule: Floats
    """float64[rules, R]: denied and cancelled, by the rules of the routes that were blocked."""
    by_home: Floats
    """float64[N, R]: shipped by way of Japan."""
