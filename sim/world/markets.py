"""What part of its market a line had in 2017: of the whole of it, and among its product's lines."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.world.lines import Line
from sim.world.paths import BASE_YEAR
from sim.world.world import World


def market_units(data: Dataset, lines: tuple[Line, ...]) -> Floats:
    """Size of the product's market in 2017, float64[N, J], units; NaN where it is not known."""
    size = np.full((len(lines), len(COUNTRIES)), np.nan)
    cars = [line.product == "cars" for line in lines]
    for row in data["market_size"]:
        if row.integer("year") == BASE_YEAR:
            size[cars, COUNTRY_INDEX[row.text("market")]] = row.number("sales_units")
    return size


def product_sales(world: World) -> Floats:
    """Base sales of all lines of the line's product, float64[N, J], units a year."""
    if world.product_sales is not None:
        return world.product_sales
    sold = world.base_flow.sum(axis=1)
    total = np.zeros((int(world.product_of_line.max()) + 1, sold.shape[1]))
    np.add.at(total, world.product_of_line, sold)
    return np.asarray(total[world.product_of_line])


def product_parts(world: World) -> Floats:
    """The line's part of what all lines of its product sell in a market, float64[N, J]."""
    sold, total = world.base_flow.sum(axis=1), product_sales(world)
    return np.divide(sold, total, out=np.zeros_like(sold), where=total > 0.0)


def market_parts(world: World) -> Floats:
    """The line's part of its whole market, float64[N, J]; NaN where the size is not known.

    All lines of a product together have at most the whole.
    """
    sold = world.base_flow.sum(axis=1)
    if world.market_units is None:
        return np.full_like(sold, np.nan)
    return np.asarray(sold / np.maximum(world.market_units, product_sales(world)))


def supplied_parts(market_part: Floats, product_part: Floats, supply_share: Floats) -> Floats:
    """``Y``, float64[M, R]: the line's part of its market, by lane.

    ``supply_share``: float64[M, R], part of all modelled makers where the market's size is not
    known. ``market_part, product_part``: float64[M].
    """
    unknown = supply_share * product_part[:, None]
    return np.where(np.isnan(market_part)[:, None], unknown, market_part[:, None])
