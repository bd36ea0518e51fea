"""Dear materials in the unit cost of plants, and as a reason to make goods in China.

``docs/model.md`` 4 and 8, Materials.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import MONTHS_PER_YEAR
from sim.decisions import proposal as field
from sim.engine.ends import ends_of
from sim.engine.materials.state import Materials
from sim.engine.simulation import Simulation
from sim.world.material_rules import MaterialRules


def raise_unit_costs(s: Simulation, own: Materials) -> None:
    """Unit costs rise by the premium on materials under Chinese rules, as stocks run out."""
    month = s.state.month
    for law, here in _in_use(own):
        code = law.code[month][:, own.place]
        if code.any():
            spell = law.spell[month][:, own.place, None]
            dear = _premium(own, code, here)
            bought = np.minimum(1.0, spell / own.stock[:, here])
            rise = (own.share[:, :, here] * dear * bought).sum(axis=0)
            s.month.full_cost[own.plant[:, None], here] *= 1.0 + rise


def expect_premiums(s: Simulation, own: Materials) -> None:
    """In a review: what materials under rules, and under further ones, cost on each route."""
    if s.is_review:
        rise = _expected(own, s.state.month).sum(axis=0)
        cost = np.zeros_like(s.month.plan_cost)
        cost[own.plant] = rise * s.month.plan_cost[own.plant] / s.base.price[own.line, None]
        s.month.controls += cost[s.layout.route_plant]


def name_materials(s: Simulation, own: Materials) -> None:
    """Name the rule on the material that weighed most in each decision of this month."""
    events, month = s.events, s.state.month
    weight: Floats | None = None
    for k in range(len(events.month) - 1, -1, -1):
        if events.month[k] != month:
            break
        order = events.proposal[k]
        if order[field.CONTROLS] != 0.0 and not events.rule[k]:
            weight = _expected(own, month) if weight is None else weight
            events.rule[k] = _heaviest(own, weight, ends_of(s, order)[:2], (month, events.lane[k]))


def _in_use(own: Materials) -> Iterator[tuple[MaterialRules, Ints]]:
    """Each law and its lanes."""
    for number, law in enumerate(own.laws):
        here = np.flatnonzero(own.law == number)
        if here.size:
            yield law, here


def _premium(own: Materials, code: Floats | Ints, here: Ints) -> Floats:
    """Rise of each price, by material, plant and lane; ``code`` by material and plant."""
    rows = np.arange(len(own.plant))[:, None]
    return np.asarray(own.premium[code[:, :, None], rows, here])


def _expected(own: Materials, month: int) -> Floats:
    """Rise of unit cost by each material that a planner expects, float64[class_materials, rows, R].

    Rules are expected to go a step further as often as they did so far.
    """
    out = np.zeros_like(own.share)
    for law, here in _in_use(own):
        code = law.code[month][:, own.place]
        now = _premium(own, code, here)
        next_ = _premium(own, np.minimum(code + 1, len(own.premium) - 1), here)
        years = own.prior_years[:, here] + month / MONTHS_PER_YEAR
        pace = law.tightened[month][:, own.place, None] / years
        risk = np.minimum(1.0, own.horizon[:, here] * pace)
        out[:, :, here] = own.share[:, :, here] * (now + risk * (next_ - now))
    return out


def _heaviest(own: Materials, weight: Floats, ends: tuple[int, int], at: tuple[int, int]) -> str:
    """Rule on the material that costs most at either end, in a (month, lane); empty for none."""
    rows = np.flatnonzero(np.isin(own.plant, ends))
    month, lane = at
    if not rows.size:
        return ""
    costs = weight[:, rows, lane]
    h, d = np.unravel_index(int(costs.argmax()), costs.shape)
    law = own.laws[int(own.law[lane])]
    return law.names[int(law.rule[month, h, own.place[rows[d]]])]
