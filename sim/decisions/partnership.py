"""Technology partners of car lines in China: what they add, and whether another one pays.

``docs/model.md`` 8, Partners. A line has one partner in each field; partners bring back part of the
demand that battery-electric cars take, up to a cap.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.arrays import Flags, Floats, Ints, Out
from sim.axes import MONTHS_PER_YEAR
from sim.decisions import proposal as field

NEVER = -1
"""Month of an agreement that has not been made."""


class Offers(NamedTuple):
    """Partners on offer (U), those of one line in one run, the preferred one first."""

    line_offers: Ints
    """int64[N + 1]: first offer of every line, and their number last."""
    field: Ints
    """int64[offers]: what the partner brings, a code of its own for each field."""
    month: Ints
    """int64[offers]: first month in which the partner is to be had."""
    outlet: Ints
    """int64[N]: the line's outlet in China, -1 where it has none."""


class Terms(NamedTuple):
    """Parameters of partnerships, float64[N, R]."""

    gain: Floats
    cap: Floats
    months: Floats
    margin: Floats
    outlay: Floats
    """What the line itself pays, share of its yearly base sales in China."""
    discount: Floats
    depreciation: Floats
    diffusion: Floats


@njit(cache=True, error_model="numpy")
def partner_factors(
    offers: Offers, terms: Terms, agreed: Ints, month: int, bev: float, out: Out[Floats]
) -> None:
    """Fill what partners add to a line's demand in China, float64[N, R], 1 where nothing.

    ``agreed``: int64[offers, R], month of the agreement or :data:`NEVER`; ``bev``: battery-electric
    share of the market. A partner's range is complete ``months`` after the agreement.
    """
    for n in range(out.shape[0]):
        for r in range(out.shape[1]):
            added = 0.0
            for u in range(offers.line_offers[n], offers.line_offers[n + 1]):
                if agreed[u, r] != NEVER and month > agreed[u, r]:
                    ready = min(1.0, (month - agreed[u, r]) / max(terms.months[n, r], 1e-9))
                    added += terms.gain[n, r] * ready
            out[n, r] = 1.0 + bev * min(terms.cap[n, r], added) if added > 0.0 else 1.0


@njit(cache=True, error_model="numpy")
def partner_proposals(
    offers: Offers,
    terms: Terms,
    agreed: Ints,
    month: int,
    bev: float,
    factor: Floats,
    at_base_price: Floats,
    base_demand: Floats,
    price: Floats,
    country: int,
    out: Out[Floats],
) -> None:
    """Fill each line's proposal to take a partner, float64[N, R, fields]; ``NET`` 0 where none.

    The benefit is the contribution of the cars that the partner adds at full range, at demand and
    battery-electric share of the month; the outlay is weighed with the diffusion hurdle. Partners
    in the same place are worth the same, so the first on offer in a free field is taken.

    Parameters
    ----------
    factor
        float64[N, R], :func:`partner_factors` of the month.
    at_base_price
        float64[M, R], demand of the month at base prices, partners included.
    base_demand
        float64[M], base demand, units a month.
    price, country
        float64[N], USD; row of China.
    """
    for n in range(out.shape[0]):
        first, last = offers.line_offers[n], offers.line_offers[n + 1]
        for r in range(out.shape[1]):
            best = out[n, r]
            best[:] = 0.0
            u = first
            while u < last and not _open(
                offers, agreed=agreed, month=month, first=first, last=last, u=u, r=r
            ):
                u += 1
            if u < last:
                worth = _propose(
                    offers,
                    terms=terms,
                    agreed=agreed,
                    bev=bev,
                    factor=factor,
                    at_base_price=at_base_price,
                    base_demand=base_demand,
                    price=price,
                    country=country,
                    n=n,
                    u=u,
                    r=r,
                    out=best,
                )
                if not worth:
                    best[:] = 0.0


@njit(cache=True, error_model="numpy")
def considered_partners(
    offers: Offers,
    terms: Terms,
    agreed: Ints,
    month: int,
    bev: float,
    factor: Floats,
    at_base_price: Floats,
    base_demand: Floats,
    price: Floats,
    country: int,
    n: int,
    r: int,
    out: Out[Floats],
    wanted: Out[Flags],
) -> int:
    """Fill every partner that line n could take in lane r, and give their number.

    ``out``: float64[rows, fields], in the order of the offers; ``wanted``: bool[rows], whether it
    pays by itself. The rest as for :func:`partner_proposals`.
    """
    first, last, count = offers.line_offers[n], offers.line_offers[n + 1], 0
    for u in range(first, last):
        if _open(offers, agreed=agreed, month=month, first=first, last=last, u=u, r=r):
            out[count] = 0.0
            wanted[count] = _propose(
                offers,
                terms=terms,
                agreed=agreed,
                bev=bev,
                factor=factor,
                at_base_price=at_base_price,
                base_demand=base_demand,
                price=price,
                country=country,
                n=n,
                u=u,
                r=r,
                out=out[count],
            )
            count += 1
    return count


@njit(cache=True, error_model="numpy")
def _propose(
    offers: Offers,
    terms: Terms,
    agreed: Ints,
    bev: float,
    factor: Floats,
    at_base_price: Floats,
    base_demand: Floats,
    price: Floats,
    country: int,
    n: int,
    u: int,
    r: int,
    out: Out[Floats],
) -> bool:
    """Fill the proposal to take partner u; false where it is not worth its outlay."""
    taken = 0
    for v in range(offers.line_offers[n], offers.line_offers[n + 1]):
        taken += agreed[v, r] != NEVER
    gain = min(terms.gain[n, r], terms.cap[n, r] - taken * terms.gain[n, r])
    m = offers.outlet[n]
    units = MONTHS_PER_YEAR * max(0.0, gain) * bev * at_base_price[m, r] / factor[n, r]
    sunk = terms.outlay[n, r] * MONTHS_PER_YEAR * base_demand[m] * price[n]
    cost = (terms.discount[n, r] + terms.depreciation[n, r]) * sunk
    benefit, hurdle = units * price[n] * terms.margin[n, r], terms.diffusion[n, r]
    out[field.NET] = benefit - cost * hurdle
    out[field.KIND] = field.PARTNER
    out[field.SLICE] = u
    out[field.COUNTRY] = country
    out[field.VOLUME] = units
    out[field.SUNK] = sunk
    out[field.LEAD] = np.floor(terms.months[n, r] + 0.5)
    out[field.HURDLE] = hurdle
    out[field.DEMAND] = benefit
    out[field.UNCERTAINTY] = -cost * (hurdle - 1.0)
    out[field.ENTRY] = -cost
    return bool(gain > 0.0 and out[field.NET] > 0.0)


@njit(cache=True, error_model="numpy")
def _open(offers: Offers, agreed: Ints, month: int, first: int, last: int, u: int, r: int) -> bool:
    """Whether partner u is to be had by now, in a field that has no partner yet."""
    for v in range(first, last):
        if offers.field[v] == offers.field[u] and agreed[v, r] != NEVER:
            return False
    return bool(month >= offers.month[u])
