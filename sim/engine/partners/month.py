"""Technology partners in China: what they do to demand, and when one is taken."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.partnership import NEVER, partner_factors, partner_proposals
from sim.engine.partners.state import Partners
from sim.engine.simulation import Simulation
from sim.engine.steps import orders

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def widen_demand(s: Simulation) -> None:
    """Multiply a line's demand in China by what its partners add by now."""
    block = s.partners
    if block is None:
        return
    t, month = s.state.month, s.month
    partner_factors(
        block.offers, block.terms, block.agreed, t, float(block.bev[t]), block.factor
    )  # fmt: skip
    lines = np.flatnonzero(offered(s))
    outlets = block.offers.outlet[lines]
    month.base_demand[outlets] *= block.factor[lines]
    month.demand[outlets] *= block.factor[lines]


def review(s: Simulation) -> None:
    """Let every line that one more partner pays for take it, if it decides so and can afford it."""
    block = s.partners
    if block is None:
        return
    t = s.state.month
    partner_proposals(
        block.offers, block.terms, block.agreed, t, float(block.bev[t]), block.factor,
        s.month.base_demand, s.base.demand, s.base.price, COUNTRY_INDEX["CN"], block.proposals,
    )  # fmt: skip
    draw = s.streams.uniform("partner", s.ids["line"], t)
    decided = draw < s.parameters["decision_probability"]
    if s.choose is not None:
        decided = s.choose(block.proposals, np.arange(len(decided)), decided)
    _agree(s, block, decided)


def _agree(s: Simulation, block: Partners, decided: Flags) -> None:
    """Make agreements under the budget, the line of greatest value first; paid at once."""
    proposals, layout, state = block.proposals, s.layout, s.state
    lines, lanes = np.nonzero((proposals[:, :, field.NET] > 0.0) & decided)
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


def partner_names(s: Simulation, proposal: Floats) -> NDArray[np.object_]:
    """Name of the partner of every logged proposal; empty for other kinds."""
    rows = () if s.partners is None else s.partners.rows
    taken = proposal[:, field.KIND] == field.PARTNER
    return np.array(
        [
            rows[int(row)].partner if own else ""
            for row, own in zip(proposal[:, field.SLICE], taken, strict=True)
        ],
        dtype=object,
    )


def agreements(s: Simulation) -> Floats:
    """Number of partners that every line has in China, float64[N, R]."""
    if s.partners is None:
        return np.zeros((len(s.world.lines), s.lanes))
    made = np.zeros((len(s.partners.rows) + 1, s.lanes))
    np.cumsum(s.partners.agreed != NEVER, axis=0, out=made[1:])
    return np.diff(made[s.partners.offers.line_offers], axis=0)


def offered(s: Simulation) -> Flags:
    """Lines that technology partners in China are on offer to, bool[N]."""
    if s.partners is None:
        return np.zeros(len(s.world.lines), dtype=np.bool_)
    return np.diff(s.partners.offers.line_offers) > 0
