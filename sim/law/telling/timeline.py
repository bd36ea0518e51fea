"""The duty of one product in one market through time, origin by origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sim.axes import LAW_COUNTRIES, PRODUCT_INDEX
from sim.law.instrument import ONE_DAY
from sim.law.law import Law
from sim.law.rates.calendar import calendar
from sim.law.rates.compiled import EXPORTER_INDEX
from sim.law.rates.components import DIGITS, Component, components
from sim.law.rates.schedule import BEST, refuse_flow
from sim.law.reading.rates import SCHEDULE_START


@dataclass(frozen=True, slots=True)
class Spell:
    """Days, both included, on which a flow pays one rate made of the same parts."""

    exporter: str
    start: date
    end: date | None
    rate: float
    components: tuple[Component, ...]


def timeline(
    law: Law,
    importer: str,
    product: str,
    exporters: Iterable[str] | None = None,
    claim: str | None = None,
) -> tuple[Spell, ...]:
    """Spells of every exporter (all but the importer by default), each in order of time.

    Errors as :func:`sim.law.rates.schedule.rate`.
    """
    spells: list[Spell] = []
    for exporter in exporters or LAW_COUNTRIES:
        refuse_flow(law, exporter, importer, product, SCHEDULE_START, claim, 0.0)
        if exporter != importer:
            spells += _spells(law, exporter, importer, product, law.claim(claim))
    return tuple(spells)


def _spells(law: Law, exporter: str, importer: str, product: str, claim: str | None) -> list[Spell]:
    held = calendar(law, importer, claim or BEST)
    flow = (EXPORTER_INDEX[exporter], PRODUCT_INDEX[product])
    spells: list[Spell] = []
    for number, first in enumerate(held.first):
        parts = components(law, held, number, flow, claim is not None, 0.0)
        start = date.fromordinal(int(first))
        if spells and _same(spells[-1].components, parts):
            continue
        if spells:
            last = spells[-1]
            spells[-1] = Spell(exporter, last.start, start - ONE_DAY, last.rate, last.components)
        total = round(sum(part.rate for part in parts), DIGITS)
        spells.append(Spell(exporter, start, None, total, parts))
    return spells


def _same(first: tuple[Component, ...], second: tuple[Component, ...]) -> bool:
    return [(c.instrument, c.rate) for c in first] == [(c.instrument, c.rate) for c in second]
