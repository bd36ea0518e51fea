"""Asks written when ``outcomes`` held its keys packed in one column: they still run.

In earlier versions a row said what it is about in one column, ``group``, as
``product=cars;country=US``, and a macro ``part("group", 'country')`` took one code out of it. An
ask that names either sees the table as it was then; every other ask sees the keys as columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import duckdb
import pandas as pd

from sim.meanings import Group

PART_MACRO = (
    "CREATE MACRO part(g, k) AS"
    " NULLIF(regexp_extract(';' || g || ';', ';' || k || '=([^;]*);', 1), '')"
)
"""SQL of the macro that reads one key of a packed group, null where it lacks the key."""

_ORDER = ("product", "firm", "country", "customer", "rule")
"""Keys in the order in which they were packed."""
_PACKED = ", ".join(f"CASE WHEN \"{key}\" <> '' THEN '{key}=' || \"{key}\" END" for key in _ORDER)
_GROUP = f"concat_ws(';', {_PACKED}) AS \"group\""
_BOTH = f"*, {_GROUP}"
_EARLIER = f"* EXCLUDE ({', '.join(Group._fields)}), {_GROUP}"
_WRITTEN_FOR_PACKED = re.compile(r'"group"|\bpart\s*\(', re.IGNORECASE)


def shapes(query: str) -> tuple[str, str]:
    """Columns of ``outcomes`` that an ask was written for, and those to try if it cannot be bound.

    The second are for asks that name both the packed column and a key, and for earlier ones that
    name neither and join a table whose columns are called like keys.

    >>> "EXCLUDE" in shapes("SELECT part(g, 'firm') FROM packed")[0]
    True
    """
    packed = _WRITTEN_FOR_PACKED.search(query)
    return (_EARLIER, _BOTH) if packed else ("*", _EARLIER)


class OutcomeViews:
    """The view ``all_outcomes`` of every prefix, shown to each ask as the ``outcomes`` it knows.

    DuckDB packs the keys for those asks alone that read them.
    """

    def __init__(self, connection: Any, prefixes: Iterable[str] = ("",)) -> None:
        self._connection, self.prefixes, self._shown = connection, tuple(prefixes), ""

    def ask(self, query: str) -> pd.DataFrame:
        """Answer one SELECT.

        Raises
        ------
        duckdb.Error
            It refuses the ask.
        """
        likely, other = shapes(query)
        try:
            return self._answer(query, likely)
        except duckdb.BinderException as fault:
            try:
                return self._answer(query, other)
            except duckdb.BinderException:
                raise fault from None

    def _answer(self, query: str, shape: str) -> pd.DataFrame:
        if shape != self._shown:
            for prefix in self.prefixes:
                self._connection.execute(
                    f"CREATE OR REPLACE TEMP VIEW {prefix}outcomes AS "
                    f"SELECT {shape} FROM {prefix}all_outcomes"
                )
            self._shown = shape
        frame: pd.DataFrame = self._connection.execute(query).df()
        return frame
