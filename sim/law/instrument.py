"""One legal measure with its dated values: the unit in which tariff law is written and edited.

An instrument is a file ``sim/data/law/<issuer>/<id>.yaml``. It never knows the other instruments:
how they combine is declared in ``stacking.yaml`` (:mod:`sim.law.stacking`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sim.data.evidence import WEAK

KINDS: tuple[str, ...] = ("additional", "all_in_ceiling", "replaces_mfn", "output_credit")
"""``additional`` adds to the base rate; ``all_in_ceiling`` makes the total max(base, rate);
``replaces_mfn`` stands in for the MFN rate; ``output_credit`` is a share of the value of output
that its importer may set off against duty (never part of a rate)."""

STATUSES: tuple[str, ...] = ("enacted", "announced", "threatened", "void")
"""Only ``enacted`` values are in force; ``announced`` and ``threatened`` are known to beliefs."""

STAGES: tuple[str, ...] = ("ordered", "proposed", "said")
"""How far an act had come when it became public: ``ordered`` is signed with a first day,
``proposed`` is out for comment, ``said`` is a statement or a letter. Firms weigh them apart."""

RELIEF_EFFECTS: tuple[str, ...] = ("exempt", "content", "share")

ALL = "ALL"
"""Every exporter but the importer itself, or every product."""

FOREVER = date.max
ONE_DAY = timedelta(days=1)


PART = "."
"""Stands in the id of a part of a measure before the word for the reform that cut it out."""


def whole_id(identity: str) -> str:
    """Id of the measure that a part was cut from, or the measure's own.

    >>> whole_id("us_232_steel_2018.reform1"), whole_id("us_232_steel_2018")
    ('us_232_steel_2018', 'us_232_steel_2018')
    """
    return identity.partition(PART)[0]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a figure comes from and how well it is known."""

    source: str
    confidence: str
    evidence: str
    note: str = ""
    record: str = ""

    @property
    def weak(self) -> bool:
        """Whether an audit must list it: not seen in a source, or of low confidence."""
        return self.evidence in WEAK or self.confidence == "low"


@dataclass(frozen=True, slots=True)
class Value:
    """A rate from a date on.

    ``end`` is the last day in force; None means until the next enacted value of the instrument.
    ``sunset`` marks an end that was written into the act itself. ``rate`` None means announced
    without a figure. ``withdrawn`` is the day on which a threat was taken back in public, and
    ``postponed`` says that another day was named in its place. ``stage`` is how far the act had
    come when it was announced, one of :data:`STAGES`.
    """

    start: date
    end: date | None
    rate: float | None
    kind: str
    status: str
    announced: date | None
    withdrawn: date | None
    sunset: bool
    provenance: Provenance
    postponed: bool = False
    stage: str = "ordered"


@dataclass(frozen=True, slots=True)
class Carve:
    """Trade flows that an instrument leaves out, from ``start`` to ``end`` (last day)."""

    exporters: tuple[str, ...]
    products: tuple[str, ...]
    start: date
    end: date
    note: str = ""

    def covers(self, on: date) -> bool:
        """Whether the exception is in force on that day."""
        return self.start <= on <= self.end


@dataclass(frozen=True, slots=True)
class Relief:
    """What a good that claims ``agreement`` is spared.

    ``exempt``: all of the duty; ``content``: the duty on its approved US content; ``share``: a
    fixed ``share`` of the duty.
    """

    agreement: str
    effect: str
    start: date
    end: date
    note: str = ""
    share: float = 0.0

    def covers(self, on: date) -> bool:
        """Whether the relief is in force on that day."""
        return self.start <= on <= self.end


@dataclass(frozen=True, slots=True)
class Span:
    """A value with the days on which it is in force, both included."""

    value: Value
    first: date
    last: date

    def covers(self, on: date) -> bool:
        """Whether the value is in force on that day."""
        return self.first <= on <= self.last


@dataclass(frozen=True, slots=True)
class Instrument:
    """A legal measure: who charges what on which flows since when, under which authority.

    ``products`` are charged as a whole; ``partly`` names products of which only some tariff lines
    are covered: the class rate leaves those lines out and every explanation says so.
    ``covers_from`` is the day from which the goods count as goods of this measure for displacing
    others, when that is before the duty itself (scheduled parts under Section 232). ``proposes``
    is the measure that came of what is only proposed here.
    """

    id: str
    title: str
    legal_basis: str
    basis: str
    importer: str
    exporters: tuple[str, ...]
    products: tuple[str, ...]
    partly: tuple[str, ...]
    group: str
    values: tuple[Value, ...]
    excludes: tuple[Carve, ...] = ()
    relief: tuple[Relief, ...] = ()
    covers_from: date | None = None
    note: str = ""
    file: str = ""
    proposes: str = ""

    @property
    def measure(self) -> str:
        """Id of the measure that this is, or that it was cut from by a reform."""
        return whole_id(self.id)

    @property
    def answer(self) -> str:
        """Id of the measure whose charges show what came of what this one announced."""
        return self.proposes or self.measure

    @property
    def enacted(self) -> tuple[Value, ...]:
        """Values that were put in force, in order of their start."""
        return tuple(value for value in self.values if value.status == "enacted")

    def spans(self) -> tuple[Span, ...]:
        """Enacted values with their first and last day; each ends before the next begins."""
        values = self.enacted
        following = [value.start - ONE_DAY for value in values[1:]] + [FOREVER]
        return tuple(
            Span(value, value.start, min(value.end or FOREVER, until))
            for value, until in zip(values, following, strict=False)
            if value.start <= min(value.end or FOREVER, until)
        )

    def with_values(self, values: tuple[Value, ...]) -> Instrument:
        """The same measure with other values, ordered by start."""
        return replace(self, values=tuple(sorted(values, key=lambda value: value.start)))
