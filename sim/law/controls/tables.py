"""The tables beside the rules: customers, listings, country groups, tool classes, materials."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.data.evidence import Confidence, Evidence
from sim.law.controls.files import Frozen
from sim.law.controls.rules import Node


def _blank(value: Any) -> Any:
    return None if value == "" else value


def _words(value: Any) -> Any:
    return tuple(word for word in value.split(";") if word) if isinstance(value, str) else value


Optional = BeforeValidator(_blank)
"""An empty cell is an unknown value."""
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
"""A cell of words between semicolons."""
YesNo = Annotated[bool, BeforeValidator(lambda value: {"yes": True, "no": False}.get(value, value))]
OptionalDate = Annotated[date | None, Optional]


class Provenance(Frozen):
    """Where a row was seen."""

    source_url: str
    note: str = ""
    confidence: Confidence
    evidence: Evidence


class Customer(Provenance):
    """A buyer of tools: its country, headquarters, role, node class and known owner."""

    id: str
    aliases: Words
    name: str
    country: Annotated[str | None, Optional]
    headquarters: Annotated[str | None, Optional]
    role: Literal["fab", "research", "sme_maker"]
    node: Node
    match_named: YesNo
    owner: Annotated[str | None, Optional]
    owner_share: Annotated[Annotated[float, Field(ge=0, le=1)] | None, Optional]
    site: str
    latitude: Annotated[float | None, Optional]
    longitude: Annotated[float | None, Optional]


class Party(Frozen):
    """A buyer of materials that stands on a Chinese list."""

    id: str
    aliases: Words
    name: str
    country: str


class Dated(Provenance):
    """A row that holds from a first to a last day; empty ends are open."""

    start: OptionalDate = Field(alias="from")
    until: OptionalDate

    def holds(self, on: date) -> bool:
        """Whether the row holds on that day."""
        return (self.start or date.min) <= on and (self.until is None or on <= self.until)


LISTS: tuple[str, ...] = (
    "entity_list",
    "footnote_1",
    "footnote_4",
    "footnote_5",
    "veu",
    "annual_licence",
    "cn_control_list",
    "cn_watch_list",
)
"""Lists on which a party may stand."""


class Listing(Dated):
    """One party on one list from a day on; the latest that has started governs."""

    party: str
    list_name: str = Field(alias="list")
    policy: str
    citation: str


class Membership(Dated):
    """One country in one group of countries."""

    group: str
    country: str


class ToolClass(Provenance):
    """A class of chip tools as the control lists know it."""

    id: str
    aliases: Words
    name: str


class Material(Frozen):
    """A material or part; ``measures`` are labels of Chinese measures that stand for it."""

    id: str
    aliases: Words
    family: str
    controlled: YesNo
    measures: Words
    name: str


class Country(Frozen):
    """A country that a query may name."""

    code: str
    name: str


class PolicyLine(Frozen):
    """Conditions of one line of a licence policy and the answer it gives."""

    classes: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    wafer_mm: tuple[int, ...] = ()
    code: str


class Policy(Frozen):
    """Licence policy of an Entity List entry: the first line that fits decides."""

    id: str
    lines: tuple[PolicyLine, ...] = Field(min_length=1)
    source: str
    note: str

    @model_validator(mode="after")
    def _complete(self) -> Policy:
        last = self.lines[-1]
        if last.classes or last.nodes or last.wafer_mm:
            raise ValueError("the last line must have no condition, so that some line always fits")
        return self
