"""Columns that many tables of the world have, and what a table of facts is made of."""

from __future__ import annotations

from sim.axes import COUNTRIES
from sim.data.columns import Field, Spec
from sim.data.evidence import CONFIDENCE, EVIDENCE

ALL = "all"
"""Scope or segment of a row that holds for every one."""

PROVENANCE = (
    Field("source_url"),
    Field("note", required=False),
    Field("confidence", choices=CONFIDENCE),
    Field("evidence", choices=EVIDENCE),
)
"""Columns of every table of facts and estimates."""

PLACE = Field("country", choices=COUNTRIES)
MARKET = Field("market", choices=COUNTRIES)
ORIGIN = Field("origin", choices=COUNTRIES)
LINE = Field("line", refers="lines.id")
CLASS = Field("line_class", refers="line_classes.id")
YEAR = Field("year", "integer", low=2000, high=2100)
MONTH = Field("month", "month")


def share(name: str, required: bool = True) -> Field:
    """Column of a number from 0 to 1."""
    return Field(name, "number", required, 0.0, 1.0)


def amount(name: str, required: bool = True) -> Field:
    """Column of a number that is not negative."""
    return Field(name, "number", required, 0.0)


def spread(kind: Field) -> tuple[Field, Field, Field]:
    """A value with its low and high, all of one kind."""
    low = Field("low", "number", False, kind.low, kind.high)
    return kind, low, Field("high", "number", False, kind.low, kind.high)


def spec(
    name: str, key: str, *fields: Field, ranges: tuple[tuple[str, str, str], ...] = ()
) -> Spec:
    """A table of facts: its own columns, then those that say where a fact is from."""
    return Spec(name, fields + PROVENANCE, tuple(key.split()), ranges)


def ranged(value: str) -> tuple[tuple[str, str, str], ...]:
    """A value that lies between the table's columns ``low`` and ``high``."""
    return ((value, "low", "high"),)
