"""What recorded billings already hold of the answer to controls, taken out by a declared rule.

Billings of 2022-25 are what chip makers bought *under* the controls: stocks in them, American tools
that never came not in them. Demand without controls is the record over the response that the model
itself gives under the law as enacted, counted with ``record_share``.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.axes import MONTHS_PER_YEAR
from sim.decisions.buyers import (
    Buyers,
    completed,
    diversion,
    local_share,
    localisation,
    mean_of,
    no_response,
    stock_response,
)
from sim.engine.chip_tools.terms import LawView
from sim.world.customers import ToolMarket


def region_weights(market: ToolMarket, month: int) -> Floats:
    """Weights of the buyers of one's own market, float64[U, U]: a row sums to 1."""
    place, share = market.market, market.spending[:, month]
    same = place[:, None] == place[None, :]
    return np.asarray(same * share[None, :])


def record_relief(market: ToolMarket, view: LawView, billings: Floats) -> Floats:
    """Demand without controls over recorded billings, float64[T, U, R], equal within a market.

    ``view`` sees the law as enacted in every lane; ``billings``: float64[U, T], index of the
    buyer's market. After the record its last year's mean holds: the billings that are held then are
    those of that year.
    """
    terms, lanes = view.terms, len(view.law)
    buyers = no_response(len(market.customers), lanes, int(terms.buyers.lag.max()))
    least = terms["least_demand_share"]
    months = market.spending.shape[1]
    relief = np.ones((months, len(market.customers), lanes))
    for month in range(min(months, market.recorded)):
        buyers, answer = _answer(market, view, buyers, month)
        held = 1.0 + terms["record_share"] * (answer - 1.0)
        relief[month] = np.clip(1.0 / held, least, 1.0 / least)
    if months > market.recorded:
        year = slice(market.recorded - 12, market.recorded)
        weight = billings[:, year, None].transpose(1, 0, 2)
        relief[market.recorded :] = (weight * relief[year]).sum(axis=0) / weight.sum(axis=0)
    return relief


def _answer(market: ToolMarket, view: LawView, buyers: Buyers, month: int) -> tuple[Buyers, Floats]:
    """Buyers a month on, and foreign purchases over those without controls, float64[U, R]."""
    terms, region = view.terms, region_weights(market, month)
    band = np.zeros(len(view.law), dtype=np.int64)
    reached = view.reached(month, band, terms["anticipation_on"])
    buyers, arriving = stock_response(buyers, terms.buyers, month, reached, region)
    lost = [view.denied(month, maker) for maker in (0, *view.rivals)]
    us = 1 + market.rivals.index("US")
    denied = sum(share * part for share, part in zip(terms.supply, lost, strict=True))
    years, floor = month / MONTHS_PER_YEAR, view.floor(month)
    buyers = localisation(buyers, terms.buyers, denied, region, floor, years)
    base, local = local_share(buyers, terms.buyers, years)
    buyers, taken = diversion(buyers, terms.buyers, lost[us], base + local)
    foreign = (1.0 + arriving) * (1.0 - local / (1.0 - base))
    foreign = foreign * completed(buyers, terms.buyers, terms.supply[us], taken)
    served = 1.0 - denied + terms.supply[us] * taken
    return buyers, 1.0 + mean_of(region, foreign * served - 1.0)
