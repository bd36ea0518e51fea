"""The first day from which two laws ask something else of simulated goods, or announce it.

It looks at what :func:`sim.law.rates.monthly.monthly` would hold of each, through all days and
without making it: calendars are kept by importer, so that a run makes them once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from sim.axes import COUNTRIES, PRODUCT_INDEX, PRODUCTS, month_range, months_between
from sim.law.instrument import FOREVER
from sim.law.law import Law
from sim.law.rates.announcements import (
    HORIZON_MONTHS,
    Threat,
    added,
    candidates,
    pending,
    threats,
)
from sim.law.rates.calendar import Calendar, calendar
from sim.law.rates.compiled import Charge
from sim.law.rates.credit import monthly_credit
from sim.law.reading.rates import SCHEDULE_START

_ARRAYS = ("mfn", "preference", "extra", "extra_claimed", "content")

Goods = Sequence[int]
"""Places of products in :data:`sim.axes.PRODUCTS`."""


def first_in_force(law: Law, other: Law, products: Iterable[str] = PRODUCTS) -> date | None:
    """First day on which a duty, preference, credit or subsidy differs, if any.

    >>> from sim.law.law import load_law
    >>> from sim.law.reforms.edits import apply_reforms
    >>> from sim.law.reforms.schema import named_reforms
    >>> law = load_law()
    >>> first_in_force(law, apply_reforms(law, named_reforms("us_autos_25_for_good")))
    datetime.date(2025, 8, 1)
    """
    goods = _places(products)
    pairs = [(calendar(law, code), calendar(other, code)) for code in _changed(law, other)]
    days = [_credits(law, other, goods), _paid(law, other, goods)]
    days += [_duties(*pair, goods) for pair in pairs]
    return min((day for day in days if day is not None), default=None)


def first_announced(law: Law, other: Law, products: Iterable[str] = PRODUCTS) -> date | None:
    """First month (its first day) in which what is announced, or came true, differs, if any."""
    goods = _places(products)
    days = []
    for code in _changed(law, other):
        days += [_announced(law, other, code, goods), _came(law, other, code)]
    return min((day for day in days if day is not None), default=None)


def _paid(law: Law, other: Law, goods: Goods) -> date | None:
    """First day on which acts pay something else for making the goods."""
    made = {PRODUCTS[place] for place in goods}
    one, two = (
        {act.id: act for act in each.subsidies if not act.silent and made & set(act.products)}
        for each in (law, other)
    )
    changed = [key for key in {**one, **two} if one.get(key) != two.get(key)]
    grants = [grant for each in (one, two) for key in changed if key in each
              for grant in each[key].grants]  # fmt: skip
    days = {grant.start for grant in grants} | {
        grant.end + timedelta(days=1) for grant in grants if grant.end is not None
    }
    for day in sorted(days):
        for key in changed:
            sizes = [
                [(grant.size, grant.years) for grant in each[key].in_force(day)]
                if key in each else []
                for each in (one, two)
            ]  # fmt: skip
            if sizes[0] != sizes[1]:
                return day
    return None


def _places(products: Iterable[str]) -> Goods:
    return sorted(PRODUCT_INDEX[product] for product in products)


def _changed(law: Law, other: Law) -> list[str]:
    """Importers whose law is not the same."""
    return [code for code in COUNTRIES if law.part(code) != other.part(code)]


def _duties(one: Calendar, other: Calendar, goods: Goods) -> date | None:
    """First day on which two calendars differ."""
    simulated = slice(len(COUNTRIES))
    for day in np.union1d(one.first, other.first):
        places = [int(np.searchsorted(c.first, day, side="right")) - 1 for c in (one, other)]
        for name in _ARRAYS:
            first, second = (
                getattr(c, name)[place, simulated][:, goods]
                for c, place in zip((one, other), places, strict=True)
            )
            if not np.array_equal(first, second):
                return date.fromordinal(int(day))
    return None


def _announced(law: Law, other: Law, importer: str, goods: Goods) -> date | None:
    """First of the first month in which what is announced would add something else."""
    known = [{_said(charge) for charge in candidates(one, importer)} for one in (law, other)]
    alone = [
        charge
        for one in (law, other)
        for charge in candidates(one, importer)
        if _said(charge) not in known[0] & known[1]
    ]
    for month in sorted({month for charge in alone for month in _public(charge)}):
        extra, ahead = zip(
            *(_coming(one, importer, month, goods) for one in (law, other)), strict=True
        )
        if not (np.array_equal(*extra) and np.array_equal(*ahead)):
            return month
    return None


def _said(charge: Charge) -> tuple[object, ...]:
    """What an announcement said in public: all that :func:`_coming` can depend on."""
    value, measure = charge.value, charge.instrument
    said = (
        value.start, value.rate, value.kind, value.stage, value.announced, value.withdrawn
    )  # fmt: skip
    reach = (measure.exporters, measure.products, measure.excludes, measure.relief)
    return (measure.id, measure.group, measure.basis, *said, *reach)


def _public(charge: Charge) -> Iterator[date]:
    """First days of the months in which an announcement is public and counts."""
    value = charge.value
    begin = max(value.announced or charge.first, SCHEDULE_START)
    for month in month_range(begin, charge.first):
        near = months_between(month, charge.first) <= HORIZON_MONTHS
        if near and begin <= month < min(charge.first, value.withdrawn or FOREVER):
            yield month


def _coming(law: Law, importer: str, month: date, goods: Goods) -> tuple[object, object]:
    charges = pending(law, importer, month)
    if not charges:
        return 0.0, 0
    coming = added(calendar(law, importer).law, charges, month)
    extra = coming.extra[: len(COUNTRIES), goods]
    if not extra.any():
        return 0.0, 0
    return extra, coming.months[: len(COUNTRIES), goods]


def _came(law: Law, other: Law, importer: str) -> date | None:
    """First month that knows of an announcement which came true under one law only, or later."""
    one, two = (Counter(threats(each, importer)) for each in (law, other))
    apart = [_apart(threat, two) for threat in one - two]
    apart += [_apart(threat, one) for threat in two - one]
    first = min(apart, default=None)
    return first if first is None or first.day == 1 else _month_after(first)


def _apart(threat: Threat, others: Iterable[Threat]) -> date:
    """Day from which what came of a threat is not what came of the same one under another law."""
    same = [
        next((k for k, pair in enumerate(zip(threat.carried, one.carried, strict=True))
              if pair[0] != pair[1]), 0)
        for one in others
        if (one.start, one.basis, one.stage) == (threat.start, threat.basis, threat.stage)
    ]  # fmt: skip
    months = threat.start.year * 12 + threat.start.month - 1 + max(same, default=0)
    return threat.start if not any(same) else date(months // 12, months % 12 + 1, 1)


def _month_after(day: date) -> date:
    """First day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _credits(law: Law, other: Law, goods: Goods) -> date | None:
    """First month in which output earns another credit."""
    spans = [
        span
        for one in (law, other)
        for instrument in one.instruments
        for span in instrument.spans()
        if span.value.kind == "output_credit"
    ]
    edges = {day for span in spans for day in (span.first, span.last) if day != FOREVER}
    if not edges:
        return None
    months = (*month_range(min(edges), max(edges))[1:], date(max(edges).year + 1, 1, 1))
    one, two = (monthly_credit(each, months)[..., goods] for each in (law, other))
    differs = (one != two).any(axis=(1, 2))
    return months[int(np.argmax(differs))] if differs.any() else None
