"""Chip tools under export control in the month: the law, its buyers' answer, orders under licence.

``docs/chip_tools.md``. The law is asked before the run (:mod:`sim.world.chip_tools.rulings`); a
month looks up its answers, steps the buyers' responses and then fills the outlets' orders under
licence.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Flags, Floats
from sim.axes import MONTHS_PER_YEAR
from sim.decisions.buyers import (
    completed,
    diversion,
    local_share,
    localisation,
    stock_response,
)
from sim.decisions.licensing import fill_orders, route_shares, wanted_orders
from sim.decisions.tool_orders import Filled
from sim.engine.chip_tools.billings import region_weights
from sim.engine.chip_tools.build import ruling_of
from sim.engine.chip_tools.makers import usable_capacity
from sim.engine.chip_tools.order_book import used_book
from sim.engine.chip_tools.rare_earths import content_spared
from sim.engine.chip_tools.state import Tools
from sim.engine.random_streams import Streams
from sim.engine.simulation import Simulation


def open_month(s: Simulation, tools: Tools) -> None:
    """The law on chip tools, and how their buyers answer it: stocks, other and local makers."""
    state, terms, market, month = tools.state, tools.terms, tools.market, s.state.month
    now, region = tools.month, region_weights(market, month)
    now.ruling = ruling_of(tools.controls, tools.rule_of, tools.view, state.content, month)
    band = now.ruling.band[tools.lines[0]]
    reached = tools.view.reached(month, band, terms["anticipation_on"])
    state.buyers, now.stocked = stock_response(state.buyers, terms.buyers, month, reached, region)
    lost = [tools.view.denied(month, maker) for maker in tools.view.rivals]
    us = market.rivals.index("US")
    denied = sum(share * part for share, part in zip(terms.supply[1:], lost, strict=True))
    denied = denied + terms.supply[0] * _lost_share(tools)
    years, floor = month / MONTHS_PER_YEAR, tools.view.floor(month)
    state.buyers = localisation(state.buyers, terms.buyers, denied, region, floor, years)
    base, local = local_share(state.buyers, terms.buyers, years)
    state.buyers, taken = diversion(state.buyers, terms.buyers, lost[us], base + local)
    now.gain = tools.rivalry * taken
    at_home = (market.market == market.market[0])[:, None]
    now.local = at_home * (base + local)
    now.lift = 1.0 - local / (1.0 - base)
    now.counted = terms["made_in_china_share"] * state.buyers.asked / (1.0 - base)
    now.built = completed(state.buyers, terms.buyers, terms.supply[1 + us], taken)


def _lost_share(tools: Tools) -> Floats:
    """Part of buyers' orders to Japanese makers that was lost last month, float64[U, R]."""
    lost, wanted = tools.month.sums.lost, tools.month.sums.wanted
    return np.divide(lost, wanted, out=np.zeros_like(lost), where=wanted > 0.0).clip(max=1.0)


def serve_under_licence(s: Simulation, tools: Tools) -> None:
    """Demand of tool outlets becomes what may leave; sourcing shares and capacity likewise."""
    month, rows = s.month, tools.rows.outlet
    _place_orders(s, tools)
    _fill_orders(s, tools)
    factor = _factor(tools, month.demand[rows])
    month.demand[rows] *= factor
    month.base_demand[rows] *= factor
    month.share = _licensed_shares(tools, month.share, month.demand)
    month.usable = usable_capacity(tools, s.layout, s.state.month, month.usable)


def _place_orders(s: Simulation, tools: Tools) -> None:
    """What buyers order by the record, and what they order in answer to the law."""
    now, rows, terms, state, t = tools.month, tools.rows, tools.terms, tools.state, s.state.month
    index = s.month.index[rows.outlet]
    now.free, now.here = _free(tools, index, t), _made_here(tools, s.state.share)
    left, now.turned = now.free * now.built, _turned_away(tools)
    wanted_orders(
        rows.book,
        spending=np.ascontiguousarray(tools.market.spending[:, t]),
        demand=s.month.demand[rows.outlet],
        index=index,
        base_demand=s.base.demand[rows.outlet],
        service_share=terms["service_share"],
        service_on=terms["service_on"],
        lift=left * now.lift,
        counted=left * now.counted,
        here=now.here,
        stocked=now.stocked,
        gain=now.gain,
        contested=tools.market.contested,
        installed=state.installed,
        turned=now.turned,
        legal=state.legal,
        gone=state.gone,
        usual=now.usual,
        wanted=now.wanted,
    )


