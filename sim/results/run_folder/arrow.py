"""Frames of a chunk as Arrow tables: the exact schema of :mod:`sim.tables`, sorted by key.

A table that leaves here depends only on its rows: never on the order in which lanes ran, on the
categories a frame happened to carry, or on the dictionary Arrow would have chosen. So equal rows
give equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import RunError
from sim.table import Column, Table

_TYPES: dict[str, Any] = {
    "string": pa.string(),
    "int32": pa.int32(),
    "float64": pa.float64(),
    "date32": pa.date32(),
}
_ROOM = 2**62
"""Packed sort keys stay below this, so that they fit a signed 64-bit integer."""


def schema(table: Table) -> pa.Schema:
    """Arrow schema of a result table, columns in order."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])


@dataclass(frozen=True, slots=True)
class _Coded:
    """A column as ranks that sort as its values do; ``width`` is one more than the largest."""

    codes: NDArray[np.int32] | NDArray[np.int64]
    width: int
    distinct: list[str] | NDArray[np.generic]
    """Sorted words for text; the plain column for numbers and dates."""


def arrange(table: Table, frame: pd.DataFrame) -> pa.Table:
    """Sort ``frame`` by the table's key and give it the table's schema.

    Strings come as text or categories, dates as ``datetime64``; a float that is NaN means
    *undefined* and becomes null. Rows whose whole key is equal are ordered by every column.

    Raises
    ------
    RunError
        A column is missing, unknown or out of order, a key or text is empty of value, or a number
        is infinite: the engine broke its contract, nothing may be stored.
    """
    if tuple(frame.columns) != table.names:
        raise RunError(f"table {table.name}: columns {list(frame.columns)} are not {table.names}")
    coded = {
        column.name: _code(table, column, frame[column.name])
        for column in table.columns
        if column.type != "float64"
    }
    order = _order(table, coded, frame)
    arrays = [
        _array(table, column, coded.get(column.name), frame[column.name], order)
        for column in table.columns
    ]
    return pa.table(arrays, names=list(table.names))


def _code(table: Table, column: Column, values: pd.Series[Any]) -> _Coded:
    if values.isna().any():
        raise RunError(f"table {table.name}: column {column.name} holds an empty value")
    if column.type == "string":
        return _code_text(values)
    kind = "datetime64[D]" if column.type == "date32" else "int64"
    plain = values.to_numpy().astype(kind)
    numbers = plain.astype(np.int64)
    low = int(numbers.min()) if len(numbers) else 0
    high = int(numbers.max()) if len(numbers) else 0
    return _Coded(numbers - low, high - low + 1, plain)


def _code_text(values: pd.Series[Any]) -> _Coded:
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy()
        words = [str(word) for word in values.cat.categories]
    else:
        codes, found = pd.factorize(values)
        words = [str(word) for word in found]
    used = np.zeros(len(words), dtype=np.bool_)
    used[codes] = True
    ordered = sorted(np.flatnonzero(used).tolist(), key=lambda code: words[code])
    distinct, width = [words[code] for code in ordered], max(len(ordered), 1)
    if ordered == list(range(len(words))):
        return _Coded(codes.astype(np.int32), width, distinct)
    rank = np.zeros(max(len(words), 1), dtype=np.int32)
    rank[ordered] = np.arange(len(ordered))
    return _Coded(rank[codes], width, distinct)


def _order(table: Table, coded: dict[str, _Coded], frame: pd.DataFrame) -> NDArray[np.int64] | None:
    """Row order by key, or None when the rows are sorted already."""
    keys = _pack([coded[name] for name in table.key])
    order: NDArray[np.int64] | None = None
    if not _sorted(keys):
        order = np.lexsort(keys[::-1]) if len(keys) > 1 else np.argsort(keys[0], kind="stable")
        keys = [key[order] for key in keys]
    if not _repeats(keys):
        return order
    every = [
        coded[name].codes if name in coded else frame[name].to_numpy(np.float64)
        for name in (*table.key, *(name for name in table.names if name not in table.key))
    ]
    return np.lexsort(every[::-1])


def _pack(parts: list[_Coded]) -> list[NDArray[np.int64]]:
    """Fold ranks into as few integers as hold them, most significant first."""
    packed: list[NDArray[np.int64]] = []
    width = _ROOM
    for part in parts:
        if width * part.width >= _ROOM:
            packed.append(part.codes.astype(np.int64))
            width = part.width
        elif part.width > 1:
            packed[-1] *= part.width
            packed[-1] += part.codes
            width *= part.width
    return packed


def _sorted(keys: list[NDArray[np.int64]]) -> bool:
    return len(keys) == 1 and bool(np.all(keys[0][1:] >= keys[0][:-1]))


def _repeats(keys: list[NDArray[np.int64]]) -> bool:
    same = np.ones(max(len(keys[0]) - 1, 0), dtype=bool)
    for key in keys:
        same &= key[1:] == key[:-1]
    return bool(same.any())


def _array(
    table: Table,
    column: Column,
    coded: _Coded | None,
    values: pd.Series[Any],
    order: NDArray[np.int64] | None,
) -> pa.Array:
    if coded is None:
        numbers = values.to_numpy(np.float64)
        if np.isinf(numbers).any():
            raise RunError(f"table {table.name}: column {column.name} holds an infinite number")
        numbers = numbers if order is None else numbers[order]
        return pa.array(numbers + 0.0, type=pa.float64(), from_pandas=True)
    if column.type == "string":
        codes = coded.codes if order is None else coded.codes[order]
        return pa.DictionaryArray.from_arrays(
            pa.array(codes, type=pa.int32()), pa.array(coded.distinct, type=pa.string())
        )
    plain = coded.distinct if order is None else np.asarray(coded.distinct)[order]
    return pa.array(plain).cast(_TYPES[column.type])
