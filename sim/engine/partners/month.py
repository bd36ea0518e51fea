"""Technology partners in China: what they do to demand, and when one is taken."""

from __future__ import annotations

import numpy as np

from sim.arrays import Flags, Floats
from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.partnership import (
    NEVER,
    considered_partners,
    partner_factors,
    partner_proposals,
)
from sim.decisions.proposal import Listed
from sim.engine.partners.state import Partners
from sim.engine.simulation import Simulation
from sim.engine.steps import orders
from sim.engine.steps.draws import drawn

NAME = "partners"
"""Name of the mechanism, and of its step in a review."""


def widen_demand(s: Simulation, block: Partners) -> None:
    """Demand for a line's cars in China grows by what its technology partners add by now."""
    t, month = s.state.month, s.month
    partner_factors(
        block.offers,
        terms=block.terms,
        agreed=block.agreed,
        month=t,
        reach=block.reach(t, s.inputs["rivals"]),
        out=block.factor,
        given_up=block.given_up,
    )
    lines = np.flatnonzero(offered(block))
    outlets = block.offers.outlet[lines]
    month.base_demand[outlets] *= block.factor[lines]
    month.demand[outlets] *= block.factor[lines]


def pay_partners(s: Simulation, block: Partners) -> None:
    """Partners have their share of what cars with their technology earn."""
    lines = np.flatnonzero(offered(block))
    outlets = block.offers.outlet[lines]
    held = s.world.equity_share[lines, COUNTRY_INDEX["CN"]] * s.base.price[lines]
    theirs = block.given_up[lines] * block.terms.margin[lines] * s.month.sold[outlets]
    s.month.line_cost[lines] += held[:, None] * theirs


def review(s: Simulation, block: Partners) -> None:
    """Each quarter a line that one more technology partner pays for may take it, on its budget."""
    if not s.is_review:
        return
    t = s.state.month
    partner_proposals(
        block.offers,
        terms=block.terms,
        agreed=block.agreed,
        month=t,
        reach=block.reach(t, s.inputs["rivals"]),
        factor=block.factor,
        at_base_price=s.month.base_demand,
        base_demand=s.base.demand,
        price=s.base.price,
        country=COUNTRY_INDEX["CN"],
        out=block.proposals,
    )
    chosen = drawn(s, "partner") & (block.proposals[:, :, field.NET] > 0.0)
    if s.agents is not None:
        chosen = s.agents.answer(NAME, block.proposals, np.arange(len(chosen)), chosen)
    _agree(s, block, chosen)


def considered(s: Simulation, block: Partners, n: int, r: int) -> Listed:
    """Every partner that line n could take in lane r."""
    rows = int(block.offers.line_offers[n + 1] - block.offers.line_offers[n])
    out, wanted = np.zeros((rows, field.FIELDS)), np.zeros(rows, dtype=np.bool_)
    t = s.state.month
    count = considered_partners(
        block.offers,
        terms=block.terms,
        agreed=block.agreed,
        month=t,
        reach=block.reach(t, s.inputs["rivals"]),
        factor=block.factor,
        at_base_price=s.month.base_demand,
        base_demand=s.base.demand,
        price=s.base.price,
        country=COUNTRY_INDEX["CN"],
        n=n,
        r=r,
        out=out,
        wanted=wanted,
    )
    return Listed(out[:count], wanted[:count], np.repeat(drawn(s, "partner")[n, r], count))


def _agree(s: Simulation, block: Partners, ordered: Flags) -> None:
    """Make agreements under the budget, the line of greatest value first; paid at once."""
    proposals, layout, state = block.proposals, s.layout, s.state
    lines, lanes = np.nonzero(ordered)
    net = proposals[lines, lanes, field.NET]
    for k in np.lexsort((lines, -net, layout.line_firm[lines], lanes)):
        n, r = int(lines[k]), int(lanes[k])
        chosen, firm = proposals[n, r], layout.line_firm[n]
        if state.budget[firm, r] < chosen[field.SUNK]:
            continue
        state.budget[firm, r] -= chosen[field.SUNK]
        orders.pay_at_once(s, n, r, chosen[field.SUNK])
        block.agreed[int(chosen[field.SLICE]), r] = state.month
        s.events.add(state.month, r, n, chosen, state.month + int(chosen[field.LEAD]))


def agreements(block: Partners) -> Floats:
    """Number of partners that every line has in China, float64[N, R]."""
    made = np.zeros((block.agreed.shape[0] + 1, block.agreed.shape[1]))
    np.cumsum(block.agreed != NEVER, axis=0, out=made[1:])
    return np.diff(made[block.offers.line_offers], axis=0)


def offered(block: Partners) -> Flags:
    """Lines that technology partners in China are on offer to, bool[N]."""
    return np.diff(block.offers.line_offers) > 0
