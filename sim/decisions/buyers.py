"""How chip makers answer export controls (``docs/chip_tools.md``): stocks and other suppliers.

Arrays are ``float64[U, R]`` (buyer, lane); terms are ``float64[R]``. Everything is proportional to
the buyer's purchases of a month without controls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from sim.arrays import Floats, Ints
from sim.axes import MONTHS_PER_YEAR


@dataclass(frozen=True, slots=True, eq=False)
class BuyerTerms:
    """Lanes' parameters of the response, float64[R]; switches are multiplied in."""

    jump: Floats
    half_life: Floats
    fear_share: Floats
    kappa: Floats
    speed: Floats
    lag: Ints
    substitution: Floats
    substitution_months: Floats
    slope: Floats
    localisation_months: Floats
    start_share: Floats
    trend: Floats
    least_purchase: Floats
    """Purchases never fall below this share when a stock is run down."""
    most_local: Floats
    """Chinese makers never have more than this share of a buyer's purchases."""
    obeys: Floats
    """Part of the way to the share that China asks for which its buyers go."""
    incomplete: Floats
    """Part of the other purchases that is left with a tool that nobody may deliver."""


@dataclass(frozen=True, slots=True, eq=False)
class Buyers:
    """State of the buyers."""

    reached: Floats
    """float64[U, R]: share of purchases that rules reached last month."""
    motive: Floats
    """float64[U, R]: stock motive, 0 none .. 1 the greatest stock."""
    position: Floats
    """float64[U, R]: stock held and on order, months of purchases."""
    coming: Floats
    """float64[lags, U, R]: stock orders by month of delivery (a ring)."""
    diverted: Floats
    """float64[U, R]: denied share of US makers' sales, averaged over the time to qualify others."""
    denial: Floats
    """float64[U, R]: denied share of all foreign purchases, averaged over a year."""
    localised: Floats
    """float64[U, R]: share that Chinese makers gained by denials; what they learnt stays."""
    asked: Floats
    """float64[U, R]: share that Chinese makers gained because China asks for it."""
    tightened: Floats
    """float64[U, R]: shares of purchases that rules newly reached so far, added up."""


def no_response(buyers: int, lanes: int, lag: int) -> Buyers:
    """State before any control; ``lag`` is the longest time from a stock order to delivery."""
    rows = [np.zeros((buyers, lanes)) for _ in range(8)]
    coming = np.zeros((lag + 1, buyers, lanes))
    reached, motive, position, diverted, denial, localised, asked, tightened = rows
    return Buyers(reached, motive, position, coming, diverted, denial, localised, asked, tightened)


@njit(cache=True, error_model="numpy")
def mean_of(weights: Floats, values: Floats) -> Floats:
    """Weighted sums over buyers, float64[U, R]; a lane's figure never depends on its neighbours.

    ``weights``: float64[U, U]; matrix products of libraries sum in an order that the width decides.
    """
    out = np.zeros_like(values)
    for u in range(weights.shape[0]):
        for v in range(weights.shape[1]):
            if weights[u, v] != 0.0:
                for r in range(values.shape[1]):
                    out[u, r] += weights[u, v] * values[v, r]
    return out


def stock_response(
    state: Buyers, terms: BuyerTerms, month: int, reached: Floats, in_region: Floats
) -> tuple[Buyers, Floats]:
    """Stocks a month on, and what buyers add to (or leave out of) a month's purchases.

    A rule adds ``jump`` times the share of purchases that it newly reaches, of the buyer and of its
    region in the shares of fear; the motive halves in its half-life. The target is ``12 kappa
    motive`` months; a part of the gap is ordered each month and arrives after the lag.
    ``in_region``: float64[U, U], weights of the others of the region.
    """
    fresh = np.maximum(0.0, reached - state.reached)
    felt = (1.0 - terms.fear_share) * fresh + terms.fear_share * mean_of(in_region, fresh)
    keep = 0.5 ** (1.0 / terms.half_life)
    motive = np.minimum(1.0, keep * state.motive + terms.jump * felt)
    order = terms.speed * (MONTHS_PER_YEAR * terms.kappa * motive - state.position)
    coming, lanes = state.coming.copy(), np.arange(order.shape[1])
    coming[(month + terms.lag) % len(coming), :, lanes] = order.T
    arriving = coming[month % len(coming)].copy()
    coming[month % len(coming)] = 0.0
    later = replace(
        state,
        reached=reached,
        motive=motive,
        position=state.position + order,
        coming=coming,
        tightened=state.tightened + fresh,
    )
    return later, np.maximum(terms.least_purchase - 1.0, arriving)


def diversion(
    state: Buyers, terms: BuyerTerms, us_denied: Floats, local: Floats
) -> tuple[Buyers, Floats]:
    """Buyers a month on, and the share of US makers' sales that Japanese makers take.

    They take it after the time that it needs to qualify their tools, and Chinese makers take the
    more of it the larger their share ``local`` (float64[U, R]) has become.
    """
    step = 1.0 / np.maximum(1.0, terms.substitution_months)
    diverted = state.diverted + step * (us_denied - state.diverted)
    open_to_japan = 1.0 - local / terms.most_local
    return replace(state, diverted=diverted), terms.substitution * diverted * open_to_japan


def local_share(state: Buyers, terms: BuyerTerms, years: float) -> tuple[Floats, Floats]:
    """Chinese makers' share: without controls, float64[R], and what they gained, float64[U, R]."""
    base = np.minimum(terms.most_local, terms.start_share + terms.trend * years)
    return base, np.minimum(state.localised + state.asked, terms.most_local - base)


def localisation(
    state: Buyers,
    terms: BuyerTerms,
    denied: Floats,
    in_region: Floats,
    floor: Floats,
    years: float,
) -> Buyers:
    """Buyers a month on: what Chinese makers gained because of denials, and because China asks.

    What denials bring moves up towards ``slope`` times the denied share of the last year, the
    buyer's own and its region's in the shares of fear; the more is denied, the faster. It never
    falls: what makers learnt stays. ``floor``: float64[U, R], share of Chinese tools that China
    asks of the buyer, 0 where it asks for none; buyers go the part ``obeys`` of what is
    missing to it.
    """
    denial = state.denial + (denied - state.denial) / MONTHS_PER_YEAR
    felt = (1.0 - terms.fear_share) * denial + terms.fear_share * mean_of(in_region, denial)
    base, _ = local_share(state, terms, years)
    target = np.minimum(terms.slope * felt, terms.most_local - base)
    step = np.minimum(1.0, (1.0 + felt) / terms.localisation_months)
    localised = state.localised + step * np.maximum(0.0, target - state.localised)
    missing = np.maximum(0.0, floor - base - localised)
    pace = 1.0 / np.maximum(1.0, terms.localisation_months)
    asked = state.asked + pace * (terms.obeys * missing - state.asked)
    return replace(state, denial=denial, localised=localised, asked=asked)


def completed(state: Buyers, terms: BuyerTerms, us_share: Floats, taken: Floats) -> Floats:
    """Part of purchases that is left where lines lack tools that nobody may deliver, float64[U, R].

    What is denied counts without what others took: Japanese makers ``taken`` of the part
    ``us_share`` of US makers, and Chinese makers what denials brought them.
    """
    lacking = np.maximum(0.0, state.denial - us_share * taken - state.localised)
    return np.asarray(1.0 - terms.incomplete * lacking)
