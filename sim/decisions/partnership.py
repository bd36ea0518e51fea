"""Technology partners of car lines in China: products with a launch, and whether one more pays.

``docs/model.md`` 8, Partners. An agreement launches a product of one kind of car. What it sells
follows the kind's share of the market, what rivals leave of it, and the age of the product.
"""

from __future__ import annotations

import math
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
    lead: Ints
    """int64[offers]: months from the agreement to the launch."""
    content: Floats
    """float64[offers]: the partner's share of the value, and of what the product earns."""
    outlet: Ints
    """int64[N]: the line's outlet in China, -1 where it has none."""


class Terms(NamedTuple):
    """Parameters of partnerships, float64[N, R]."""

    strength: Floats
    ramp: Floats
    """Months from the launch to full sales."""
    pace: Floats
    """Fall of a product's strength as rivals launch newer ones, a year."""
    margin: Floats
    outlay: Floats
    """What the line itself pays for a product, share of its yearly base sales in China."""
    discount: Floats
    depreciation: Floats
    diffusion: Floats


class Reach(NamedTuple):
    """What the month's market leaves to products and lines."""

    product: Floats
    """float64[offers]: part of the market that the product competes for."""
    line: Floats
    """float64[N]: what rivals leave of the line's sales of 2017."""


@njit(cache=True, error_model="numpy")
def partner_factors(
    offers: Offers,
    terms: Terms,
    agreed: Ints,
    month: int,
    reach: Reach,
    out: Out[Floats],
    given_up: Out[Floats],
) -> None:
    """Fill what products add to a line's demand in China, float64[N, R], 1 where nothing.

    ``agreed``: int64[offers, R], month of the agreement or :data:`NEVER`. ``given_up``:
    float64[N, R], the partners' part of what the line's sales there earn.
    """
    for n in range(out.shape[0]):
        for r in range(out.shape[1]):
            added, theirs = 0.0, 0.0
            for u in range(offers.line_offers[n], offers.line_offers[n + 1]):
                since = month - agreed[u, r] - offers.lead[u]
                if agreed[u, r] != NEVER and since > 0:
                    strength = terms.strength[n, r] * min(1.0, since / terms.ramp[n, r])
                    strength *= math.exp(-terms.pace[n, r] * since / MONTHS_PER_YEAR)
                    added += strength * reach.product[u]
                    theirs += offers.content[u] * strength * reach.product[u]
            out[n, r] = 1.0 + added / reach.line[n] if added > 0.0 else 1.0
            given_up[n, r] = theirs / (reach.line[n] + added) if added > 0.0 else 0.0


@njit(cache=True, error_model="numpy")
def partner_proposals(
    offers: Offers,
    terms: Terms,
    agreed: Ints,
    month: int,
    reach: Reach,
    factor: Floats,
    at_base_price: Floats,
    base_demand: Floats,
    price: Floats,
    country: int,
    out: Out[Floats],
) -> None:
    """Fill each line's proposal to take a partner, float64[N, R, fields]; ``NET`` 0 where none.

    The benefit is what the cars of the product earn at full sales, at demand and kinds of the
    month, less the partner's share; the outlay is weighed with the diffusion hurdle and with the
    pace at which products age. Of the partners on offer in free fields that of greatest value is
    taken, of equal ones the first.

    Parameters
    ----------
    factor
        float64[N, R], :func:`partner_factors` of the month.
    at_base_price
        float64[M, R], demand of the month at base prices, products included.
    base_demand
        float64[M], base demand, units a month.
    price, country
        float64[N], USD; row of China.
    """
    trial = np.zeros(out.shape[2])
    for n in range(out.shape[0]):
        first, last = offers.line_offers[n], offers.line_offers[n + 1]
        for r in range(out.shape[1]):
            best = out[n, r]
            best[:] = 0.0
            for u in range(first, last):
                if _open(offers, agreed=agreed, month=month, first=first, last=last, u=u, r=r):
                    worth = _propose(
                        offers,
                        terms=terms,
                        reach=reach,
                        factor=factor,
                        at_base_price=at_base_price,
                        base_demand=base_demand,
                        price=price,
                        country=country,
                        n=n,
                        u=u,
                        r=r,
                        out=trial,
                    )
                    if worth and trial[field.NET] > best[field.NET]:
                        best[:] = trial


@njit(cache=True, error_model="numpy")
def considered_partners(
    offers: Offers,
    terms: Terms,
    agreed: Ints,
    month: int,
    reach: Reach,
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
            wanted[count] = _propose(
                offers,
                terms=terms,
                reach=reach,
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
    reach: Reach,
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
    m = offers.outlet[n]
    size = at_base_price[m, r] / (factor[n, r] * reach.line[n])
    units = MONTHS_PER_YEAR * terms.strength[n, r] * reach.product[u] * size
    sunk = terms.outlay[n, r] * MONTHS_PER_YEAR * base_demand[m] * price[n]
    cost = (terms.discount[n, r] + terms.depreciation[n, r] + terms.pace[n, r]) * sunk
    benefit = units * price[n] * terms.margin[n, r] * (1.0 - offers.content[u])
    hurdle = terms.diffusion[n, r]
    out[:] = 0.0
    out[field.NET] = benefit - cost * hurdle
    out[field.KIND] = field.PARTNER
    out[field.SLICE] = u
    out[field.COUNTRY] = country
    out[field.VOLUME] = units
    out[field.SUNK] = sunk
    out[field.LEAD] = offers.lead[u]
    out[field.HURDLE] = hurdle
    out[field.DEMAND] = benefit
    out[field.UNCERTAINTY] = -cost * (hurdle - 1.0)
    out[field.ENTRY] = -cost
    return bool(benefit > 0.0 and out[field.NET] > 0.0)


@njit(cache=True, error_model="numpy")
def _open(offers: Offers, agreed: Ints, month: int, first: int, last: int, u: int, r: int) -> bool:
    """Whether partner u is to be had by now, in a field that has no partner yet."""
    for v in range(first, last):
        if offers.field[v] == offers.field[u] and agreed[v, r] != NEVER:
            return False
    return bool(month >= offers.month[u])
