"""Which rule an order is lost to, where the routes of a cell stand under different rules."""

from __future__ import annotations

from numba import njit

from sim.arrays import Floats, Out
from sim.decisions.tool_orders import Filled, OrderBook, Ruling


@njit(cache=True, error_model="numpy")
def blocked_part(
    book: OrderBook, ruling: Ruling, share: Floats, at: tuple[int, int], way: int
) -> tuple[float, float]:
    """Part of a cell's orders that may not ship on a route, and the odds of a licence for it."""
    c, r = at
    law, band = ruling.law[r], ruling.band[book.line[c], r]
    us, own = ruling.us[law, book.direct[c, way], band], ruling.own[law, book.direct[c, way]]
    odds = ruling.approve_us[us, r] * ruling.approve_own[own, r]
    if max(ruling.wait_us[us, r], ruling.wait_own[own, r]) == 0.0:
        return 0.0, odds
    part = share[book.routes[book.start[book.outlet[c]] + way], r]
    us, own = ruling.us[law, book.by_home[c, way], band], ruling.own[law, book.by_home[c, way]]
    if max(ruling.wait_us[us, r], ruling.wait_own[own, r]) == 0.0:
        part *= 1.0 - ruling.reroute[r]
    return part, odds


@njit(cache=True, error_model="numpy")
def book_losses(
    book: OrderBook, ruling: Ruling, share: Floats, at: tuple[int, int], filled: Out[Filled]
) -> None:
    """Book what a cell lost to the rules of its routes.

    A refusal belongs to a route by what is blocked there times the odds of a refusal: a presumption
    of denial at one plant is no loss to the licence that another plant gets. What buyers withdraw
    belongs to routes by what is blocked.
    """
    c, r = at
    law, band, o = ruling.law[r], ruling.band[book.line[c], r], book.outlet[c]
    blocked, bad = 0.0, 0.0
    for w in range(book.start[o + 1] - book.start[o]):
        part, odds = blocked_part(book, ruling, share, at, w)
        blocked += part
        bad += part * (1.0 - odds)
    for w in range(book.start[o + 1] - book.start[o]):
        part, odds = blocked_part(book, ruling, share, at, w)
        refused = part * (1.0 - odds) / bad if bad > 0.0 else part / blocked
        lost = filled.denied[c, r] * refused + filled.cancelled[c, r] * part / blocked
        filled.lost_by_rule[ruling.rule[law, book.direct[c, w], band], r] += lost
