"""What is announced and not yet in force, as it was known in public on a day.

Only announcement dates up to that day are read: later values, ends and withdrawals are unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import BASIS_INDEX, LEGAL_BASES, months_between
from sim.law.instrument import FOREVER, STAGES, Value
from sim.law.law import Law
from sim.law.rates.calendar import calendar
from sim.law.rates.compiled import SHAPE, Charge, ImporterLaw
from sim.law.rates.stack import stack

HORIZON_MONTHS = 12
"""Announcements further ahead than this are not counted yet."""

_DUTIES = ("additional", "all_in_ceiling")


YEAR = 12
"""Months after its first day over which firms look at what came of an announcement."""


@dataclass(frozen=True, eq=False)
class Announced:
    """Duty that announcements would add: float64[X, K, B], and months until it starts, int16.

    ``stage``: int8[X, K, B], how far the first of them has come
    (:data:`sim.law.instrument.STAGES`).
    """

    extra: Floats
    months: NDArray[np.int16]
    stage: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Threat:
    """An announcement that would have raised a duty, and what came of it.

    ``carried``: share of the rise that was in force, by month from its first day on, at most a
    year: 1 throughout where it came in full, less where it came in part or late, 0 where never.
    """

    start: date
    basis: int
    stage: int
    carried: tuple[float, ...]

    def carried_by(self, month: date) -> float:
        """Share carried out as it was known in a month: the mean of the months since its day."""
        known = self.carried[: max(0, months_between(self.start, month) + 1)]
        return sum(known) / len(known) if known else 0.0


def candidates(law: Law, importer: str) -> tuple[Charge, ...]:
    """Values of the importer that became public before their first day, as pending charges."""
    return _candidates(law.part(importer), importer)


@lru_cache(maxsize=192)
def _candidates(law: Law, importer: str) -> tuple[Charge, ...]:
    groups = calendar(law, importer).law.groups
    charges: list[Charge] = []
    for instrument in law.instruments:
        last_day = law.stacking.last_day(instrument.group)
        for value in instrument.values:
            if _was_announced(value) and value.start <= last_day:
                group, basis = groups.index(instrument.group), BASIS_INDEX[instrument.basis]
                charges.append(
                    Charge(
                        instrument, value, value.start, FOREVER, group, basis, 10_000 + len(charges)
                    )
                )
    return tuple(charges)


def _was_announced(value: Value) -> bool:
    return (
        value.announced is not None
        and value.announced < value.start
        and value.rate is not None
        and value.kind in _DUTIES
        and value.status != "void"
    )


def pending(law: Law, importer: str, on: date) -> tuple[Charge, ...]:
    """Charges that were public and still ahead on a day, at most twelve months off."""
    return tuple(
        charge
        for charge in candidates(law, importer)
        if (charge.value.announced or FOREVER) <= on < charge.first
        and months_between(on, charge.first) <= HORIZON_MONTHS
        and not (charge.value.withdrawn and charge.value.withdrawn <= on)
    )


def added(law: ImporterLaw, charges: Sequence[Charge], on: date) -> Announced:
    """What ``charges`` would add, on their start, to the duties in force on a day."""
    base = law.base(on)
    replaced = {charge.instrument.id for charge in charges}
    now = law.duties(on)
    kept = [charge for charge in now if charge.instrument.id not in replaced]
    before = stack(law, now, base, on).extra
    after = stack(law, [*kept, *charges], base, on)
    extra = np.maximum(0.0, after.extra - before)
    return Announced(extra, *_nearest(charges, after.winner, extra, on))


def _nearest(
    charges: Sequence[Charge], winner: NDArray[np.int16], extra: Floats, on: date
) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    """Months until the first of the charges of a flow starts, and the stage that it is at."""
    months = np.zeros((*SHAPE, len(LEGAL_BASES)), np.int16)
    stage = np.zeros(months.shape, np.int8)
    for charge in sorted(charges, key=lambda charge: charge.first, reverse=True):
        flows = (winner == charge.place).any(axis=0) & (extra[..., charge.basis] > 0.0)
        months[flows, charge.basis] = months_between(on, charge.first)
        stage[flows, charge.basis] = STAGES.index(charge.value.stage)
    return months, stage


def threats(law: Law, importer: str) -> tuple[Threat, ...]:
    """Every announcement that would raise a duty, and what came of it.

    Parts into which a reform cut a measure, to edit some of its flows, were announced as one: they
    count once, with what most of any part came to.
    """
    return _threats(law.part(importer), importer)


@lru_cache(maxsize=192)
def _threats(law: Law, importer: str) -> tuple[Threat, ...]:
    compiled = calendar(law, importer).law
    found: dict[tuple[str, date, date], Threat] = {}
    for charge in candidates(law, importer):
        announced = max(charge.value.announced or charge.first, date(2017, 1, 1))
        if added(compiled, [charge], announced).extra.any():
            act = (charge.instrument.measure, charge.first, announced)
            stage = STAGES.index(charge.value.stage)
            carried = _carried(law, charge, announced)
            if act in found:
                carried = max(carried, found[act].carried)
            found[act] = Threat(charge.first, charge.basis, stage, carried)
    return tuple(found.values())


def _carried(law: Law, charge: Charge, announced: date) -> tuple[float, ...]:
    """Share of the announced rise that was charged, month by month over a year."""
    before = _charged(law, charge.instrument.answer, announced)
    rise = (charge.value.rate or 0.0) - before
    first = charge.first
    days = [first.replace(day=1), *_month_starts(first)]
    if rise <= 0.0:  # no higher rate, more goods: it came or it did not
        return (float(charge.value.status == "enacted"),) * YEAR
    later = [max(day, first) for day in days[:YEAR]]
    charged = [_charged(law, charge.instrument.answer, day) for day in later]
    return tuple(min(1.0, max(0.0, (rate - before) / rise)) for rate in charged)


def _month_starts(day: date) -> list[date]:
    """First days of the months after a day, as many as are looked at."""
    months = [day.year * YEAR + day.month - 1 + k for k in range(1, YEAR)]
    return [date(month // YEAR, month % YEAR + 1, 1) for month in months]


def _charged(law: Law, measure: str, on: date) -> float:
    """Greatest rate of a measure, or of its parts, in force on a day; 0 where none is."""
    rates = [
        span.value.rate or 0.0
        for instrument in law.instruments
        if instrument.measure == measure
        for span in instrument.spans()
        if span.covers(on)
    ]
    return max(rates, default=0.0)
