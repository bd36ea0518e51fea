"""What makers of chip tools do and pay under controls: leave buyers, redesign, dear materials."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, MONTHS_PER_YEAR
from sim.decisions.licence_sums import APPLIED, LISTED, add_up
from sim.engine.chip_tools.state import Tools
from sim.engine.simulation import Simulation
from sim.world.layout import Layout


def settle(s: Simulation, tools: Tools) -> None:
    """Installed base, buyers left and found again, redesign, and what licences cost a line."""
    _add_up(tools)
    now, state, terms = tools.month, tools.state, tools.terms
    new = now.sums.delivered / (1.0 - terms["service_share"])
    state.installed = state.installed + (new - state.installed) / terms["tool_life_months"]
    state.legal = state.legal + (now.filled.legal - state.legal) / MONTHS_PER_YEAR
    leaves = (state.legal < terms["exit_permitted_share"]) & (terms["exit_on"] > 0.5)
    state.gone = leaves | (state.gone & (state.legal < terms["buyer_return_share"]))
    now.cost = (
        terms["licence_cost_share"] * now.sums.by_line[APPLIED]
        + terms["violation_cost_share"] * now.sums.by_line[LISTED]
        + terms["via_home_cost_share"] * now.filled.by_home
        + _redesign(tools, s.state.month, s.parameters)
    )
    s.month.line_cost += now.cost


def _add_up(tools: Tools) -> None:
    """Sums of the month by line, account and buyer."""
    now = tools.month
    add_up(
        tools.rows.book,
        listed=now.ruling.listed[now.ruling.law].T,
        turned=now.turned,
        contested=tools.market.contested,
        gain=now.gain,
        stocked=now.stocked,
        legal=tools.state.legal,
        lift=now.lift,
        counted=now.counted,
        here=now.here,
        built=now.built,
        relief=now.free,
        usual=now.usual,
        wanted=now.wanted,
        backlog=tools.state.backlog,
        filled=now.filled,
        out=now.sums,
    )


def _redesign(tools: Tools, month: int, parameters: Mapping[str, Floats]) -> Floats:
    """Step redesigns and start those that pay, float64[N, R]: their cost."""
    state, below = tools.state, _next_threshold(tools)
    cost = np.zeros_like(state.content)
    ready = state.redesign == 1
    state.content = np.where(ready, tools.terms["redesign_below_share"] * below, state.content)
    state.redesign = np.maximum(0, state.redesign - 1)
    if month % round(float(parameters["review_months"][0, 0])) or not below.any():
        return cost
    for n in tools.lines:
        worth, outlay = _worth(tools, n, below[n], parameters)
        start = (below[n] > 0.0) & (state.redesign[n] == 0) & ~ready[n] & (worth > outlay)
        start &= tools.terms["redesign_on"] > 0.5
        months = np.maximum(1, np.rint(tools.terms["redesign_months"])).astype(np.int64)
        state.redesign[n] = np.where(start, months, state.redesign[n])
        cost[n] = np.where(start, outlay, 0.0)
    return cost


def _thresholds(tools: Tools) -> Floats:
    """Thresholds of US content of each lane's own law, float64[R, B - 1]."""
    return np.array([law.content for law in tools.controls.laws])[tools.view.law]


def _next_threshold(tools: Tools) -> Floats:
    """Threshold that a redesign would go below, float64[N, R]; 0 where none lies below.

    It is the nearest one at which an answer of the month's law turns; where none of them does, the
    nearest that the law knows on any day.
    """
    state, ruling, cuts = tools.state, tools.month.ruling, _thresholds(tools)
    turns = (ruling.us[:, :, 1:] != ruling.us[:, :, :-1]).any(axis=1)[tools.view.law]
    under = state.content[tools.lines][..., None] > cuts
    known = np.where(under, cuts, 0.0).max(axis=-1, initial=0.0)
    turning = np.where(under & turns, cuts, 0.0).max(axis=-1, initial=0.0)
    below = np.zeros_like(state.content)
    below[tools.lines] = np.where(turning > 0.0, turning, known)
    return below


def _worth(
    tools: Tools, line: int, below: Floats, parameters: Mapping[str, Floats]
) -> tuple[Floats, Floats]:
    """Value of orders that US content below a threshold frees, and outlay; float64[R] all."""
    now, book, terms = tools.month, tools.rows.book, tools.terms
    ruling = now.ruling
    cells = np.flatnonzero(book.line == line)
    query, band = book.direct[cells, 0], ruling.band[line]
    lower = (below[:, None] > _thresholds(tools)).sum(axis=-1)
    odds = [
        np.take_along_axis(
            terms.approve_us, ruling.us[ruling.law, :, one][:, query].T.astype(np.int64), axis=0
        )
        for one in (lower, band)
    ]
    yearly = MONTHS_PER_YEAR * now.wanted[cells]
    freed = (yearly * (odds[0] - odds[1])).sum(axis=0)
    margin = parameters["base_margin"][line]
    life = 1.0 / (parameters["discount"][line] + parameters["depreciation"][line])
    return freed * margin * life, terms["redesign_cost_share"] * yearly.sum(axis=0)


def material_premium(tools: Tools, month: int) -> Floats:
    """Rise of a tool's unit cost by Chinese controls on materials, float64[I, R]."""
    market, terms = tools.market, tools.terms
    out = np.zeros((len(COUNTRIES), len(tools.view.law)))
    for number, law in enumerate(tools.controls.laws):
        here = np.flatnonzero(tools.view.law == number)
        if here.size and law.material[month].any():
            premium = terms.premium[:, here][law.material[month]]
            for material, cost in enumerate(market.material_cost):
                out[:, here] += cost * premium[material]
    return out


def raise_costs(s: Simulation, tools: Tools) -> None:
    """Unit costs of tool plants rise by the premium on materials under Chinese controls."""
    if any(law.material[s.state.month].any() for law in tools.controls.laws):
        layout, month = s.layout, s.month
        plants = np.flatnonzero(np.isin(layout.plant_line, tools.lines))
        premium = material_premium(tools, s.state.month)[layout.plant_country[plants]]
        for values in (month.full_cost, month.plan_cost, month.plan_at_base_fx):
            values[plants] *= 1.0 + premium


def usable_capacity(tools: Tools, layout: Layout, month: int, capacity: Floats) -> Floats:
    """Capacity under banned materials, float64[P, R]: stocks last a while, then output stops."""
    if not any(law.banned[month].any() for law in tools.controls.laws):
        return capacity
    stop = np.zeros((len(COUNTRIES), capacity.shape[1]))
    stock, on = tools.terms["material_stock_months"], tools.terms["materials_on"]
    for number, law in enumerate(tools.controls.laws):
        here = np.flatnonzero(tools.view.law == number)
        empty = law.banned[month][..., None] > stock[here]
        share = (tools.market.material_stop[:, None, None] * empty).max(axis=0)
        stop[:, here] = on[here] * share
    out = capacity.copy()
    plants = np.flatnonzero(np.isin(layout.plant_line, tools.lines))
    out[plants] *= 1.0 - stop[layout.plant_country[plants]]
    return out
