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
            dear = _of_answer(own.premium, code, here)
            bought = np.minimum(1.0, spell / own.stock[:, here])
            rise = (own.share[:, :, here] * dear * bought).sum(axis=0)
            s.month.full_cost[own.plant[:, None], here] *= 1.0 + rise


def count_standing_lines(s: Simulation, own: Materials) -> None:
    """Books bear what lines lose that stand for a late licence, once their stocks are used up."""
    month = s.state.month
    for law, here in _in_use(own):
        code, since = law.code[month][:, own.place], law.since[month][:, own.place, None]
        if code.any():
            late = _of_answer(own.late, code, here)
            waits = late * np.exp(-(since + 0.5) / own.delay[:, here])
            waits *= since >= own.line_stock[:, here]
            stands = (own.needed[:, :, here] * waits).max(axis=0)
            made = s.month.output[own.plant[:, None], here] * s.base.price[own.line, None]
            for row, n in enumerate(own.line):
                s.month.line_cost[n, here] += made[row] * own.lost[row, here] * stands[row]


def expect_rules(s: Simulation, own: Materials) -> None:
    """In a review: what rules on materials, and further ones, are expected to cost on a route."""
    if s.is_review:
        rise, stands = _expected(own, s.state.month)
        cost = np.zeros_like(s.month.plan_cost)
        cost[own.plant] = rise.sum(axis=0) * _over_price(s, own) + stands.max(axis=0)
        s.month.controls += cost[s.layout.route_plant]


def _over_price(s: Simulation, own: Materials) -> Floats:
    """Planning cost over price of every row, float64[rows, R]."""
    made = s.month.plan_cost[own.plant] * s.month.factor[own.plant]
    return np.asarray(made / s.base.price[own.line, None])


def name_materials(s: Simulation, own: Materials) -> None:
    """Name the rule on the material that weighed most in each decision of this month."""
    events, month = s.events, s.state.month
    weight: Floats | None = None
    for k in range(len(events.month) - 1, -1, -1):
        if events.month[k] != month:
            break
        order = events.proposal[k]
        if order[field.CONTROLS] != 0.0 and not events.rule[k]:
            if weight is None:
                rise, stands = _expected(own, month)
                weight = rise * _over_price(s, own) + stands
            events.rule[k] = _heaviest(own, weight, ends_of(s, order)[:2], (month, events.lane[k]))


def _in_use(own: Materials) -> Iterator[tuple[MaterialRules, Ints]]:
    """Each law and its lanes."""
    for number, law in enumerate(own.laws):
        here = np.flatnonzero(own.law == number)
        if here.size:
            yield law, here


def _of_answer(by_answer: Floats, code: Floats | Ints, here: Ints) -> Floats:
    """Values by material, plant and lane of a code, int[class_materials, rows]."""
    rows = np.arange(code.shape[1])[:, None]
    return np.asarray(by_answer[code[:, :, None], rows, here])


def _expected(own: Materials, month: int) -> tuple[Floats, Floats]:
    """What a planner expects of each material, float64[class_materials, rows, R] both.

    The rise of unit cost, and what standing lines lose a year over price. Rules are expected to go
    a step further as often as they did so far.
    """
    out, stands = np.zeros_like(own.share), np.zeros_like(own.share)
    for law, here in _in_use(own):
        code = law.code[month][:, own.place]
        stricter = np.minimum(code + 1, len(own.premium) - 1)
        now, next_ = (_of_answer(own.premium, one, here) for one in (code, stricter))
        years = own.prior_years[:, here] + month / MONTHS_PER_YEAR
        pace = law.tightened[month][:, own.place, None] / years
        risk = np.minimum(1.0, own.horizon[:, here] * pace)
        out[:, :, here] = own.share[:, :, here] * (now + risk * (next_ - now))
        delay = own.delay[:, here]
        months = _of_answer(own.late, stricter, here) * delay
        months *= np.exp(-own.line_stock[:, here] / delay)
        lost = own.lost[:, here] * pace * months / MONTHS_PER_YEAR
        stands[:, :, here] = own.needed[:, :, here] * lost
    return out, stands


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
