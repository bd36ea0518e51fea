"""Chip tools under export control: the phase ``licences`` and what follows from it in the month.

``docs/chip_tools.md``. The law is asked before the run (:mod:`sim.world.tool_law`); a month looks up
its answers, steps the buyers' responses and then fills the outlets' orders under licence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.decisions.buyers import (
    Buyers,
    diversion,
    localisation,
    no_response,
    stock_response,
)
from sim.decisions.licensing import Filled, Ruling, fill_orders, route_shares, wanted_orders
from sim.engine.streams import Streams, entity_ids
from sim.engine.tool_book import ToolRows, installed_base, tool_rows
from sim.engine.tool_record import record_relief, region_weights
from sim.engine.tool_terms import LawView, ToolTerms, tool_terms
from sim.law.controls.history import ControlHistory
from sim.world.customers import ToolMarket
from sim.world.layout import Layout
from sim.world.state import Base
from sim.world.tool_law import ToolLaw, tool_law
from sim.world.tool_queries import home_mix, tool_lines
from sim.world.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

CHINA_RULE = "cn_content"
"""Name under which losses to China's rule on content are booked."""
BACK_WHEN = 0.5
"""A maker comes back to a buyer when this share of its orders may ship, averaged over a year."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Control laws of a run: one for each law index, and the one as enacted, which the record knew."""

    laws: tuple[ToolLaw, ...]
    record: ToolLaw


def controls_of(world: World, histories: Sequence[ControlHistory]) -> Controls | None:
    """The control laws of these histories; None in a world without chip tools."""
    if world.tools is None:
        return None
    laws = tuple(tool_law(world, history) for history in histories)
    return Controls(laws, tool_law(world, ControlHistory()))


@dataclass(slots=True, eq=False)
class ToolState:
    """What a month of the chip-tool block changes; lane last."""

    buyers: Buyers
    backlog: Floats
    """float64[C, R]: orders under application, USD at 2017 prices."""
    installed: Floats
    """float64[A, R]: new tools a month that the installed base stands for."""
    legal: Floats
    """float64[A, R]: share of the account's orders that may ship, averaged over a year."""
    gone: Flags
    """bool[A, R]: buyers that the maker has left."""
    content: Floats
    """float64[N, R]: US content of a line's tools."""
    redesign: Ints
    """int64[N, R]: months until a redesigned tool is ready, 0 for none under way."""


@dataclass(slots=True, eq=False)
class ToolMonth:
    """The month in hand, USD at 2017 prices."""

    usual: Floats
    """float64[C, R]: orders by the record."""
    wanted: Floats
    """float64[C, R]: orders placed."""
    turned: Floats
    """float64[C, R]: orders turned away beyond the law."""
    filled: Filled
    lift: Floats
    """float64[U, R]: purchases without controls over recorded ones, less what Chinese makers took."""
    gain: Floats
    """float64[U, R]: orders diverted from US makers over a contested line's own."""
    stocked: Floats
    """float64[U, R]: part of purchases that goes into stock (or comes out of it)."""
    local: Floats
    """float64[U, R]: Chinese makers' share of the buyer's purchases."""
    cost: Floats
    """float64[N, R]: applications, risk, detours, redesign."""
    ruling: Ruling | None = None


@dataclass(slots=True, eq=False)
class Tools:
    """Everything of the chip-tool block."""

    market: ToolMarket
    controls: Controls
    rows: ToolRows
    terms: ToolTerms
    view: LawView
    relief: Floats
    """float64[T, U, R]."""
    rules: tuple[str, ...]
    """Rules that losses are booked under; China's content rule last."""
    rule_of: tuple[NDArray[np.int16], ...]
    """Place in :attr:`rules` of each law's reasons."""
    rivalry: Floats
    """float64[R]: US sales over contested Japanese sales in China, 2017."""
    ids: NDArray[np.uint32]
    state: ToolState
    month: ToolMonth
    lines: list[int]


def build_tools(
    world: World,
    layout: Layout,
    base: Base,
    controls: Controls,
    law: Ints,
    parameters: Mapping[str, Floats],
) -> Tools:
    """The block at month 0."""
    market = world.tools
    assert market is not None
    lanes, lines = len(law), tool_lines(world)
    rows = tool_rows(world, layout, market, controls.laws[0])
    terms = tool_terms(market, lines[0], parameters)
    home = home_mix(world, market)
    view = LawView(market, controls.laws, law, terms, home)
    whole = tool_terms(market, lines[0], parameters, whole=True)
    enacted = LawView(market, (controls.record,), np.zeros(lanes, dtype=np.int64), whole, home)
    billings = world.market_index[lines[0]][market.market]
    rules, rule_of = _rules(controls.laws)
    return Tools(
        market=market, controls=controls, rows=rows, terms=terms, view=view,
        relief=record_relief(market, enacted, billings), rules=rules, rule_of=rule_of,
        rivalry=_rivalry(world, market, lines, terms), ids=entity_ids(rows.names),
        state=_state(market, rows, base, parameters, lanes),
        month=_month(market, rows, layout, len(world.lines), len(rules), lanes), lines=lines,
    )  # fmt: skip


