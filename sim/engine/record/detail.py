"""Full monthly detail of a few lanes: flows, ledger, plants, firms, exchange rates.

Each month only copies arrays; the tables are put together at the end, lane by lane.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX, CURRENCIES, MONTHS_PER_YEAR
from sim.engine.pieces import Pieces, run_key
from sim.engine.record.diplomacy import hedging_index
from sim.engine.record.duty_ledger import DutyLedger
from sim.engine.record.grouping import (
    Grouping,
    country_codes,
    firm_codes,
    group_rows,
    product_codes,
)
from sim.engine.simulation import Simulation
from sim.engine.steps.ledger import parts_value, segment_books, service_value
from sim.tables import SEGMENTS, TABLES

Sheets = Mapping[str, Floats]

_CHINA, _US = COUNTRY_INDEX["CN"], COUNTRY_INDEX["US"]


class DetailRecorder:
    """Detail of the lanes in ``lanes`` (row number -> run keys)."""

    def __init__(self, s: Simulation, lanes: Mapping[int, Mapping[str, object]]) -> None:
        self._lanes = lanes
        self._sheets: dict[int, dict[str, list[Floats]]] = {lane: {} for lane in lanes}
        self._ledger = DutyLedger(s)
        self._groups = {
            "flows": _route_groups(s),
            "plants": _group(s, s.layout.plant_line, {"country": s.layout.plant_country}),
        }

    def record(self, s: Simulation) -> None:
        """Copy the month just closed."""
        for lane, sheets in self._sheets.items():
            for name, values in _month(s, lane).items():
                sheets.setdefault(name, []).append(values)

    def tables(self, s: Simulation) -> dict[str, Pieces]:
        """The tables lane by lane, columns as :data:`sim.tables.TABLES` orders them."""
        return {
            name: Pieces(
                name,
                tuple(
                    (run_key(keys), partial(self._piece, s, name, lane))
                    for lane, keys in self._lanes.items()
                ),
            )
            for name in _DETAIL
        }

    def _piece(self, s: Simulation, name: str, lane: int) -> pd.DataFrame:
        """One lane's rows of a table."""
        frame = self._made(s, name, lane, _Stacked(self._sheets[lane]))
        frame.insert(0, "month", pd.DatetimeIndex(s.world.months)[frame.pop("t")])
        for position, (key, value) in enumerate(self._lanes[lane].items()):
            frame.insert(position, key, [value] * len(frame))
        return frame[list(TABLES[name].names)]

    def _made(self, s: Simulation, name: str, lane: int, sheets: Sheets) -> pd.DataFrame:
        if name == "flows":
            return _flows(sheets, self._groups["flows"])
        if name == "ledger":
            return self._ledger.frame(s, lane, sheets)
        if name == "plants":
            return _plants(sheets, self._groups["plants"])
        return _firms(s, sheets) if name == "firms" else _fx(s, sheets)


