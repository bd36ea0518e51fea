"""Duties month by month: the law as the engine consumes it.

A month that straddles a change is weighted by days; duties never compound. Axes: T months,
J importers, I exporters, K products, B legal bases.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import COUNTRIES, LEGAL_BASES, PRODUCTS, month_range
from sim.errors import Fault, LawError
from sim.law.agreement import Agreement
from sim.law.instrument import STAGES
from sim.law.law import Law
from sim.law.origin.declared import Declared
from sim.law.rates.announcements import added, pending, threats
from sim.law.rates.calendar import Calendar, calendar
from sim.law.rates.compiled import Charge
from sim.law.rates.credit import monthly_credit
from sim.law.rates.stack import NOTHING
from sim.law.reading.rates import SCHEDULE_START
from sim.law.subsidies.act import Subsidy

Counts = NDArray[np.int16]


class Measure(NamedTuple):
    """A measure on a flow in a month."""

    id: str
    basis: int
    """Place in :data:`sim.axes.LEGAL_BASES`."""
    rate: float
    stage: int
    """-1 in force; else how far it has come (:data:`sim.law.instrument.STAGES`)."""


@dataclass(frozen=True, eq=False)
class MonthlyDuty:
    """Day-weighted duties of every month; shares of the customs value, domestic flows 0.

    ``mfn + extra.sum(-1)`` is the unclaimed total, ``preference + extra_claimed.sum(-1)`` the one
    with the best preference; ``claimed - content_weight * s`` holds at US content share s.
    ``age_months`` counts the months since a basis has been positive without a break on a flow (0 in
    its first month and when absent). ``announced`` is what would be added by measures public on the
    month's first day and at most twelve months ahead, ``announced_months`` when the first of them
    starts, ``announced_stage`` how far that one has come (:data:`sim.law.instrument.STAGES`).
    ``announced_count`` and ``carried_count`` float64[T, stages, B] are running totals of announced
    duties whose day has passed, and of the share of each that was carried out as known by then.
    """

    months: tuple[date, ...]
    mfn: Floats
    preference: Floats
    extra: Floats
    extra_claimed: Floats
    content_weight: Floats
    age_months: Counts
    announced: Floats
    announced_months: Counts
    announced_stage: NDArray[np.int8]
    announced_count: Floats
    carried_count: Floats
    credit: Floats
    """float64[T, J, K]: credit for output in J, a share of list price, against duty on parts."""
    agreements: tuple[Agreement, ...]
    """Trade agreements whose rules of origin decide who may claim ``preference``."""
    declared: Declared
    """What those rules need and trade data cannot tell."""
    subsidies: tuple[Subsidy, ...]
    """Acts that pay firms for making goods in a place."""
    charges: tuple[tuple[Charge, ...], ...]
    """Each importer's charges, by place."""
    pending: tuple[tuple[tuple[Charge, ...], ...], ...]
    """For each importer and month, the charges that are public and still to come."""
    agreement: tuple[NDArray[np.int16], ...]
    """int16[S, I, K] by importer: place in ``agreements`` of the best claim, -1 for none."""
    winners: tuple[NDArray[np.int16], ...]
    """int16[S, stacking_groups, I, K] by importer: the charge that counts, -1 for none."""
    spells: tuple[tuple[tuple[int, ...], ...], ...]
    """For each importer and month, the spells that the month touches."""

    def instruments_in_force(self, t: int, j: int, i: int, k: int) -> tuple[str, ...]:
        """Ids of the instruments that charge the flow in a month, in stacking order."""
        return tuple(dict.fromkeys(one.instrument.id for one in self._charging(t, j, i, k)))

    def measures(self, t: int, j: int, i: int, k: int) -> tuple[Measure, ...]:
        """Measures that charge the flow in a month, and those public and still to come."""
        coming = [one for one in self.pending[j][t] if one.flows(one.first)[i, k]]
        found = [(one, -1) for one in dict.fromkeys(self._charging(t, j, i, k))]
        found += [(one, STAGES.index(one.value.stage)) for one in coming]
        return tuple(
            Measure(one.instrument.measure, one.basis, one.value.rate or 0.0, stage)
            for one, stage in found
        )

    def claimable(self, t: int, j: int, i: int, k: int) -> str:
        """Agreement whose preference is best on the flow at the end of a month; empty for none."""
        place = int(self.agreement[j][self.spells[j][t][-1], i, k])
        return "" if place == NOTHING else self.agreements[place].id

    def _charging(self, t: int, j: int, i: int, k: int) -> Iterator[Charge]:
        for spell in self.spells[j][t]:
            for place in self.winners[j][spell, :, i, k]:
                if place != NOTHING:
                    yield self.charges[j][place]


