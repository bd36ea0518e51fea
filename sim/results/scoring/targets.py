"""Target files: facts, experiments of the literature and bands that a run is scored against.

A CSV with the columns ``id, policy, against, ask, low, high, unit, source`` in any order; other
columns are kept out of the score. ``low`` or ``high`` may be empty: no bound on that side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from sim.data.columns import Field, Row, Spec
from sim.data.reading import read_table
from sim.errors import DataError, Fault

COLUMNS = ("id", "policy", "against", "ask", "low", "high", "unit", "source")


@dataclass(frozen=True, slots=True)
class Target:
    """One row: what is asked of which policy, and the band in which the answer should lie."""

    id: str
    policy: str
    against: str
    ask: str
    low: float
    high: float
    unit: str
    source: str
    line: int

    @property
    def bounded(self) -> bool:
        """Whether the row gives a band at all."""
        return math.isfinite(self.low) or math.isfinite(self.high)


def read_targets(path: Path) -> list[Target]:
    """Read a target file.

    Raises
    ------
    DataError
        All mistakes at once: the file is missing or empty, a column is missing, an id is empty or
        repeated, a bound is not a number, ``low`` is above ``high``.
    """
    return [target_of(row) for row in load_targets(path)]


def load_targets(path: Path, spec: Spec | None = None) -> tuple[Row, ...]:
    """Rows of a target file with all of their columns; raises as :func:`read_targets`."""
    rows, faults = read_table(path, spec or TARGETS)
    faults += [
        Fault(row.file, "low", f"{low:g} is above high {high:g}", "swap them", row.line)
        for row in rows
        if (low := row.number("low")) > (high := row.number("high"))
    ]
    if faults:
        raise DataError(faults)
    return rows


def target_of(row: Row) -> Target:
    """A target from its row; a bound that is not given is infinite."""
    low, high = row.number("low"), row.number("high")
    words = {name: row.text(name) for name in COLUMNS if name not in ("low", "high")}
    return Target(
        **words,
        low=-math.inf if math.isnan(low) else low,
        high=math.inf if math.isnan(high) else high,
        line=row.line,
    )


def with_columns(*fields: Field) -> Spec:
    """What a target file holds that has these columns too."""
    return replace(TARGETS, fields=(*TARGETS.fields, *fields))


TARGETS = Spec(
    "targets",
    (
        Field("id"),
        *(Field(name, required=False) for name in ("policy", "against", "ask", "unit", "source")),
        Field("low", "number", required=False),
        Field("high", "number", required=False),
    ),
    key=("id",),
    others=True,
)
