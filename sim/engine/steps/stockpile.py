"""Goods leave ahead of an announced duty, out of straight time that nothing else needs."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.decisions.stockpile import buy_ahead
from sim.engine.simulation import Simulation
from sim.law.instrument import STAGES


def ship_ahead(s: Simulation) -> None:
    """Add to the month's flows what is shipped ahead of duties (``docs/model.md`` 7)."""
    t, month, state, p = s.state.month, s.month, s.state, s.parameters
    if t == 0 or not any(law.announced[t].any() for law in s.laws):
        state.ahead = np.zeros_like(state.ahead)
        return
    bought, ahead, made = (np.empty_like(x) for x in (state.ahead, state.ahead, month.output))
    buy_ahead(
        s.layout,
        law=s.law,
        announced=np.stack([law.announced[t] for law in s.laws]),
        announced_in=np.stack([law.announced_in[t] for law in s.laws]),
        announced_stage=np.stack([law.announced_stage[t] for law in s.laws]),
        enforced=enforcement(s),
        demand=month.demand,
        share=state.share,
        spare=np.maximum(0.0, s.straight * month.usable - month.output),
        before=state.ahead,
        ahead_months=p["ahead_months"],
        holding_cost=p["holding_cost"],
        bought=bought,
        made=made,
        ahead=ahead,
    )
    month.flow += bought
    month.output += made
    state.ahead = ahead


def enforcement(s: Simulation) -> Floats:
    """Belief that what is announced will be carried out, float64[L, stages, B, R] (``pi``)."""
    t = s.state.month
    yes, no = announced_priors(s)
    return np.stack(
        [
            (yes + law.carried_count[t][..., None]) / (yes + no + law.announced_count[t][..., None])
            for law in s.laws
        ]
    )


def announced_priors(s: Simulation) -> tuple[Floats, Floats]:
    """Prior counts of what is carried out and what is not, float64[stages, 1, R] each."""
    yes, no = (
        np.stack([s.parameters[f"{stage}_prior_{answer}"][0] for stage in STAGES])[:, None]
        for answer in ("yes", "no")
    )
    return yes, no
