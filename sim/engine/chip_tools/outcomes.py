"""Outcomes of chip tools: sales by market and buyer, what was lost, waits, moved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRY_INDEX, MONTHS_PER_YEAR
from sim.decisions.licence_sums import (
    DIVERTED,
    LOCALISED,
    LOST,
    STOCKED,
    TURNED,
    UNBUILT,
    WAITING,
    by_buyer,
)
from sim.engine.chip_tools.state import Tools
from sim.engine.record.grouping import Grouping, country_codes, firm_codes, group_rows
from sim.engine.record.outcome import Outcome
from sim.engine.record.outcomes import ratio
from sim.engine.simulation import Simulation
from sim.meanings import Kind

_CHINA, _JAPAN = COUNTRY_INDEX["CN"], COUNTRY_INDEX["JP"]


def _outcome(
    name: str,
    unit: str,
    kind: Kind,
    keys: tuple[str, ...],
    description: str,
    grouping: Callable[[Simulation, Tools], Grouping],
    measure: Callable[[Simulation, Tools, Grouping], Floats],
) -> Outcome:
    """Outcome of a world with chip tools; elsewhere it has no rows."""

    def groups(s: Simulation) -> Grouping | None:
        tools = s.of(Tools)
        return None if tools is None else grouping(s, tools)

    def measured(s: Simulation, group: Grouping) -> Floats:
        tools = s.of(Tools)
        return np.zeros((0, s.lanes)) if tools is None else measure(s, tools, group)

    return Outcome(name, unit, kind, keys, description, groups, measured)


def _sales(s: Simulation, tools: Tools) -> Grouping:
    """Outlets of tools by firm and market."""
    outlet = tools.rows.outlet
    return group_rows(
        {
            "firm": firm_codes(s.world, s.layout.outlet_line[outlet]),
            "country": country_codes(s.layout.outlet_market[outlet]),
        }
    )


def _exports(_: Simulation, tools: Tools) -> Grouping:
    """Routes of tools from Japan abroad, by market."""
    origin, market = tools.rows.route_origin, tools.rows.route_market
    codes = {"country": country_codes(market)}
    return group_rows(codes, (origin == _JAPAN) & (market != _JAPAN))


def _buyers(_: Simulation, tools: Tools) -> Grouping:
    return group_rows({"customer": [one.id for one in tools.market.customers]})


def _chinese_buyers(_: Simulation, tools: Tools) -> Grouping:
    buyers = tools.market.customers
    chinese = np.array([one.market == "CN" for one in buyers], dtype=np.bool_)
    return group_rows({"customer": [one.id for one in buyers]}, chinese)


def _makers_of_outlets(s: Simulation, tools: Tools) -> Grouping:
    """Outlets of tools by firm."""
    return group_rows({"firm": firm_codes(s.world, s.layout.outlet_line[tools.rows.outlet])})


def _makers(s: Simulation, tools: Tools) -> Grouping:
    """Lines that make tools, by firm."""
    lines = np.arange(len(s.world.lines))
    makes = np.isin(lines, s.layout.outlet_line[tools.rows.outlet])
    return group_rows({"firm": firm_codes(s.world, lines)}, makes)


def _rules(_: Simulation, tools: Tools) -> Grouping:
    named = np.array([bool(rule) for rule in tools.rules], dtype=np.bool_)
    return group_rows({"rule": tools.rules}, named)


def _revenue(s: Simulation, tools: Tools) -> Floats:
    """Revenue of the outlets of tools, USD at 2017 prices."""
    return s.closed_books.revenue[tools.rows.outlet]


def _exported(s: Simulation, tools: Tools, group: Grouping) -> Floats:
    route = tools.rows.route
    return s.nominal * group.sum(s.month.flow[route] * s.state.transfer_price[route])


def _by_buyer(s: Simulation, tools: Tools, group: Grouping) -> Floats:
    """Sales by buyer, in proportion to what may leave for it."""
    shipped, revenue = tools.month.filled.shipped, _revenue(s, tools)
    sold = ratio(revenue, tools.rows.by_outlet @ shipped)
    buyers = len(tools.market.customers)
    return s.nominal * group.sum(by_buyer(tools.rows.book, shipped, sold, buyers))


def _china_share(s: Simulation, tools: Tools, group: Grouping) -> Floats:
    revenue = _revenue(s, tools)
    here = (s.layout.outlet_market[tools.rows.outlet] == _CHINA)[:, None] * revenue
    return ratio(group.sum(here), group.sum(revenue))


def _sum_of_lines(which: int) -> Callable[[Simulation, Tools, Grouping], Floats]:
    """Measure one of the sums over orders by line."""
    return lambda s, tools, group: s.nominal * group.sum(tools.month.sums.by_line[which])


def _from_chinese_makers(s: Simulation, tools: Tools, group: Grouping) -> Floats:
    """What buyers take from Chinese makers."""
    market, now, month, index = tools.market, tools.month, s.last_month, s.month.index
    billed = market.billings[market.market] / MONTHS_PER_YEAR * market.spending[:, month]
    outlet = tools.rows.outlet_of_buyer
    foreign = billed[:, None] * index[tools.rows.outlet[outlet]] * tools.relief[month]
    base = np.minimum(
        tools.terms["most_local_share"],
        tools.terms["localisation_2017"]
        + tools.terms["localisation_trend"] * month / MONTHS_PER_YEAR,
    )
    taken = np.asarray(foreign * (1.0 + now.stocked) * now.built / (1.0 - base) * now.local)
    return s.nominal * group.sum(taken)


OUTCOMES: tuple[Outcome, ...] = (
    _outcome(
        "tool_sales_usd",
        "USD a month",
        "flow",
        ("firm", "country"),
        "chip tools sold by market",
        _sales,
        lambda s, tools, group: s.nominal * group.sum(_revenue(s, tools)),
    ),
    _outcome(
        "tool_exports_usd",
        "USD a month",
        "flow",
        ("country",),
        "chip tools shipped from Japan, by market",
        _exports,
        _exported,
    ),
    _outcome(
        "customer_tools_usd",
        "USD a month",
        "flow",
        ("customer",),
        "Japanese chip tools that a buyer gets",
        _buyers,
        _by_buyer,
    ),
    _outcome(
        "china_share",
        "share",
        "share",
        ("firm",),
        "China's part of a firm's chip-tool sales",
        _makers_of_outlets,
        _china_share,
    ),
    _outcome(
        "denied_usd",
        "USD a month",
        "flow",
        ("firm",),
        "chip-tool orders refused or cancelled",
        _makers,
        _sum_of_lines(LOST),
    ),
    _outcome(
        "turned_away_usd",
        "USD a month",
        "flow",
        ("firm",),
        "orders of listed buyers that makers turn away beyond the law",
        _makers,
        _sum_of_lines(TURNED),
    ),
    _outcome(
        "lost_by_rule_usd",
        "USD a month",
        "flow",
        ("rule",),
        "orders lost, by rule",
        _rules,
        lambda s, tools, group: s.nominal * group.sum(tools.month.filled.lost_by_rule),
    ),
    _outcome(
        "backlog_usd",
        "USD",
        "stock",
        ("firm",),
        "orders waiting for a licence at the month's end",
        _makers,
        _sum_of_lines(WAITING),
    ),
    _outcome(
        "diverted_usd",
        "USD a month",
        "flow",
        ("firm",),
        "orders that would have gone to US makers without the controls",
        _makers,
        _sum_of_lines(DIVERTED),
    ),
    _outcome(
        "stock_usd",
        "USD a month",
        "flow",
        ("firm",),
        "orders for the buyers' stocks (less what stocks replace)",
        _makers,
        _sum_of_lines(STOCKED),
    ),
    _outcome(
        "localised_usd",
        "USD a month",
        "flow",
        ("firm",),
        "chip-tool orders that Chinese makers took because of controls",
        _makers,
        _sum_of_lines(LOCALISED),
    ),
    _outcome(
        "unbuilt_usd",
        "USD a month",
        "flow",
        ("firm",),
        "chip-tool orders not placed as the line lacks tools that nobody may deliver",
        _makers,
        _sum_of_lines(UNBUILT),
    ),
    _outcome(
        "localisation_share",
        "share",
        "share",
        ("customer",),
        "Chinese makers' part of a Chinese buyer's tool purchases",
        _chinese_buyers,
        lambda _, tools, group: group.sum(tools.month.local),
    ),
    _outcome(
        "chinese_tools_usd",
        "USD a month",
        "flow",
        ("customer",),
        "tools that a Chinese buyer takes from Chinese makers",
        _chinese_buyers,
        _from_chinese_makers,
    ),
)
