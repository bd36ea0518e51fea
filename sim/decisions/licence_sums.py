"""Sums of a month's order book of chip tools by line, account and buyer, in one pass."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.arrays import Floats, Out
from sim.decisions.tool_orders import Backlog, Filled, OrderBook

APPLIED, LISTED, LOST, TURNED, WAITING, DIVERTED, STOCKED, LOCALISED, UNBUILT = range(9)
"""Rows of :attr:`Sums.by_line`."""


class Sums(NamedTuple):
    """Sums of the month, USD at 2017 prices."""

    by_line: Floats
    """float64[9, N, R]: put under application; shipped to listed buyers; refused or withdrawn;
    turned away beyond the law; waiting; shipped of orders diverted from US makers; shipped into
    buyers' stocks (less what stocks replaced); not ordered as Chinese makers took it; not ordered
    as a line lacks other tools."""
    delivered: Floats
    """float64[A, R]: tools that may leave, without parts and service."""
    lost: Floats
    """float64[U, R]: refused or withdrawn."""
    wanted: Floats
    """float64[U, R]: ordered."""


def no_sums(lines: int, accounts: int, buyers: int, lanes: int) -> Sums:
    """Sums of a month in which nothing was ordered."""
    return Sums(
        np.zeros((9, lines, lanes)),
        np.zeros((accounts, lanes)),
        np.zeros((buyers, lanes)),
        np.zeros((buyers, lanes)),
    )


@njit(cache=True, error_model="numpy")
def add_up(
    book: OrderBook,
    listed: NDArray[np.bool_],
    turned: Floats,
    contested: Floats,
    gain: Floats,
    stocked: Floats,
    legal: Floats,
    lift: Floats,
    counted: Floats,
    here: Floats,
    built: Floats,
    relief: Floats,
    usual: Floats,
    wanted: Floats,
    backlog: Backlog,
    filled: Filled,
    out: Out[Sums],
) -> None:
    """Fill the sums.

    ``listed``: bool[U, R]; ``turned, gain, stocked``: float64[U, R]; ``lift, counted, built,
    relief``: float64[U, R], purchases left when Chinese makers took theirs, what more is left to
    tools made in the market itself (``here``: float64[O, R], their part), those left where lines
    are completed, those without controls over the record; ``usual``: float64[C, R]; ``legal``:
    float64[A, R], as in :func:`sim.decisions.licensing.wanted_orders`; ``wanted``: float64[C, R].
    """
    out.by_line[:] = 0.0
    out.delivered[:] = 0.0
    out.lost[:] = 0.0
    out.wanted[:] = 0.0
    for c in range(book.outlet.size):
        o, n, u, a = book.outlet[c], book.line[c], book.customer[c], book.account[c]
        tool = book.service[c] == 0
        for r in range(wanted.shape[1]):
            shipped = filled.shipped[c, r]
            lost = filled.denied[c, r] + filled.cancelled[c, r]
            out.by_line[APPLIED, n, r] += filled.applied[c, r]
            out.by_line[LOST, n, r] += lost
            out.by_line[WAITING, n, r] += backlog.good[c, r] + backlog.bad[c, r]
            out.lost[u, r] += lost
            out.wanted[u, r] += wanted[c, r]
            if listed[u, r]:
                out.by_line[LISTED, n, r] += shipped
            if not tool:
                continue
            out.delivered[a, r] += shipped
            out.by_line[TURNED, n, r] += wanted[c, r] * turned[u, r] / (1.0 - turned[u, r])
            more = contested[n] * gain[u, r] * legal[a, r]
            out.by_line[DIVERTED, n, r] += shipped * more / (1.0 + more)
            free = usual[c, r] * relief[u, r]
            left = lift[u, r] + counted[u, r] * here[o, r]
            out.by_line[LOCALISED, n, r] += free * (1.0 - left)
            out.by_line[UNBUILT, n, r] += free * left * (1.0 - built[u, r])
            more = stocked[u, r] * (legal[a, r] if stocked[u, r] > 0.0 else 1.0)
            out.by_line[STOCKED, n, r] += shipped * more / (1.0 + more)


@njit(cache=True, error_model="numpy")
def by_buyer(book: OrderBook, shipped: Floats, ratio: Floats, buyers: int) -> Floats:
    """Sales by buyer, float64[U, R]: what may leave times sales over it, float64[O, R]."""
    out = np.zeros((buyers, shipped.shape[1]))
    for c in range(book.outlet.size):
        o, u = book.outlet[c], book.customer[c]
        for r in range(shipped.shape[1]):
            out[u, r] += shipped[c, r] * ratio[o, r]
    return out
