"""What export rules are expected to cost where tools might be made, and what they did to orders.

``docs/chip_tools.md``, Sites. Looked at in reviews alone.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import COUNTRY_INDEX, MONTHS_PER_YEAR
from sim.decisions import proposal as field
from sim.decisions.site_losses import site_losses, weigh_rules
from sim.engine.chip_tools.build import CHINA_RULE
from sim.engine.chip_tools.rare_earths import content_loss
from sim.engine.chip_tools.state import Tools
from sim.engine.simulation import Simulation

_CHINA = COUNTRY_INDEX["CN"]
NOTHING = 1e-12
"""Changes of orders below this part are rounding."""


def expect_rules(s: Simulation, tools: Tools) -> None:
    """In a review: what rules are expected to cost on each route, and what they did to orders."""
    if s.is_review:
        route = tools.rows.route
        s.month.controls[route] += _expected(s, tools)
        s.month.lawful[tools.rows.outlet] = _lawful(tools)


def _expected(s: Simulation, tools: Tools) -> Floats:
    """Yearly loss by rules on each route of tools over price, float64[tool_routes, R]."""
    now, rows, terms, p = tools.month, tools.rows, tools.terms, s.parameters
    cost, blocked = np.zeros_like(s.month.controls), np.zeros_like(s.month.controls)
    margin = p["lost_sale_margin"]
    site_losses(
        rows.book,
        ruling=now.ruling,
        bound=tools.bound(),
        spending=np.ascontiguousarray(tools.market.spending[:, s.state.month]),
        service_share=terms["service_share"],
        margin=margin,
        yearly=p["discount"],
        applying=terms["licence_cost_share"],
        around=terms["via_home_cost_share"],
        cost=cost,
        blocked=blocked,
    )
    line = s.layout.route_line[rows.route]
    lost = content_loss(tools, s.state.month) + _not_local(tools, s.state.month)
    risk = _risk(tools, s.state.month) * (1.0 - blocked[rows.route])
    return np.asarray(cost[rows.route] + margin[line] * (lost + risk))


def _not_local(tools: Tools, month: int) -> Floats:
    """Part of orders that China's own rule on tools takes from each route, float64[tool_routes, R].

    What buyers will have made up of the missing share when a plant is ready, not what they have.
    """
    rows, state, terms = tools.rows, tools.state.buyers, tools.terms
    base = np.minimum(
        terms.buyers.most_local,
        terms.buyers.start_share + terms.buyers.trend * month / MONTHS_PER_YEAR,
    )
    missing = np.maximum(0.0, tools.view.floor(month) - base - state.localised)
    asked = terms.buyers.obeys * missing / (1.0 - base)
    taken = _by_outlet(tools, asked, month)[rows.route_outlet]
    here = ((rows.route_origin == _CHINA) & (rows.route_market == _CHINA))[:, None]
    return np.asarray(taken * (1.0 - here * terms["made_in_china_share"]))


def _risk(tools: Tools, month: int) -> Floats:
    """Part of free orders that further rules are expected to reach, float64[tool_routes, R].

    Rules are expected to reach as much of a market a year as they did so far.
    """
    rows, terms, buyers = tools.rows, tools.terms, tools.state.buyers
    years = terms["control_prior_years"] + month / MONTHS_PER_YEAR
    pace = _by_outlet(tools, buyers.tightened, month) / years
    reach = np.minimum(1.0, terms["control_horizon_years"] * pace)[rows.route_outlet]
    exempt = np.stack([law.exempt[month] for law in tools.controls.laws], axis=1)[:, tools.view.law]
    spared = np.where(exempt[rows.route_origin], terms["exempt_risk_share"], 1.0)
    return np.asarray(reach * spared)


def _by_outlet(tools: Tools, values: Floats, month: int) -> Floats:
    """Means over the buyers of an outlet's market, by what they spend, float64[O, R]."""
    market, rows = tools.market, tools.rows
    out = np.zeros((len(rows.outlet), values.shape[1]))
    place = np.zeros(len(rows.outlet), dtype=np.int64)
    place[rows.route_outlet] = rows.route_market
    for u, here in enumerate(market.market):
        out[place == here] += market.spending[u, month] * values[u]
    return out


