"""Reduced outcomes of chip tools: sales by market and buyer, what was lost, waits, moved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.engine.grouping import Grouping, group_rows
from sim.engine.simulation import Simulation
from sim.engine.tool_state import Tools

Floats = NDArray[np.float64]

NAMES: tuple[str, ...] = (
    "tool_sales_usd", "tool_exports_usd", "customer_tools_usd", "china_share", "denied_usd",
    "turned_away_usd", "lost_by_rule_usd", "backlog_usd", "diverted_usd", "stock_usd",
    "localisation_share", "chinese_tools_usd",
)  # fmt: skip
_CHINA, _JAPAN = COUNTRY_INDEX["CN"], COUNTRY_INDEX["JP"]


def tool_groupings(s: Simulation) -> dict[str, Grouping]:
    """Groups of every outcome of chip tools; none in a world without them."""
    if s.tools is None:
        return {name: Grouping((), csr_array((0, 0))) for name in NAMES}
    tools, layout, world = s.tools, s.layout, s.world
    book, buyers = tools.rows.book, tools.market.customers
    firm = [world.firms[f].id for f in world.firm_of_line]
    outlet = tools.rows.outlet
    lines = [firm[n] for n in layout.outlet_line[outlet]]
    markets = [COUNTRIES[j] for j in layout.outlet_market[outlet]]
    origin = tools.rows.route_origin
    abroad = [
        {"country": COUNTRIES[j]} if i == _JAPAN != j else {}
        for i, j in zip(origin, tools.rows.route_market, strict=True)
    ]
    by_firm = group_rows([{"firm": firm[n]} for n in book.line])
    chinese = [{"customer": one.id} if one.market == "CN" else {} for one in buyers]
    return {
        "tool_sales_usd": group_rows([
            {"firm": f, "country": c} for f, c in zip(lines, markets, strict=True)
        ]),
        "tool_exports_usd": group_rows(abroad),
        "customer_tools_usd": group_rows([{"customer": buyers[u].id} for u in book.customer]),
        "china_share": group_rows([{"firm": f} for f in lines]),
        "denied_usd": by_firm, "turned_away_usd": by_firm, "backlog_usd": by_firm,
        "diverted_usd": by_firm, "stock_usd": by_firm,
        "lost_by_rule_usd": group_rows([{"rule": name} if name else {} for name in tools.rules]),
        "localisation_share": group_rows(chinese), "chinese_tools_usd": group_rows(chinese),
    }  # fmt: skip


def tool_outcomes(s: Simulation, group: Mapping[str, Grouping]) -> dict[str, Floats]:
    """Every outcome of the month just closed, float64[groups, R]; money nominal."""
    if s.tools is None:
        return {name: np.zeros((0, s.lanes)) for name in NAMES}
    tools, layout = s.tools, s.layout
    rows, filled = tools.rows, tools.month.filled
    revenue = s.closed_books.revenue[rows.outlet]
    here = (layout.outlet_market[rows.outlet] == _CHINA)[:, None] * revenue
    total = group["china_share"].sum(revenue)
    values = {
        "tool_sales_usd": revenue,
        "tool_exports_usd": s.month.flow[rows.route] * s.state.transfer_price[rows.route],
        "customer_tools_usd": _by_cell(tools, revenue),
        "denied_usd": filled.denied + filled.cancelled,
        "turned_away_usd": _turned_away(tools),
        "lost_by_rule_usd": filled.lost_by_rule,
        "backlog_usd": tools.waiting,
        "diverted_usd": _part(tools, _diverted(tools)),
        "stock_usd": _part(tools, _stocked(tools)),
        "chinese_tools_usd": _chinese(tools, s.last_month, s.demand_index),
    }
    sums = {name: s.nominal * group[name].sum(rows) for name, rows in values.items()}
    sums["china_share"] = _ratio(group["china_share"].sum(here), total)
    sums["localisation_share"] = group["localisation_share"].sum(tools.month.local)
    return sums


def _ratio(over: Floats, under: Floats) -> Floats:
    return np.divide(over, under, out=np.zeros_like(over), where=under > 0.0)


def _by_cell(tools: Tools, revenue: Floats) -> Floats:
    """Sales of an outlet by cell, in proportion to what may leave, float64[C, R]."""
    shipped, book = tools.month.filled.shipped, tools.rows.book
    total = tools.rows.by_outlet @ shipped
    return np.asarray(shipped * _ratio(revenue, total)[book.outlet])


def _turned_away(tools: Tools) -> Floats:
    """Orders that makers turned away beyond the law, float64[C, R]."""
    now, terms, book = tools.month, tools.terms, tools.rows.book
    part = terms["overcompliance_share"] * terms["overcompliance_on"]
    listed = now.ruling.listed[now.ruling.law].T[book.customer]
    tool = (book.service == 0)[:, None]
    return np.asarray(now.wanted * (listed & tool) * (part / (1.0 - part)))


def _diverted(tools: Tools) -> Floats:
    """Orders diverted from US makers over the rest, float64[C, R]."""
    book, now = tools.rows.book, tools.month
    contested = tools.market.contested[book.line, None]
    return np.asarray(contested * now.gain[book.customer] * tools.state.legal[book.account])


def _stocked(tools: Tools) -> Floats:
    """Orders for stock over the rest, float64[C, R]."""
    book, stocked = tools.rows.book, tools.month.stocked[tools.rows.book.customer]
    return np.asarray(stocked * np.where(stocked > 0.0, tools.state.legal[book.account], 1.0))


def _part(tools: Tools, extra: Floats) -> Floats:
    """Part of the tools shipped that an addition (over the rest) stands for, float64[C, R]."""
    tool = (tools.rows.book.service == 0)[:, None]
    return np.asarray(tool * tools.month.filled.shipped * extra / (1.0 + extra))


def _chinese(tools: Tools, month: int, index: Floats) -> Floats:
    """What buyers take from Chinese makers, float64[U, R], USD at 2017 prices a month."""
    market, now = tools.market, tools.month
    billed = market.billings[market.market] / 12.0 * market.spending[:, month]
    outlet = tools.rows.outlet_of_buyer
    foreign = (billed * index[tools.rows.outlet[outlet], month])[:, None] * tools.relief[month]
    base = np.minimum(0.9, tools.terms["localisation_2017"]
                      + tools.terms["localisation_trend"] * month / 12.0)  # fmt: skip
    return np.asarray(foreign * (1.0 + now.stocked) / (1.0 - base) * now.local)
