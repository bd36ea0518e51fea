"""Markets of goods by place and year: their size at constant prices, and where it is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX, CURRENCIES, month_range
from sim.data.dataset import Dataset
from sim.data.demand_tables import WORLD_MARKET
from sim.world.lines import Line
from sim.world.paths import BASE_YEAR, exchange_rates, matched_path, price_levels

Years = dict[int, float]
LIGHT_VEHICLES = ("cars", "light_trucks")
"""Products whose market is that of ``market_size.csv``, where pickups count too."""
Markets = Mapping[str, Mapping[str, Mapping[int, tuple[float, str]]]]
"""Path -> place or region -> year -> amount and its unit."""


def goods_sizes(data: Dataset, lines: tuple[Line, ...], months: Sequence[date]) -> Floats:
    """Size of each line's market over 2017, float64[N, J, T]; 1 where no path is known.

    A place has its own path, else that of the smallest region with one, else that of the world.
    Units are counted; amounts of money are told in the currency and at the consumer prices of the
    place whose own they are, those of a region or the world in USD at US prices. The mean of every
    year is its figure, and the last is held.
    """
    index = np.ones((len(lines), len(COUNTRIES), len(months)))
    markets, path_of = _markets(data), market_paths(data)
    chosen = {path: _places(data, markets[path]) for path in set(path_of.values())}
    money = _constant_prices(data, markets)
    for n, line in enumerate(lines):
        path = path_of.get(line.id, "")
        for place, source in chosen.get(path, {}).items():
            j, prices = COUNTRY_INDEX[place], COUNTRY_INDEX.get(source, COUNTRY_INDEX["US"])
            years = {
                year: amount * (1.0 if unit == "units" else money[unit][prices, year - BASE_YEAR])
                for year, (amount, unit) in markets[path][source].items()
            }
            ratio = {year: value / years[BASE_YEAR] for year, value in years.items()}
            index[n, j] = matched_path(months, ratio)
    return index


def market_paths(data: Dataset) -> dict[str, str]:
    """Line id -> the path in ``goods_markets.csv`` that its market follows."""
    given = {row.text("id"): row.text("market_path") for row in data["lines"]}
    return {line: path for line, path in given.items() if path}


def counted_markets(data: Dataset) -> dict[str, dict[str, Years]]:
    """Line id -> country -> year -> size of the line's market there, where it is in units."""
    markets = _markets(data)
    return {
        line: {
            place: {year: amount for year, (amount, _) in years.items()}
            for place, years in markets[path].items()
            if place in COUNTRY_INDEX and all(unit == "units" for _, unit in years.values())
        }
        for line, path in market_paths(data).items()
    }


def unknown_markets(data: Dataset) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Lines and the places where the size of their market is not known and stays at 1.

    Makers of car parts are left out: their sales follow the car plants. Chip tools have billings.
    """
    markets, path_of = _markets(data), market_paths(data)
    sized = {row.text("market") for row in data["market_size"]}
    followers = {
        row.text("scope")
        for row in data.where("parameters", parameter="keiretsu_share")
        if row.number("value") > 0.0
    }
    gaps = []
    for row in data["lines"]:
        if row.text("product") == "chip_tools":
            continue
        if row.text("product") in LIGHT_VEHICLES:
            known = sized
        elif row.text("id") in path_of:
            known = set(_places(data, markets[path_of[row.text("id")]]))
        elif row.text("line_class") in followers:
            continue
        else:
            known = set()
        gaps.append((row.text("id"), tuple(code for code in COUNTRIES if code not in known)))
    return tuple((line, places) for line, places in gaps if places)


def _markets(data: Dataset) -> Markets:
    markets: dict[str, dict[str, dict[int, tuple[float, str]]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for row in data["goods_markets"]:
        years = markets[row.text("path")][row.text("place")]
        years[row.integer("year")] = row.number("amount"), row.text("unit")
    return markets


def _places(data: Dataset, by_place: Mapping[str, object]) -> dict[str, str]:
    """Place -> whose figures it takes: its own, its smallest region's, else the world's."""
    members: dict[str, list[str]] = defaultdict(list)
    for row in data["market_regions"]:
        members[row.text("region")].append(row.text("country"))
    regions = sorted(
        (name for name in members if name in by_place), key=lambda name: len(members[name])
    )
    chosen = dict.fromkeys(COUNTRIES, WORLD_MARKET) if WORLD_MARKET in by_place else {}
    for name in reversed(regions):
        chosen |= dict.fromkeys(members[name], name)
    return chosen | {place: place for place in by_place if place in COUNTRY_INDEX}


def _constant_prices(data: Dataset, markets: Markets) -> dict[str, Floats]:
    """What an amount in a currency is worth in a place at its prices of 2017, float64[J, years].

    ``(fx_j / fx_currency) / P_j``, both as means of the year.
    """
    last = max(year for path in markets.values() for years in path.values() for year in years)
    months = month_range(date(BASE_YEAR, 1, 1), date(last, 12, 1))
    rates = exchange_rates(data, months)[0].reshape(len(COUNTRIES), -1, 12).mean(axis=2)
    level = (
        price_levels(data, months, growth_after=0.0).reshape(rates.shape[0], -1, 12).mean(axis=2)
    )
    home = {currency: COUNTRY_INDEX[code] for code, currency in CURRENCIES.items()}
    units = {unit for path in markets.values() for y in path.values() for _, unit in y.values()}
    return {unit: rates / rates[home[unit]] / level for unit in units - {"units"}}
