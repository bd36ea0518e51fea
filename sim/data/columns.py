"""What a table may hold: its columns, their kinds and bounds, and a row that was read so."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sim.data import scalars
from sim.data.scalars import WrongTextError
from sim.errors import nearest

Value = str | float | int | bool | date | tuple[str, ...] | None
Kind = Literal["text", "number", "integer", "month", "day", "flag", "words"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its kind and what a value must satisfy.

    ``kind`` is ``text``, ``number``, ``integer``, ``month`` (ISO date of a month's first day),
    ``day``, ``flag`` (yes or no) or ``words`` (between semicolons). ``choices`` lists the only
    allowed texts or words; ``refers`` names ``table.column`` that must hold it. ``required`` says
    that no cell is empty; a column that is ``optional`` may be left out altogether.
    """

    name: str
    kind: Kind = "text"
    required: bool = True
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    refers: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """One file: its columns in any order, and what its rows obey.

    ``key`` lists the columns whose values together are unique; ``ranges`` lists triples of value,
    low and high columns that must be in order where they are filled. With ``others`` further
    columns are kept as text; a table that ``may_be_empty`` may hold its header alone.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str, str], ...] = ()
    others: bool = False
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: typed values by column, the line it begins on and its file."""

    line: int
    values: Mapping[str, Value]
    file: str = ""

    def text(self, column: str) -> str:
        """Text of a cell; empty where the cell is empty or the column is not there."""
        value = self.values.get(column)
        return "" if value is None else str(value)

    def number(self, column: str) -> float:
        """Number of a cell; NaN where the cell is empty."""
        value = self.values.get(column)
        return float(value) if isinstance(value, int | float) else math.nan

    def integer(self, column: str) -> int:
        """Whole number of a cell that may not be empty."""
        value = self.values[column]
        if not isinstance(value, int):
            raise TypeError(f"{column} of line {self.line} is no whole number")
        return value

    def month(self, column: str) -> date:
        """Month of a cell that may not be empty."""
        found = self.day(column)
        if found is None:
            raise TypeError(f"{column} of line {self.line} is no month")
        return found

    def day(self, column: str) -> date | None:
        """Day of a cell; None where it is empty."""
        value = self.values.get(column)
        return value if isinstance(value, date) else None

    def flag(self, column: str) -> bool | None:
        """Whether a cell says yes; None where it is empty."""
        value = self.values.get(column)
        return value if isinstance(value, bool) else None

    def words(self, column: str) -> tuple[str, ...]:
        """Words of a cell; none where it is empty."""
        value = self.values.get(column)
        return value if isinstance(value, tuple) else ()


def parse_cell(text: str, field: Field) -> Value:
    """Typed value of one cell; raises :class:`~sim.data.scalars.WrongTextError`.

    >>> parse_cell("0.25", Field("share", "number", low=0, high=1))
    0.25
    """
    if not text:
        if field.required:
            cure = "an unknown figure needs a declared estimate" if field.kind == "number" else ""
            raise WrongTextError("is empty", cure or "fill the cell")
        return None
    if field.kind == "number":
        return scalars.number(text, field.low, field.high)
    if field.kind == "integer":
        return scalars.integer(text, field.low, field.high)
    if field.kind == "words":
        return tuple(_known(word.strip(), field) for word in text.split(";") if word.strip())
    if field.kind == "text":
        return _known(text, field)
    return _PARSERS[field.kind](text)


_PARSERS: dict[Kind, Callable[[str], date | bool]] = {
    "month": scalars.month,
    "day": scalars.day,
    "flag": scalars.flag,
}


def _known(text: str, field: Field) -> str:
    if field.choices and text not in field.choices:
        raise WrongTextError(f"`{text}` is not known", nearest(text, field.choices))
    return text
