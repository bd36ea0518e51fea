"""The ``licences`` table: what the law said of each order, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES
from sim.engine.chip_tools.state import Tools
from sim.engine.pieces import Pieces, run_key
from sim.engine.simulation import Simulation
from sim.tables import TABLES
from sim.world.chip_tools.queries import HOME
from sim.world.chip_tools.rulings import ToolLaw

COLUMNS: tuple[str, ...] = (
    "value_usd",
    "shipped_usd",
    "denied_usd",
    "cancelled_usd",
    "revoked_usd",
    "backlog_usd",
)


@dataclass(slots=True)
class _Sheet:
    """Rows of one lane as arrays, month by month."""

    t: list[Ints] = field(default_factory=list)
    cell: list[Ints] = field(default_factory=list)
    origin: list[Ints] = field(default_factory=list)
    around: list[NDArray[np.bool_]] = field(default_factory=list)
    said: list[Ints] = field(default_factory=list)
    money: list[Floats] = field(default_factory=list)


class LicenceRecorder:
    """Orders of the lanes in ``lanes`` on which the law had anything to say."""

    def __init__(self, lanes: Mapping[int, Mapping[str, Any]]) -> None:
        self._lanes = lanes
        self._sheets = {lane: _Sheet() for lane in lanes}

    def record(self, s: Simulation) -> None:
        """Copy the month just closed."""
        tools = s.of(Tools)
        if tools is not None:
            for lane, sheet in self._sheets.items():
                _record(s, tools, lane, sheet)

    def frame(self, s: Simulation) -> Pieces:
        """The table lane by lane, columns as :data:`sim.tables.TABLES` orders them."""
        tools = s.of(Tools)
        parts = [
            (run_key(self._lanes[lane]), partial(_frame, s, tools, lane, sheet, self._lanes[lane]))
            for lane, sheet in self._sheets.items()
            if tools is not None and sheet.t
        ]
        return Pieces("licences", tuple(parts))


def _record(s: Simulation, tools: Tools, lane: int, sheet: _Sheet) -> None:
    month, ruling = s.last_month, tools.month.ruling
    number = int(tools.view.law[lane])
    law, book = tools.controls.laws[number], tools.rows.book
    band = ruling.band[book.line, lane][:, None]
    there = (book.direct >= 0) & (_parts(s, tools, lane) > 0.0)
    home_us, home_own = ruling.us[number][book.by_home, band], ruling.own[number][book.by_home]
    us, own = ruling.us[number][book.direct, band], ruling.own[number][book.direct]
    around, free = _free(tools, home_us, home_own, lane), _free(tools, us, own, lane)
    around &= ~free & (ruling.reroute[lane] > 0.0)
    query = np.where(around, book.by_home, book.direct)
    said = law.said[month][query, band]
    cell, way = np.nonzero(there & (said > 0) & (tools.month.wanted[:, lane] > 0.0)[:, None])
    if cell.size == 0:
        return
    route = book.routes[book.start[book.outlet[cell]] + way]
    sheet.t.append(np.full(cell.size, month))
    sheet.cell.append(cell)
    sheet.origin.append(s.layout.route_origin[route])
    sheet.around.append(around[cell, way])
    sheet.said.append(said[cell, way].astype(np.int64))
    part = s.state.share[route, lane]
    blocked = np.where(free | around, 0.0, 1.0)[cell, way] * part
    odds = (ruling.approve_us[us, lane] * ruling.approve_own[own, lane])[cell, way]
    sheet.money.append(s.nominal * _money(tools, lane, cell, part, blocked, odds))


def _parts(s: Simulation, tools: Tools, lane: int) -> Floats:
    """Part of a cell's orders that each route of its outlet has, float64[C, W]."""
    book = tools.rows.book
    way = book.start[book.outlet][:, None] + np.arange(book.direct.shape[1])
    route = book.routes[np.minimum(way, len(book.routes) - 1)]
    return np.asarray(s.state.share[route, lane])


