"""State of the chip-tool block: what it is given, what a month changes, the month in hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Flags, Floats, Ints
from sim.decisions.buyers import Buyers
from sim.decisions.licence_sums import Sums
from sim.decisions.tool_orders import Backlog, Filled, OrderBook, Ruling
from sim.engine.chip_tools.order_book import ToolRows
from sim.engine.chip_tools.terms import LawView, ToolTerms
from sim.world.chip_tools.controls import Controls
from sim.world.customers import ToolMarket


@dataclass(slots=True, eq=False)
class ToolState:
    """What a month of the chip-tool block changes; lane last."""

    buyers: Buyers
    backlog: Backlog
    """Orders under application."""
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

    used: Flags
    """bool[tool_routes]: routes that carry anything in some lane."""
    book: OrderBook
    """The order book with these routes alone."""
    usual: Floats
    """float64[C, R]: orders by the record."""
    wanted: Floats
    """float64[C, R]: orders placed."""
    turned: Floats
    """float64[U, R]: share of orders turned away beyond the law."""
    filled: Filled
    touched: Flags
    """bool[C]: cells that may have entries of what was refused, or waits."""
    lift: Floats
    """float64[U, R]: purchases left when Chinese makers have taken what denials brought them."""
    free: Floats
    """float64[U, R]: purchases without any rule over the path of spending."""
    counted: Floats
    """float64[U, R]: what is left beyond :attr:`lift` to tools made in China by others."""
    here: Floats
    """float64[O, R]: part of an outlet's tools that is made in its own market."""
    built: Floats
    """float64[U, R]: purchases left where lines lack tools that nobody may deliver."""
    gain: Floats
    """float64[U, R]: orders diverted from US makers over a contested line's own."""
    stocked: Floats
    """float64[U, R]: part of purchases that goes into stock (or comes out of it)."""
    local: Floats
    """float64[U, R]: Chinese makers' share of the buyer's purchases."""
    cost: Floats
    """float64[N, R]: applications, risk, detours, redesign."""
    ruling: Ruling
    sums: Sums
    """Of last month until this month's books are closed."""


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

    def bound(self) -> Flags:
        """Queries that some law in use restricts this month, bool[Y]."""
        free_us = np.flatnonzero((self.terms.wait_us == 0.0).all(axis=1))
        free_own = np.flatnonzero((self.terms.wait_own == 0.0).all(axis=1))
        us, own = self.month.ruling.us, self.month.ruling.own
        restricted = (~np.isin(us, free_us)).any(axis=(0, 2))
        return np.asarray(restricted | (~np.isin(own, free_own)).any(axis=0))

    @property
    def waiting(self) -> Floats:
        """Orders that wait for a decision, float64[C, R]."""
        return self.state.backlog.good + self.state.backlog.bad
