"""The measure that weighs most in what duties are worth to a decision.

Measures count with what they charge, or are likely to, on the routes that the decision is about and
on parts at both ends, above the base year. Beliefs on how long a duty lasts are left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.engine.ends import Ends, ends_of
from sim.engine.route_duty import RouteDuty
from sim.engine.simulation import Simulation
from sim.law.instrument import STAGES
from sim.law.rates.components import MFN

Charged = defaultdict[str, float]
"""Measure -> what it charges, share of price."""
_SUPPLIERS = (COUNTRY_INDEX["CN"], COUNTRY_INDEX["JP"])


class Duties:
    """Names the duties behind the decisions of a block."""

    def __init__(self, s: Simulation) -> None:
        self._s = s
        self._on_route = cache(self._charged)
        self._on_parts = cache(self._charged_on_parts)

    def behind(self, k: int) -> str:
        """Id of the measure that weighs most in a decision's driver ``duty``; empty for none.

        An agreement where a preference weighs most, ``mfn`` where the base rate does.
        """
        s = self._s
        order, lane, month = s.events.proposal[k], s.events.lane[k], s.events.month[k]
        driver = float(order[field.DUTY])
        if not driver or order[field.KIND] == field.PARTNER:
            return ""
        ends, law, sign = ends_of(s, order), int(s.law[lane]), math.copysign(1.0, driver)
        if ends.left_route >= 0:
            return _most(_change(self._between(law, t, ends) for t in (month, 0)), sign)
        sign = -sign if order[field.KIND] in field.SHRINKS else sign
        apart, level = (
            _change(found)
            for found in zip(*(self._in_place(law, t, ends.taken) for t in (month, 0)), strict=True)
        )
        return _most(apart, sign) or _most(level, 0.0)

    def _between(self, law: int, t: int, ends: Ends) -> Charged:
        """What each measure charges more where work leaves than where it goes."""
        found: Charged = defaultdict(float)
        _add(found, self._delivered(law, t, ends.left_route), 1.0)
        _add(found, self._delivered(law, t, ends.taken_route), -1.0)
        return found

    def _in_place(self, law: int, t: int, plant: int) -> tuple[Charged, Charged]:
        """What each measure charges in a plant's markets, beyond the plant's goods and in all."""
        layout, base = self._s.layout, self._s.base
        level: Charged = defaultdict(float)
        apart: Charged = defaultdict(float)
        routes = np.flatnonzero(layout.route_plant == plant)
        outlets = layout.route_outlet[routes]
        weights = base.demand[outlets] * np.maximum(base.share[routes], _LEAST)
        for e, m, part in zip(routes, outlets, weights / weights.sum(), strict=True):
            _add(apart, self._delivered(law, t, int(e)), -float(part))
            for other in np.flatnonzero((layout.route_outlet == m) & (base.share > 0.0)):
                rates = self._delivered(law, t, int(other))
                _add(level, rates, float(part * base.share[other]))
        _add(apart, level, 1.0)
        return apart, level

    def _delivered(self, law: int, t: int, e: int) -> Charged:
        """What each measure charges on a route and on the parts of its goods."""
        found: Charged = defaultdict(float)
        _add(found, self._on_route(law, t, e), 1.0)
        _add(found, self._on_parts(law, t, int(self._s.layout.route_plant[e])), 1.0)
        return found

    def _charged(self, law: int, t: int, e: int) -> Charged:
        """What each measure charges, or is likely to, on a route."""
        s, one = self._s, self._s.laws[law]
        n, places = (
            int(s.layout.route_line[e]),
            (s.layout.route_market[e], s.layout.route_origin[e]),
        )
        flow = t, int(places[0]), int(places[1]), int(s.world.product_of_line[n])
        found = _divided(one, flow, self._by_basis(one, t, e, n))
        earned = np.isclose(one.permanent[t, e], one.source.mfn[flow])
        agreement = "" if earned else one.source.claimable(*flow)
        found[agreement or MFN] += float(one.permanent[t, e])
        return found

    def _by_basis(self, one: RouteDuty, t: int, e: int, n: int) -> dict[bool, Floats]:
        """Duty of a route by basis: in force (True), and announced as far as it is likely."""
        s, stage = self._s, one.announced_stage[t, e]
        yes, no = (
            np.array([s.parameters[f"{name}_prior_{answer}"][n, 0] for name in STAGES])
            for answer in ("yes", "no")
        )
        now = one.extra[t, e].copy()
        now[now.argmax()] -= one.relief[t, e] * s.parameters["us_content"][n, 0]
        return {True: now, False: one.announced[t, e] * (yes / (yes + no))[stage]}

    def _charged_on_parts(self, law: int, t: int, p: int) -> Charged:
        """What each measure charges on a plant's parts, at base suppliers, over the price."""
        s, one = self._s, self._s.laws[law]
        found: Charged = defaultdict(float)
        n, j = int(s.layout.plant_line[p]), int(s.layout.plant_country[p])
        value = (1.0 - s.parameters["base_margin"][n, 0]) * s.parameters["parts_share"][n, 0]
        for number, supplier in enumerate(_SUPPLIERS):
            flow = t, j, supplier, int(s.world.parts_product_of_line[n])
            part = float(value * s.base.parts_source[p, number])
            rates = one.parts_rate[t, p, number]
            charged = _divided(one, flow, {True: rates[1:]})
            charged[MFN] += float(rates[0])
            _add(found, charged, part)
        return found


_NOTHING = 1e-9
"""Rates below are rounding."""
_LEAST = 1e-6
"""Part of an outlet's base sales that a plant without any counts with."""


def _add(to: Charged, rates: Charged, part: float) -> None:
    for name, rate in rates.items():
        to[name] += part * rate


def _change(found: Iterable[Charged]) -> Charged:
    """What the first has more than the second."""
    now, before = found
    change: Charged = defaultdict(float)
    _add(change, now, 1.0)
    _add(change, before, -1.0)
    return change


def _most(weight: Charged, sign: float) -> str:
    """The measure of greatest weight of a sign (0: of either); empty where none has any."""
    size = {name: sign * rate if sign else abs(rate) for name, rate in sorted(weight.items())}
    best = max(size, key=lambda name: size[name], default="")
    return best if size.get(best, 0.0) > _NOTHING else ""


def _divided(one: RouteDuty, flow: tuple[int, int, int, int], duty: dict[bool, Floats]) -> Charged:
    """Duties by basis, in force and to come, divided over their measures by what each charges."""
    measures = one.source.measures(*flow)
    found: Charged = defaultdict(float)
    for measure in measures:
        rates = duty.get(measure.stage < 0)
        alike = [
            other.rate for other in measures
            if other.basis == measure.basis and (other.stage < 0) == (measure.stage < 0)
        ]  # fmt: skip
        if rates is not None and sum(alike) > 0.0:
            found[measure.id] += float(rates[measure.basis]) * measure.rate / sum(alike)
    return found