def _money(
    tools: Tools, lane: int, cell: Ints, part: Floats, blocked: Floats, odds: Floats
) -> Floats:
    """Columns of :data:`COLUMNS`, float64[rows, columns], USD at 2017 prices.

    ``part``: share of the cell's orders that goes this way; ``blocked``: what of it may not ship;
    ``odds``: probability of a licence. What is refused belongs to ways by their odds of a refusal,
    as :func:`sim.decisions.licence_losses.book_losses` books it.
    """
    waits = _by_cell(tools, cell, blocked)
    bad = _by_cell(tools, cell, blocked * (1.0 - odds))
    refused = np.where(_by_cell_sum(tools, cell, bad) > 0.0, bad, waits)
    filled, waiting = tools.month.filled, tools.waiting[:, lane]
    return np.stack(
        [
            part * tools.month.wanted[cell, lane],
            part * filled.shipped[cell, lane],
            refused * filled.denied[cell, lane],
            waits * filled.cancelled[cell, lane],
            refused * filled.revoked[cell, lane],
            waits * waiting[cell],
        ],
        axis=1,
    )


def _by_cell(tools: Tools, cell: Ints, weight: Floats) -> Floats:
    """Each row's part of its cell's weight; 0 where the cell has none."""
    total = _by_cell_sum(tools, cell, weight)
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0.0)


def _by_cell_sum(tools: Tools, cell: Ints, weight: Floats) -> Floats:
    """Sum of a weight over the rows of each row's cell."""
    return np.asarray(np.bincount(cell, weight, minlength=len(tools.rows.book.line))[cell], float)


def _free(
    tools: Tools, us: NDArray[np.int8], own: NDArray[np.int8], lane: int
) -> NDArray[np.bool_]:
    """Whether nobody need be asked, by answers int8."""
    waits = np.maximum(tools.terms.wait_us[us, lane], tools.terms.wait_own[own, lane])
    return np.asarray(waits == 0.0)


def _told(law: ToolLaw, said: Ints) -> pd.DataFrame:
    """Who decided what by which rule, a row for each place among the law's reasons."""
    return (
        pd.DataFrame(
            [(one.authority, one.code, one.rule, one.reason) for one in law.reasons],
            columns=["authority", "decision", "rule", "reason"],
            dtype=object,
        )
        .iloc[said]
        .reset_index(drop=True)
    )


def _frame(
    s: Simulation, tools: Tools, lane: int, sheet: _Sheet, keys: Mapping[str, Any]
) -> pd.DataFrame:
    """Long rows; a firm's tools and its parts and service of one class are one row."""
    t, cell, origin, said = (
        np.concatenate(rows) for rows in (sheet.t, sheet.cell, sheet.origin, sheet.said)
    )
    around, money = np.concatenate(sheet.around), np.concatenate(sheet.money)
    law, book = tools.controls.laws[int(tools.view.law[lane])], tools.rows.book
    firms = np.array([one.id for one in s.world.firms], dtype=object)
    places = np.array(COUNTRIES, dtype=object)[origin]
    frame = pd.DataFrame({
        "month": pd.DatetimeIndex(s.world.months)[t],
        "firm": firms[s.world.firm_of_line[book.line[cell]]],
        "customer": np.array([one.id for one in tools.market.customers],
                             dtype=object)[book.customer[cell]],
        "tool_class": np.array(tools.market.classes, dtype=object)[tools.rows.kind[cell]],
        "made_in": places,
        "shipped_from": np.where(around, HOME, places),
        **_told(law, said),
        **{name: money[:, k] for k, name in enumerate(COLUMNS)},
    })  # fmt: skip
    key = [name for name in frame.columns if name not in COLUMNS]
    whole = frame.groupby(key, sort=True, as_index=False)[list(COLUMNS)].sum()
    for name, value in keys.items():
        whole[name] = value
    return whole[list(TABLES["licences"].names)]
