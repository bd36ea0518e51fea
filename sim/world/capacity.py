"""Capacity of 2017, the pieces it is built in, and where a line may go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX, VEHICLES
from sim.data.dataset import Dataset
from sim.world.lines import Line

Values = Mapping[str, Floats]
"""Parameter -> float64[N]."""


@dataclass(frozen=True, slots=True, eq=False)
class Capacity:
    """Capacity of every line and country in 2017."""

    units: Floats
    """float64[N, I], units a year."""
    stated: NDArray[np.bool_]
    """bool[N, I]: from a stated figure, not where it is not, output over its usual share."""
    mothballed: Floats
    """float64[N, I], units a year: stated capacity that is left out as idle for good."""
    lump: Floats
    """float64[N, I], units a year."""
    sites: NDArray[np.int64]
    """int64[N, I]."""


def read_capacity(
    data: Dataset, lines: tuple[Line, ...], output: Floats, values: Values
) -> Capacity:
    """Stated capacity where output fits under it, else output over its usual share of capacity.

    A stated figure counts up to a part of a lump above what output needs in a busy plant: deeper
    slack of 2017 was idle before any policy and would be closed by any idleness rule in an
    unchanged world. ``values``: float64[N], the parameters of the lines.
    """
    index = {line.id: n for n, line in enumerate(lines)}
    of = by_line(values)
    given = np.full(output.shape, np.nan)
    for row in data["capacity_2017"]:
        cell = index[row.text("line")], COUNTRY_INDEX[row.text("country")]
        given[cell] = row.number("capacity_units")
    stated = (output > 0.0) & (given * of("stated_use_limit") >= output)
    full = np.where(stated, given, output / of("base_use_share"))
    lump = _lumps(data, lines, full, values)
    most = output / of("busy_use_share") + of("idle_lump_share") * lump
    units = np.where(stated, np.minimum(full, most), full)
    sites = np.where(units > 0.0, np.maximum(_sites(data, lines), 1), 0)
    return Capacity(units, stated, full - units, lump, sites)


def by_line(values: Values) -> Callable[[str], Floats]:
    """Parameters by name, each as one column by line."""
    return lambda name: values[name][:, None]


def _lumps(data: Dataset, lines: tuple[Line, ...], capacity: Floats, values: Values) -> Floats:
    """Smallest piece that is built or closed, float64[N, I], units a year.

    Vehicles: a part of the country's capacity, or its smallest stated plant where that is less, but
    at least a smaller part. Goods: that part of the country's capacity, at least a share of the
    line's sales. Neither is below the least piece, nor below the piece in which a new country
    starts.
    """
    smallest, of = _smallest_plants(data, lines), by_line(values)
    cars = np.array([line.product in VEHICLES for line in lines])[:, None]
    plant = np.fmin(of("plant_share") * capacity, smallest)
    car = np.maximum(of("plant_lump_units"), np.maximum(of("least_plant_share") * capacity, plant))
    car = np.where(capacity > 0.0, car, of("new_plant_units"))
    sales = of("base_use_share") * capacity.sum(axis=1, keepdims=True)
    programme = np.maximum(of("sales_lump_share") * sales, of("plant_lump_units"))
    goods = np.maximum(programme, of("plant_share") * capacity)
    goods = np.where(capacity > 0.0, goods, np.maximum(goods, of("new_plant_units")))
    return np.where(cars, car, goods)


def _standing(data: Dataset) -> list[tuple[str, str, float]]:
    """Line, place and stated capacity (NaN where unknown) of plants at work in 2017."""
    found = []
    for row in data.where("plants", kind="plant"):
        opened, closed = row.number("opened_year"), row.number("closed_year")
        if row.text("line") and not opened > 2017 and not closed <= 2017:
            found.append((row.text("line"), row.text("place"), row.number("capacity_units")))
    return found


def _smallest_plants(data: Dataset, lines: tuple[Line, ...]) -> Floats:
    """Smallest stated plant, float64[N, I]; NaN where none is stated."""
    index = {line.id: n for n, line in enumerate(lines)}
    smallest = np.full((len(lines), len(COUNTRIES)), np.nan)
    for line, place, units in _standing(data):
        cell = index[line], COUNTRY_INDEX[place]
        smallest[cell] = np.fmin(smallest[cell], units)
    return smallest


def _sites(data: Dataset, lines: tuple[Line, ...]) -> NDArray[np.int64]:
    index = {line.id: n for n, line in enumerate(lines)}
    sites = np.zeros((len(lines), len(COUNTRIES)), dtype=np.int64)
    for line, place, _ in _standing(data):
        sites[index[line], COUNTRY_INDEX[place]] += 1
    return sites


def contract_makers(data: Dataset, lines: tuple[Line, ...]) -> NDArray[np.bool_]:
    """Countries in which somebody makes goods of the line's class for a fee, bool[N, I]."""
    places = np.zeros((len(lines), len(COUNTRIES)), dtype=np.bool_)
    for row in data["contract_makers"]:
        for n, line in enumerate(lines):
            if line.line_class == row.text("line_class"):
                places[n, COUNTRY_INDEX[row.text("country")]] = True
    return places


def candidates(lines: tuple[Line, ...]) -> NDArray[np.bool_]:
    """Where a programme may go, bool[N, I]: to every country, whatever the line; ROW is none."""
    places = np.ones((len(lines), len(COUNTRIES)), dtype=np.bool_)
    places[:, COUNTRY_INDEX["ROW"]] = False
    return places


def parts_sources(data: Dataset, lines: tuple[Line, ...]) -> Floats:
    """Share of parts from China, Japan and local suppliers, float64[N, I, 3]."""
    table: dict[tuple[str, str], tuple[float, float, float]] = {}
    for row in data["parts_sources"]:
        key = row.text("line_class"), row.text("country")
        table[key] = (
            row.number("china_share"), row.number("japan_share"), row.number("local_share")
        )  # fmt: skip
    shares = np.empty((len(lines), len(COUNTRIES), 3))
    for n, line in enumerate(lines):
        for i, code in enumerate(COUNTRIES):
            own = line.line_class, code
            shares[n, i] = table[own] if own in table else table[line.line_class, "*"]
    return shares
