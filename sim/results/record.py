"""Outcomes on record: dated facts of the targets' tables that a figure may lay over a simulation.

They are shown with their source; showing them tunes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sim.data.columns import Field
from sim.data.dataset import packaged_folder
from sim.results.scoring.targets import load_targets, with_columns

FILE = "calibration.csv"
_SERIES: Mapping[tuple[str, str], str] = {
    ("china_share", "tokyo_electron"): "Tokyo Electron China share of sales",
}
"""Outcome and firm -> the quantity under which the table holds its record."""
_FIELDS = (
    Field("quantity", required=False),
    Field("period", required=False),
    Field("value", "number", required=False),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value on record: its first and last month, in the unit of the outcome, with its source."""

    first: date
    last: date
    value: float
    source: str


def recorded(outcome: str, firm: str) -> list[Fact]:
    """What is on record of an outcome of a firm, by first month; empty where nothing is given."""
    quantity = _SERIES.get((outcome, firm))
    if quantity is None:
        return []
    rows = load_targets(packaged_folder().parent / "targets" / FILE, with_columns(*_FIELDS))
    found = []
    for row in rows:
        if row.text("quantity") == quantity:
            first, _, last = row.text("period").partition("..")
            start, end = (date.fromisoformat(f"{month}-01") for month in (first, last or first))
            found.append(Fact(start, end, row.number("value"), row.text("source")))
    return sorted(found, key=lambda fact: (fact.first, fact.last))
