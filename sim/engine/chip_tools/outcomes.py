"""Reduced outcomes of chip tools: sales by market and buyer, what was lost, waits, moved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.decisions.licence_sums import (
    DIVERTED,
    LOST,
    STOCKED,
    TURNED,
    WAITING,
    by_buyer,
)
from sim.engine.chip_tools.state import Tools
from sim.engine.record.grouping import Grouping, group_rows
from sim.engine.simulation import Simulation

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
    buyers = tools.market.customers
    firm = [world.firms[f].id for f in world.firm_of_line]
    outlet = tools.rows.outlet
    lines = [firm[n] for n in layout.outlet_line[outlet]]
    markets = [COUNTRIES[j] for j in layout.outlet_market[outlet]]
    origin = tools.rows.route_origin
    abroad = [
        {"country": COUNTRIES[j]} if i == _JAPAN != j else {}
        for i, j in zip(origin, tools.rows.route_market, strict=True)
    ]
    makers = {int(n) for n in layout.outlet_line[outlet]}
    by_firm = group_rows([{"firm": firm[n]} if n in makers else {} for n in range(len(firm))])
    chinese = [{"customer": one.id} if one.market == "CN" else {} for one in buyers]
    return {
        "tool_sales_usd": group_rows([
            {"firm": f, "country": c} for f, c in zip(lines, markets, strict=True)
        ]),
        "tool_exports_usd": group_rows(abroad),
        "customer_tools_usd": group_rows([{"customer": one.id} for one in buyers]),
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
    by_line = tools.month.sums.by_line
    values = {
        "tool_sales_usd": revenue,
        "tool_exports_usd": s.month.flow[rows.route] * s.state.transfer_price[rows.route],
        "customer_tools_usd": _by_buyer(tools, revenue),
        "denied_usd": by_line[LOST],
        "turned_away_usd": by_line[TURNED],
        "lost_by_rule_usd": filled.lost_by_rule,
        "backlog_usd": by_line[WAITING],
        "diverted_usd": by_line[DIVERTED],
        "stock_usd": by_line[STOCKED],
        "chinese_tools_usd": _chinese(tools, s.last_month, s.demand_index),
    }
    sums = {name: s.nominal * group[name].sum(rows) for name, rows in values.items()}
    sums["china_share"] = _ratio(group["china_share"].sum(here), total)
    sums["localisation_share"] = group["localisation_share"].sum(tools.month.local)
    return sums


def _ratio(over: Floats, under: Floats) -> Floats:
    return np.divide(over, under, out=np.zeros_like(over), where=under > 0.0)


def _by_buyer(tools: Tools, revenue: Floats) -> Floats:
    """Sales by buyer, in proportion to what may leave for it, float64[U, R]."""
    shipped = tools.month.filled.shipped
    ratio = _ratio(revenue, tools.rows.by_outlet @ shipped)
    return by_buyer(tools.rows.book, shipped, ratio, len(tools.market.customers))


def _chinese(tools: Tools, month: int, index: Floats) -> Floats:
    """What buyers take from Chinese makers, float64[U, R], USD at 2017 prices a month."""
    market, now = tools.market, tools.month
    billed = market.billings[market.market] / 12.0 * market.spending[:, month]
    outlet = tools.rows.outlet_of_buyer
    foreign = (billed * index[tools.rows.outlet[outlet], month])[:, None] * tools.relief[month]
    base = np.minimum(0.9, tools.terms["localisation_2017"]
                      + tools.terms["localisation_trend"] * month / 12.0)  # fmt: skip
    return np.asarray(foreign * (1.0 + now.stocked) / (1.0 - base) * now.local)