def _lawful(tools: Tools) -> Floats:
    """Orders that may leave over those without any rule, float64[O, R]; 1 where none reach.

    Parts and service, which follow the installed base, count as wanted on both sides.
    """
    now, rows = tools.month, tools.rows
    service = (rows.book.service == 1)[:, None]
    free = np.where(service, now.wanted, now.usual * now.free[rows.book.customer])
    whole, left = rows.by_outlet @ free, rows.by_outlet @ now.filled.shipped
    ratio = np.divide(left, whole, out=np.ones_like(whole), where=whole > 0.0)
    return np.where(np.abs(ratio - 1.0) < NOTHING, 1.0, ratio)


def name_rules(s: Simulation, tools: Tools) -> None:
    """Name the rule that weighed most in each decision of this month that rules have a part in."""
    events, month = s.events, s.state.month
    for k in range(len(events.month) - 1, -1, -1):
        if events.month[k] != month:
            break
        if events.line[k] in tools.lines and events.proposal[k][field.CONTROLS] != 0.0:
            events.rule[k] = _heaviest(s, tools, events.proposal[k], events.lane[k])


def _heaviest(s: Simulation, tools: Tools, order: Floats, lane: int) -> str:
    """Rule that refuses or delays most where work leaves, or goes, as the driver points.

    Where none does, the one that does so for all makers in the same markets: their orders are
    what comes here, and what buyers stock up for.
    """
    routes = _routes(s, order)
    own = _weighed(s, tools, routes, lane) or _chinese_rule(s, tools, routes, lane)
    if own:
        return own
    everywhere = np.isin(s.layout.route_market, s.layout.route_market[routes])
    return _weighed(s, tools, np.flatnonzero(everywhere), lane)


def _weighed(s: Simulation, tools: Tools, routes: Ints, lane: int) -> str:
    """Rule that refuses or delays most on some routes; empty where none does."""
    weight, month = np.zeros(len(tools.rules)), s.state.month
    for line in np.intersect1d(s.layout.route_line[routes], tools.lines):
        weigh_rules(
            tools.rows.book,
            ruling=tools.month.ruling,
            spending=np.ascontiguousarray(tools.market.spending[:, month]),
            service_share=tools.terms["service_share"],
            wanted=np.isin(tools.rows.route, routes),
            line=int(line),
            lane=lane,
            out=weight,
        )
    return tools.rules[int(weight.argmax())] if weight.any() else ""


def _chinese_rule(s: Simulation, tools: Tools, routes: Ints, lane: int) -> str:
    """China's rule on content or on local tools, where one of them reaches a route."""
    month, law = s.state.month, tools.controls.laws[int(tools.view.law[lane])]
    if law.china[month].any():
        rows = np.flatnonzero(np.isin(tools.rows.route, routes))
        if content_loss(tools, month)[rows, lane].any():
            return CHINA_RULE
    sold = tools.market.market[law.floor[month] > 0.0]
    return law.floor_rule if np.isin(s.layout.route_market[routes], sold).any() else ""


def _routes(s: Simulation, order: Floats) -> Ints:
    """Routes that a decision is about: that of a slice, or all of a plant."""
    kind = int(order[field.KIND])
    if kind in (field.EXPAND, field.RESTART, *field.SHRINKS):
        return np.flatnonzero(s.layout.route_plant == int(order[field.PLANT]))
    slice_, place = int(order[field.SLICE]), int(order[field.COUNTRY])
    ends = [int(s.layout.slice_route[slice_]), int(s.layout.slice_destination[slice_, place])]
    away = (order[field.CONTROLS] > 0.0) != (kind == field.RETURN)
    return np.array([ends[0] if away else ends[1]])
