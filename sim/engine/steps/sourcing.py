"""Sourcing of the month: what each route costs, and the shares that plants have at outlets."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.axes import MONTHS_PER_YEAR
from sim.decisions import sourcing
from sim.engine.simulation import Simulation


def delivered_costs(s: Simulation) -> None:
    """Planning cost delivered over each route."""
    month = s.month
    sourcing.delivered_costs(
        s.layout,
        plan=month.plan_cost,
        factor=month.factor,
        freight=s.base.freight,
        freight_plan=s.state.freight_plan,
        duty=month.duty,
        transfer_price=s.state.transfer_price,
        price=s.base.price,
        out=month.delivered,
    )


def share_targets(s: Simulation) -> Floats:
    """Shares that sourcing would have if all of the range were up, float64[E, R]."""
    state, month, p = s.state, s.month, s.parameters
    target = np.empty_like(state.share)
    sourcing.share_targets(
        s.layout,
        delivered=month.delivered,
        base_delivered=s.base_delivered,
        kernel_base=state.kernel_base,
        capacity=state.capacity,
        capacity_base=state.capacity_base,
        years=state.month / MONTHS_PER_YEAR,
        drift=p["china_drift_per_year"],
        floor=p["drift_share_floor"],
        theta=p["theta"],
        outlet_sum=month.column,
        out=target,
    )
    return target


def step_shares(s: Simulation, target: Floats) -> None:
    """A part of the range is up: its shares become those aimed at before the retooling lag."""
    state, p = s.state, s.parameters
    share = np.empty_like(state.share)
    sourcing.shares(
        s.layout,
        share=state.share,
        target=target,
        targets_before=state.share_target,
        reallocation=p["reallocation_share"],
        lag=p["retooling_lag_months"],
        out=share,
    )
    state.share = share
