"""Demand the world is given: market sizes, brand trends, chip-tool spending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX, PLACES
from sim.data.dataset import Dataset
from sim.world.goods import LIGHT_VEHICLES, counted_markets, goods_sizes
from sim.world.lines import Line
from sim.world.paths import BASE_YEAR, RECORD_ENDS, matched_path, price_levels, yearly_path

Years = dict[int, float]
Quarters = dict[tuple[int, int], float]

SUBSIDIARY_BRANDS: Mapping[str, tuple[str, ...]] = {"toyota": ("toyota", "daihatsu")}
"""Brands that one line sells together."""


def market_sizes(data: Dataset, lines: tuple[Line, ...], months: Sequence[date]) -> Floats:
    """Market size over 2017, float64[N, J, T]: cars and goods by year, tools by quarter.

    1 where it is not known (:func:`sim.world.goods.unknown_markets`).
    """
    cars = np.ones((len(COUNTRIES), len(months)))
    for market, sizes in _market_years(data).items():
        ratio = {year: size / sizes[BASE_YEAR] for year, size in sizes.items()}
        cars[COUNTRY_INDEX[market]] = matched_path(months, ratio)
    tools = tool_spending(data, months)
    index = goods_sizes(data, lines, months)
    for n, line in enumerate(lines):
        if line.product in LIGHT_VEHICLES:
            index[n] = cars
        elif line.product == "chip_tools":
            index[n] = tools
    return index


def _market_years(data: Dataset) -> dict[str, Years]:
    sizes: dict[str, Years] = defaultdict(dict)
    for row in data["market_size"]:
        sizes[row.text("market")][row.integer("year")] = row.number("sales_units")
    return {market: years for market, years in sizes.items() if BASE_YEAR in years}


def tool_spending(data: Dataset, months: Sequence[date]) -> Floats:
    """Spending on chip tools at 2017 prices over the mean of 2017, float64[J, T].

    To the end of 2020 billings by region. After it no region's own record is read, as what was
    bought then was bought under export controls: spending is the sum of all regions but China,
    of which each has its part of 2017-20, and China its ratio to it of 2020
    (``china_growth`` lets that grow on, lane by lane). Nominal billings are deflated with US
    consumer prices, as all quantities are. The quarters of 2017 are set to their mean, so that the
    first month is the base; after the last quarter the mean of the last four, at the prices of its
    month, holds.
    """
    billings: dict[str, Quarters] = defaultdict(dict)
    for row in data["equipment_billings"]:
        year, quarter = row.text("quarter").split("Q")
        billings[row.text("region")][int(year), int(quarter)] = row.number("billings_usd_bn")
    paths = np.empty((len(COUNTRIES), len(months)))
    for j, one in enumerate(PLACES):
        paths[j] = _quarterly(_wished(billings, one.billings_region), months)
    last = max(date(year, 3 * q, 1) for region in billings.values() for year, q in region)
    prices = price_levels(data, [min(month, last) for month in months], growth_after=0.0)
    return paths / prices[COUNTRY_INDEX["US"]]


def _wished(billings: Mapping[str, Quarters], region: str) -> Quarters:
    """A region's billings to the end of the record, and what it would buy without controls."""
    others = [quarters for name, quarters in billings.items() if name != "CN"]
    rest = {key: sum(quarters[key] for quarters in others) for key in others[0]}
    ends = RECORD_ENDS.year
    first = ends if region == "CN" else BASE_YEAR
    known = [key for key in rest if first <= key[0] <= ends]
    part = sum(billings[region][key] for key in known) / sum(rest[key] for key in known)
    return {
        key: billings[region][key] if key[0] <= ends else part * value
        for key, value in rest.items()
    }


def _quarterly(quarters: Quarters, months: Sequence[date]) -> Floats:
    base = np.mean([quarters[BASE_YEAR, q] for q in (1, 2, 3, 4)])
    held = np.mean([quarters[key] for key in sorted(quarters)[-4:]])
    values = [
        base
        if month.year <= BASE_YEAR
        else quarters.get((month.year, (month.month + 2) // 3), held)
        for month in months
    ]
    return np.asarray(values, dtype=np.float64) / base


def brand_trends(
    data: Dataset, lines: tuple[Line, ...], months: Sequence[date], rivals: Floats
) -> Floats:
    """Maker's share of a market over 2017, float64[N, J, T], without what rivals explain.

    Known years are joined geometrically, the last is held; 1 where no year is known. In a market
    with rivals the trend is divided by their factor, so that the product is the recorded share.
    Cars and light trucks follow the sales of their brand; another line those under its own id, in
    the markets that are counted in units.
    """
    cars, counted = _market_years(data), counted_markets(data)
    sales = _brand_years(data)
    trend = np.ones((len(lines), len(COUNTRIES), len(months)))
    for n, line in enumerate(lines):
        whole = line.product in LIGHT_VEHICLES
        markets = cars if whole else counted.get(line.id, {})
        brands = SUBSIDIARY_BRANDS.get(line.firm, (line.firm,)) if whole else (line.id,)
        for market, sizes in markets.items():
            index = _share_index(sales, brands, market, sizes)
            if len(index) > 1:
                j = COUNTRY_INDEX[market]
                trend[n, j] = yearly_path(months, index, log=True) / rivals[n, j]
    return trend


def _brand_years(data: Dataset) -> dict[tuple[str, str], Years]:
    sales: dict[tuple[str, str], Years] = defaultdict(dict)
    for row in data["brand_sales"]:
        years = sales[row.text("brand"), row.text("market")]
        years[row.integer("year")] = row.number("sales_units")
    return sales


def _share_index(
    sales: dict[tuple[str, str], Years], brands: tuple[str, ...], market: str, sizes: Years
) -> Years:
    """Share of the market over that of 2017 in years when every brand of the line is known."""
    sold_here = [sales[brand, market] for brand in brands if BASE_YEAR in sales[brand, market]]
    if not sold_here:
        return {}
    years = set.intersection(*(set(known) for known in sold_here)) & set(sizes)
    share = {year: sum(known[year] for known in sold_here) / sizes[year] for year in years}
    return {year: share[year] / share[BASE_YEAR] for year in sorted(years)}
