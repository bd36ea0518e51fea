"""Subsidies of the month as investors see them: by law, line and place (``docs/model.md`` 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.decisions.views import Subsidies
from sim.engine.simulation import Simulation
from sim.law.subsidies.act import Grant, Subsidy
from sim.world.lines import Line

_DAYS = 365.25
_Cell = tuple[float, float, float, bool, bool]
"""Size, years until it begins, years until it ends, tax or not, of each project or not."""


def subsidies_view(s: Simulation) -> Subsidies:
    """Acts in force and known, of this month and of the first, for each law."""
    lines, prices = s.world.lines, tuple(float(price) for price in s.base.price)
    months = s.world.months[s.state.month], s.world.months[0]
    acts = [law.subsidies for law in s.laws]
    width = max((_width(one, lines) for one in set(acts)), default=0)
    made = {
        one: [_sheet(one, lines, prices, month, max(1, width)) for month in months]
        for one in set(acts)
    }
    outlay = np.stack([made[one][0][0] - made[one][1][0] for one in acts])
    columns = [
        np.stack([[made[one][k][1 + c] for k in range(2)] for one in acts]) for c in range(5)
    ]
    size, first, last, tax, project = columns
    return Subsidies(outlay, size, first, last, tax.astype(np.bool_), project.astype(np.bool_))


def unit_subsidy(s: Simulation) -> Floats:
    """What acts pay this month for a unit made at each plant, float64[P, R], USD."""
    month, lines = s.world.months[s.state.month], s.world.lines
    prices = tuple(float(price) for price in s.base.price)
    rates = np.stack([_paid(law.subsidies, lines, prices, month) for law in s.laws], axis=-1)
    plants = s.layout.plant_line, s.layout.plant_country
    return np.asarray(rates[plants][:, s.law] * s.base.price[s.layout.plant_line, None])


@lru_cache(maxsize=64)
def _width(acts: tuple[Subsidy, ...], lines: tuple[Line, ...]) -> int:
    """The most dated sizes that any line has in any place."""
    count = np.zeros((len(lines), len(COUNTRIES)), dtype=np.int64)
    for act, cells in _reach(acts, lines):
        for n, i in cells:
            count[n, i] += len(act.grants)
    return int(count.max(initial=0))


def _reach(
    acts: Sequence[Subsidy], lines: Sequence[Line]
) -> Iterator[tuple[Subsidy, list[tuple[int, int]]]]:
    """Acts that move something, and the lines and places that each reaches."""
    for act in acts:
        rows = [n for n, line in enumerate(lines) if counts_for(act, line)]
        yield act, [(n, COUNTRY_INDEX[place]) for n in rows for place in act.places]


def counts_for(act: Subsidy, line: Line) -> bool:
    """Whether an act moves something and a line may get it in the act's places."""
    takes = line.product in act.products and (not act.firms or line.firm in act.firms)
    return takes and not act.silent


def outlay_left(act: Subsidy, on: date) -> float:
    """Part of an outlay that an act leaves to the firm, of what is ordered on a day."""
    left = 1.0
    if act.kind == "share_of_outlay":
        for grant in act.in_force(on):
            if grant.public <= on:
                left *= 1.0 - act.chance * grant.size
    return left


@lru_cache(maxsize=512)
def _sheet(
    acts: tuple[Subsidy, ...], lines: tuple[Line, ...], prices: tuple[float, ...], on: date,
    width: int,
) -> tuple[Floats, ...]:  # fmt: skip
    """Part of an outlay, float64[N, I], and the fields of yearly acts, float64[N, I, grants]."""
    shape = (len(lines), len(COUNTRIES))
    borne, filled = np.ones(shape), np.zeros(shape, dtype=np.int64)
    columns = tuple(np.zeros((*shape, width)) for _ in range(5))
    for act, cells in _reach(acts, lines):
        for n, i in cells:
            borne[n, i] *= outlay_left(act, on)
            for cell in yearly_cells(act, prices[n], on):
                for column, value in zip(columns, cell, strict=True):
                    column[n, i, filled[n, i]] = value
                filled[n, i] += 1
    return (1.0 - borne, *columns)


def yearly_cells(act: Subsidy, price: float, on: date) -> Iterator[_Cell]:
    """What an act gives every year, as far as it is known on a day."""
    if act.kind == "share_of_outlay":
        return
    per_price = 1.0 / price if act.kind == "usd_per_unit" else 1.0
    for grant in act.grants:
        size = act.chance * grant.size * per_price
        tax = act.kind == "profit_tax"
        if grant.public > on or grant.last < on:
            continue
        if grant.years is not None:
            if grant.start <= on:
                yield size, *grant.years, tax, True
        else:
            yield size, max(0.0, _years(on, grant.start)), _until(grant, on), tax, False


def _years(on: date, day: date) -> float:
    return (day - on).days / _DAYS


def _until(grant: Grant, on: date) -> float:
    return np.inf if grant.end is None else _years(on, grant.end) + 1.0 / _DAYS


@lru_cache(maxsize=512)
def _paid(
    acts: tuple[Subsidy, ...], lines: tuple[Line, ...], prices: tuple[float, ...], on: date
) -> Floats:
    """Share of price that acts in force pay for what is made, float64[N, I]; no tax among it."""
    rate = np.zeros((len(lines), len(COUNTRIES)))
    paid = [act for act in acts if act.kind in ("share_of_price", "usd_per_unit")]
    for act, cells in _reach(paid, lines):
        for n, i in cells:
            for grant in act.in_force(on):
                if grant.years is None:
                    rate[n, i] += (
                        act.chance * grant.size / (prices[n] if act.kind == "usd_per_unit" else 1.0)
                    )
    return rate
