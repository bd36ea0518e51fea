"""Dated rules of export control as data: what a rule file may say, and when a rule is in force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from sim.data.evidence import Evidence
from sim.law.controls.codes import CODES
from sim.law.controls.files import Frozen
from sim.law.controls.switches import Switches

Kind = Literal[
    "origin",
    "de_minimis",
    "no_de_minimis",
    "direct_product",
    "affiliates",
    "authorisation",
    "entity_list",
    "list_control",
    "end_use",
    "person_limit",
    "export_list",
    "china",
    "local_content",
]
"""What a rule does in the procedure; a new kind is one function in this package."""

ANSWERING = frozenset({"list_control", "end_use", "authorisation", "export_list", "china"})
"""Kinds whose rules answer by themselves."""

Node = Literal["advanced_logic", "advanced_dram", "nand", "mature"]
Reach = Literal["from_china", "chinese_origin", "re_export", "foreign_made"]

ONE_DAY = timedelta(days=1)


class Source(Frozen):
    """Where a rule or value was seen and how sure that is."""

    url: str = Field(min_length=4)
    note: str = ""
    confidence: Literal["high", "medium", "low"]
    evidence: Evidence


class Window(Frozen):
    """Days on which a rule is in force, both ends included; an open end is empty.

    ``from_switch`` opens it no earlier than a dated switch says (never while that is empty);
    ``switch`` counts it only while that switch is on.
    """

    start: date | None = Field(default=None, alias="from")
    until: date | None = None
    from_switch: str | None = None
    switch: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Window:
        if self.start and self.until and self.until < self.start:
            raise ValueError(f"the window ends on {self.until}, before it starts on {self.start}")
        return self

    def first_day(self, switches: Switches) -> date | None:
        """First day under ``switches``: :data:`date.min` when always, None when never."""
        if self.switch and not switches.flag(self.switch):
            return None
        start = self.start or date.min
        if self.from_switch is None:
            return start
        day = switches.day(self.from_switch)
        return None if day is None else max(start, day)

    def holds(self, on: date, switches: Switches) -> bool:
        """Whether the window is open on that day."""
        first = self.first_day(switches)
        return first is not None and first <= on and (self.until is None or on <= self.until)


class Scope(Frozen):
    """Conditions of a rule; an empty one is met by everything."""

    classes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    to_except: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    roles: tuple[str, ...] = ()
    listed: str | None = Field(default=None, alias="list")
    match_named: bool | None = None
    product: Literal["direct", "direct_or_contains"] | None = None
    threshold_share: float | None = Field(default=None, ge=0, le=1)
    military: bool | None = None
    technology: bool | None = None
    controlled: bool | None = None
    reach: Reach | None = None


class HeadquartersLimit(Frozen):
    """An exemption that is lost when the seller's headquarters lie in these groups."""

    classes: tuple[str, ...]
    groups: tuple[str, ...]


class Rule(Frozen):
    """One limb of the procedure with its statute, days, conditions, answer and sources."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    authority: Literal["US", "JP", "NL", "CN"]
    kind: Kind
    title: str
    citation: str
    announced: date | None = None
    windows: tuple[Window, ...] = Field(min_length=1)
    where: Scope
    waived_where_listed: bool = False
    exempt_exporters: str | None = None
    exempt_not_if_hq: HeadquartersLimit | None = None
    grace_days: int | None = Field(default=None, ge=0)
    exempt_after_grace_switch: str | None = None
    code: str | None = None
    hq_code: str | None = None
    hq_groups: tuple[str, ...] = ()
    bulk_group: str | None = None
    affiliates_share: float | None = Field(default=None, ge=0, le=1)
    doubt: str = ""
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Rule:
        for code in (self.code, self.hq_code):
            if code is not None and code not in CODES[self.authority]:
                known = ", ".join(CODES[self.authority])
                raise ValueError(f"`{code}` is no answer of {self.authority}; known: {known}")
        if self.kind in ANSWERING and self.code is None:
            raise ValueError(f"a rule of the kind {self.kind} needs a `code`")
        if (
            self.kind in {"de_minimis", "affiliates", "local_content"}
            and self.where.threshold_share is None
        ):
            raise ValueError(f"a rule of the kind {self.kind} needs `where.threshold_share`")
        return self

    def in_force(self, on: date, switches: Switches) -> bool:
        """Whether any window of the rule is open on that day."""
        return any(window.holds(on, switches) for window in self.windows)

    def since(self, on: date, switches: Switches) -> date | None:
        """First day of the window that is open on that day, None when no window is."""
        return next((w.first_day(switches) for w in self.windows if w.holds(on, switches)), None)

    @property
    def stem(self) -> str:
        """The id without the mark that a reform's alteration leaves."""
        return self.id.split("_altered")[0]

    @property
    def url(self) -> str:
        """Address of the first source."""
        return self.sources[0].url


def cut(windows: tuple[Window, ...], first: date, last: date | None) -> tuple[Window, ...]:
    """``windows`` without the days ``first`` to ``last`` (open when None).

    >>> [w.until.isoformat() for w in cut((Window(),), date(2025, 1, 1), None)]
    ['2024-12-31']
    """
    kept: list[Window] = []
    for window in windows:
        start, until = window.start or date.min, window.until or date.max
        if until < first or (last is not None and start > last):
            kept.append(window)
            continue
        if start < first:
            kept.append(window.model_copy(update={"until": first - ONE_DAY}))
        if last is not None and last < until:
            kept.append(window.model_copy(update={"start": last + ONE_DAY}))
    return tuple(kept)


def keep(windows: tuple[Window, ...], first: date, last: date | None) -> tuple[Window, ...]:
    """The part of ``windows`` that lies in the days ``first`` to ``last``.

    >>> [w.start.isoformat() for w in keep((Window(),), date(2025, 1, 1), None)]
    ['2025-01-01']
    """
    kept: list[Window] = []
    for window in windows:
        start, until = window.start or date.min, window.until or date.max
        end = min(until, last or date.max)
        if start > end or until < first:
            continue
        days = {"start": max(start, first), "until": None if end == date.max else end}
        kept.append(window.model_copy(update=days))
    return tuple(kept)
