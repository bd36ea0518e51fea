"""Capacity of 2017, the pieces it is built in, and where a line may go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.world.lines import Line

Floats = NDArray[np.float64]

BASE_USE = 0.88
"""Output over capacity where no capacity is stated, an estimate."""
HIGHEST_USE = 0.97
"""A stated capacity that output would use more than this is taken as missing."""
IDLE_USE = 0.9
"""Use at which a plant counts as busy; what lies beyond is idle."""
IDLE_LUMPS = 0.5
"""Idle capacity of 2017 counts up to this part of a lump; the rest is taken as mothballed."""
CAR_LUMP = 60_000.0
"""Least piece of car capacity, vehicles a year."""
NEW_CAR_PLANT = 100_000.0
"""Piece in which car capacity starts in a new country, vehicles a year."""
PLANT_SHARE = 0.2
"""A plant is a fifth of a country's capacity where nothing smaller is known to be one."""
LEAST_LUMP_SHARE = 0.1
"""However small its smallest plant, a country's car capacity goes in pieces of at least this."""
GOODS_LUMP_SHARE = 0.05
GOODS_LUMP_USD = 30e6
CANDIDATE_SHARE = 0.02
"""Existing plants of at least this share of output may take a programme."""


@dataclass(frozen=True, slots=True, eq=False)
class Capacity:
    """Capacity of every line and country in 2017."""

    units: Floats
    """float64[N, I], units a year."""
    stated: NDArray[np.bool_]
    """bool[N, I]: from a stated figure, not from output / 0.88."""
    mothballed: Floats
    """float64[N, I], units a year: stated capacity that is left out as idle for good."""
    lump: Floats
    """float64[N, I], units a year."""
    sites: NDArray[np.int64]
    """int64[N, I]."""


def read_capacity(data: Dataset, lines: tuple[Line, ...], output: Floats) -> Capacity:
    """Stated capacity where output fits under it, else output / 0.88.

    A stated figure counts up to half a lump above what output needs at 90 % use: deeper slack of
    2017 was idle before any policy and would be closed by any idleness rule in an unchanged world.
    """
    index = {line.id: n for n, line in enumerate(lines)}
    given = np.full(output.shape, np.nan)
    for row in data["capacity_2017"]:
        cell = index[row.text("line")], COUNTRY_INDEX[row.text("country")]
        given[cell] = row.number("capacity_units")
    stated = (output > 0.0) & (given * HIGHEST_USE >= output)
    full = np.where(stated, given, output / BASE_USE)
    lump = _lumps(data, lines, full)
    most = output / IDLE_USE + IDLE_LUMPS * lump
    units = np.where(stated, np.minimum(full, most), full)
    sites = np.where(units > 0.0, np.maximum(_sites(data, lines), 1), 0)
    return Capacity(units, stated, full - units, lump, sites)


def _lumps(data: Dataset, lines: tuple[Line, ...], capacity: Floats) -> Floats:
    """Smallest piece that is built or closed, float64[N, I], units a year.

    Cars: a fifth of the country's capacity, or its smallest stated plant where that is less, but at
    least a tenth and 60,000; 100,000 in a new country. Goods: a fifth of the country's capacity, at
    least 5 % of the line's sales and 30 million USD.
    """
    smallest = _smallest_plants(data, lines)
    cars = np.array([line.product == "cars" for line in lines])[:, None]
    plant = np.fmin(PLANT_SHARE * capacity, smallest)
    car = np.maximum(CAR_LUMP, np.maximum(LEAST_LUMP_SHARE * capacity, plant))
    car = np.where(capacity > 0.0, car, NEW_CAR_PLANT)
    sales = BASE_USE * capacity.sum(axis=1, keepdims=True)
    programme = np.maximum(GOODS_LUMP_SHARE * sales, GOODS_LUMP_USD)
    return np.where(cars, car, np.maximum(programme, PLANT_SHARE * capacity))


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


def class_places(data: Dataset, lines: tuple[Line, ...], role: str) -> NDArray[np.bool_]:
    """Countries of a role in the line's class, bool[N, I]."""
    places = np.zeros((len(lines), len(COUNTRIES)), dtype=np.bool_)
    for row in data.where("class_countries", role=role):
        for n, line in enumerate(lines):
            if line.line_class == row.text("line_class"):
                places[n, COUNTRY_INDEX[row.text("country")]] = True
    return places


def candidates(data: Dataset, lines: tuple[Line, ...], output: Floats) -> NDArray[np.bool_]:
    """Places where a programme may go, bool[N, I]: plants of 2 % and the class's list, not ROW."""
    existing = output >= CANDIDATE_SHARE * output.sum(axis=1, keepdims=True)
    places = existing & (output > 0.0)
    places |= class_places(data, lines, "open") | class_places(data, lines, "contract_maker")
    places[:, COUNTRY_INDEX["ROW"]] = False
    return np.asarray(places, dtype=np.bool_)


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
