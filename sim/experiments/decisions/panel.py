"""The panel of dated decisions: which firm moved what it makes in China for the US, when, where to.

``docs/calibration.md``. A case is a firm's product that is made in China for the United States and
stood on a list of duties of 2018-19, those that stayed among them. Nothing after 2020 is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.columns import Field, Row, Spec
from sim.data.dataset import packaged_folder
from sim.data.reading import read_table
from sim.data.shared_columns import PROVENANCE, amount, share
from sim.errors import DataError, Fault, nearest
from sim.world.world import World

FIRST, LAST = date(2018, 1, 1), date(2020, 10, 1)
"""Months between which a case may be announced, as the last review of 2020 is in October."""
QUARTER = 3
"""Months between reviews; the first of a year is in January."""
HALVES: tuple[str, ...] = tuple(f"{year}H{half}" for year in (2018, 2019, 2020) for half in (1, 2))
"""Half-years of reviews: H1 has those of January and April, H2 those of July and October."""
PATH = packaged_folder().parent / "targets" / "decisions.csv"

SPEC = Spec(
    "decisions",
    (
        Field("case"), Field("firm"), Field("product"), Field("line", required=False),
        Field("us_lists", required=False), Field("duty_from", "month", required=False),
        Field("moved", "flag"), Field("announced", "month", required=False),
        Field("to", "words", required=False, choices=COUNTRIES),
        share("share_low", required=False), share("share_high", required=False),
        Field("operating_by", "integer", required=False, low=2018, high=2020),
        amount("weight"), *PROVENANCE,
    ),
    ("case",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A firm's product that was made in China for the United States, and what became of it.

    ``half`` indexes :data:`HALVES`, -1 where the firm stayed; ``to`` are codes of places. ``line``
    is empty where the model has no such line: the case is told and not fitted.
    """

    id: str
    firm: str
    line: str
    half: int
    to: tuple[str, ...]
    weight: float

    @property
    def moved(self) -> bool:
        """Whether the firm announced by the end of 2020 that work leaves China."""
        return self.half >= 0

    def observed(self) -> Floats:
        """The outcome, by (6 x I + 1): half-year by place, and last that it stayed; sums to 1.

        Where work went to several places each has an equal part.
        """
        cells = np.zeros((len(HALVES), len(COUNTRIES)))
        for code in self.to:
            cells[self.half, COUNTRY_INDEX[code]] = 1.0 / len(self.to)
        return np.append(cells.ravel(), 0.0 if self.moved else 1.0)


def read_panel(path: Path = PATH) -> tuple[Case, ...]:
    """Cases of a panel, in the order of the file.

    Raises
    ------
    DataError
        Every mistake at once: those of a table, a mover without month or place, a stayer with
        one, a month outside 2018-01 to 2020-10.
    """
    rows, faults = read_table(path, SPEC)
    faults += [fault for row in rows for fault in _faults(row)]
    if faults:
        raise DataError(faults)
    return tuple(_case(row) for row in rows)


def fitted(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Cases that the model has a line for."""
    return tuple(case for case in cases if case.line and case.weight > 0.0)


def check_lines(cases: Sequence[Case], world: World, path: Path = PATH) -> None:
    """Tell every case whose line the world has not.

    Raises
    ------
    DataError
        A line that is unknown, with the nearest name.
    """
    known = [line.id for line in world.lines]
    wrong = [case for case in fitted(cases) if case.line not in known]
    if wrong:
        raise DataError(
            [
                Fault(str(path), "line", f"unknown line `{case.line}`", nearest(case.line, known))
                for case in wrong
            ]
        )


def _case(row: Row) -> Case:
    moved = bool(row.flag("moved"))
    return Case(
        id=row.text("case"),
        firm=row.text("firm"),
        line=row.text("line"),
        half=half_of(row.month("announced")) if moved else -1,
        to=row.words("to"),
        weight=row.number("weight"),
    )


def half_of(month: date) -> int:
    """Half-year of the first review that could hold a decision of a month.

    Firms in the model decide at reviews: what was announced in May belongs to that of July.

    >>> [HALVES[half_of(date(*month, 1))] for month in ((2018, 4), (2018, 5), (2018, 11))]
    ['2018H1', '2018H2', '2019H1']
    """
    quarter = -(-(month.month - 1) // QUARTER)
    return 2 * (month.year - FIRST.year) + quarter // 2


def _faults(row: Row) -> list[Fault]:
    """What contradicts itself in a row."""
    moved, month = row.flag("moved"), row.day("announced")
    wrong: list[tuple[str, str, str]] = []
    for name, filled in (("announced", month is not None), ("to", bool(row.words("to")))):
        if moved and not filled:
            wrong.append((name, "is empty though the firm moved", "fill it"))
        if filled and not moved:
            wrong.append((name, "is given though the firm stayed", "leave it empty"))
    if month is not None and not FIRST <= month <= LAST:
        wrong.append(("announced", f"{month:%Y-%m} is outside 2018-01 to 2020-10", "leave it out"))
    return [Fault(row.file, name, text, cure, row.line) for name, text, cure in wrong]
