"""The chip-tool block at month 0, and the law of a month as its kernels take it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.decisions.buyers import no_response
from sim.decisions.licence_sums import no_sums
from sim.decisions.tool_orders import Backlog, Filled, Ruling
from sim.engine.chip_tools.billings import record_relief
from sim.engine.chip_tools.order_book import ToolRows, installed_base, tool_rows
from sim.engine.chip_tools.state import ToolMonth, Tools, ToolState
from sim.engine.chip_tools.terms import LawView, ToolTerms, tool_terms
from sim.engine.mechanism import Setup
from sim.engine.random_streams import entity_ids
from sim.world.chip_tools.controls import Controls
from sim.world.chip_tools.queries import home_mix, tool_lines
from sim.world.chip_tools.rulings import ToolLaw
from sim.world.customers import ToolMarket
from sim.world.world import World

CHINA_RULE = "cn_content"
"""Name under which losses to China's rule on content are booked."""


def build_tools(setup: Setup) -> Tools | None:
    """The block at month 0; None without makers of chip tools or without a law on them."""
    world = setup.world
    if world.tools is None or setup.controls is None:
        return None
    controls = setup.controls.seen_from(world)
    market, lines, parameters = world.tools, tool_lines(world), setup.parameters
    rows = tool_rows(world, setup.layout, market, controls.laws[0])
    terms = tool_terms(market, lines[0], parameters)
    home = home_mix(world, market)
    view = LawView(market, controls.laws, setup.law, terms, home)
    rules, rule_of = _rules(controls.laws)
    state = _state(market, rows, setup)
    ruling = ruling_of(controls, rule_of, view, state.content, 0)
    return Tools(
        market=market, controls=controls, rows=rows, terms=terms, view=view,
        relief=_relief(setup, market, controls, home), rules=rules, rule_of=rule_of,
        rivalry=_rivalry(world, market, lines, terms), ids=entity_ids(rows.names),
        state=state, lines=lines,
        month=_month(market, rows, len(setup.layout.route_line), len(world.lines), len(rules),
                     ruling),
    )  # fmt: skip


def _relief(setup: Setup, market: ToolMarket, controls: Controls, home: Floats) -> Floats:
    """Demand without controls over recorded billings, float64[T, U, R]."""
    line = tool_lines(setup.world)[0]
    whole = tool_terms(market, line, setup.parameters, whole=True)
    law = np.zeros(setup.lanes, dtype=np.int64)
    enacted = LawView(market, controls.record, law, whole, home)
    return record_relief(market, enacted, setup.world.market_index[line][market.market])


def _state(market: ToolMarket, rows: ToolRows, setup: Setup) -> ToolState:
    accounts, cells, lanes = len(rows.account_line), len(rows.book.line), setup.lanes
    installed, parameters = installed_base(rows, setup.base, market), setup.parameters
    return ToolState(
        buyers=no_response(
            len(market.customers), lanes, int(np.rint(parameters["stock_lag_months"]).max())
        ),
        backlog=Backlog(
            np.zeros((cells, lanes)), np.zeros((cells, lanes)), np.ones((cells, lanes))
        ),
        installed=np.repeat(installed[:, None], lanes, axis=1),
        legal=np.ones((accounts, lanes)),
        gone=np.zeros((accounts, lanes), dtype=np.bool_),
        content=parameters["us_content"].copy(),
        redesign=np.zeros(parameters["us_content"].shape, dtype=np.int64),
    )


def _month(
    market: ToolMarket, rows: ToolRows, routes: int, lines: int, rules: int, ruling: Ruling
) -> ToolMonth:
    cells, buyers, lanes = len(rows.book.line), len(market.customers), len(ruling.law)

    def zeros(count: int) -> Floats:
        return np.zeros((count, lanes))

    filled = Filled(
        shipped=zeros(cells), denied=zeros(cells), cancelled=zeros(cells), revoked=zeros(cells),
        applied=zeros(cells), legal=zeros(len(rows.account_line)), deviation=zeros(routes),
        lost_by_rule=zeros(rules), by_home=zeros(lines),
    )  # fmt: skip
    return ToolMonth(
        used=np.ones(len(rows.route), dtype=np.bool_), book=rows.book,
        usual=zeros(cells), wanted=zeros(cells), turned=zeros(buyers), filled=filled,
        touched=np.zeros(cells, dtype=np.bool_),
        lift=np.ones((buyers, lanes)), built=np.ones((buyers, lanes)),
        free=np.ones((buyers, lanes)), counted=zeros(buyers), here=zeros(len(rows.outlet)),
        gain=zeros(buyers), stocked=zeros(buyers),
        local=zeros(buyers), cost=zeros(lines), ruling=ruling,
        sums=no_sums(lines, len(rows.account_line), buyers, lanes),
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


def ruling_of(
    controls: Controls,
    rule_of: Sequence[NDArray[np.int16]],
    view: LawView,
    content: Floats,
    month: int,
) -> Ruling:
    """The laws of a month; ``content``: float64[N, R], US content of a line's tools."""
    laws, terms = controls.laws, view.terms
    cuts = np.array([law.content for law in laws])[view.law]
    return Ruling(
        law=view.law,
        band=(content[..., None] > cuts).sum(axis=-1),
        us=np.stack([law.us[month] for law in laws]),
        own=np.stack([law.own[month] for law in laws]),
        rule=np.stack([rows[law.said[month]] for law, rows in zip(laws, rule_of, strict=True)]),
        listed=np.stack([law.listed[month] for law in laws]),
        approve_us=terms.approve_us,
        approve_own=terms.approve_own,
        wait_us=terms.wait_us,
        wait_own=terms.wait_own,
        reroute=terms["reroute_share"] * terms["reroute_on"],
        cancel=terms["cancel_share"],
    )
