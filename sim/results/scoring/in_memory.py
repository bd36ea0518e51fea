"""Asks over tables in memory: many scenarios side by side, one of them in view at a time.

:class:`sim.results.scoring.guarded.Guarded` keeps a run folder from what strangers ask; this one
serves calibration, which puts its own asks to tables that were never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

import duckdb
import pandas as pd

from sim.results.run_folder.query import OFFLINE, SQL_TYPES, quoted
from sim.results.scoring.guarded import Refused, words
from sim.results.scoring.packed import PART_MACRO, OutcomeViews
from sim.tables import TABLES


class InMemory:
    """Result tables of one experiment as they come from the engine.

    ``tables`` names those that are laid out; an ask of another is refused. Columns and their
    meaning are those of :data:`sim.tables.TABLES`.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame], tables: Iterable[str]) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(OFFLINE)
        self._connection.execute("SET threads=1")
        self._connection.execute(PART_MACRO)
        self._laid = tuple(dict.fromkeys(tables))
        self._views = OutcomeViews(self._connection, ())
        for name in self._laid:
            self._connection.register("given", frames[name])
            columns = ", ".join(
                f'CAST("{one.name}" AS {SQL_TYPES[one.type]}) AS "{one.name}"'
                for one in TABLES[name].columns
            )
            self._connection.execute(f"CREATE TABLE laid_{name} AS SELECT {columns} FROM given")
            self._connection.unregister("given")

    def show(self, policy: str, against: str = "", scenario: str | None = None) -> None:
        """Put one policy, and with the prefix ``base_`` another, of one scenario in view."""
        within = f" AND scenario = {quoted(scenario)}" if scenario is not None else ""
        chosen = {"": policy, "base_": against} if against else {"": policy}
        prefixes = tuple(chosen) if "outcomes" in self._laid else ()
        if prefixes != self._views.prefixes:
            self._views = OutcomeViews(self._connection, prefixes)
        for prefix, one in chosen.items():
            for name in self._laid:
                view = f"{prefix}all_outcomes" if name == "outcomes" else f"{prefix}{name}"
                self._connection.execute(
                    f"CREATE OR REPLACE TEMP VIEW {view} AS "
                    f"SELECT * FROM laid_{name} WHERE policy = {quoted(one)}{within}"
                )

    def ask(self, query: str) -> pd.DataFrame:
        """Answer one SELECT over what is in view.

        Raises
        ------
        Refused
            DuckDB refuses it; the text says why.
        """
        try:
            return self._views.ask(query)
        except duckdb.Error as fault:
            raise Refused(words(fault)) from fault

    def close(self) -> None:
        """Let go of the tables."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
