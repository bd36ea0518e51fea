"""What the law of export control is asked about chip tools, and how its answers are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.law.controls import Query
from sim.law.controls.codes import FREE_CODES
from sim.law.controls.law import ControlLaw
from sim.law.controls.query import Decision
from sim.world.customers import SERVICE_CLASS, ToolMarket
from sim.world.layout import build_layout
from sim.world.world import World

DAY = 15
"""Day of the month on which the law is asked: a rule of the first half binds in its month."""
HOME = "JP"
FREE, BULK, INDIVIDUAL = 0, 1, 2
"""Own list of the country of export: no licence, a general one covers it, one for each order."""


def thresholds(
    law: ControlLaw, authority: str, kind: str, places: Sequence[str]
) -> tuple[float, ...]:
    """Shares at which a rule of this kind turns on the way to any of the places, in order.

    >>> from sim.law.controls import enacted
    >>> thresholds(enacted(), "US", "de_minimis", ["CN", "TW"])
    (0.25,)
    """
    ever = {(row.group, row.country) for row in law.memberships}
    shares = {
        rule.where.threshold_share
        for rule in law.of(authority, kind)
        if not rule.where.to
        or any(place == to or (to, place) in ever for place in places for to in rule.where.to)
    }
    return tuple(sorted(share for share in shares if share is not None and 0.0 < share < 1.0))


def middles(cuts: Sequence[float]) -> list[float]:
    """A share inside each band between thresholds.

    >>> middles((0.5,))
    [0.25, 0.75]
    """
    edges = [0.0, *cuts, 1.0]
    return [(low + high) / 2.0 for low, high in pairwise(edges)]


def tool_lines(world: World) -> list[int]:
    """Lines that make chip tools."""
    return [n for n, line in enumerate(world.lines) if line.product == "chip_tools"]


def origins(world: World) -> dict[int, tuple[str, ...]]:
    """Places from which each line of chip tools may ever ship, by line.

    Where its programmes may move (``programmes``), the places that they may go to are among them.
    """
    layout = build_layout(world)
    rows = {n: layout.route_origin[layout.route_line == n] for n in tool_lines(world)}
    return {n: tuple(COUNTRIES[i] for i in np.unique(places)) for n, places in rows.items()}


def plants(world: World) -> list[str]:
    """Places where some line may make chip tools."""
    made = {place for places in origins(world).values() for place in places}
    return [code for code in COUNTRIES if code in made]


def home_mix(world: World, market: ToolMarket) -> Floats:
    """Classes of Japanese makers' tools, weighted with base sales, float64[node_groups, Z]."""
    rows = tool_lines(world)
    weight = world.base_flow[rows].sum(axis=(1, 2))
    return np.asarray(np.tensordot(weight / weight.sum(), market.mix[rows], axes=1))


def shipments(world: World, market: ToolMarket) -> tuple[list[Query], Ints, Ints]:
    """Every kind of shipment, and where each stands when shipped directly or by way of Japan.

    The places are int64[U, Z, I], -1 where no line ships the class.
    """
    made: set[tuple[int, str]] = set()
    for n, places in origins(world).items():
        kinds = [*np.flatnonzero(market.mix[n].any(axis=0)), market.classes.index(SERVICE_CLASS)]
        made |= {(int(k), place) for k in kinds for place in places}
    shape = (len(market.customers), len(market.classes), len(COUNTRIES))
    direct, by_home = (np.full(shape, -1, dtype=np.int64) for _ in range(2))
    queries: list[Query] = []
    for u, buyer in enumerate(market.customers):
        for k, place in sorted(made):
            at = (u, k, COUNTRY_INDEX[place])
            for table, source in ((direct, place), (by_home, HOME)):
                table[at] = direct[at] if place == HOME and direct[at] >= 0 else len(queries)
                if table[at] == len(queries):
                    kind = market.classes[k]
                    queries.append(_query(kind, place, source, buyer.place, buyer.control))
    return queries, direct, by_home


def offers(market: ToolMarket, maker: str) -> list[Query]:
    """What a country's makers may sell: one query for each buyer and class, U before K."""
    return [
        _query(kind, maker, maker, buyer.place, buyer.control)
        for buyer in market.customers
        for kind in market.classes
    ]


def _query(kind: str, made: str, source: str, to: str, buyer: str) -> Query:
    return Query(kind, 0.0, made, source, to, buyer, exporter_hq=made if made != "CN" else HOME)


def with_content(query: Query, share: float) -> Query:
    """The query with another US content; a tool made in the United States is all American."""
    return replace(query, us_content=1.0 if query.made == "US" else share)


def own_list(law: ControlLaw, decision: Decision, to: str) -> int:
    """Whether the exporting country's own list asks for a licence, and of which kind.

    Japan's rules name the places that a general bulk licence covers; a Dutch licence to places
    outside D:1 is taken as general.
    """
    if decision.japan not in FREE_CODES:
        limb = next(
            one for one in decision.limbs if one.authority == "JP" and one.code and one.applied
        )
        bulk = law.rule(limb.rule).bulk_group
        covered = bulk is not None and law.in_group(to, bulk, decision.on)
    elif decision.netherlands not in FREE_CODES:
        covered = not law.in_group(to, "D:1", decision.on)
    else:
        return FREE
    return BULK if covered else INDIVIDUAL
