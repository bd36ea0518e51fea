"""A fenced DuckDB for asks that strangers wrote: one policy in view, no files, no network.

The tables are Arrow data that Python hands to DuckDB, so DuckDB itself needs no access to any file:
external access, extensions and replacement scans are off and the configuration is locked before the
first ask runs. The fence is no sandbox against exhausting the processor; a query is stopped after
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

from sim.results.run_folder.arrow import schema
from sim.results.run_folder.query import OFFLINE, PART_MACRO, RunFolder, quoted
from sim.tables import TABLES

SECONDS = 120.0
"""A query that takes longer is stopped."""

_LOCK = "SET temp_directory='';SET enable_external_access=false;SET lock_configuration=true"
_HELD_ROWS = 25_000_000
"""Outcomes of a policy are held in memory up to so many rows, and scanned from disk beyond."""

_CONSTANT = ("experiment", "policy")


class Refused(Exception):  # noqa: N818 -- an answer, not an error: the row becomes a miss
    """The ask failed or may not be asked; the text says why."""


class Fence:
    """Tables of one policy, and with the prefix ``base_`` those of another, for SELECT only."""

    def __init__(self, run: RunFolder, policy: str, against: str = "") -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(OFFLINE)
        self._connection.execute(PART_MACRO)
        for prefix, name in (("", policy), ("base_", against)):
            for table in TABLES if name else ():
                rows = _rows(run, name, table)
                if table == "outcomes" and rows.count_rows() <= _HELD_ROWS:
                    self._hold_outcomes(prefix, run.manifest.experiment, name, rows)
                else:
                    self._connection.register(prefix + table, rows)
        self._connection.execute(_LOCK)

    def _hold_outcomes(self, prefix: str, experiment: str, policy: str, rows: Any) -> None:
        """Keep outcomes in memory, one piece for each: DuckDB skips those an ask leaves out."""
        wanted = [name for name in TABLES["outcomes"].names if name not in _CONSTANT]
        content = rows.to_table(columns=wanted).unify_dictionaries().combine_chunks()
        if not content.num_rows:
            self._connection.register(f"{prefix}outcomes", rows)
            return
        coded = content["outcome"].chunk(0)
        codes = coded.indices.to_numpy()
        content = content.drop_columns(["outcome"]).take(pa.array(np.argsort(codes, kind="stable")))
        first, pieces, names = 0, [], coded.dictionary.to_pylist()
        counts = np.bincount(codes, minlength=len(names))
        for name, count in zip(names, counts, strict=True):
            held = f"{prefix}held_{name}"
            self._connection.register(held, content.slice(first, count))
            columns = {"experiment": quoted(experiment), "policy": quoted(policy)}
            columns["outcome"] = quoted(name)
            told = [
                f'{columns[column]} AS "{column}"' if column in columns else f'"{column}"'
                for column in TABLES["outcomes"].names
            ]
            pieces.append(f"SELECT {', '.join(told)} FROM {held}")
            first += count
        self._connection.execute(f"CREATE VIEW {prefix}outcomes AS {' UNION ALL '.join(pieces)}")

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


def _words(fault: Exception) -> str:
    """First paragraph of DuckDB's message on one line."""
    return " ".join(str(fault).split("\n\n")[0].split())