def _state(
    market: ToolMarket, rows: ToolRows, base: Base, parameters: Mapping[str, Floats], lanes: int
) -> ToolState:
    accounts, cells = len(rows.account_line), len(rows.book.line)
    installed = installed_base(rows, base, market)
    return ToolState(
        buyers=no_response(len(market.customers), lanes),
        backlog=np.zeros((cells, lanes)),
        installed=np.repeat(installed[:, None], lanes, axis=1),
        legal=np.ones((accounts, lanes)),
        gone=np.zeros((accounts, lanes), dtype=np.bool_),
        content=parameters["us_content"].copy(),
        redesign=np.zeros(parameters["us_content"].shape, dtype=np.int64),
    )


def _month(
    market: ToolMarket, rows: ToolRows, layout: Layout, lines: int, rules: int, lanes: int
) -> ToolMonth:
    cells, buyers = len(rows.book.line), len(market.customers)

    def zeros(count: int) -> Floats:
        return np.zeros((count, lanes))

    filled = Filled(
        shipped=zeros(cells), denied=zeros(cells), cancelled=zeros(cells), applied=zeros(cells),
        legal=zeros(len(rows.account_line)), deviation=zeros(len(layout.route_line)),
        lost_by_rule=zeros(rules), by_home=zeros(lines),
    )  # fmt: skip
    return ToolMonth(
        usual=zeros(cells), wanted=zeros(cells), turned=zeros(cells), filled=filled,
        lift=np.ones((buyers, lanes)), gain=zeros(buyers), stocked=zeros(buyers),
        local=zeros(buyers), cost=zeros(lines),
    )  # fmt: skip


def _rules(laws: Sequence[ToolLaw]) -> tuple[tuple[str, ...], tuple[NDArray[np.int16], ...]]:
    """Every rule that some law names, and where each law's reasons stand among them."""
    names = sorted({said.rule for law in laws for said in law.reasons} - {""})
    rules = ("", *names, CHINA_RULE)
    place = {name: number for number, name in enumerate(rules)}
    rows = tuple(
        np.array([place[said.rule] for said in law.reasons], dtype=np.int16) for law in laws
    )
    return rules, rows


def _rivalry(world: World, market: ToolMarket, lines: list[int], terms: ToolTerms) -> Floats:
    """US makers' sales in China over the contested sales of Japanese lines there, 2017."""
    china = int(market.market[0])
    own = world.base_flow[lines, :, china].sum(axis=1)
    contested = float((own * market.contested[lines]).sum())
    return np.asarray(terms["us_tool_share"] * market.billings[china] / contested)


def open_month(tools: Tools, month: int) -> None:
    """The law of the month, and how buyers answer it."""
    state, terms, market = tools.state, tools.terms, tools.market
    now, region = tools.month, region_weights(market, month)
    now.ruling = _ruling(tools, month)
    band = now.ruling.band[tools.lines[0]]
    reached = tools.view.reached(month, band, terms["anticipation_on"])
    now.stocked = stock_response(state.buyers, terms.buyers, month, reached, region)
    lost = [tools.view.denied(month, maker) for maker in tools.view.rivals]
    us = market.rivals.index("US")
    now.gain = tools.rivalry * diversion(state.buyers, terms.buyers, lost[us])
    denied = sum(share * part for share, part in zip(terms.supply[1:], lost, strict=True))
    denied = denied + terms.supply[0] * _lost_share(tools)
    base, local = localisation(state.buyers, terms.buyers, denied, region, month / 12.0)
    at_home = (market.market == market.market[0])[:, None]
    now.local = at_home * (base + local)
    now.lift = tools.relief[month] * (1.0 - local / (1.0 - base))


def _lost_share(tools: Tools) -> Floats:
    """Part of buyers' orders to Japanese makers that was lost last month, float64[U, R]."""
    now, by_customer = tools.month, tools.rows.by_customer
    lost = by_customer @ (now.filled.denied + now.filled.cancelled)
    wanted = by_customer @ now.wanted
    return np.divide(lost, wanted, out=np.zeros_like(lost), where=wanted > 0.0).clip(max=1.0)


def _ruling(tools: Tools, month: int) -> Ruling:
    laws, terms = tools.controls.laws, tools.terms
    cuts = np.array(laws[0].content)
    band = (tools.state.content[..., None] > cuts).sum(axis=-1)
    return Ruling(
        law=tools.view.law, band=band,
        us=np.stack([law.us[month] for law in laws]),
        own=np.stack([law.own[month] for law in laws]),
        rule=np.stack([
            rows[law.said[month]] for law, rows in zip(laws, tools.rule_of, strict=True)
        ]),
        listed=np.stack([law.listed[month] for law in laws]),
        approve_us=terms.approve_us, approve_own=terms.approve_own,
        wait_us=terms.wait_us, wait_own=terms.wait_own,
        reroute=terms["reroute_share"] * terms["reroute_on"], cancel=terms["cancel_share"],
    )  # fmt: skip


