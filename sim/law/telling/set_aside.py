"""Measures that name a flow and yet do not count on it, each with the rule that sets it aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sim.law.rates.calendar import Calendar
from sim.law.rates.compiled import Charge
from sim.law.rates.stack import NOTHING


@dataclass(frozen=True, slots=True)
class SetAside:
    """A measure that names the flow, its rate, and why it does not count."""

    instrument: str
    title: str
    rate: float
    reason: str


def set_aside(
    duties: Calendar, flow: tuple[int, int], on: date, claimed: bool
) -> tuple[SetAside, ...]:
    """What is in force on the flow (exporter, product) and not part of its total."""
    spell = duties.spell(on)
    winners = (duties.winner_claimed if claimed else duties.winner)[(spell, slice(None), *flow)]
    counted = {int(place) for place in winners}
    return tuple(
        SetAside(
            charge.instrument.measure,
            charge.instrument.title,
            charge.value.rate or 0.0,
            _reason(duties, flow, on, charge, int(winners[charge.group]), claimed),
        )
        for charge in _candidates(duties, flow, on)
        if charge.place not in counted
    )


def _candidates(duties: Calendar, flow: tuple[int, int], on: date) -> Iterator[Charge]:
    for charge in duties.law.duties(on):
        if charge.flows(on)[flow]:
            yield charge


def _reason(
    duties: Calendar, flow: tuple[int, int], on: date, charge: Charge, winner: int, claimed: bool
) -> str:
    if claimed:
        agreement = int(duties.agreement[(duties.spell(on), *flow)])
        for relief in charge.instrument.relief:
            held = agreement != NOTHING and relief.agreement == duties.law.agreements[agreement]
            if held and relief.effect == "exempt" and relief.covers(on):
                return f"goods that claim {relief.agreement} do not pay it"
    if winner != NOTHING:
        higher = duties.law.charges[winner]
        if higher.value.kind == "all_in_ceiling":
            return f"the all-in rate of `{higher.instrument.measure}` stands in its place"
        return f"only the highest rate of the group counts, here `{higher.instrument.measure}`"
    return _displaced(duties, flow, on, charge)


def _displaced(duties: Calendar, flow: tuple[int, int], on: date, charge: Charge) -> str:
    groups = duties.law.groups
    for rule in duties.law.displacements:
        if groups[charge.group] not in rule.drops or not rule.covers(on):
            continue
        by = groups.index(rule.by)
        names_it = any(
            other.group == by and other.flows(max(on, other.first))[flow]
            for other in duties.law.charges
            if other.covers(on) or (rule.scheduled and _scheduled(other, on))
        )
        if names_it:
            note = rule.provenance.note
            return f"goods of `{rule.by}` do not pay it" + (f" ({note})" if note else "")
    return "it is displaced"


def _scheduled(charge: Charge, on: date) -> bool:
    named_from = charge.instrument.covers_from
    return named_from is not None and named_from <= on <= charge.last
