"""What a total is made of: the measures that count on a flow, each with its share and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.axes import LAW_COUNTRIES, PRODUCTS
from sim.errors import Fault, LawError
from sim.law.law import Law
from sim.law.rates.calendar import Calendar
from sim.law.rates.compiled import Charge
from sim.law.rates.stack import NOTHING

MFN = "mfn"
"""How the most-favoured-nation rate is named among the parts of a total."""

DIGITS = 12
"""Shares are rounded here: what lies beyond is noise of floating point."""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a total: the measure (``mfn``, an agreement, an instrument), rate and source.

    A part that a reform cut from an instrument goes by the instrument's own id.
    """

    instrument: str
    rate: float
    source: str


def components(
    law: Law, duties: Calendar, spell: int, flow: tuple[int, int], claimed: bool, us_content: float
) -> tuple[Component, ...]:
    """The parts of one flow's total in one spell of a calendar, base rate first."""
    on = date.fromordinal(int(duties.first[spell]))
    winners = (duties.winner_claimed if claimed else duties.winner)[(spell, slice(None), *flow)]
    agreement = duties.agreement[(spell, *flow)] if claimed else NOTHING
    base = (duties.preference if claimed else duties.mfn)[(spell, *flow)]
    parts = [_base_component(law, duties, on, flow, int(agreement), float(base))]
    for place in winners:
        if place == NOTHING:
            continue
        charge = duties.law.charges[place]
        claimed_under = duties.law.agreements[agreement] if agreement != NOTHING else ""
        share = (charge.value.rate or 0.0) * _left(charge, claimed_under, on, us_content)
        if charge.value.kind == "all_in_ceiling":
            share = max(0.0, share - float(base))
        parts.append(
            Component(
                charge.instrument.measure, round(share, DIGITS), charge.value.provenance.source
            )
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
    law: Law, duties: Calendar, on: date, flow: tuple[int, int], agreement: int, base: float
) -> Component:
    exporter, product = LAW_COUNTRIES[flow[0]], PRODUCTS[flow[1]]
    if agreement != NOTHING:
        identity = duties.law.agreements[agreement]
        sources = [
            preference.provenance.source
            for preference in law.part(duties.law.importer).preferences
            if preference.agreement == identity
            and exporter in preference.exporters
            and product in preference.products
            and preference.start <= on
        ]
        return Component(identity, base, sources[-1])
    for charge in duties.law.charges:
        if charge.value.kind == "replaces_mfn" and charge.covers(on) and charge.flows(on)[flow]:
            return Component(charge.instrument.measure, base, charge.value.provenance.source)
    for row in law.part(duties.law.importer).mfn:
        if row.product == product and row.covers(on):
            return Component(MFN, base, row.provenance.source)
    raise LawError(Fault("", f"{duties.law.importer} {product}", f"no MFN rate on {on}"))
