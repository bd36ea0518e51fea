"""What export rules are expected to cost on each route by which chip tools may be served.

``docs/chip_tools.md``, Sites. The orders of an outlet's customers, by class, meet the law of the
month over every route: from where the line makes tools, and from where it might.
"""

from __future__ import annotations

from numba import njit

from sim.arrays import Flags, Floats, Out
from sim.decisions.tool_orders import OrderBook, Ruling


@njit(cache=True, error_model="numpy")
def site_losses(
    book: OrderBook,
    ruling: Ruling,
    bound: Flags,
    spending: Floats,
    service_share: Floats,
    margin: Floats,
    yearly: Floats,
    applying: Floats,
    around: Floats,
    cost: Out[Floats],
    blocked: Out[Floats],
) -> None:
    """Fill the cost over price and the part of orders that may not leave freely, float64[E, R].

    An order that needs a licence is lost with its ``margin`` (float64[N, R], share of price) unless
    it is granted, and waits at ``yearly`` (float64[N, R], a year's cost of capital) if it is; an
    application costs ``applying``, a shipment by way of Japan ``around`` (float64[R], shares of
    value). ``bound``: bool[Y], queries that any law in use restricts; ``spending``: float64[U];
    ``service_share``: float64[R].
    """
    for c in range(book.outlet.size):
        o, n = book.outlet[c], book.line[c]
        serves = book.service[c] == 1
        weight = spending[book.customer[c]] * book.mix[c]
        for w in range(book.start[o + 1] - book.start[o]):
            if not bound[book.direct[c, w]]:
                continue
            e = book.routes[book.start[o] + w]
            for r in range(cost.shape[1]):
                law, band = ruling.law[r], ruling.band[n, r]
                us = ruling.us[law, book.direct[c, w], band]
                own = ruling.own[law, book.direct[c, w]]
                months = max(ruling.wait_us[us, r], ruling.wait_own[own, r])
                if months == 0.0:
                    continue
                part = weight * (service_share[r] if serves else 1.0 - service_share[r])
                odds = ruling.approve_us[us, r] * ruling.approve_own[own, r]
                dear = (1.0 - odds) * margin[n, r] + odds * yearly[n, r] * months / 12.0
                dear += applying[r]
                us = ruling.us[law, book.by_home[c, w], band]
                own = ruling.own[law, book.by_home[c, w]]
                by_home = 0.0
                if max(ruling.wait_us[us, r], ruling.wait_own[own, r]) == 0.0:
                    by_home = ruling.reroute[r]
                cost[e, r] += part * ((1.0 - by_home) * dear + by_home * around[r])
                blocked[e, r] += part * (1.0 - by_home)


@njit(cache=True, error_model="numpy")
def weigh_rules(
    book: OrderBook,
    ruling: Ruling,
    spending: Floats,
    service_share: Floats,
    wanted: Flags,
    line: int,
    lane: int,
    out: Out[Floats],
) -> None:
    """Add to ``out`` (float64[rules]) what each rule is expected to refuse or delay on some routes.

    ``wanted``: bool[tool_routes], routes of ``line`` by their place in the book. Refusals count
    whole, what is granted after a wait with the wait's part of a year.
    """
    for c in range(book.outlet.size):
        o, n = book.outlet[c], book.line[c]
        if n != line:
            continue
        for w in range(book.start[o + 1] - book.start[o]):
            if not wanted[book.start[o] + w]:
                continue
            law, band, query = ruling.law[lane], ruling.band[n, lane], book.direct[c, w]
            us, own = ruling.us[law, query, band], ruling.own[law, query]
            months = max(ruling.wait_us[us, lane], ruling.wait_own[own, lane])
            if months == 0.0:
                continue
            part = service_share[lane] if book.service[c] == 1 else 1.0 - service_share[lane]
            odds = ruling.approve_us[us, lane] * ruling.approve_own[own, lane]
            lost = 1.0 - odds + odds * min(1.0, months / 12.0)
            out[ruling.rule[law, query, band]] += (
                part * spending[book.customer[c]] * book.mix[c] * lost
            )
