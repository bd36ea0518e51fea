"""Which preferences are earned: the share of each route's goods that may claim one, by month.

The share of a flow that claims the best preference is an estimate; it counts only while some
agreement between the two places finds the line's goods originating (:mod:`sim.law.origin.earning`),
tested on the line's own parts. A preference that is not earned is not taken.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from sim.arrays import Flags, Floats
from sim.axes import COUNTRIES, PLACES, PRODUCTS
from sim.law.agreement import Agreement
from sim.law.instrument import FOREVER
from sim.law.origin.declared import Declared
from sim.law.origin.earning import earned_lines
from sim.world.layout import Layout
from sim.world.world import World

_NEIGHBOURS = tuple(
    one.code for one in PLACES if one.segment == "north_america" and one.code != "US"
)
"""Places whose local parts are partly American: the line's ``us_content`` says how much."""


def claims(
    world: World, layout: Layout, agreements: Sequence[Agreement], declared: Declared
) -> Floats:
    """Share of each route's goods that claims the best preference, float64[T, E]."""
    share = world.preference_share[layout.route_line, layout.route_origin, layout.route_market]
    earned = np.zeros((len(world.months), len(share)), dtype=np.bool_)
    known: dict[tuple[int, int, int], Flags] = {}
    for e in np.flatnonzero(share > 0.0):
        n, i, j = layout.route_line[e], layout.route_origin[e], layout.route_market[e]
        key = (int(n), int(i), int(j))
        if key not in known:
            known[key] = _earned(world, *key, agreements, declared)
        earned[:, e] = known[key]
    return np.asarray(share * earned)


def _earned(
    world: World, n: int, i: int, j: int, agreements: Sequence[Agreement], declared: Declared
) -> Flags:
    """Months in which some agreement finds the line's goods originating, bool[T]."""
    place, importer = COUNTRIES[i], COUNTRIES[j]
    months = np.zeros(len(world.months), dtype=np.bool_)
    for agreement in agreements:
        members = dict(agreement.members)
        if place in members and importer in members:
            for first, last in _spans(agreement, place, importer, world.months):
                on = world.months[first]
                months[first:last] |= _originating(world, n, i, agreement, importer, on, declared)
    return months


def _spans(
    agreement: Agreement, place: str, importer: str, months: Sequence[date]
) -> list[tuple[int, int]]:
    """Runs of months within which neither membership nor rule changes."""
    members = dict(agreement.members)
    changes = {members[place], members[importer], agreement.end}
    for rule in agreement.rules:
        changes |= {rule.start, rule.end}
    later = [bisect_left(months, day) for day in changes - {FOREVER}]
    edges = sorted({0, *(t for t in later if t < len(months)), len(months)})
    return list(pairwise(edges))


def _originating(
    world: World,
    n: int,
    i: int,
    agreement: Agreement,
    importer: str,
    on: date,
    declared: Declared,
) -> bool:
    """The agreement's test on one line's goods, with its parts as the world has them."""
    place = COUNTRIES[i]
    parts = float(world.parameters["parts_share"][n] * (1.0 - world.parameters["base_margin"][n]))
    china, japan, local = (float(share) for share in world.parts_source[n, i])
    american = 0.0
    if place in _NEIGHBOURS:
        american = min(local, float(world.parameters["us_content"][n]) / parts)
    return bool(
        earned_lines(
            agreement,
            PRODUCTS[world.product_of_line[n]],
            place,
            importer,
            1.0 - parts,
            parts,
            [china, japan, local - american, american],
            ("CN", "JP", place, "US"),
            on,
            declared,
        ).all()
    )
