"""How instruments combine: groups, what displaces what, and acts that end whole groups.

One declarative order, ``sim/data/law/stacking.yaml``. Within a group the maximum of the matching
rates counts; across groups rates add; an all-in ceiling overrides its group and swallows the base
rate; a group may displace others on the goods it covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.law.instrument import Provenance


@dataclass(frozen=True, slots=True)
class Group:
    """A family of instruments of one importer within which only the highest rate counts."""

    id: str
    importer: str
    title: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Displacement:
    """Goods of group ``by`` do not pay the duties of the groups ``drops``.

    ``scheduled`` true: from the day the good is named (``covers_from``); false: only where the
    displacing duty is itself charged, after relief.
    """

    by: str
    drops: tuple[str, ...]
    scheduled: bool
    start: date
    end: date
    provenance: Provenance

    def covers(self, on: date) -> bool:
        """Whether the rule is in force on that day."""
        return self.start <= on <= self.end


@dataclass(frozen=True, slots=True)
class Termination:
    """An act that ends every duty of the groups: ``last`` is their last day in force."""

    id: str
    title: str
    groups: tuple[str, ...]
    last: date
    announced: date | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Stacking:
    """The whole order of stacking: groups are evaluated in the order in which they stand."""

    groups: tuple[Group, ...]
    displacements: tuple[Displacement, ...]
    terminations: tuple[Termination, ...]

    def last_day(self, group: str) -> date:
        """The last day on which the group may charge a duty."""
        return min((t.last for t in self.terminations if group in t.groups), default=date.max)