class _Stacked(Mapping[str, Floats]):
    """Sheets of all months, each put together when a table asks for it."""

    def __init__(self, sheets: Mapping[str, list[Floats]]) -> None:
        self._sheets = sheets

    def __getitem__(self, name: str) -> Floats:
        return np.stack(self._sheets[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._sheets)

    def __len__(self) -> int:
        return len(self._sheets)


_DETAIL = ("flows", "ledger", "plants", "firms", "fx")


def _group(s: Simulation, line: Ints, places: Mapping[str, Ints]) -> Grouping:
    """Rows by firm, product and the named places: a firm's lines of one product are one row."""
    codes = {"firm": firm_codes(s.world, line), "product": product_codes(s.world, line)}
    return group_rows(codes | {key: country_codes(rows) for key, rows in places.items()})


def _route_groups(s: Simulation) -> Grouping:
    places = {"origin": s.layout.route_origin, "market": s.layout.route_market}
    return _group(s, s.layout.route_line, places)


def _month(s: Simulation, lane: int) -> Sheets:
    """What the tables need of one lane's month; money nominal."""
    month, state, books, layout, level = s.month, s.state, s.closed_books, s.layout, s.nominal
    flow = month.flow[:, lane]
    return {
        "units": flow.copy(),
        "arrived": month.arrived[:, lane].copy(),
        "value": flow * _retail(s, lane)[layout.route_outlet] * level,
        "customs_shipped": flow * state.transfer_price[:, lane] * level,
        "customs": books.customs[:, lane] * level,
        "duty": books.duty[:, lane] * level,
        "parts_value": parts_value(s)[:, lane] * level,
        "parts_mix": state.parts_mix[:, :, lane].copy(),
        "support": books.support[:, lane] * level,
        "service_value": service_value(s, books.revenue)[:, lane] * level,
        "capacity": month.capacity[:, lane].copy(),
        "output": month.output[:, lane].copy(),
        "building": _building(s, lane),
        "laid_up": state.mothballed[:, lane].copy(),
        "segments": segment_books(s, lane) * level,
        "cash": state.cash[:, lane] * level,
        "china": _exposure(s, lane, _CHINA),
        "us": _exposure(s, lane, _US),
        "fx": state.fx_log[:, lane].copy(),
    }


def _retail(s: Simulation, lane: int) -> Floats:
    """What a final buyer pays for a unit, float64[M], real USD."""
    layout = s.layout
    return np.asarray(
        s.wholesale[:, lane]
        * s.state.consumer_price[:, lane]
        * s.month.macro[layout.outlet_market, lane]
        * s.base.retail_markup[layout.outlet_line]
    )


def _building(s: Simulation, lane: int) -> Floats:
    """1 for plants with work under way, 0 for the others, float64[P]."""
    projects = s.state.projects
    building = np.zeros(len(s.layout.plant_line))
    building[projects.plant[:, :, lane][projects.months[:, :, lane] > 0]] = 1.0
    return building


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
        there = np.bincount(
            layout.line_firm[line], value * (place == country), minlength=len(total)
        )
        parts.append(np.divide(there, total, out=np.zeros_like(total), where=total > 0.0))
    return np.asarray(0.5 * (parts[0] + parts[1]))


def _rows(group: Grouping, kept: NDArray[np.bool_], columns: Mapping[str, Floats]) -> pd.DataFrame:
    """Long rows of the cells in ``kept``, bool[T, groups], with the group's labels as columns."""
    t, g = np.nonzero(kept)
    cells = {name: values[t, g] for name, values in columns.items()}
    return pd.DataFrame({"t": t, **group.columns(g), **cells})


def _sum(group: Grouping, sheet: Floats) -> Floats:
    """Sum rows by group for every month, float64[T, groups]."""
    return group.sum(sheet.T).T


def _ratio(over: Floats, under: Floats) -> Floats:
    return np.divide(over, under, out=np.zeros_like(over), where=under > 0.0)


def _flows(sheets: Sheets, group: Grouping) -> pd.DataFrame:
    units, customs = _sum(group, sheets["units"]), _sum(group, sheets["customs_shipped"])
    kept = (units > 0.0) | (_sum(group, sheets["arrived"]) > 0.0)
    return _rows(
        group,
        kept,
        {
            "units": units,
            "value_usd": _sum(group, sheets["value"]),
            "customs_value_usd": customs,
            "duty_usd": _sum(group, sheets["duty"]),
            "price_usd": _ratio(customs, units),
        },
    )


def _plants(sheets: Sheets, group: Grouping) -> pd.DataFrame:
    capacity, output = _sum(group, sheets["capacity"]), _sum(group, sheets["output"])
    building = _sum(group, sheets["building"])
    ever = np.maximum.accumulate(capacity > 0.0, axis=0)
    frame = _rows(
        group,
        ever | (building > 0.0),
        {
            "capacity_units": capacity,
            "output_units": output,
            "utilisation_share": _ratio(MONTHS_PER_YEAR * output, capacity),
            "building": building,
            "laid_up": _sum(group, sheets["laid_up"]),
        },
    )
    idle = np.where(frame.pop("building") > 0.0, "construction", "closed")
    stands = np.where(frame.pop("laid_up") > 0.0, "mothballed", "operating")
    frame["status"] = np.where(frame["capacity_units"] > 0.0, stands, idle)
    return frame


def _firms(s: Simulation, sheets: Sheets) -> pd.DataFrame:
    books = sheets["segments"]
    months, _, firms, segments = books.shape
    once = {
        "cash_usd": sheets["cash"],
        "hedging_index": hedging_index(sheets["china"], sheets["us"]),
        "china_exposure_share": sheets["china"],
        "us_exposure_share": sheets["us"],
    }
    ids = np.array([one.id for one in s.world.firms], dtype=object)
    return pd.DataFrame(
        {
            "t": np.repeat(np.arange(months), firms * segments),
            "firm": np.tile(np.repeat(ids, segments), months),
            "segment": np.tile(np.array(SEGMENTS, dtype=object), months * firms),
            "revenue_usd": books[:, 0].reshape(-1),
            "duty_usd": books[:, 1].reshape(-1),
            "operating_profit_usd": books[:, 2].reshape(-1),
            **{name: np.repeat(values.reshape(-1), segments) for name, values in once.items()},
        }
    )


def _fx(s: Simulation, sheets: Sheets) -> pd.DataFrame:
    names = [CURRENCIES[code] for code in COUNTRIES]
    first = [names.index(name) for name in sorted(set(names))]
    rate = s.world.fx_per_usd[:, :12].mean(axis=1) * np.exp(sheets["fx"])
    months = len(rate)
    return pd.DataFrame(
        {
            "t": np.repeat(np.arange(months), len(first)),
            "currency": np.tile(np.array(sorted(set(names)), dtype=object), months),
            "per_usd": rate[:, first].reshape(-1),
        }
    )
