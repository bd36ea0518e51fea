"""One act that pays, or spares, firms for making goods in a place, with its dated values.

An act is a file ``sim/data/law/subsidies/<giver>/<id>.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.law.instrument import FOREVER, Provenance

KINDS: tuple[str, ...] = ("share_of_outlay", "share_of_price", "usd_per_unit", "profit_tax")
"""``share_of_outlay``: of what is built, paid once; ``share_of_price`` and ``usd_per_unit``: of all
that is made there while the act lasts; ``profit_tax``: points of tax spared on its profit."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A size from a day on, for work that is ordered while it is in force.

    ``end`` is the last day, None for good. ``size`` is a share, USD a unit, or points of tax as a
    share. With ``years`` (first and last, from the start of the work) it is paid for these years of
    each project, whenever they are; without, it is paid on calendar days to all.
    """

    start: date
    end: date | None
    size: float
    announced: date | None
    years: tuple[float, float] | None
    provenance: Provenance

    @property
    def last(self) -> date:
        """Last day on which it is in force."""
        return self.end or FOREVER

    @property
    def public(self) -> date:
        """Day on which it became known."""
        return self.announced or self.start


@dataclass(frozen=True, slots=True)
class Subsidy:
    """An act: who pays whom for making what, how, and on which conditions.

    ``places`` are where the goods must be made, most often with the giver itself. ``firms`` are ids
    of simulated firms, empty for every firm. ``chance`` is the part of those who
    ask that is paid: a call with far more takers than money pays some of them. An act with a
    ``silent`` reason is told and moves nothing: its size is not known, it is paid to others or it
    stands elsewhere in the law.
    """

    id: str
    title: str
    legal_basis: str
    giver: str
    places: tuple[str, ...]
    products: tuple[str, ...]
    firms: tuple[str, ...]
    kind: str
    grants: tuple[Grant, ...]
    chance: float = 1.0
    conditions: str = ""
    recipients: str = ""
    silent: str = ""
    note: str = ""
    file: str = ""

    def in_force(self, on: date) -> tuple[Grant, ...]:
        """Grants that work ordered on a day would get."""
        return tuple(one for one in self.grants if one.start <= on <= one.last)
