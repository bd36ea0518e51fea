"""A world of some of its lines: calibration looks only at the lines that its targets ask about."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

import numpy as np

from sim.errors import Fault, InputError, nearest
from sim.world.customers import ToolMarket
from sim.world.markets import product_sales
from sim.world.parameter_table import split_key
from sim.world.parameters import lane_values
from sim.world.world import World

BY_LINE: tuple[str, ...] = (
    "product_of_line", "parts_product_of_line", "base_flow", "base_capacity", "site_count",
    "lump_units", "price_usd", "retail_markup", "parts_source", "freight_share",
    "preference_share", "candidate", "contract_maker", "market_index", "rival_factor",
    "rival_price", "brand_trend", "equity_share",
)  # fmt: skip
"""Arrays of the world whose first axis is the line."""


def narrowed(world: World, lines: Collection[str]) -> World:
    """The same world with only these lines and the firms that own them.

    Random draws are keyed by id, and lines meet only in the markets of their product, in the places
    of their sector, class and group, in their firm's budget and, as makers of parts, at car plants.
    So a kept firm does what it does in the whole world where all of these are kept too; a line that
    is left out counts among the rivals in its markets (:func:`sim.world.markets.product_sales`).
    Chip tools stay under licence only where all of them are kept, since their buyers look at all
    makers; export rules on materials reach every line in any world.

    Raises
    ------
    InputError
        A line that the world does not have, with the nearest spelling.

    >>> from sim.world.build import load_world
    >>> [line.id for line in narrowed(load_world(), ["honda_cars"]).lines]
    ['honda_cars']
    """
    known = [line.id for line in world.lines]
    unknown = sorted(set(lines) - set(known))
    if unknown:
        raise InputError(
            Fault("", name, "no such line in this world", nearest(name, known)) for name in unknown
        )
    rows = [n for n, name in enumerate(known) if name in lines]
    kept = tuple(world.lines[n] for n in rows)
    firms = tuple(firm for firm in world.firms if any(line.firm == firm.id for line in kept))
    place = {firm.id: f for f, firm in enumerate(firms)}
    size = world.market_units
    return dataclasses.replace(
        world,
        lines=kept,
        market_units=None if size is None else size[rows],
        product_sales=product_sales(world)[rows],
        firms=firms,
        firm_of_line=np.array([place[line.firm] for line in kept], dtype=np.int64),
        tools=_narrowed_tools(world, lines, rows),
        partnerships=tuple(one for one in world.partnerships if one.line in lines),
        parameters={name: values[rows] for name, values in world.parameters.items()},
        **{name: getattr(world, name)[rows] for name in BY_LINE},
    )


def _narrowed_tools(world: World, lines: Collection[str], rows: list[int]) -> ToolMarket | None:
    """The market of chip tools for these rows; None unless all of its makers are kept."""
    tools = world.tools
    makers = {line.id for line in world.lines if line.product == "chip_tools"}
    if tools is None or not makers <= set(lines):
        return None
    return dataclasses.replace(tools, mix=tools.mix[rows], contested=tools.contested[rows])


def structural(world: World, overrides: Mapping[str, float]) -> dict[str, float]:
    """Those of the overrides that say which rows a world has, or when all of its firms review.

    >>> from sim.world.build import load_world
    >>> structural(load_world(), {"programmes.cars": 1.0, "theta": 5.0})
    {'programmes.cars': 1.0}
    """
    names = {row.name for row in world.parameter_rows if row.settled == "rows"}
    return {key: value for key, value in overrides.items() if split_key(key)[0] in names}


def structured(world: World, overrides: Mapping[str, float]) -> World:
    """The world with the structural ones of these overrides as its defaults.

    Which slices of trade a programme may move is settled when rows are laid out, so a lane that
    sets ``programmes.cars: 1`` needs it in the world itself and not only in its parameters.

    Raises
    ------
    InputError
        As :func:`sim.world.parameters.lane_values` does.
    """
    chosen = structural(world, overrides)
    if not chosen:
        return world
    settled = lane_values(world, [overrides])
    rows = {split_key(key)[0]: settled[split_key(key)[0]][:, 0] for key in chosen}
    return dataclasses.replace(world, parameters={**world.parameters, **rows})