def monthly(law: Law, months: Sequence[date]) -> MonthlyDuty:
    """Duties of consecutive months (first days), day-weighted.

    Raises :class:`LawError` when the months are not consecutive first days from 2017 on.
    """
    months = tuple(months)
    _refuse_months(months)
    calendars = [calendar(law, importer) for importer in COUNTRIES]
    weights = [_weights(duties, months) for duties in calendars]
    shape = (len(months), len(COUNTRIES), len(COUNTRIES), len(PRODUCTS))
    parts = {name: np.zeros(shape) for name in ("mfn", "preference", "content")}
    parts |= {name: np.zeros((*shape, len(LEGAL_BASES))) for name in ("extra", "extra_claimed")}
    for j, (duties, weight) in enumerate(zip(calendars, weights, strict=True)):
        for name, whole in parts.items():
            rows = getattr(duties, name)[:, : len(COUNTRIES)]
            if rows.any():
                _blend(weight, rows, whole[:, j])
    announced = _announced(law, months, shape)
    counts = _counts(law, months)
    return MonthlyDuty(
        months, parts["mfn"], parts["preference"], parts["extra"], parts["extra_claimed"],
        parts["content"], _ages(calendars, months), *announced, *counts,
        credit=monthly_credit(law, months),
        agreements=law.agreements, declared=law.declared, subsidies=law.subsidies,
        pending=_pending(law, months),
        **_who_charges(calendars, weights),
    )  # fmt: skip


def _who_charges(calendars: list[Calendar], weights: list[Floats]) -> dict[str, Any]:
    """Fields that tell the measures of a flow."""
    places = len(COUNTRIES)
    return {
        "charges": tuple(duties.law.charges for duties in calendars),
        "agreement": tuple(duties.agreement[:, :places] for duties in calendars),
        "winners": tuple(duties.winner[:, :, :places] for duties in calendars),
        "spells": tuple(
            tuple(tuple(np.flatnonzero(row).tolist()) for row in weight) for weight in weights
        ),
    }


def _pending(law: Law, months: tuple[date, ...]) -> tuple[tuple[tuple[Charge, ...], ...], ...]:
    return tuple(tuple(pending(law, code, month) for month in months) for code in COUNTRIES)


def _blend(weight: Floats, rows: Floats, into: Floats) -> None:
    """Weighted sum of spells [S, ...] for every month [T, ...], spell by spell in order of time."""
    for t, shares in enumerate(weight):
        for spell in np.flatnonzero(shares):
            into[t] += shares[spell] * rows[spell]


def _refuse_months(months: tuple[date, ...]) -> None:
    if not months or months[0] < SCHEDULE_START or months != month_range(months[0], months[-1]):
        wrong = "months must be consecutive first days"
        raise LawError(Fault("", "months", wrong, f"begin on {SCHEDULE_START} or later"))


def _weights(duties: Calendar, months: tuple[date, ...]) -> Floats:
    """float64[T, S]: the share of each month's days that falls into each spell."""
    starts = np.array([month.toordinal() for month in months])
    days = np.array([monthrange(month.year, month.month)[1] for month in months])
    after = np.append(duties.first[1:], np.iinfo(np.int64).max)
    first = np.maximum(starts[:, None], duties.first[None, :])
    last = np.minimum((starts + days)[:, None], after[None, :])
    weights: Floats = np.maximum(0, last - first) / days[:, None]
    return weights


def _ages(calendars: list[Calendar], months: tuple[date, ...]) -> Counts:
    """int16[T, J, I, K, B]: months of unbroken presence since the schedules begin."""
    every = month_range(SCHEDULE_START, months[-1])
    skipped = len(every) - len(months)
    ages = []
    for duties in calendars:
        touched = _weights(duties, every) > 0.0
        positive = duties.extra[:, : len(COUNTRIES)] > 0.0
        age = np.full(positive.shape[1:], -1, np.int16)
        rows = []
        for t, row in enumerate(touched):
            age = np.where(positive[row].any(axis=0), age + 1, -1).astype(np.int16)
            if t >= skipped:
                rows.append(np.maximum(age, 0))
        ages.append(np.array(rows))
    return np.stack(ages, axis=1).astype(np.int16)


def _announced(
    law: Law, months: tuple[date, ...], shape: tuple[int, ...]
) -> tuple[Floats, Counts, NDArray[np.int8]]:
    extra = np.zeros((*shape, len(LEGAL_BASES)))
    ahead = np.zeros((*shape, len(LEGAL_BASES)), np.int16)
    stage = np.zeros((*shape, len(LEGAL_BASES)), np.int8)
    for j, importer in enumerate(COUNTRIES):
        compiled = calendar(law, importer).law
        for t, month in enumerate(months):
            charges = pending(law, importer, month)
            if charges:
                coming = added(compiled, charges, month)
                extra[t, j] = coming.extra[: len(COUNTRIES)]
                ahead[t, j] = coming.months[: len(COUNTRIES)]
                stage[t, j] = coming.stage[: len(COUNTRIES)]
    return extra, ahead, stage


def _counts(law: Law, months: tuple[date, ...]) -> tuple[Floats, Floats]:
    announced = np.zeros((len(months), len(STAGES), len(LEGAL_BASES)))
    carried = np.zeros_like(announced)
    for importer in COUNTRIES:
        for one in threats(law, importer):
            for t, month in enumerate(months):
                if one.start <= month:
                    announced[t, one.stage, one.basis] += 1.0
                    carried[t, one.stage, one.basis] += one.carried_by(month)
    return announced, carried
