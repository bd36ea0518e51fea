"""No flow of 2017 above the trade that holds it: customs totals bound what lines ship together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.columns import Row
from sim.data.dataset import Dataset
from sim.data.trade_tables import wider_groups
from sim.errors import Fault
from sim.world.lines import Line
from sim.world.paths import BASE_YEAR
from sim.world.world import World

SHOWN = 4
"""Greatest lines that a fault names."""
Cells = Mapping[tuple[str, str], Mapping[str, Row]]
"""Origin and market -> group -> its row of the base year in ``trade_totals``."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What lines ship together on a route in 2017 beside the trade that holds all of it."""

    groups: tuple[str, ...]
    origin: str
    market: str
    lines: tuple[tuple[str, float], ...]
    """Lines that ship and their customs value, USD; the greatest first."""
    trade_usd: float
    tolerance: float
    row: Row
    """Row of the greatest of the groups in ``trade_totals``."""

    @property
    def flow_usd(self) -> float:
        """Customs value of the lines together, USD."""
        return sum(usd for _, usd in self.lines)

    @property
    def use(self) -> float:
        """Flow over the trade with its tolerance: above 1 it cannot be."""
        limit = self.trade_usd * (1.0 + self.tolerance)
        return self.flow_usd / limit if limit > 0.0 else float("inf")


def trade_bounds(world: World, data: Dataset) -> tuple[Bound, ...]:
    """Every route with flow whose trade is known, for every set of groups that holds lines.

    A line's goods lie in the groups of its product and class; lines whose groups all lie within a
    set of groups together ship no more than the trade of the set. So a line alone, the lines of a
    product, and all lines that share a group are bounded at once. Flows are told at customs value:
    the share ``customs_share`` of the class.
    """
    parents = {row.text("group"): row.text("within") for row in data["trade_groups"]}
    tolerance = {row.text("group"): row.number("tolerance") for row in data["trade_groups"]}
    cells, holders, value = (
        _base_year(data),
        _holders(data, world.lines),
        customs_value(world, data),
    )
    usd = {"USD": 1.0, "JPY": 1.0 / _yearly_rate(data, "JPY")}
    sets = {groups for line in holders for groups in line} | {frozenset({one}) for one in parents}
    found = []
    for groups in sorted(sets, key=sorted):
        rows = [n for n, own in enumerate(holders) if _lies_within(own, groups, parents)]
        for (origin, market), totals in cells.items() if rows else ():
            flows = value[rows, COUNTRY_INDEX[origin], COUNTRY_INDEX[market]]
            if flows.any() and groups <= totals.keys():
                trade = {one: _usd(totals[one], usd) for one in sorted(groups)}
                shipped = {world.lines[n].id: float(x) for n, x in zip(rows, flows, strict=True)}
                greatest = totals[max(trade, key=trade.__getitem__)]
                slack = max(tolerance[one] for one in groups)
                found.append(_bound(origin, market, trade, shipped, slack, greatest))
    return tuple(found)


def trade_faults(world: World, data: Dataset) -> tuple[Fault, ...]:
    """Every flow of 2017 above the trade that holds it, told at the row of that trade."""
    return tuple(_fault(bound) for bound in trade_bounds(world, data) if bound.use > 1.0)


def customs_value(world: World, data: Dataset) -> Floats:
    """Base flows at customs value, float64[N, I, J], USD a year; 0 within a country."""
    share = {row.text("id"): row.number("customs_share") for row in data["line_classes"]}
    factor = np.array([share[line.line_class] for line in world.lines]) * world.price_usd
    value: Floats = world.base_flow * factor[:, None, None]
    value[:, np.arange(len(COUNTRIES)), np.arange(len(COUNTRIES))] = 0.0
    return value


def _bound(
    origin: str, market: str, trade: Mapping[str, float], shipped: Mapping[str, float],
    tolerance: float, row: Row,
) -> Bound:  # fmt: skip
    lines = sorted((one for one in shipped.items() if one[1] > 0.0), key=lambda one: -one[1])
    total = sum(trade.values())
    return Bound(tuple(trade), origin, market, tuple(lines), total, tolerance, row)


def _fault(bound: Bound) -> Fault:
    names = ", ".join(f"{line} {usd / 1e6:,.0f}" for line, usd in bound.lines[:SHOWN])
    more = f" and {len(bound.lines) - SHOWN} more" if len(bound.lines) > SHOWN else ""
    return Fault(
        bound.row.file,
        f"{' + '.join(bound.groups)} {bound.origin} > {bound.market} {BASE_YEAR}",
        f"lines ship {bound.flow_usd / 1e6:,.0f} m USD at customs value, more than the trade of "
        f"{bound.trade_usd / 1e6:,.0f} m USD and {bound.tolerance:.0%} ({names}{more})",
        "lower the flow by its output, sales, flow facts or prior",
        bound.row.line,
    )


def _base_year(data: Dataset) -> Cells:
    cells: dict[tuple[str, str], dict[str, Row]] = {}
    for row in data["trade_totals"]:
        if row.integer("year") == BASE_YEAR:
            route = row.text("origin"), row.text("market")
            cells.setdefault(route, {})[row.text("group")] = row
    return cells


def _holders(data: Dataset, lines: tuple[Line, ...]) -> list[tuple[frozenset[str], ...]]:
    """Groups that hold each line's goods, one set for each basis that knows them."""
    basis = {row.text("group"): row.text("basis") for row in data["trade_groups"]}
    rows = data["trade_holders"]
    found = []
    for line in lines:
        own = [row.text("group") for row in rows if row.text("line") == line.id]
        groups = own or [row.text("group") for row in _of_class(rows, line)]
        found.append(
            tuple(
                frozenset(one for one in groups if basis[one] == name)
                for name in dict.fromkeys(basis[one] for one in groups)
            )
        )
    return found


def _of_class(rows: tuple[Row, ...], line: Line) -> Iterator[Row]:
    wanted = line.product, line.line_class, ""
    for row in rows:
        if (row.text("product"), row.text("line_class"), row.text("line")) == wanted:
            yield row


def _lies_within(
    own: tuple[frozenset[str], ...], groups: frozenset[str], parents: Mapping[str, str]
) -> bool:
    return any(all(groups & set(wider_groups(parents, one)) for one in held) for held in own)


def _yearly_rate(data: Dataset, currency: str) -> float:
    """Mean of the base year, units for one USD."""
    rates = [
        row.number("units_per_usd")
        for row in data.where("fx_monthly", currency=currency)
        if row.month("month").year == BASE_YEAR
    ]
    return float(np.mean(rates))


def _usd(row: Row, usd: Mapping[str, float]) -> float:
    return row.number("value") * usd[row.text("currency")]
