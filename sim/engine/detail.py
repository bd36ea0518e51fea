"""Full monthly detail of a few lanes: flows, ledger, plants, firms, exchange rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.axes import COUNTRIES, COUNTRY_INDEX, CURRENCIES, PRODUCTS
from sim.decisions.diplomacy import hedging_index
from sim.engine.books import Books
from sim.engine.ledger import SEGMENT_OF, duty_by_basis
from sim.engine.simulation import Simulation
from sim.tables import SEGMENTS, TABLES

Floats = NDArray[np.float64]

_CHINA, _US = COUNTRY_INDEX["CN"], COUNTRY_INDEX["US"]
_CODES = np.array(COUNTRIES, dtype=object)


@dataclass(slots=True)
class DetailRecorder:
    """Detail tables of the lanes in ``lanes`` (row number -> run keys)."""

    lanes: Mapping[int, Mapping[str, object]]
    parts: dict[str, list[pd.DataFrame]] = field(default_factory=dict)

    def record(self, s: Simulation, month: pd.Timestamp) -> None:
        """Take the detail of the month just closed."""
        nominal = float(s.world.price_level[_US, s.state.month - 1]) if s.inputs["macro"] else 1.0
        for lane, keys in self.lanes.items():
            for name, make in _MAKERS.items():
                frame = make(s, lane, nominal)
                for position, (key, value) in enumerate({**keys, "month": month}.items()):
                    frame.insert(position, key, value)
                self.parts.setdefault(name, []).append(frame)

    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables so far, columns as :data:`sim.tables.TABLES` orders them."""
        tables = {}
        for name in _MAKERS:
            columns = list(TABLES[name].names)
            parts = self.parts.get(name, [])
            whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
            tables[name] = whole[columns]
        return tables


def _labels(s: Simulation, line: NDArray[np.int64]) -> dict[str, NDArray[np.object_]]:
    firms = np.array([one.id for one in s.world.firms], dtype=object)
    products = np.array(PRODUCTS, dtype=object)
    return {
        "firm": firms[s.world.firm_of_line[line]],
        "product": products[s.world.product_of_line[line]],
    }


def _flows(s: Simulation, lane: int, nominal: float) -> pd.DataFrame:
    layout, month = s.layout, s.month
    units, arrived = month.flow[:, lane], month.arrived[:, lane]
    rows = np.flatnonzero((units > 0.0) | (arrived > 0.0))
    outlet, line = layout.route_outlet[rows], layout.route_line[rows]
    price = s.state.transfer_price[rows, lane] * nominal
    consumer = (
        s.wholesale[outlet, lane] * s.state.consumer_price[outlet, lane]
        * month.macro[layout.route_market[rows], lane] * s.base.retail_markup[line] * nominal
    )  # fmt: skip
    frame = pd.DataFrame({
        **_labels(s, line),
        "origin": _CODES[layout.route_origin[rows]],
        "market": _CODES[layout.route_market[rows]],
        "units": units[rows],
        "value_usd": units[rows] * consumer,
        "customs_value_usd": units[rows] * price,
        "duty_usd": _books(s).duty[rows, lane] * nominal,
        "price_usd": price,
    })  # fmt: skip
    return _merge(frame, ["firm", "product", "origin", "market"], "price_usd", "customs_value_usd")


def _merge(frame: pd.DataFrame, key: list[str], price: str, value: str) -> pd.DataFrame:
    """Add up a firm's lines of one product; the price is the value over the units."""
    merged = frame.groupby(key, as_index=False, sort=True).sum()
    units = merged["units"].to_numpy()
    merged[price] = np.divide(merged[value], units, out=np.zeros(len(merged)), where=units > 0.0)
    return merged


def _ledger(s: Simulation, lane: int, nominal: float) -> pd.DataFrame:
    layout = s.layout
    frames = []
    for basis, duty in duty_by_basis(s, _books(s), lane).items():
        rows = np.flatnonzero(duty != 0.0)
        market = layout.route_market[rows]
        frames.append(pd.DataFrame({
            **_labels(s, layout.route_line[rows]),
            "origin": _CODES[layout.route_origin[rows]],
            "market": _CODES[market],
            "basis": basis,
            "duty_usd": duty[rows] * nominal,
            "booked_in": np.array(SEGMENT_OF, dtype=object)[market],
        }))  # fmt: skip
    key = ["firm", "product", "origin", "market", "basis", "booked_in"]
    return pd.concat(frames, ignore_index=True).groupby(key, as_index=False, sort=True).sum()


