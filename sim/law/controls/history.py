"""The export-control law as it stood, and as it was known, on each day.

A reform is known from its own first day and not before, so that no run looks ahead of it; an
enacted rule is known from its announcement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from sim.law.controls.law import ControlLaw, enacted
from sim.law.controls.reforms import ControlReform, enact_reforms
from sim.law.controls.rules import Rule
from sim.law.controls.switches import Switches
from sim.law.controls.tables import Listing


@dataclass(frozen=True)
class ControlHistory:
    """The enacted law and the reforms that are made to it, each from its own first day.

    >>> from sim.law.controls.reforms import load_reform
    >>> history = ControlHistory((load_reform("match_act"),))
    >>> history.on(date(2026, 12, 31)) == enacted()
    True
    """

    reforms: tuple[ControlReform, ...] = ()
    enacted: ControlLaw = field(default_factory=enacted)

    @cached_property
    def law(self) -> ControlLaw:
        """The law with every reform made: the law in force of every day."""
        return _reformed(self.enacted, self.reforms)

    @property
    def digest(self) -> str:
        """SHA-256 of the law and of the days from which its reforms are known."""
        days = ",".join(reform.start.isoformat() for reform in self.reforms)
        return hashlib.sha256(f"{self.law.digest};{days}".encode()).hexdigest()

    def on(self, day: date) -> ControlLaw:
        """The law as far as its reforms have begun by ``day``."""
        begun = tuple(reform for reform in self.reforms if reform.start <= day)
        return _reformed(self.enacted, begun)


def _reformed(law: ControlLaw, reforms: tuple[ControlReform, ...]) -> ControlLaw:
    """The enacted law with reforms made; made once for equal reforms."""
    texts = tuple(reform.model_dump_json(by_alias=True) for reform in reforms)
    return _made(law, texts) if texts else law


@lru_cache(maxsize=256)
def _made(law: ControlLaw, texts: tuple[str, ...]) -> ControlLaw:
    return enact_reforms(law, [ControlReform.model_validate_json(text) for text in texts])


def known(law: ControlLaw, on: date, switches: Switches) -> ControlLaw:
    """``law`` as it can be known on a day: nothing that is neither announced nor begun.

    Rules count from their announcement, and with them a group of countries that they bring along;
    entries and other memberships from their first day, and their ends are not foreseen.
    """
    begun = {row.group for row in law.memberships if (row.start or date.min) <= on}
    return replace(
        law,
        rules=tuple(rule for rule in law.rules if _told(rule, on, switches)),
        listings=tuple(_standing(law.listings, on)),
        memberships=tuple(
            row.model_copy(update={"until": None})
            if row.until is not None and row.until > on
            else row
            for row in law.memberships
            if (row.start or date.min) <= on or row.group not in begun
        ),
    )


def _told(rule: Rule, on: date, switches: Switches) -> bool:
    if rule.announced is not None:
        return rule.announced <= on
    first = [window.first_day(switches) for window in rule.windows]
    return any(day is not None and day <= on for day in first)


def _standing(listings: Sequence[Listing], on: date) -> Iterator[Listing]:
    for row in listings:
        if (row.start or date.min) <= on:
            foreseen = row.until is not None and row.until > on
            yield row.model_copy(update={"until": None}) if foreseen else row


def pending(law: ControlLaw, on: date, switches: Switches, within_days: int) -> tuple[date, ...]:
    """First days, soon after ``on``, of windows of rules on tools that are announced by then."""
    days: set[date] = set()
    for rule in law.rules:
        if rule.authority == "CN" or rule.announced is None or rule.announced > on:
            continue
        for window in rule.windows:
            first = window.first_day(switches)
            if first is not None and on < first and (first - on).days <= within_days:
                days.add(first)
    return tuple(sorted(days))
