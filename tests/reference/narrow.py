"""A world of a few of its lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from sim.world.world import World

BY_LINE = (
    "product_of_line", "parts_product_of_line", "base_flow", "base_capacity", "site_count",
    "lump_units", "price_usd", "retail_markup", "parts_source", "freight_share",
    "preference_share", "candidate", "contract_maker", "market_index", "rival_factor",
    "brand_trend",
)  # fmt: skip
"""Fields whose first axis is the line."""


def narrow(world: World, lines: Sequence[str]) -> World:
    """The same world with only these lines and the firms that own them; tools are unlicensed."""
    rows = [n for n, line in enumerate(world.lines) if line.id in lines]
    if len(rows) != len(set(lines)):
        raise KeyError(f"not all of {sorted(lines)} are lines of this world")
    kept = tuple(world.lines[n] for n in rows)
    firms = tuple(f for f in world.firms if any(line.firm == f.id for line in kept))
    place = {firm.id: f for f, firm in enumerate(firms)}
    changes = {name: getattr(world, name)[rows] for name in BY_LINE}
    changes["lines"], changes["firms"], changes["tools"] = kept, firms, None
    changes["firm_of_line"] = np.array([place[line.firm] for line in kept])
    changes["parameters"] = {name: value[rows] for name, value in world.parameters.items()}
    return dataclasses.replace(world, **changes)
