"""How well the flows of 2017 are known: the grade of evidence that each rests on, by volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.data.evidence import EVIDENCE
from sim.world.world import World

DERIVED = EVIDENCE.index("derived")
WEAKEST = len(EVIDENCE) - 1


@dataclass(frozen=True, slots=True)
class Volume:
    """Flows of a product in 2017 and the part of them on each grade of evidence."""

    product: str
    usd: float
    shares: Mapping[str, float]
    """Grade -> part of ``usd``; all 0 where nothing flows."""


def flow_grades(world: World, data: Dataset) -> NDArray[np.int64]:
    """Grade of every base flow, int64[N, I, J], an index into ``EVIDENCE``: 0 is the strongest.

    A flow that a row of ``flow_facts`` gives rests on that row and on the output or the sales that
    it is a share of; a fitted one on both margins, and is derived at best. Goods, whose margins are
    shares, rest on the revenue of their line too.
    """
    size = len(COUNTRIES)
    grades = np.full((len(world.lines), size, size), WEAKEST, dtype=np.int64)
    own = {row.text("id"): EVIDENCE.index(row.text("evidence")) for row in data["lines"]}
    for n, line in enumerate(world.lines):
        made, goods = _margin(data, "output_2017", "country", line.id)
        sold, _ = _margin(data, "sales_2017", "market", line.id)
        grades[n] = np.maximum(np.maximum(made[:, None], sold[None, :]), DERIVED)
        for row in data.where("flow_facts", line=line.id):
            i, j = COUNTRY_INDEX[row.text("origin")], COUNTRY_INDEX[row.text("market")]
            base = made[i] if row.text("of") == "output" else sold[j]
            grades[n, i, j] = max(int(base), EVIDENCE.index(row.text("evidence")))
        if goods:
            grades[n] = np.maximum(grades[n], own[line.id])
    return grades


def volume_by_grade(
    world: World, data: Dataset, origin: str = "", market: str = ""
) -> tuple[Volume, ...]:
    """Base flows in USD by product and grade, all products together last.

    ``origin`` and ``market``: only flows on this route; all where empty.
    """
    usd = world.base_flow * world.price_usd[:, None, None]
    grades = flow_grades(world, data)
    rows = slice(None) if not origin else slice(*_span(origin))
    columns = slice(None) if not market else slice(*_span(market))
    usd, grades = usd[:, rows, columns], grades[:, rows, columns]
    products = dict.fromkeys(line.product for line in world.lines)
    masks = {one: [line.product == one for line in world.lines] for one in products}
    masks["all"] = [True] * len(world.lines)
    return tuple(_volume(one, usd[mask], grades[mask]) for one, mask in masks.items())


def _volume(product: str, usd: NDArray[np.float64], grades: NDArray[np.int64]) -> Volume:
    total = float(usd.sum())
    by = {grade: float(usd[grades == g].sum()) for g, grade in enumerate(EVIDENCE)}
    return Volume(product, total, {one: x / total if total > 0.0 else 0.0 for one, x in by.items()})


def _span(place: str) -> tuple[int, int]:
    return COUNTRY_INDEX[place], COUNTRY_INDEX[place] + 1


def _margin(data: Dataset, table: str, place: str, line: str) -> tuple[NDArray[np.int64], bool]:
    """Grade of every place of a line's margin, and whether the margin is in shares."""
    grades, shares = np.full(len(COUNTRIES), WEAKEST, dtype=np.int64), False
    for row in data.where(table, line=line):
        grades[COUNTRY_INDEX[row.text(place)]] = EVIDENCE.index(row.text("evidence"))
        shares = row.text("unit") == "share"
    return grades, shares
