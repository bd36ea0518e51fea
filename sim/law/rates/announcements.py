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
from sim.law.instrument import FOREVER, Value
from sim.law.law import Law
from sim.law.rates.calendar import calendar
from sim.law.rates.compiled import SHAPE, Charge, ImporterLaw
from sim.law.rates.stack import stack

HORIZON_MONTHS = 12
"""Announcements further ahead than this are not counted yet."""

_DUTIES = ("additional", "all_in_ceiling")


@dataclass(frozen=True, eq=False)
class Announced:
    """Duty that announcements would add: float64[X, K, B], and months until it starts, int16."""

    extra: Floats
    months: NDArray[np.int16]


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
    return Announced(extra, _months(charges, after.winner, extra, on))


def _months(
    charges: Sequence[Charge], winner: NDArray[np.int16], extra: Floats, on: date
) -> NDArray[np.int16]:
    months = np.zeros((*SHAPE, len(LEGAL_BASES)), np.int16)
    for charge in sorted(charges, key=lambda charge: charge.first, reverse=True):
        flows = (winner == charge.place).any(axis=0) & (extra[..., charge.basis] > 0.0)
        months[flows, charge.basis] = months_between(on, charge.first)
    return months


def outcomes(law: Law, importer: str) -> tuple[tuple[date, int, bool], ...]:
    """Start, legal basis and enforcement of every announcement that would raise a duty.

    Parts into which a reform cut a measure, to edit some of its flows, were announced as one: they
    count once, and as enforced where any of them came.
    """
    return _outcomes(law.part(importer), importer)


@lru_cache(maxsize=192)
def _outcomes(law: Law, importer: str) -> tuple[tuple[date, int, bool], ...]:
    compiled = calendar(law, importer).law
    expected: dict[tuple[str, date, date], tuple[date, int, bool]] = {}
    for charge in candidates(law, importer):
        if charge.value.postponed:
            continue
        announced = max(charge.value.announced or charge.first, date(2017, 1, 1))
        if added(compiled, [charge], announced).extra.any():
            act = (charge.instrument.measure, charge.first, announced)
            came = charge.value.status == "enacted" or (act in expected and expected[act][2])
            expected[act] = (charge.first, charge.basis, came)
    return tuple(expected.values())
