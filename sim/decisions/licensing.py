"""Orders for chip tools under export control: what is wanted, licensed, shipped, waiting and lost.

``docs/chip_tools.md``. A cell (C) is one line's sales of one tool class, or of parts and service,
to one buyer; an account (A) is a line and a buyer. What is free ships as ordered, to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.arrays import Flags, Floats, Out
from sim.decisions.licence_losses import book_losses
from sim.decisions.tool_orders import Backlog, Filled, OrderBook, Ruling


@njit(cache=True, error_model="numpy")
def wanted_orders(
    book: OrderBook,
    spending: Floats,
    demand: Floats,
    index: Floats,
    base_demand: Floats,
    service_share: Floats,
    service_on: Floats,
    lift: Floats,
    counted: Floats,
    here: Floats,
    stocked: Floats,
    gain: Floats,
    contested: Floats,
    installed: Floats,
    turned: Floats,
    legal: Floats,
    gone: Flags,
    usual: Out[Floats],
    wanted: Out[Floats],
) -> None:
    """Fill orders that follow the record (``usual``) and those wanted now, float64[C, R].

    ``demand``: float64[O, R], the outlet's orders by the record; ``index``: float64[O, R], its
    market over 2017; ``spending``: float64[U]; ``lift, stocked, gain``: float64[U, R], purchases
    under controls over recorded ones, orders for stock, orders diverted from US makers;
    ``counted``: float64[U, R], what a line's tools made in the market itself may have beyond
    ``lift``, and ``here``: float64[O, R], their part of the outlet's tools; ``installed``:
    float64[A, R], new tools a month that the installed base stands for; ``turned``: float64[U, R],
    orders that makers turn away beyond the law; ``legal``: float64[A, R], share of an account's
    orders that could ship in the last year: nobody stocks up with, or turns to, a maker that may
    not deliver; ``gone``: bool[A, R], buyers that the maker has left.
    """
    for c in range(book.outlet.size):
        o, n, u, a = book.outlet[c], book.line[c], book.customer[c], book.account[c]
        serves = book.service[c] == 1
        weight = spending[u] * book.mix[c]
        for r in range(demand.shape[1]):
            part = service_share[r] if serves else 1.0 - service_share[r]
            usual[c, r] = part * weight * demand[o, r]
            if gone[a, r]:
                wanted[c, r] = 0.0
                continue
            more = stocked[u, r] * (legal[a, r] if stocked[u, r] > 0.0 else 1.0)
            left = lift[u, r] + counted[u, r] * here[o, r]
            follows = usual[c, r] * left * (1.0 + more)
            ordered = follows * (1.0 + contested[n] * gain[u, r] * legal[a, r])
            ordered *= 1.0 - turned[u, r]
            if serves:
                kept = part * installed[a, r] * (demand[o, r] / (base_demand[o] * index[o, r]))
                ordered = service_on[r] * kept + (1.0 - service_on[r]) * follows
            wanted[c, r] = ordered


@njit(cache=True, error_model="numpy")
def fill_orders(
    book: OrderBook,
    ruling: Ruling,
    touched: Flags,
    share: Floats,
    spared: Floats,
    wanted: Floats,
    decided: Floats,
    granted: Floats,
    backlog: Out[Backlog],
    filled: Out[Filled],
) -> None:
    """Ship what is free, apply for the rest, decide what waits.

    A blocked order goes by way of Japan where that is free, then from another plant of the line
    that is free, and only then under application. What waits is decided together, with the
    probability of a month's share of the longest mean wait; a rule that falls away frees it at
    once, and one that is tightened turns good applications bad in proportion. ``touched``: bool[C],
    cells that any law in use restricts or that hold waiting orders; ``decided, granted``: draws
    float64[C, R]; ``share``: float64[E, R]; ``spared``: float64[O, R], part of the outlet's orders
    that China's rule on content lets pass (the last row of ``lost_by_rule`` has the rest).
    """
    lanes = wanted.shape[1]
    for c in range(book.outlet.size):
        o, n, a = book.outlet[c], book.line[c], book.account[c]
        first, last = book.start[o], book.start[o + 1]
        for r in range(lanes):
            order = wanted[c, r] * spared[o, r]
            if spared[o, r] < 1.0:
                filled.lost_by_rule[-1, r] += wanted[c, r] - order
                filled.denied[c, r] = wanted[c, r] - order
            if not touched[c]:
                filled.shipped[c, r] = order
                if book.service[c] == 0:
                    filled.legal[a, r] += book.mix[c]
                continue
            law, band = ruling.law[r], ruling.band[n, r]
            free, by_home, blocked, chance, wait, good_part = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for w in range(last - first):
                part = share[book.routes[first + w], r]
                if part == 0.0:  # a place that the line may go to decides nothing before
                    continue
                us = ruling.us[law, book.direct[c, w], band]
                own = ruling.own[law, book.direct[c, w]]
                odds = ruling.approve_us[us, r] * ruling.approve_own[own, r]
                months = max(ruling.wait_us[us, r], ruling.wait_own[own, r])
                if months == 0.0:
                    free += part
                    continue
                around = 0.0
                us = ruling.us[law, book.by_home[c, w], band]
                own = ruling.own[law, book.by_home[c, w]]
                if max(ruling.wait_us[us, r], ruling.wait_own[own, r]) == 0.0:
                    around = ruling.reroute[r]
                by_home += part * around
                rest = part * (1.0 - around)
                blocked += rest
                chance += rest * odds
                wait = max(wait, months)
                if granted[c, r] < odds:
                    good_part += rest
            moved = ruling.reroute[r] * blocked if free > 0.0 else 0.0
            applied = blocked - moved
            good, bad = backlog.good[c, r], backlog.bad[c, r]
            released = 0.0
            if blocked > 0.0:
                chance /= blocked
                if chance < backlog.odds[c, r]:
                    filled.revoked[c, r] = good * (1.0 - chance / backlog.odds[c, r])
                    good -= filled.revoked[c, r]
                    bad += filled.revoked[c, r]
                filled.applied[c, r] = order * applied
                good += order * applied * (good_part / blocked)
                bad += order * applied * (1.0 - good_part / blocked)
                if decided[c, r] * max(1.0, wait) < 1.0:
                    released, filled.denied[c, r] = good, bad
                    good, bad = 0.0, 0.0
                else:
                    filled.cancelled[c, r] = ruling.cancel[r] * (good + bad)
                    good *= 1.0 - ruling.cancel[r]
                    bad *= 1.0 - ruling.cancel[r]
                if filled.denied[c, r] + filled.cancelled[c, r] > 0.0:
                    book_losses(book, ruling, share, (c, r), filled)
                filled.denied[c, r] += wanted[c, r] - order
                filled.shipped[c, r] = order * (1.0 - applied) + released
            else:
                chance = 1.0
                released = good + bad
                good, bad = 0.0, 0.0
                filled.shipped[c, r] = order + released
            backlog.good[c, r], backlog.bad[c, r], backlog.odds[c, r] = good, bad, chance
            filled.by_home[n, r] += order * by_home
            if book.service[c] == 0:
                filled.legal[a, r] += book.mix[c] * (1.0 - applied * (1.0 - chance))
            if blocked == 0.0 and by_home == 0.0:
                continue
            for w in range(last - first):
                e = book.routes[first + w]
                part = share[e, r]
                if part == 0.0:
                    continue
                us = ruling.us[law, book.direct[c, w], band]
                own = ruling.own[law, book.direct[c, w]]
                if max(ruling.wait_us[us, r], ruling.wait_own[own, r]) == 0.0:
                    sent = order * part * (1.0 + moved / free)
                else:
                    us = ruling.us[law, book.by_home[c, w], band]
                    own = ruling.own[law, book.by_home[c, w]]
                    around = 0.0
                    if max(ruling.wait_us[us, r], ruling.wait_own[own, r]) == 0.0:
                        around = ruling.reroute[r]
                    sent = order * part * around
                    if blocked > 0.0:
                        sent += released * part * (1.0 - around) / blocked
                filled.deviation[e, r] += sent - filled.shipped[c, r] * part


@njit(cache=True, error_model="numpy")
def route_shares(
    book: OrderBook, share: Floats, deviation: Floats, total: Floats, out: Out[Floats]
) -> None:
    """Fill the shares by which outlets are served under the law; those of sourcing elsewhere.

    ``total``: float64[O, R], what may leave for the outlet.
    """
    out[:] = share
    for o in range(book.start.size - 1):
        for w in range(book.start[o], book.start[o + 1]):
            e = book.routes[w]
            for r in range(share.shape[1]):
                if total[o, r] > 0.0:
                    out[e, r] = max(0.0, share[e, r] + deviation[e, r] / total[o, r])


def permitted(
    ruling_us: NDArray[np.int8], own: NDArray[np.bool_], approve_us: Floats, approve_own: Floats
) -> Floats:
    """Probability that an order is granted, float64[..., R], by answers int8 and bool[...]."""
    asked = np.where(own[..., None], approve_own[-1], 1.0)
    return np.asarray(approve_us[ruling_us] * asked)