def _plants(s: Simulation, lane: int, nominal: float) -> pd.DataFrame:
    del nominal
    layout, state = s.layout, s.state
    capacity, output = state.capacity[:, lane] * 12.0, s.month.output[:, lane]
    building = np.zeros(len(capacity), dtype=np.bool_)
    busy = state.projects.months[:, :, lane] > 0
    building[state.projects.plant[:, :, lane][busy]] = True
    rows = np.flatnonzero((capacity > 0.0) | building | (s.base.capacity > 0.0))
    frame = pd.DataFrame({
        **_labels(s, layout.plant_line[rows]),
        "country": _CODES[layout.plant_country[rows]],
        "capacity_units": capacity[rows],
        "output_units": output[rows],
        "building": building[rows],
    }).groupby(["firm", "product", "country"], as_index=False, sort=True).sum()  # fmt: skip
    used, have = frame["output_units"] * 12.0, frame["capacity_units"].to_numpy()
    frame["utilisation_share"] = np.divide(used, have, out=np.zeros(len(frame)), where=have > 0.0)
    frame["status"] = np.where(
        have > 0.0, "operating", np.where(frame["building"] > 0, "construction", "closed")
    )
    return frame.drop(columns="building")


def _firms(s: Simulation, lane: int, nominal: float) -> pd.DataFrame:
    books, layout = _books(s), s.layout
    firms, segments = len(s.world.firms), len(SEGMENTS)
    revenue, duty, profit = (np.zeros((firms, segments)) for _ in range(3))
    segment = np.array([SEGMENTS.index(name) for name in SEGMENT_OF])

    def add(sheet: Floats, line: NDArray[np.int64], country: NDArray[np.int64], value: Floats) -> None:
        np.add.at(sheet, (layout.line_firm[line], segment[country]), value[:, lane])

    route, plant, outlet = layout.route_line, layout.plant_line, layout.outlet_line
    add(revenue, outlet, layout.outlet_market, books.revenue)
    add(duty, route, layout.route_market, books.duty)
    add(profit, outlet, layout.outlet_market, books.revenue)
    add(profit, route, layout.route_market, -books.duty - books.customs)
    add(profit, route, layout.route_origin, books.customs)
    add(profit, route, layout.route_market, -books.freight)
    add(profit, plant, layout.plant_country, -books.production - books.idle)
    add(profit, np.arange(len(layout.line_firm)), np.full(len(layout.line_firm), COUNTRY_INDEX["JP"]),
        -books.programme)  # fmt: skip
    for sheet in (revenue, duty, profit):
        sheet[:, 0] = sheet[:, 1:].sum(axis=1)
    china, america = _exposure(s, lane, _CHINA), _exposure(s, lane, _US)
    return pd.DataFrame({
        "firm": np.repeat(np.array([one.id for one in s.world.firms], dtype=object), segments),
        "segment": np.tile(np.array(SEGMENTS, dtype=object), firms),
        "revenue_usd": revenue.reshape(-1) * nominal,
        "duty_usd": duty.reshape(-1) * nominal,
        "operating_profit_usd": profit.reshape(-1) * nominal,
        "cash_usd": np.repeat(s.state.cash[:, lane], segments) * nominal,
        "hedging_index": np.repeat(hedging_index(china, america), segments),
        "china_exposure_share": np.repeat(china, segments),
        "us_exposure_share": np.repeat(america, segments),
    })  # fmt: skip


def _exposure(s: Simulation, lane: int, country: int) -> Floats:
    """Mean share of a firm's output made and of its sales sold in one country, float64[F]."""
    layout, price = s.layout, s.base.price
    parts = []
    for line, place, units in (
        (layout.plant_line, layout.plant_country, s.month.output[:, lane]),
        (layout.outlet_line, layout.outlet_market, s.month.sold[:, lane]),
    ):
        value = units * price[line]
        total = np.bincount(layout.line_firm[line], value, minlength=len(s.world.firms))
        there = np.bincount(layout.line_firm[line], value * (place == country), minlength=len(total))
        parts.append(np.divide(there, total, out=np.zeros_like(total), where=total > 0.0))
    return np.asarray(0.5 * (parts[0] + parts[1]))


def _fx(s: Simulation, lane: int, nominal: float) -> pd.DataFrame:
    del nominal
    base = s.world.fx_per_usd[:, :12].mean(axis=1)
    frame = pd.DataFrame({
        "currency": [CURRENCIES[code] for code in COUNTRIES],
        "per_usd": base * np.exp(s.state.fx_log[:, lane]),
    })  # fmt: skip
    return frame.drop_duplicates("currency").sort_values("currency", ignore_index=True)


def _books(s: Simulation) -> Books:
    if s.books is None:
        message = "the month has no books yet"
        raise ValueError(message)
    return s.books


_MAKERS = {"flows": _flows, "ledger": _ledger, "plants": _plants, "firms": _firms, "fx": _fx}
