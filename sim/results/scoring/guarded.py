"""A guarded DuckDB for asks that strangers wrote: one policy in view, no files, no network.

The tables are Arrow data that Python hands to DuckDB, so DuckDB itself needs no access to any file:
external access, extensions and replacement scans are off and the configuration is locked before the
first ask runs. This is no sandbox against exhausting the processor; a query is stopped after
:data:`SECONDS`.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as pads

from sim.meanings import Group
from sim.results.run_folder.arrow import schema
from sim.results.run_folder.query import OFFLINE, RunFolder, quoted
from sim.results.scoring.packed import PART_MACRO, OutcomeViews
from sim.tables import TABLES

SECONDS = 120.0
"""A query that takes longer is stopped."""

_LOCK = "SET temp_directory='';SET enable_external_access=false;SET lock_configuration=true"
_HELD_ROWS = 25_000_000
"""Outcomes of a policy are held in memory up to so many rows, and scanned from disk beyond."""


class Refused(Exception):  # noqa: N818 -- an answer, not an error: the row becomes a miss
    """The ask failed or may not be asked; the text says why."""


class Guarded:
    """Tables of one policy, and with the prefix ``base_`` those of another, for SELECT only."""

    def __init__(self, run: RunFolder, policy: str, against: str = "") -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(OFFLINE)
        self._connection.execute(PART_MACRO)
        policies = {"": policy, "base_": against} if against else {"": policy}
        self._views = OutcomeViews(self._connection, policies)
        for prefix, name in policies.items():
            for table in TABLES:
                rows = _rows(run, name, table)
                if table == "outcomes":
                    source = self._outcomes(prefix, run, name, rows)
                    self._connection.execute(f"CREATE VIEW {prefix}all_outcomes AS {source}")
                else:
                    self._connection.register(prefix + table, rows)
        self._connection.execute(_LOCK)

    def _outcomes(self, prefix: str, run: RunFolder, policy: str, rows: Any) -> str:
        """Keep outcomes in memory, one piece for each: DuckDB skips those an ask leaves out.

        Gives the SQL that puts the pieces together again.
        """
        if not 0 < rows.count_rows() <= _HELD_ROWS:
            self._connection.register(f"{prefix}held", rows)
            return f"SELECT * FROM {prefix}held"
        same = {"experiment": run.manifest.experiment, "policy": policy}
        wanted = [name for name in TABLES["outcomes"].names if name not in same]
        content = rows.to_table(columns=wanted).unify_dictionaries().combine_chunks()
        coded = content["outcome"].chunk(0)
        order = np.argsort(coded.indices.to_numpy(), kind="stable")
        counts = np.bincount(coded.indices.to_numpy(), minlength=len(coded.dictionary))
        pieces, first = [], 0
        for name, count in zip(coded.dictionary.to_pylist(), counts, strict=True):
            lacking = dict.fromkeys(set(Group._fields) - set(run.outcomes[name].keys), "")
            told = {**same, "outcome": name, **lacking}
            own = [column for column in wanted if column not in told]
            piece = content.select(own).take(pa.array(order[first : first + count]))
            self._connection.register(f"{prefix}held_{name}", piece)
            columns = (
                f'{quoted(told[column])} AS "{column}"' if column in told else f'"{column}"'
                for column in TABLES["outcomes"].names
            )
            pieces.append(f"SELECT {', '.join(columns)} FROM {prefix}held_{name}")
            first += count
        return " UNION ALL ".join(pieces)

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
            raise Refused(words(fault)) from fault
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise Refused("an ask is exactly one SELECT")
        watch = threading.Timer(seconds, connection.interrupt)
        watch.start()
        try:
            return self._views.ask(query)
        except duckdb.InterruptException as fault:
            raise Refused(f"took longer than {seconds:g} s") from fault
        except duckdb.Error as fault:
            raise Refused(words(fault)) from fault
        finally:
            watch.cancel()

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


def _rows(run: RunFolder, policy: str, table: str) -> Any:
    """Rows of a policy as an Arrow dataset, text as dictionaries."""
    coded = [column.name for column in TABLES[table].columns if column.type == "string"]
    options = pads.ParquetReadOptions(dictionary_columns=coded)
    paths = [str(path) for path in run.files_of(policy, table)]
    rows = pads.dataset(
        paths,
        format=pads.ParquetFileFormat(read_options=options),
        schema=None if paths else schema(TABLES[table]),
    )
    return rows.filter(pads.field("policy") == policy)


def words(fault: Exception) -> str:
    """First paragraph of DuckDB's message on one line."""
    return " ".join(str(fault).split("\n\n")[0].split())