def fill(
    tools: Tools,
    streams: Streams,
    month: int,
    index: Floats,
    base_demand: Floats,
    share: Floats,
    demand: Floats,
) -> Floats:
    """Put the outlets' orders under licence; gives the factor on their demand, float64[O, R].

    ``index, base_demand``: float64[M]; ``share``: float64[E, R]; ``demand``: float64[M, R], USD a month.
    """
    now, rows, terms, state = tools.month, tools.rows, tools.terms, tools.state
    ruling, outlet = now.ruling, rows.outlet
    assert ruling is not None
    listed = ruling.listed[ruling.law].T
    turned = listed * (terms["overcompliance_share"] * terms["overcompliance_on"])
    at_2017 = 1.0 + terms["billings_on"] * (index[outlet, None] - 1.0)
    lift = now.lift * (at_2017 / index[outlet, None])[rows.outlet_of_buyer]
    wanted_orders(
        rows.book, np.ascontiguousarray(tools.market.spending[:, month]), demand[outlet],
        index[outlet], base_demand[outlet], terms["service_share"], terms["service_on"], lift,
        now.stocked, now.gain, tools.market.contested, state.installed, turned, state.legal,
        state.gone, now.usual, now.wanted,
    )  # fmt: skip
    _clear(now.filled)
    touched = _touched(tools, ruling)
    decided, granted = (_draws(tools, streams, name, month, touched)
                        for name in ("licence_wait", "licence"))  # fmt: skip
    fill_orders(rows.book, ruling, touched, share, _spared(tools, month, share), now.wanted,
                decided, granted, state.backlog, now.filled)  # fmt: skip
    return _factor(tools, demand[outlet])


def _clear(filled: Filled) -> None:
    for values in filled:
        values[:] = 0.0


def _touched(tools: Tools, ruling: Ruling) -> Flags:
    """Cells that some law in use restricts this month, or whose orders wait, bool[C]."""
    book = tools.rows.book
    free_us = np.flatnonzero((tools.terms.wait_us == 0.0).all(axis=1))
    free_own = np.flatnonzero((tools.terms.wait_own == 0.0).all(axis=1))
    bound = (~np.isin(ruling.us, free_us)).any(axis=(0, 2)) | (~np.isin(ruling.own, free_own)).any(
        axis=0
    )
    bound = np.append(bound, False)
    return np.asarray(bound[book.direct].any(axis=1) | tools.state.backlog.any(axis=1))


def _draws(tools: Tools, streams: Streams, name: str, month: int, touched: Flags) -> Floats:
    draws = np.ones_like(tools.month.wanted)
    cells = np.flatnonzero(touched)
    if cells.size:
        draws[cells] = streams.uniform(name, tools.ids[cells], month)
    return draws


def _spared(tools: Tools, month: int, share: Floats) -> Floats:
    """Part of an outlet's orders that China's rule on rare-earth content lets pass, float64[O, R]."""
    rows, terms, laws = tools.rows, tools.terms, tools.controls.laws
    lanes = share.shape[1]
    spared = np.ones((len(rows.outlet), lanes))
    if not any(law.china[month].any() for law in laws):
        return spared
    band = (terms["rare_earth_share"][:, None] >= np.array(laws[0].earths)).sum(axis=1)
    codes = np.stack([law.china[month] for law in laws])
    chosen = codes[tools.view.law][:, rows.route_origin, rows.route_market]
    code = np.take_along_axis(chosen, band[:, None, None], axis=2)[..., 0].T
    lost = (1.0 - np.take_along_axis(terms.approve_china, code.astype(np.int64), axis=0)) * share[
        rows.route
    ]
    np.subtract.at(spared, rows.route_outlet, lost)
    return spared


def _factor(tools: Tools, demand: Floats) -> Floats:
    """What may leave for an outlet over its orders by the record; exactly 1 where nothing binds."""
    now = tools.month
    change = tools.rows.by_outlet @ (now.filled.shipped - now.usual)
    return 1.0 + np.divide(change, demand, out=np.zeros_like(change), where=demand > 0.0)


def shares(tools: Tools, share: Floats, demand: Floats) -> Floats:
    """Sourcing shares under the law, float64[E, R]; ``demand``: float64[M, R], licensed orders."""
    if not tools.month.filled.deviation.any():
        return share
    out = np.empty_like(share)
    route_shares(tools.rows.book, share, tools.month.filled.deviation,
                 demand[tools.rows.outlet], out)  # fmt: skip
    return out

