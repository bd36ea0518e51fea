"""Rows of the order book of chip tools: outlets, cells, accounts and their routes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES
from sim.decisions.tool_orders import OrderBook
from sim.engine.state import Base
from sim.world.chip_tools.queries import tool_lines
from sim.world.chip_tools.rulings import ToolLaw
from sim.world.customers import SERVICE_CLASS, ToolMarket
from sim.world.layout import Layout
from sim.world.world import World


@dataclass(frozen=True, slots=True, eq=False)
class ToolRows:
    """The order book and what its rows are; tool outlets (O) are rows of the layout's outlets."""

    book: OrderBook
    outlet: Ints
    """int64[O]: row among the layout's outlets."""
    kind: Ints
    """int64[C]: tool class."""
    account_line: Ints
    """int64[A]."""
    account_customer: Ints
    """int64[A]."""
    route: Ints
    """int64[tool_routes]: routes of the layout that carry tools."""
    route_outlet: Ints
    """int64[tool_routes]: tool outlet of each."""
    route_origin: Ints
    route_market: Ints
    outlet_of_buyer: Ints
    """int64[U]: some tool outlet of the buyer's market."""
    by_outlet: csr_array
    """[O, C]: sums cells by tool outlet."""
    tools_by_account: csr_array
    """[A, C]: sums cells of tools, without parts and service."""
    names: tuple[str, ...]
    """Name of every cell, for its draws."""


def tool_rows(world: World, layout: Layout, market: ToolMarket, law: ToolLaw) -> ToolRows:
    """Rows for every line of chip tools, buyer of its markets and class that such a buyer takes.

    Queries are those of any law of the world: they stand in one order.
    """
    lines = set(tool_lines(world))
    outlet = np.array([m for m, n in enumerate(layout.outlet_line) if int(n) in lines])
    routes = [np.flatnonzero(layout.route_outlet == m) for m in outlet]
    o, n, u, k, serves = _cells(layout, market, outlet)
    pairs = sorted(set(zip(n.tolist(), u.tolist(), strict=True)))
    account = {pair: a for a, pair in enumerate(pairs)}
    book = OrderBook(
        outlet=o,
        line=n,
        customer=u,
        account=np.array([account[a, b] for a, b in zip(n.tolist(), u.tolist(), strict=True)]),
        service=serves,
        mix=np.where(serves == 1, 1.0, market.mix[n, market.group[u], k]),
        start=np.concatenate([[0], np.cumsum([len(rows) for rows in routes])]).astype(np.int64),
        routes=np.concatenate(routes),
        direct=_queries(law.row, layout, routes, o, u, k),
        by_home=_queries(law.row_by_home, layout, routes, o, u, k),
    )
    names = tuple(
        f"{world.lines[a].id}:{market.customers[b].id}:{market.classes[c]}:{d}"
        for a, b, c, d in zip(n, u, k, serves, strict=True)
    )
    return _rows(layout, market, book, outlet, k, names)


def _cells(layout: Layout, market: ToolMarket, outlet: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Outlet, line, buyer, class and whether it is service, of every cell; int64[C] each."""
    cells = [
        (o, int(layout.outlet_line[m]), u, k, serves)
        for o, m in enumerate(outlet)
        for u in np.flatnonzero(market.market == layout.outlet_market[m])
        for k, serves in _kinds(market, int(layout.outlet_line[m]), int(u))
    ]
    o, n, u, k, serves = (np.array(column, dtype=np.int64) for column in zip(*cells, strict=True))
    return o, n, u, k, serves


def _rows(
    layout: Layout,
    market: ToolMarket,
    book: OrderBook,
    outlet: Ints,
    kind: Ints,
    names: tuple[str, ...],
) -> ToolRows:
    """The book with what its outlets, accounts and routes are."""
    accounts = int(book.account.max()) + 1
    line, customer = np.zeros(accounts, dtype=np.int64), np.zeros(accounts, dtype=np.int64)
    line[book.account], customer[book.account] = book.line, book.customer
    outlet_of_buyer = np.zeros(len(market.customers), dtype=np.int64)
    outlet_of_buyer[book.customer] = book.outlet
    return ToolRows(
        book=book,
        outlet=outlet,
        kind=kind,
        account_line=line,
        account_customer=customer,
        route=book.routes,
        route_origin=layout.route_origin[book.routes],
        route_market=layout.route_market[book.routes],
        outlet_of_buyer=outlet_of_buyer,
        by_outlet=_sum(book.outlet, len(outlet)),
        tools_by_account=_sum(book.account, accounts, book.service == 0),
        route_outlet=np.repeat(np.arange(len(outlet)), np.diff(book.start)),
        names=names,
    )


def _sum(group: Ints, groups: int, kept: NDArray[np.bool_] | None = None) -> csr_array:
    """Matrix that sums cells by group, [groups, C]."""
    cells = np.arange(len(group)) if kept is None else np.flatnonzero(kept)
    ones = np.ones(len(cells))
    return csr_array((ones, (group[cells], cells)), shape=(groups, len(group)))


def _kinds(market: ToolMarket, line: int, customer: int) -> list[tuple[int, int]]:
    """Classes that a buyer takes from a line, parts and service last (marked 1)."""
    taken = np.flatnonzero(market.mix[line, market.group[customer]])
    return [*((int(k), 0) for k in taken), (market.classes.index(SERVICE_CLASS), 1)]


def _queries(row: Ints, layout: Layout, routes: list[Ints], o: Ints, u: Ints, k: Ints) -> Ints:
    """Query of each cell on each route of its outlet, int64[C, W]; -1 beyond its routes."""
    width = max(len(rows) for rows in routes)
    found = np.full((len(o), width), -1, dtype=np.int64)
    for c, (outlet, buyer, kind) in enumerate(zip(o, u, k, strict=True)):
        origins = layout.route_origin[routes[outlet]]
        found[c, : len(origins)] = row[buyer, kind, origins]
        if found[c, : len(origins)].min() < 0:
            places = [COUNTRIES[i] for i in origins]
            raise ValueError(f"the law was not asked for tools made in one of {places}")
    return found


def used_book(book: OrderBook, used: NDArray[np.bool_]) -> OrderBook:
    """The same book with only the routes in ``used`` (bool, by place in ``book.routes``)."""
    counts = np.add.reduceat(used.astype(np.int64), book.start[:-1])
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    place = np.cumsum(used) - 1
    way = book.start[book.outlet][:, None] + np.arange(book.direct.shape[1])
    there = (book.direct >= 0) & used[np.minimum(way, len(used) - 1)]
    cell, column = np.nonzero(there)
    at = cell, place[way[cell, column]] - start[book.outlet[cell]]
    direct, by_home = (np.full((len(cell_rows), int(counts.max())), -1, dtype=np.int64)
                       for cell_rows in (book.direct, book.by_home))  # fmt: skip
    direct[at], by_home[at] = book.direct[cell, column], book.by_home[cell, column]
    return book._replace(start=start, routes=book.routes[used], direct=direct, by_home=by_home)


def installed_base(rows: ToolRows, base: Base, market: ToolMarket) -> Floats:
    """New tools a month that the installed base of 2017 stands for, float64[A], USD."""
    value = (
        market.spending[rows.book.customer, 0]
        * rows.book.mix
        * base.demand[rows.outlet[rows.book.outlet]]
    )
    return np.asarray(rows.tools_by_account @ value)
