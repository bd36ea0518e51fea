"""From checked tables to the world: the one place where its arrays are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import COUNTRIES, PRODUCT_INDEX, month_range
from sim.data.columns import Row
from sim.data.dataset import Dataset, folder_stamp, load_dataset, packaged_folder
from sim.errors import Fault, InputError
from sim.world import (
    capacity,
    car_kinds,
    demand,
    footprint,
    hosts,
    markets,
    paths,
    transport,
)
from sim.world.customers import tool_market
from sim.world.lines import Firm, Line
from sim.world.parameter_table import load_parameters
from sim.world.parameters import for_lines
from sim.world.ventures import equity_shares, read_partnerships, read_plant_partners
from sim.world.world import World

FIRST = date(2017, 1, 1)
LAST = date(2030, 12, 1)
APRIL = 4


def load_world(
    first: date = FIRST,
    last: date = LAST,
    folder: Path | None = None,
    overlays: Sequence[Path | str] = (),
) -> World:
    """The world of 2017 and the paths from ``first`` to ``last``, both included.

    Parameters
    ----------
    first, last
        Months; the day is ignored. Months before 2018 are the base year.
    folder
        Folder of the tables; the packaged ones when None.
    overlays
        Folders of tables whose rows add to those or replace them by key; the last goes over all.

    Raises
    ------
    DataError
        Every fault of the tables at once.
    InputError
        ``last`` lies before ``first``.

    >>> world = load_world()
    >>> len(world.months), world.base_flow.shape[1:] == (len(COUNTRIES), len(COUNTRIES))
    (168, True)
    """
    if last < first:
        raise InputError(Fault("", "last", f"{last} lies before {first}", "swap the two months"))
    place = packaged_folder() if folder is None else Path(folder).resolve()
    over = tuple(Path(one).resolve() for one in overlays)
    stamp = folder_stamp(place, *over)
    return _build(first.replace(day=1), last.replace(day=1), place, over, stamp)


@lru_cache(maxsize=8)
def _build(
    first: date,
    last: date,
    folder: Path,
    overlays: tuple[Path, ...],
    stamp: tuple[tuple[str, int, int], ...],
) -> World:
    del stamp  # part of the key only: an edited table is read again
    data = load_dataset(folder, overlays)
    lines = footprint.read_lines(data)
    months, values = month_range(first, last), for_lines(lines, data)
    world = World(
        months=months,
        lines=lines,
        **_codes(data, lines),
        **_base_year(data, lines, values),
        **_routes(data, lines),
        **_paths(data, lines, months, float(values["price_growth"][0])),
        **_hosts(data, months),
        parameters=values,
        parameter_rows=load_parameters(data),
        site_table=site_table(data),
        tools=tool_market(data, lines, months),
        car_kinds=car_kinds.read_car_kinds(data, months),
        partnerships=read_partnerships(data, lines),
        plant_partners=read_plant_partners(data),
    )
    _freeze(world)
    return world


def _codes(data: Dataset, lines: tuple[Line, ...]) -> dict[str, Any]:
    """Firms and what a line is: integer codes and per-line constants."""
    firms = read_firms(data, lines)
    row_of = {row.text("id"): row for row in data["lines"]}
    class_of = {row.text("id"): row for row in data["line_classes"]}
    rows = [row_of[line.id] for line in lines]
    firm_index = {firm.id: n for n, firm in enumerate(firms)}
    return {
        "firms": firms,
        "firm_of_line": _index([line.firm for line in lines], firm_index),
        "product_of_line": _index([line.product for line in lines], PRODUCT_INDEX),
        "parts_product_of_line": _index([row.text("parts_product") for row in rows], PRODUCT_INDEX),
        "price_usd": np.array([row.number("price_usd") for row in rows]),
        "retail_markup": np.array(
            [class_of[line.line_class].number("retail_markup") for line in lines]
        ),
    }


def _base_year(
    data: Dataset, lines: tuple[Line, ...], values: Mapping[str, Floats]
) -> dict[str, Any]:
    """Flows, capacity and where a line may go."""
    base = footprint.read_footprint(data, lines, values)
    held = capacity.read_capacity(data, lines, base.output, values)
    return {
        "base_flow": base.flow,
        "market_units": markets.market_units(data, lines),
        "sales_scale": footprint.sales_scale(data, lines, base),
        "base_capacity": held.units,
        "site_count": held.sites,
        "lump_units": held.lump,
        "parts_source": capacity.parts_sources(data, lines),
        "candidate": capacity.candidates(lines),
        "contract_maker": capacity.contract_makers(data, lines),
        "equity_share": equity_shares(data, lines),
    }


def _routes(data: Dataset, lines: tuple[Line, ...]) -> dict[str, Any]:
    """Freight, sea time and preferences; the share of parts that pays duty."""
    return {
        "freight_share": transport.freight_shares(data, lines),
        "sea_months": transport.sea_months(data),
        "preference_share": transport.preference_shares(data, lines),
        "parts_duty_share": _by_country(data, "parts_duty_share"),
    }


def _paths(
    data: Dataset, lines: tuple[Line, ...], months: tuple[date, ...], growth: float
) -> dict[str, Any]:
    """Everything the world is given by month; prices grow by ``growth`` a year after the record."""
    rivals, rival_price = car_kinds.rival_paths(data, lines, months)
    fx, known = paths.exchange_rates(data, months)
    return {
        "market_index": demand.market_sizes(data, lines, months),
        "rival_factor": rivals,
        "rival_price": rival_price,
        "brand_trend": demand.brand_trends(data, lines, months, rivals),
        "wage_index": paths.wage_indices(data, months),
        "energy_index": paths.energy_indices(data, months, growth),
        "price_level": paths.price_levels(data, months, growth),
        "fx_per_usd": fx,
        "fx_known_months": known,
        "freight_index": paths.freight_path(data, months),
        "content_relief": paths.content_relief(data, months),
    }


def _hosts(data: Dataset, months: tuple[date, ...]) -> dict[str, Any]:
    """What countries have to offer plants."""
    return {
        "host_wage": hosts.host_values(data, "wage"),
        "host_workforce": hosts.workforces(data, months),
        "labour_supply": hosts.host_values(data, "labour_supply"),
        "days_from_japan": hosts.days_from_japan(data),
    }


def read_firms(data: Dataset, lines: tuple[Line, ...]) -> tuple[Firm, ...]:
    """Firms that have a line, in the order of ``firms.csv``."""
    used = {line.firm for line in lines}
    return tuple(
        Firm(
            row.text("id"),
            row.text("name"),
            row.text("sector"),
            _year_start(row),
            row.text("group"),
        )
        for row in data["firms"]
        if row.text("id") in used
    )


def _year_start(row: Row) -> int:
    """First month of a firm's year; where the table is silent April, as with most in Japan."""
    start = row.number("fiscal_year_start")
    return APRIL if np.isnan(start) else int(start)


def site_table(data: Dataset) -> tuple[Mapping[str, str], ...]:
    """Plants for maps: every row of ``plants.csv`` that is no sum of others, as texts."""
    return tuple(
        {name: row.text(name) for name in row.values} for row in data.where("plants", kind="plant")
    )


def _index(codes: list[str], order: Mapping[str, int]) -> NDArray[np.int64]:
    return np.array([order[code] for code in codes], dtype=np.int64)


def _by_country(data: Dataset, column: str) -> NDArray[np.float64]:
    values = {row.text("country"): row.number(column) for row in data["countries"]}
    return np.array([values[code] for code in COUNTRIES])


def _freeze(world: World) -> None:
    """Arrays of the world cannot be written to: it is shared by every lane."""
    arrays = [getattr(world, field.name) for field in fields(world)]
    for array in (*arrays, *world.parameters.values()):
        if isinstance(array, np.ndarray):
            array.setflags(write=False)
