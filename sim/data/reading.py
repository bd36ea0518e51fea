"""The one reader of CSV: every fault of a file with its row, column and cure, none mended.

::

    spec = Spec("things", (Field("id"), Field("share", "number", low=0, high=1)), key=("id",))
    rows, faults = read_table(path, spec)
    rows = load_table(path, spec)  # raises DataError with all faults
    rows[0].number("share"), rows[0].line
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.data.columns import Field, Row, Spec, Value, parse_cell
from sim.data.scalars import WrongTextError
from sim.data.text_files import read_text
from sim.errors import DataError, Fault, nearest

MOST_BYTES = 100_000_000
"""A larger table is refused: it would not fit the memory that its rows need."""


def load_table(path: Path, spec: Spec, name: str = "") -> tuple[Row, ...]:
    """Rows of a CSV; ``name`` is how messages call the file.

    Raises
    ------
    DataError
        Every fault of :func:`read_table` at once.
    """
    rows, faults = read_table(path, spec, name)
    if faults:
        raise DataError(faults)
    return rows


def read_table(path: Path, spec: Spec, name: str = "") -> tuple[tuple[Row, ...], list[Fault]]:
    """Rows of a CSV and all of its faults; a row with a fault is left out.

    Faults: a missing or unreadable file (see :func:`~sim.data.text_files.read_text`), a missing,
    repeated or unknown column, no row at all, a row of the wrong length, a cell that is too long,
    empty, out of range, not a number, not a date or not an allowed text, a repeated key.
    """
    try:
        text = read_text(path, name, most_bytes=MOST_BYTES)
    except DataError as error:
        return (), list(error.faults)
    return parse_table(text, spec, name or str(path))


def parse_table(text: str, spec: Spec, file: str) -> tuple[tuple[Row, ...], list[Fault]]:
    """Rows of the text of a CSV and all of its faults; ``file`` names it in them."""
    faults: list[Fault] = []
    lines = _records(text, file, faults)
    _, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    faults += _header_faults(file, header, spec)
    if faults:
        return (), faults
    fields = {field.name: field for field in spec.fields}
    columns = [fields.get(name, Field(name, required=False)) for name in header]
    sound: list[Row] = []
    every: list[Row] = []
    for line, cells in lines:
        row, wrong = _read_row(file, line, columns, cells, spec)
        faults += wrong
        every.append(row)
        if not wrong:
            sound.append(row)
    if not every and not faults and not spec.may_be_empty:
        faults.append(Fault(file, "", "holds a header and no rows", "add rows", 1))
    return tuple(sound), faults + _repeated_keys(file, every, spec)


def _records(text: str, file: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """First line and cells of every record that is not blank; what is no CSV ends them."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            wrong, cure = _broken(str(error))
            faults.append(Fault(file, "", wrong, cure, line))
            return
        if cells:
            yield line, cells


def _broken(problem: str) -> tuple[str, str]:
    if "field limit" in problem:
        wrong = f"a cell is longer than {csv.field_size_limit():,} characters"
        return wrong, "shorten it; or is a quote never closed?"
    if "end of data" in problem:
        return "a quote is never closed", "close it"
    return f"not CSV: {problem}", "write a quote inside a quoted cell twice"


def _header_faults(file: str, header: list[str], spec: Spec) -> list[Fault]:
    if not header:
        return [Fault(file, "", "is empty", "the first line names the columns", 1)]
    names = [field.name for field in spec.fields]
    faults = [
        Fault(file, field.name, "column is missing", nearest(field.name, header), 1)
        for field in spec.fields
        if field.name not in header and not field.optional
    ]
    for column, name in enumerate(header, start=1):
        if name not in names and not spec.others:
            faults.append(Fault(file, name, "unknown column", nearest(name, names), 1, column))
        elif header.index(name) != column - 1:
            faults.append(Fault(file, name, "column stands twice", "drop one", 1, column))
    return faults


def _read_row(
    file: str, line: int, columns: Sequence[Field], cells: list[str], spec: Spec
) -> tuple[Row, list[Fault]]:
    """The cells that can be read, and what is wrong with the others."""
    if len(cells) != len(columns):
        wrong = f"{len(cells)} cells under {len(columns)} columns"
        return Row(line, {}, file), [Fault(file, "", wrong, "quote cells that hold a comma", line)]
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    for column, (field, cell) in enumerate(zip(columns, cells, strict=True), start=1):
        try:
            values[field.name] = parse_cell(cell.strip(), field)
        except WrongTextError as error:
            faults.append(Fault(file, field.name, error.wrong, error.cure, line, column))
    row = Row(line, values, file)
    if not faults:
        faults = _range_faults(file, row, spec)
    return row, faults


def _range_faults(file: str, row: Row, spec: Spec) -> list[Fault]:
    faults = []
    for value, low, high in spec.ranges:
        at, bottom, top = row.number(value), row.number(low), row.number(high)
        if bottom > at or at > top:
            wrong = f"{at:g} is outside its own range {bottom:g} .. {top:g}"
            faults.append(Fault(file, value, wrong, f"mend {low}, {high} or it", row.line))
    return faults


def _repeated_keys(file: str, rows: list[Row], spec: Spec) -> list[Fault]:
    first: dict[tuple[Value, ...], int] = {}
    faults = []
    for row in rows if spec.key else ():
        if not row.values.keys() >= set(spec.key):
            continue
        key = tuple(row.values[name] for name in spec.key)
        if key in first:
            shown = ", ".join(str(part) for part in key)
            wrong = f"`{shown}` stands on line {first[key]} already"
            faults.append(Fault(file, " + ".join(spec.key), wrong, "drop one row", row.line))
        first.setdefault(key, row.line)
    return faults
