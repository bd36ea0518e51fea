"""Read a checked CSV: every fault of the file with its row, column and cure, none mended."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.errors import Fault, nearest

Value = str | float | int | date | None
EVIDENCE: tuple[str, ...] = ("read", "cited", "derived", "recalled", "estimated")
"""Grades of evidence, strongest first."""
CONFIDENCE: tuple[str, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its kind and what a value must satisfy.

    ``kind`` is ``text``, ``number``, ``integer`` or ``month`` (ISO date of a month's first day).
    ``choices`` lists the only allowed texts; ``refers`` names ``table.column`` that must hold it.
    """

    name: str
    kind: str = "text"
    required: bool = True
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """One file: its columns in any order, and what its rows obey.

    ``key`` lists the columns whose values together are unique; ``ranges`` lists triples of value,
    low and high columns that must be in order where they are filled.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    ranges: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: typed values and the line it stands on."""

    line: int
    values: Mapping[str, Value]

    def text(self, column: str) -> str:
        """Text of a cell; empty where the cell is empty."""
        value = self.values[column]
        return "" if value is None else str(value)

    def number(self, column: str) -> float:
        """Number of a cell; NaN where the cell is empty."""
        value = self.values[column]
        return float(value) if isinstance(value, int | float) else math.nan

    def integer(self, column: str) -> int:
        """Whole number of a cell that may not be empty."""
        value = self.values[column]
        if not isinstance(value, int):
            raise TypeError(f"{column} of line {self.line} is no whole number")
        return value

    def month(self, column: str) -> date:
        """Month of a cell that may not be empty."""
        value = self.values[column]
        if not isinstance(value, date):
            raise TypeError(f"{column} of line {self.line} is no month")
        return value


def read_table(path: Path, spec: Spec) -> tuple[tuple[Row, ...], list[Fault]]:
    """Rows of a CSV and all of its faults; a row with a fault is left out.

    Faults: a missing or unreadable file, a missing, repeated or unknown column, a row of the wrong
    length, a cell that is empty, out of range, not a number, not a month or not an allowed text, a
    repeated key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        wrong = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
        return (), [Fault(str(path), "", wrong, "restore the file or pass another data folder")]
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    faults = _header_faults(path, header, spec)
    if faults:
        return (), faults
    rows: list[Row] = []
    for cells in reader:
        line = reader.line_num
        if not cells:
            continue
        row, wrong_cells = _read_row(path, line, header, cells, spec)
        faults += wrong_cells
        if row is not None:
            rows.append(row)
    return tuple(rows), faults + _repeated_keys(path, rows, spec)


def _header_faults(path: Path, header: list[str], spec: Spec) -> list[Fault]:
    names = [field.name for field in spec.fields]
    faults = [
        Fault(str(path), name, "column is missing", nearest(name, header), 1)
        for name in names
        if name not in header
    ]
    for column, name in enumerate(header, start=1):
        if name not in names:
            faults.append(Fault(str(path), name, "unknown column", nearest(name, names), 1, column))
        elif header.index(name) != column - 1:
            faults.append(Fault(str(path), name, "column stands twice", "drop one", 1, column))
    return faults


def _read_row(
    path: Path, line: int, header: list[str], cells: list[str], spec: Spec
) -> tuple[Row | None, list[Fault]]:
    if len(cells) != len(header):
        wrong = f"{len(cells)} cells under {len(header)} columns"
        return None, [Fault(str(path), "", wrong, "quote cells that hold a comma", line)]
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    for field in spec.fields:
        column = header.index(field.name)
        try:
            values[field.name] = parse_cell(cells[column].strip(), field)
        except _WrongCellError as error:
            faults.append(Fault(str(path), field.name, error.wrong, error.cure, line, column + 1))
    if not faults:
        faults = _range_faults(path, Row(line, values), spec)
    return (None if faults else Row(line, values)), faults


def _range_faults(path: Path, row: Row, spec: Spec) -> list[Fault]:
    faults = []
    for value, low, high in spec.ranges:
        at, bottom, top = row.number(value), row.number(low), row.number(high)
        if bottom > at or at > top:
            wrong = f"{at:g} is outside its own range {bottom:g} .. {top:g}"
            faults.append(Fault(str(path), value, wrong, f"mend {low}, {high} or it", row.line))
    return faults


class _WrongCellError(Exception):
    """What is wrong with a cell and how to mend it."""

    def __init__(self, wrong: str, cure: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.cure = wrong, cure


def parse_cell(text: str, field: Field) -> Value:
    """Typed value of one cell.

    >>> parse_cell("0.25", Field("share", "number", low=0, high=1))
    0.25
    """
    if not text:
        if field.required:
            raise _WrongCellError("is empty", "an unknown figure needs a declared estimate")
        return None
    if field.kind == "month":
        return _parse_month(text)
    if field.kind in {"number", "integer"}:
        return _parse_number(text, field)
    if field.choices and text not in field.choices:
        raise _WrongCellError(f"`{text}` is not known", nearest(text, field.choices))
    return text


def _parse_month(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _WrongCellError(f"`{text}` is no date", "write it as 2017-01-01") from error
    if day.day != 1:
        raise _WrongCellError(f"`{text}` is not the first day of a month", "write day 01")
    return day


def _parse_number(text: str, field: Field) -> float | int:
    try:
        value = int(text) if field.kind == "integer" else float(text)
    except ValueError as error:
        kind = "whole number" if field.kind == "integer" else "number"
        raise _WrongCellError(f"`{text}` is no {kind}", "write digits with a point") from error
    if not math.isfinite(value):
        raise _WrongCellError(f"`{text}` is not finite", "leave it empty where it is unknown")
    if not field.low <= value <= field.high:
        bounds = f"{field.low:g} .. {field.high:g}"
        raise _WrongCellError(f"{text} is outside {bounds}", "mend the figure or its unit")
    return value


def _repeated_keys(path: Path, rows: list[Row], spec: Spec) -> list[Fault]:
    first: dict[tuple[Value, ...], int] = {}
    faults = []
    for row in rows:
        key = tuple(row.values[name] for name in spec.key)
        if key in first:
            shown = ", ".join(str(part) for part in key)
            wrong = f"`{shown}` stands on line {first[key]} already"
            faults.append(Fault(str(path), " + ".join(spec.key), wrong, "drop one row", row.line))
        first.setdefault(key, row.line)
    return faults
