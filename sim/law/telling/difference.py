"""What differs between two laws over a stretch of days, or in one law between two days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, PRODUCTS
from sim.law.instrument import ONE_DAY
from sim.law.law import Law
from sim.law.rates.calendar import Calendar, calendar

_EVEN = 1e-12
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Change:
    """Trade flows of one importer and product that differ alike: before and after, or A and B.

    ``start`` and ``end`` are the days (both included) on which the two laws differ; between two
    days of one law they are those two days.
    """

    importer: str
    product: str
    exporters: tuple[str, ...]
    start: date
    end: date
    first: float
    second: float


def between_laws(
    law: Law, other: Law, start: date, end: date, claim: str | None = None
) -> tuple[Change, ...]:
    """Every flow and stretch of days on which two laws differ, within ``start``..``end``."""
    changes: list[Change] = []
    for importer in COUNTRIES:
        calendars = (calendar(law, importer), calendar(other, importer))
        days = _days(calendars, start, end)
        rates = [_rates(duties, days, claim) for duties in calendars]
        changes += _changes(importer, days, end, *rates)
    return tuple(changes)


def between_days(
    law: Law, first: date, second: date, claim: str | None = None
) -> tuple[Change, ...]:
    """Every flow whose total differs between two days of one law."""
    changes: list[Change] = []
    for importer in COUNTRIES:
        duties = calendar(law, importer)
        rates = [_rates(duties, [day], claim) for day in (first, second)]
        changes += [
            Change(c.importer, c.product, c.exporters, first, second, c.first, c.second)
            for c in _changes(importer, [first], first, *rates)
        ]
    return tuple(changes)


def _days(calendars: tuple[Calendar, Calendar], start: date, end: date) -> list[date]:
    """``start`` and every day up to ``end`` on which one of the two changes."""
    ordinals = np.union1d(calendars[0].first, calendars[1].first)
    inside = [
        date.fromordinal(int(o)) for o in ordinals if start.toordinal() < o <= end.toordinal()
    ]
    return [start, *inside]


def _rates(duties: Calendar, days: list[date], claim: str | None) -> Floats:
    """float64[days, I, K]: totals of the simulated exporters."""
    spells = [duties.spell(day) for day in days]
    totals = duties.unclaimed if claim is None else duties.claimed
    rounded: Floats = np.round(totals[spells, : len(COUNTRIES)], _DIGITS)
    return rounded


def _changes(
    importer: str, days: list[date], end: date, first: Floats, second: Floats
) -> Iterator[Change]:
    alike: dict[tuple[str, date, date, float, float], list[str]] = {}
    for i, k in np.argwhere((np.abs(first - second) > _EVEN).any(axis=0)):
        for start, last, a, b in _stretches(days, end, first[:, i, k], second[:, i, k]):
            alike.setdefault((PRODUCTS[k], start, last, a, b), []).append(COUNTRIES[i])
    for (product, start, last, a, b), exporters in sorted(alike.items()):
        yield Change(importer, product, tuple(exporters), start, last, a, b)


def _stretches(
    days: list[date], end: date, first: Floats, second: Floats
) -> Iterator[tuple[date, date, float, float]]:
    """Runs of days on which the pair of rates stays as it is and differs."""
    edges = [*days[1:], end + ONE_DAY]
    start = 0
    for place in range(len(days)):
        over = place + 1 == len(days) or (
            first[place + 1] != first[start] or second[place + 1] != second[start]
        )
        if over:
            if abs(first[start] - second[start]) > _EVEN:
                last = edges[place] - ONE_DAY
                yield days[start], last, float(first[start]), float(second[start])
            start = place + 1
