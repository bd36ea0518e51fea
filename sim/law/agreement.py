"""Trade agreements: their members, their rules of origin, their dated preferential rates.

Rules of origin are data for :mod:`sim.law.origin.earning`; here they are only read and shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.law.instrument import FOREVER, Provenance


@dataclass(frozen=True, slots=True)
class OriginRule:
    """What a good must show to be originating, from ``start`` to ``end``.

    ``value_content`` is the least regional value share (0..1) under ``method``
    (``build_down``, ``build_up``, ``net_cost``, ``focused``, ``value_added``); ``tariff_shift``
    is ``CC``, ``CTH``, ``CTSH`` or empty; ``combine`` says whether one of the two tests is enough
    (``either``) or both are needed (``both``). ``labour_value_content`` is the share that must be
    made at high wages (USMCA).
    """

    products: tuple[str, ...]
    start: date
    end: date
    value_content: float | None
    method: str
    tariff_shift: str
    combine: str
    labour_value_content: float | None
    provenance: Provenance

    def covers(self, on: date) -> bool:
        """Whether the rule is in force on that day."""
        return self.start <= on <= self.end


@dataclass(frozen=True, slots=True)
class Agreement:
    """A trade agreement: members with the day it entered into force for each, rules of origin.

    ``aliases`` are other names by which it may be claimed; ``cumulation`` lists the countries whose
        inputs count as originating (all members unless the agreement says otherwise).
    """

    id: str
    title: str
    members: tuple[tuple[str, date], ...]
    end: date
    cumulation: tuple[str, ...]
    rules: tuple[OriginRule, ...]
    provenance: Provenance
    aliases: tuple[str, ...] = ()
    file: str = ""

    def rule(self, product: str, on: date) -> OriginRule | None:
        """The rule of origin for a product on a day; None when the agreement has none for it."""
        for rule in self.rules:
            if product in rule.products and rule.covers(on):
                return rule
        return None


@dataclass(frozen=True, slots=True)
class Preference:
    """A preferential rate for goods of ``exporters`` that meet the agreement's origin rule."""

    agreement: str
    importer: str
    exporters: tuple[str, ...]
    products: tuple[str, ...]
    start: date
    end: date | None
    rate: float
    low: float
    high: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class BaseRate:
    """An MFN rate of one importer for one product from a date to a last day (None: open)."""

    importer: str
    product: str
    start: date
    end: date | None
    rate: float
    low: float
    high: float
    provenance: Provenance

    def covers(self, on: date) -> bool:
        """Whether the rate is in force on that day."""
        return self.start <= on <= (self.end or FOREVER)
