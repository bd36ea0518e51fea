"""An Excel workbook: one sheet of data with real numbers and dates, one of notes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from sim.errors import Fault, QueryError

ROWS = 1_048_576
"""Rows of an Excel sheet, its heading among them."""
CHARACTERS = 32_767
"""Characters of an Excel cell."""
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no time zone
"""The same table gives the same bytes: no time of day is in a workbook."""
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,  # a text that begins with `=` is a text
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
_WIDEST = 60


def workbook(frame: pd.DataFrame, notes: Sequence[tuple[str, str]], path: Path) -> bytes:
    """Write the workbook: the frame on the sheet ``data``, the notes on the sheet ``notes``.

    Raises
    ------
    QueryError
        More rows or longer texts than Excel holds; ``path`` is told.
    """
    _refuse(frame, path)
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        bold = book.add_format({"bold": True})
        _data(book.add_worksheet("data"), frame, bold)
        sheet = book.add_worksheet("notes")
        sheet.set_column(0, 0, 24, bold)
        sheet.set_column(1, 1, 100, book.add_format({"text_wrap": True, "valign": "top"}))
        for row, pair in enumerate(notes):
            for column, text in enumerate(pair):
                sheet.write_string(row, column, text)
    return held.getvalue()


def _refuse(frame: pd.DataFrame, path: Path) -> None:
    faults = []
    if len(frame) + 1 > ROWS:
        wrong = f"an Excel sheet holds {ROWS - 1:,} rows under its heading, not {len(frame):,}"
        cure = "write .csv or .parquet, or fewer (--outcome, --policy, --every year)"
        faults.append(Fault(str(path), "rows", wrong, cure))
    for name in _texts(frame):
        longest = _longest(frame[name])
        if longest > CHARACTERS:
            wrong = f"an Excel cell holds {CHARACTERS:,} characters, not {longest:,}"
            faults.append(Fault(str(path), str(name), wrong, "write .csv or .parquet"))
    if faults:
        raise QueryError(faults)


def _texts(frame: pd.DataFrame) -> list[Any]:
    return [name for name in frame if not _is_number(frame[name]) and not _is_date(frame[name])]


def _is_number(values: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_numeric_dtype(values))


def _is_date(values: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_datetime64_any_dtype(values))


def _data(sheet: Any, frame: pd.DataFrame, bold: Any) -> None:
    texts = set(_texts(frame))
    for column, name in enumerate(frame):
        _head(sheet, column, name, bold)
        sheet.set_column(column, column, _width(name, frame[name] if name in texts else None))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(frame), max(len(frame.columns) - 1, 0))
    writers = [_writer(sheet, frame[name], name in texts) for name in frame]
    columns = [_cells(frame[name]) for name in frame]
    for row, cells in enumerate(zip(*columns, strict=True), start=1):
        for column, (write, cell) in enumerate(zip(writers, cells, strict=True)):
            if cell is not None:
                write(row, column, cell)


def _head(sheet: Any, column: int, name: Any, bold: Any) -> None:
    """Write a column's heading; years of an IAMC table are numbers."""
    write = sheet.write_number if isinstance(name, int) else sheet.write_string
    write(0, column, name, bold)


def _width(name: Any, texts: pd.Series[Any] | None) -> int:
    """Characters that a column shows."""
    longest = 0 if texts is None else _longest(texts)
    return min(max(len(str(name)), 12, longest), _WIDEST)


def _longest(texts: pd.Series[Any]) -> int:
    return max((len(text) for text in texts.unique()), default=0)


def _writer(sheet: Any, values: pd.Series[Any], text: bool) -> Callable[..., object]:
    number = sheet.write_datetime if _is_date(values) else sheet.write_number
    found: Callable[..., object] = sheet.write_string if text else number
    return found


def _cells(values: pd.Series[Any]) -> list[Any]:
    """Plain cells; None for what is unknown."""
    if _is_date(values):
        return [None if pd.isna(one) else one.to_pydatetime() for one in values]
    return [
        None if missing else one
        for one, missing in zip(values.tolist(), values.isna(), strict=True)
    ]
