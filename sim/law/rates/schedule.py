"""What a good pays: on one flow and day, and on every flow of a day.

Rates are shares of the customs value (0.275 is 27.5 %). ``claim`` is None (no preference),
``best`` (the cheapest preference in force, origin assumed to be met) or the id of an agreement;
a claim that no agreement supports pays the unclaimed rate, as at the border.

>>> from datetime import date
>>> from sim.law.law import load_law
>>> answer = rate(load_law(), "JP", "US", "cars", date(2025, 6, 15))
>>> answer.total, [component.instrument for component in answer.components]
(0.275, ['mfn', 'us_232_autos'])
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, LAW_COUNTRIES, PRODUCT_INDEX, PRODUCTS
from sim.errors import Fault, LawError
from sim.law.law import Law
from sim.law.rates.calendar import calendar
from sim.law.rates.compiled import EXPORTER_INDEX
from sim.law.rates.components import DIGITS, Component, components
from sim.law.reading.rates import SCHEDULE_START
from sim.spelling import COUNTRY, PRODUCT

BEST = "best"


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
        duties = calendar(law, importer)
        spell = duties.spell(on)
        for cube, whole in zip(
            cubes, (duties.unclaimed, duties.claimed, duties.content), strict=True
        ):
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
    """The duty of one flow on one day with the parts that make it up.

    Raises :class:`LawError` for an unknown country, product or agreement, a day before 2017 or a
    content share outside 0..1.
    """
    refuse_flow(law, exporter, importer, product, on, claim, us_content)
    if exporter == importer:
        return Rate(0.0, ())
    claim = law.claim(claim)
    duties = calendar(law, importer, claim or BEST)
    spell, flow = duties.spell(on), (EXPORTER_INDEX[exporter], PRODUCT_INDEX[product])
    parts = components(law, duties, spell, flow, claimed=claim is not None, us_content=us_content)
    return Rate(round(sum(part.rate for part in parts), DIGITS), parts)


def refuse_flow(
    law: Law,
    exporter: str,
    importer: str,
    product: str,
    on: date,
    claim: str | None,
    content: float,
) -> None:
    """Raise :class:`LawError` with everything that is wrong with a question."""
    faults = unknown_codes(exporter, importer, product)
    try:
        law.claim(claim)
    except LawError as error:
        faults += error.faults
    if not 0.0 <= content <= 1.0:
        faults.append(Fault("", "us_content", f"{content:g} is outside 0..1", "give a share"))
    if faults:
        raise LawError(faults)
    _refuse_early(on)


def unknown_codes(exporter: str | None, importer: str | None, product: str | None) -> list[Fault]:
    """Tell of every code that the schedules do not know which was perhaps meant."""
    asked = (
        ("exporter", exporter, COUNTRY, LAW_COUNTRIES),
        ("importer", importer, COUNTRY, COUNTRIES),
        ("product", product, PRODUCT, PRODUCTS),
    )
    return [
        Fault("", key, f"`{word}` is unknown", spellings.cure(word, known))
        for key, word, spellings, known in asked
        if word is not None and word not in known
    ]


def _refuse_early(on: date) -> None:
    if on < SCHEDULE_START:
        raise LawError(Fault("", "on", f"{on} is too early", f"the law begins on {SCHEDULE_START}"))
