"""A fenced DuckDB for asks that strangers wrote: one policy in view, no files, no network.

The tables are Arrow datasets that Python scans on DuckDB's behalf, so DuckDB itself needs no access
to any file: external access, extensions and replacement scans are off and the configuration is
locked before the first ask runs. The fence is not a sandbox against exhausting the processor;
a query is stopped after :data:`SECONDS`.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow.dataset as pads

from sim.results.arrow import schema
from sim.results.query import OFFLINE, PART_MACRO, RunFolder
from sim.tables import TABLES

SECONDS = 120.0
"""A query that takes longer is stopped."""

_LOCK = "SET temp_directory='';SET enable_external_access=false;SET lock_configuration=true"


class Refused(Exception):  # noqa: N818 -- an answer, not an error: the row becomes a miss
    """The ask failed or may not be asked; the text says why."""


class Fence:
    """Tables of one policy, and with the prefix ``base_`` those of another, for SELECT only."""

    def __init__(self, run: RunFolder, policy: str, against: str = "") -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(OFFLINE)
        self._connection.execute(PART_MACRO)
        for table in TABLES:
            self._register(run, table, policy, table)
            if against:
                self._register(run, f"base_{table}", against, table)
        self._connection.execute(_LOCK)

    def _register(self, run: RunFolder, name: str, policy: str, table: str) -> None:
        columns = TABLES[table].columns
        coded = [column.name for column in columns if column.type == "string"]
        options = pads.ParquetReadOptions(dictionary_columns=coded)
        rows = pads.dataset(
            [str(path) for path in run.files[table]],
            format=pads.ParquetFileFormat(read_options=options),
            schema=schema(TABLES[table]) if not run.files[table] else None,
        )
        self._connection.register(name, rows.filter(pads.field("policy") == policy))

    def ask(self, query: str, seconds: float = SECONDS) -> pd.DataFrame:
        """Run one SELECT.

        Raises
        ------
        Refused
            Not exactly one SELECT, refused by DuckDB, or stopped after ``seconds``.
        """
        connection: Any = self._connection
        try:
            statements = connection.extract_statements(query)
        except duckdb.Error as fault:
            raise Refused(_words(fault)) from fault
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise Refused("an ask is exactly one SELECT")
        watch = threading.Timer(seconds, connection.interrupt)
        watch.start()
        try:
            frame: pd.DataFrame = connection.execute(statements[0]).df()
        except duckdb.InterruptException as fault:
            raise Refused(f"took longer than {seconds:g} s") from fault
        except duckdb.Error as fault:
            raise Refused(_words(fault)) from fault
        finally:
            watch.cancel()
        return frame

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


def _words(fault: Exception) -> str:
    """First paragraph of DuckDB's message on one line."""
    return " ".join(str(fault).split("\n\n")[0].split())