def _turned_away(tools: Tools) -> Floats:
    """Part of listed buyers' orders that makers turn away beyond the law, float64[U, R]."""
    ruling, terms = tools.month.ruling, tools.terms
    beyond = terms["overcompliance_share"] * terms["overcompliance_on"]
    return np.asarray(ruling.listed[ruling.law].T * beyond)


def _made_here(tools: Tools, share: Floats) -> Floats:
    """Part of an outlet's tools that is made in its own market, float64[O, R].

    Nobody asks in months in which China asks for no Chinese tools.
    """
    rows = tools.rows
    here = np.zeros((len(rows.outlet), share.shape[1]))
    if tools.month.counted.any():
        home = rows.route_origin == rows.route_market
        here[rows.route_outlet[home]] = share[rows.route[home]]
    return here


def _free(tools: Tools, index: Floats, month: int) -> Floats:
    """What purchases without any rule are over the path of spending, float64[U, R]."""
    relief, on = tools.relief[month], tools.terms["billings_on"]
    recorded = index[tools.rows.outlet_of_buyer] * relief
    return np.asarray(relief * (1.0 + (1.0 - on) * (1.0 / recorded - 1.0)))


def _fill_orders(s: Simulation, tools: Tools) -> None:
    """Ship what is free, put the rest under application, decide what waits."""
    now, share, t = tools.month, s.state.share, s.state.month
    spared = content_spared(tools, t, share)
    _use_routes(tools, share)
    touched = _touched(tools)
    _clear(now.filled, now.touched)
    now.touched = touched | (spared.min() < 1.0)
    decided, granted = (
        _draws(tools, s.streams, name, t, touched) for name in ("licence_wait", "licence")
    )
    fill_orders(
        now.book,
        ruling=now.ruling,
        touched=touched,
        share=share,
        spared=spared,
        wanted=now.wanted,
        decided=decided,
        granted=granted,
        backlog=tools.state.backlog,
        filled=now.filled,
    )


def _use_routes(tools: Tools, share: Floats) -> None:
    """Leave out of the month's book the routes that carry nothing in any lane."""
    now = tools.month
    used = np.asarray((share[tools.rows.route] > 0.0).any(axis=1))
    if not np.array_equal(used, now.used):
        now.used, now.book = used, used_book(tools.rows.book, used)


def _clear(filled: Filled, touched: Flags) -> None:
    """Take last month's entries away; only cells that a law touched have any."""
    for values in (filled.legal, filled.deviation, filled.lost_by_rule, filled.by_home):
        values[:] = 0.0
    for values in (filled.denied, filled.cancelled, filled.revoked, filled.applied):
        values[touched] = 0.0


def _touched(tools: Tools) -> Flags:
    """Cells that some law in use restricts this month, or whose orders wait, bool[C]."""
    book, bound = tools.month.book, np.append(tools.bound(), False)
    before, held = np.flatnonzero(tools.month.touched), tools.state.backlog
    waits = np.zeros(len(book.line), dtype=np.bool_)
    waits[before] = (held.good[before] + held.bad[before]).any(axis=1)
    return np.asarray(bound[book.direct].any(axis=1) | waits)


def _draws(tools: Tools, streams: Streams, name: str, month: int, touched: Flags) -> Floats:
    draws = np.ones_like(tools.month.wanted)
    cells = np.flatnonzero(touched)
    if cells.size:
        draws[cells] = streams.uniform(name, tools.ids[cells], month)
    return draws


def _factor(tools: Tools, demand: Floats) -> Floats:
    """What may leave for an outlet over its orders by the record; exactly 1 where nothing binds."""
    now = tools.month
    change = tools.rows.by_outlet @ (now.filled.shipped - now.usual)
    return 1.0 + np.divide(change, demand, out=np.zeros_like(change), where=demand > 0.0)


def _licensed_shares(tools: Tools, share: Floats, demand: Floats) -> Floats:
    """Sourcing shares under the law, float64[E, R]; ``demand``: float64[M, R], licensed orders."""
    if not tools.month.filled.deviation.any():
        return share
    out = np.empty_like(share)
    route_shares(
        tools.month.book, share, tools.month.filled.deviation, demand[tools.rows.outlet], out
    )
    return out
