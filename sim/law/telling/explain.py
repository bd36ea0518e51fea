"""Why a good pays what it pays: measures, authority, source, what was set aside, doubts.

>>> from datetime import date
>>> from sim.law.law import load_law
>>> print(explain(load_law(), "JP", "US", "cars", date(2025, 6, 15)).sum)
2.5 % + 25 % = 27.5 %
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import isnan

from sim.axes import PRODUCT_INDEX
from sim.law.agreement import Preference
from sim.law.instrument import Provenance
from sim.law.law import Law
from sim.law.rates.calendar import Calendar, calendar
from sim.law.rates.compiled import EXPORTER_INDEX, Charge
from sim.law.rates.components import Component
from sim.law.rates.schedule import BEST, Rate, rate
from sim.law.rates.stack import NOTHING
from sim.law.telling.set_aside import SetAside, set_aside
from sim.law.telling.wording import GOODS, percent, place


@dataclass(frozen=True, slots=True)
class Step:
    """One measure that makes the total: its title, authority, since when, rate and record."""

    instrument: str
    title: str
    legal_basis: str
    since: date | None
    rate: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Explanation:
    """A duty in full: the question, the steps, their sum, what was set aside, doubts."""

    question: str
    total: float
    steps: tuple[Step, ...]
    set_aside: tuple[SetAside, ...]
    preferences: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def sum(self) -> str:
        """The addition as one line."""
        parts = " + ".join(percent(step.rate) for step in self.steps)
        return f"{parts or '0 %'} = {percent(self.total)}"


def explain(
    law: Law,
    exporter: str,
    importer: str,
    product: str,
    on: date,
    claim: str | None = None,
    us_content: float = 0.0,
) -> Explanation:
    """The duty of a flow on a day, explained; arguments and errors as :func:`schedule.rate`."""
    answer = rate(law, exporter, importer, product, on, claim, us_content)
    claim = law.claim(claim)
    question = _question(exporter, importer, product, on, claim, us_content)
    if exporter == importer:
        return Explanation(question, 0.0, (), (), (), ("domestic goods cross no border",))
    held = calendar(law, importer, claim or BEST)
    flow = (EXPORTER_INDEX[exporter], PRODUCT_INDEX[product])
    steps = tuple(_step(law, held, flow, on, part) for part in answer.components)
    aside = set_aside(held, flow, on, claimed=claim is not None)
    return Explanation(
        question=question,
        total=answer.total,
        steps=steps,
        set_aside=aside,
        preferences=tuple(_preferences(law, exporter, importer, product, on, answer, us_content)),
        doubts=tuple(_doubts(held, flow, on, steps, product, claim)),
    )


def _question(
    exporter: str, importer: str, product: str, on: date, claim: str | None, content: float
) -> str:
    goods = GOODS[product]
    how = claiming(claim)
    share = f", approved US content {percent(content)}" if content else ""
    sentence = f"{goods} of {place(exporter)}, entering {place(importer)} on {on}, {how}{share}"
    return sentence[0].upper() + sentence[1:]


def claiming(claim: str | None) -> str:
    """Tell which preference is claimed.

    >>> claiming(None), claiming("USMCA")
    ('no preference claimed', 'claiming USMCA')
    """
    told = {None: "no preference claimed", BEST: "claiming the best preference"}
    return told.get(claim, f"claiming {claim}")


def _step(law: Law, duties: Calendar, flow: tuple[int, int], on: date, part: Component) -> Step:
    for charge in duties.law.charges:
        measure = charge.instrument
        counts = measure.measure == part.instrument and charge.covers(on)
        if counts and charge.flows(on)[flow]:
            return Step(
                part.instrument,
                measure.title,
                measure.legal_basis,
                charge.first,
                part.rate,
                charge.value.provenance,
            )
    for agreement in law.agreements:
        if agreement.id == part.instrument:
            row = _preference(law, agreement.id, duties.law.importer, flow, on)
            title = f"Preferential rate under the {agreement.title}"
            basis = agreement.title
            return Step(part.instrument, title, basis, row.start, part.rate, row.provenance)
    return _mfn_step(law, duties.law.importer, flow[1], on, part)


def _mfn_step(law: Law, importer: str, product: int, on: date, part: Component) -> Step:
    row = next(
        rate
        for rate in law.mfn
        if rate.importer == importer and PRODUCT_INDEX[rate.product] == product and rate.covers(on)
    )
    title, basis = "Most-favoured-nation rate", f"tariff schedule of {place(importer)}"
    return Step(part.instrument, title, basis, row.start, part.rate, row.provenance)


def _preference(
    law: Law, agreement: str, importer: str, flow: tuple[int, int], on: date
) -> Preference:
    return max(
        (
            row
            for row in law.preferences
            if row.agreement == agreement
            and row.importer == importer
            and flow[0] in [EXPORTER_INDEX[code] for code in row.exporters]
            and flow[1] in [PRODUCT_INDEX[code] for code in row.products]
            and row.start <= on
        ),
        key=lambda row: row.start,
    )


def _preferences(
    law: Law, exporter: str, importer: str, product: str, on: date, answer: Rate, content: float
) -> Iterator[str]:
    """Agreements that give the flow a rate, with their origin rule and the total they lead to."""
    flow = (EXPORTER_INDEX[exporter], PRODUCT_INDEX[product])
    for number, rates in calendar(law, importer).law.preferences(on):
        share = float(rates[flow])
        if isnan(share):
            continue
        agreement = law.agreements[number]
        total = rate(law, exporter, importer, product, on, agreement.id, content).total
        same = "the same" if abs(total - answer.total) < 1e-12 else percent(total)
        rule = agreement.rule(product, on)
        tests = []
        if rule is not None and rule.value_content is not None:
            tests.append(
                f"{percent(rule.value_content)} regional value ({rule.method.replace('_', ' ')})"
            )
        if rule is not None and rule.tariff_shift:
            tests.append(f"a change of tariff heading ({rule.tariff_shift})")
        joint = " and " if rule is not None and rule.combine == "both" else " or "
        needs = f", needing {joint.join(tests)}" if tests else ""
        yield f"{agreement.id}: base rate {percent(share)}, total {same}{needs}"


def _doubts(
    duties: Calendar,
    flow: tuple[int, int],
    on: date,
    steps: tuple[Step, ...],
    product: str,
    claim: str | None,
) -> Iterator[str]:
    for step in steps:
        known = step.provenance
        if known.weak or known.confidence != "high":
            held = f"confidence {known.confidence}, evidence {known.evidence}"
            yield f"{step.title}: {held}" + (f"; {known.note}" if known.note else "")
        elif known.note:
            yield f"{step.title}: {known.note}"
    for charge in _partly(duties, flow, on, product):
        note = charge.value.provenance.note
        yield (
            f"{charge.instrument.title}: some lines of this class pay {_its_rate(charge)} under "
            f"{charge.instrument.measure}" + (f" ({note})" if note else "")
        )
    spell = duties.spell(on)
    if claim not in (None, BEST) and duties.agreement[(spell, *flow)] == NOTHING:
        yield f"{claim} gives no rate on this flow: the claim is refused"
    if claim is not None and duties.agreement[(spell, *flow)] != NOTHING:
        yield "the origin rule is taken as met"


def _partly(duties: Calendar, flow: tuple[int, int], on: date, product: str) -> Iterator[Charge]:
    exporter = {place: code for code, place in EXPORTER_INDEX.items()}[flow[0]]
    for charge in duties.law.charges:
        named = product in charge.instrument.partly and exporter in charge.instrument.exporters
        if named and charge.covers(on):
            yield charge


def _its_rate(charge: Charge) -> str:
    share = percent(charge.value.rate or 0.0)
    return f"{share} all-in" if charge.value.kind == "all_in_ceiling" else share
