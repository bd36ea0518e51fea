"""What a good pays: for one lane and day, for many, for all at once, and month by month.

Rates are shares of the customs value (0.275 is 27.5 %). ``claim`` is None (no preference),
``best`` (the cheapest preference in force, origin assumed to be met) or the id of an agreement;
a claim that no agreement supports pays the unclaimed rate, as at the border.

>>> from datetime import date
>>> from sim.law.law import load_law
>>> found = rate(load_law(), "JP", "US", "cars", date(2025, 6, 15))
>>> found.total, [component.instrument for component in found.components]
(0.275, ['mfn', 'us_232_autos'])
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.axes import COUNTRIES, LAW_COUNTRIES, PRODUCT_INDEX, PRODUCTS
from sim.errors import Fault, LawError, nearest
from sim.law.law import Law
from sim.law.rates.calendar import Calendar, calendar
from sim.law.rates.compiled import EXPORTER_INDEX, Charge, Floats
from sim.law.rates.monthly import MonthlyDuty, monthly
from sim.law.rates.stack import NOTHING
from sim.law.rates.tabular import rate_components, rates
from sim.law.reading.rates import SCHEDULE_START

__all__ = [
    "Component", "DutyCube", "MonthlyDuty", "Rate", "duty", "monthly", "rate", "rate_components",
    "rates",
]  # fmt: skip

BEST = "best"
MFN = "mfn"
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a total: the measure (``mfn``, an agreement, an instrument), rate and source."""

    instrument: str
    rate: float
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A total and the parts that add up to it."""

    total: float
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DutyCube:
    """Duties on one day: float64[J, I, K], importer first; the diagonal (domestic) is 0.

    ``claimed`` is the total with the best preference in force; with an approved US content share
    s it is ``claimed - content_weight * s`` (Section 232, USMCA vehicles).
    """

    on: date
    unclaimed: Floats
    claimed: Floats
    content_weight: Floats


def duty(law: Law, on: date) -> DutyCube:
    """Every importer x exporter x product of :mod:`sim.axes` on one day.

    Raises :class:`LawError` for a day before the schedules begin.
    """
    _refuse_early(on)
    cubes: list[list[Floats]] = [[], [], []]
    for importer in COUNTRIES:
        found = calendar(law, importer)
        spell = found.spell(on)
        for cube, whole in zip(cubes, (found.unclaimed, found.claimed, found.content), strict=True):
            cube.append(whole[spell, : len(COUNTRIES)])
    return DutyCube(on, *(np.array(cube) for cube in cubes))


def rate(
    law: Law,
    exporter: str,
    importer: str,
    product: str,
    on: date,
    claim: str | None = None,
    us_content: float = 0.0,
) -> Rate:
    """The duty of one lane on one day with the parts that make it up.

    Raises :class:`LawError` for an unknown country, product or agreement, a day before 2017 or a
    content share outside 0..1.
    """
    refuse_lane(law, exporter, importer, product, on, claim, us_content)
    if exporter == importer:
        return Rate(0.0, ())
    claim = law.claim(claim)
    found = calendar(law, importer, claim or BEST)
    spell, lane = found.spell(on), (EXPORTER_INDEX[exporter], PRODUCT_INDEX[product])
    parts = components(law, found, spell, lane, claimed=claim is not None, us_content=us_content)
    return Rate(round(sum(part.rate for part in parts), _DIGITS), parts)


def refuse_lane(
    law: Law,
    exporter: str,
    importer: str,
    product: str,
    on: date,
    claim: str | None,
    content: float,
) -> None:
    """Raise :class:`LawError` with everything that is wrong with a question."""
    faults = [
        Fault("", key, f"`{word}` is unknown", nearest(word, known))
        for key, word, known in (
            ("exporter", exporter, LAW_COUNTRIES),
            ("importer", importer, COUNTRIES),
            ("product", product, PRODUCTS),
        )
        if word not in known
    ]
    try:
        law.claim(claim)
    except LawError as error:
        faults += error.faults
    if not 0.0 <= content <= 1.0:
        faults.append(Fault("", "us_content", f"{content:g} is outside 0..1", "give a share"))
    if faults:
        raise LawError(faults)
    _refuse_early(on)


def _refuse_early(on: date) -> None:
    if on < SCHEDULE_START:
        raise LawError(Fault("", "on", f"{on} is too early", f"the law begins on {SCHEDULE_START}"))


def components(
    law: Law, found: Calendar, spell: int, lane: tuple[int, int], claimed: bool, us_content: float
) -> tuple[Component, ...]:
    """The parts of one lane's total in one spell of a calendar, base rate first."""
    on = date.fromordinal(int(found.first[spell]))
    winners = (found.winner_claimed if claimed else found.winner)[(spell, slice(None), *lane)]
    agreement = found.agreement[(spell, *lane)] if claimed else NOTHING
    base = (found.preference if claimed else found.mfn)[(spell, *lane)]
    parts = [_base_component(law, found, on, lane, int(agreement), float(base))]
    for place in winners:
        if place == NOTHING:
            continue
        charge = found.law.charges[place]
        claimed_under = found.law.agreements[agreement] if agreement != NOTHING else ""
        share = (charge.value.rate or 0.0) * _left(charge, claimed_under, on, us_content)
        if charge.value.kind == "all_in_ceiling":
            share = max(0.0, share - float(base))
        parts.append(
            Component(charge.instrument.id, round(share, _DIGITS), charge.value.provenance.source)
        )
    return tuple(parts)


def _left(charge: Charge, agreement: str, on: date, us_content: float) -> float:
    """What the claim of an agreement leaves of a charge, 0..1."""
    left = 1.0
    for relief in charge.instrument.relief:
        if relief.agreement == agreement and relief.covers(on):
            left *= 1.0 - (us_content if relief.effect == "content" else relief.share)
    return left


def _base_component(
    law: Law, found: Calendar, on: date, lane: tuple[int, int], agreement: int, base: float
) -> Component:
    exporter, product = LAW_COUNTRIES[lane[0]], PRODUCTS[lane[1]]
    if agreement != NOTHING:
        identity = found.law.agreements[agreement]
        sources = [
            preference.provenance.source
            for preference in law.part(found.law.importer).preferences
            if preference.agreement == identity
            and exporter in preference.exporters
            and product in preference.products
            and preference.start <= on
        ]
        return Component(identity, base, sources[-1])
    for charge in found.law.charges:
        if charge.value.kind == "replaces_mfn" and charge.covers(on) and charge.lanes(on)[lane]:
            return Component(charge.instrument.id, base, charge.value.provenance.source)
    for row in law.part(found.law.importer).mfn:
        if row.product == product and row.covers(on):
            return Component(MFN, base, row.provenance.source)
    raise LawError(Fault("", f"{found.law.importer} {product}", f"no MFN rate on {on}"))
