"""Unit costs of the month by plant, and the bundle of costs that investment kernels take."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats, Out
from sim.decisions import cost
from sim.decisions.views import Costs
from sim.engine.simulation import Simulation


def unit_costs(s: Simulation) -> None:
    """Unit cost by plant: in full for the books, damped for planning, and that at base rates."""
    month, p = s.month, s.parameters
    unused = np.empty_like(month.full_cost)
    cost.plant_factors(
        s.layout,
        ramp=s.state.ramp,
        capacity=s.state.capacity,
        reference=s.base.reference_capacity,
        scale_elasticity=p["scale_elasticity"],
        out=month.factor,
    )
    at_base_fx = (month.macro_at_base_fx, month.wage_at_base_fx, month.energy_at_base_fx)
    _unit_costs(s, *at_base_fx, full=unused, plan=month.plan_at_base_fx)
    of_month = (month.macro, month.wage, month.energy)
    _unit_costs(s, *of_month, full=month.full_cost, plan=month.plan_cost)


def _unit_costs(
    s: Simulation,
    macro: Floats,
    wage: Floats,
    energy: Floats,
    *,
    full: Out[Floats],
    plan: Out[Floats],
) -> None:
    """Costs at given prices of places; ``macro, wage, energy``: float64[I, R]."""
    month, p = s.month, s.parameters
    cost.unit_costs(
        s.layout,
        macro=macro,
        wage=wage,
        energy=energy,
        parts_duty=month.parts_duty,
        parts_mix=s.state.parts_mix,
        output=s.base.output,
        base_cost=s.base_cost,
        factor=month.factor,
        labour=p["labour_share"],
        parts=p["parts_share"],
        energy_share=p["energy_share"],
        wage_exponent=p["wage_exponent"],
        macro_exponent=p["macro_exponent"],
        full=full,
        plan=plan,
    )


def costs_view(s: Simulation) -> Costs:
    """Costs of the month as the investment kernels take them."""
    month = s.month
    return Costs(
        plan=month.plan_cost,
        plan_at_base_fx=month.plan_at_base_fx,
        factor=month.factor,
        parts_duty=month.parts_duty,
        controls=month.controls,
        base_cost=s.base_cost,
        duty=month.duty,
        base_duty=s.base_duty,
        transfer_price=s.state.transfer_price,
        freight=s.base.freight,
        freight_plan=s.state.freight_plan,
        price=s.base.price,
    )
