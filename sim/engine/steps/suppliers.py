"""Suppliers: whom parts come from, what duty they bear, and whom they follow.

``docs/model.md`` 4 (Dual sourcing), 6 (Parts makers follow their assemblers) and 9 (supplier
support).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, PRODUCTS, VEHICLES
from sim.decisions.suppliers import supplier_shares
from sim.engine.row_sums import sum_rows
from sim.engine.simulation import Simulation

_RESIDUE = 1e-12
"""Duties below it are residues of the weights of a month's days."""


def source_parts(s: Simulation) -> None:
    """Shares of suppliers move, and with them the duty on the month's parts."""
    month, state, p, t = s.month, s.state, s.parameters, s.state.month
    if t > 0:
        mix = np.empty_like(state.parts_mix)
        log_due = np.log1p(np.stack([law.parts_due[t] - law.parts_due[0] for law in s.laws]))
        supplier_shares(
            s.layout,
            law=s.law,
            log_macro=np.log(month.macro),
            log_due=log_due,
            base_share=s.base.parts_source,
            before=state.parts_mix,
            theta=p["parts_theta"],
            macro_exponent=p["macro_exponent"],
            kept=p["dual_source_share"],
            reallocation=p["parts_reallocation"],
            out=mix,
        )
        state.parts_mix = mix
    month.parts_rate = _net_rate(s, state.parts_mix, t)
    month.parts_duty = month.parts_rate - _net_rate(s, s.base.parts_source[..., None], 0)


def _net_rate(s: Simulation, shares: Floats, t: int) -> Floats:
    """Duty on bought parts less the credit, over their value, float64[P, R] (``d_p``)."""
    due = np.stack([law.parts_due[t] for law in s.laws], axis=-1)[..., s.law]
    credit = np.stack([law.parts_credit[t] for law in s.laws], axis=-1)[:, s.law]
    return np.asarray(shares[:, 0] * due[:, 0] + shares[:, 1] * due[:, 1] - credit)


def follow_assemblers(s: Simulation) -> None:
    """Demand for parts moves with what car plants in the market have made of late (``K_m``)."""
    layout, share = s.layout, s.parameters["keiretsu_share"]
    rows = np.flatnonzero(np.any(share > 0.0, axis=1)[layout.outlet_line])
    cars = np.flatnonzero(_assembles(s)[layout.plant_line])
    if not len(rows) or not len(cars):
        return
    now, base = _made(s, cars, s.state.output_average), _made(s, cars, s.base.output[:, None])
    ratio = np.divide(now, base, out=np.ones_like(now), where=base > 0.0)
    factor = ratio[layout.outlet_market[rows]] ** share[layout.outlet_line[rows]]
    s.month.followed[rows] = factor
    s.month.base_demand[rows] *= factor
    s.month.demand[rows] *= factor


def _assembles(s: Simulation) -> NDArray[np.bool_]:
    return np.array([PRODUCTS[k] in VEHICLES for k in s.world.product_of_line])


def _made(s: Simulation, plants: Ints, units: Floats) -> Floats:
    """Value at base prices of what these plants make, by place, float64[I, R]."""
    layout = s.layout
    value = units[plants] * s.base.price[layout.plant_line[plants], None]
    return sum_rows(layout.plant_country[plants], value, len(COUNTRIES))


def support(s: Simulation, parts_value: Floats) -> Floats:
    """What assemblers bear of the duty that their local suppliers pay, float64[P, R] in real USD.

    ``parts_value``: float64[P, R], parts in the month's output before duty.
    """
    line, p = s.layout.plant_line, s.parameters
    borne = (p["supplier_support"] * p["supplier_import_share"])[line]
    rate = np.stack([_duty_of_suppliers(s, law) for law in range(len(s.laws))], axis=1)
    return np.asarray(borne * s.state.parts_mix[:, 2] * parts_value * rate[:, s.law])


def _duty_of_suppliers(s: Simulation, law: int) -> Floats:
    """Duty above base on parts, averaged over China and Japan in base shares, float64[P]."""
    due, base = s.laws[law].parts_due, s.base.parts_source[:, :2]
    rise = ((due[s.state.month] - due[0]) * base).sum(axis=1)
    abroad = base.sum(axis=1)
    mean = np.divide(rise, abroad, out=np.zeros_like(rise), where=abroad > 0.0)
    return np.where(mean > _RESIDUE, mean, 0.0)
