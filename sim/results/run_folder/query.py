"""Read a run folder: DuckDB views over its trusted files.

Views are named like the tables of :mod:`sim.tables`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd

from sim.errors import Fault, QueryError, nearest
from sim.meanings import OutcomeMeaning
from sim.results.run_folder.files import read_json
from sim.results.run_folder.manifest import Manifest, read_manifest
from sim.results.run_folder.outcomes import read_outcomes
from sim.results.run_folder.scenarios import Drawn, read_scenarios
from sim.results.run_folder.store import read_entries, trusted_files
from sim.tables import TABLES

OFFLINE = (
    "SET autoinstall_known_extensions=false;"
    "SET autoload_known_extensions=false;"
    "SET python_enable_replacements=false;"
    "SET enable_progress_bar=false;"
)
"""Settings of every connection: no network, no Python variable as a table, no progress bar."""


class RunFolder:
    """One experiment's results, read-only.

    >>> from sim.results.run_folder.query import open_run  # doctest: +SKIP
    >>> with open_run("runs/headline") as run:  # doctest: +SKIP
    ...     run.table("plants", policy="as_enacted", country="VN").head()
    """

    def __init__(self, path: Path, manifest: Manifest, files: Mapping[str, list[Path]]) -> None:
        self.path, self.manifest, self.files = path, manifest, files
        self.connection = duckdb.connect(":memory:")
        # Threads add floats in an order of their own: one keeps answers the same to the last bit.
        self.connection.execute("SET threads=1")
        self.connection.execute(OFFLINE)
        for table, paths in files.items():
            self._view(table, paths)
        self.outcomes = read_outcomes(path)
        """Name of every outcome -> what it means, in the order in which pages tell them."""
        self._lock = threading.Lock()
        self.held: dict[tuple[str, str], Any] = {}
        """Arrays that were read already (see :mod:`sim.results.comparing.cube`)."""

    def _view(self, table: str, paths: list[Path]) -> None:
        if paths:
            listed = ", ".join(quoted(str(path)) for path in paths)
            source = f"SELECT * FROM read_parquet([{listed}])"
        else:
            source = f"SELECT {empty_columns(table)} WHERE false"
        self.connection.execute(f"CREATE VIEW {table} AS {source}")
        held = {row[0] for row in self.connection.execute(f"DESCRIBE {table}").fetchall()}
        lacking = [name for name in TABLES[table].names if name not in held]
        if lacking:
            wrong = f"was written by an earlier version: it has no `{lacking[0]}`"
            raise QueryError(Fault(str(self.path), table, wrong, "run the experiment again"))

    @property
    def policies(self) -> tuple[str, ...]:
        """Policies in the order of the configuration."""
        return self.manifest.policies

    @property
    def baseline(self) -> str:
        """The policy that the others are compared with unless another is named."""
        return self.manifest.baseline

    def sql(self, query: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """Run one SQL query; values go in as ``$name``. Safe to call from several threads.

        Raises
        ------
        QueryError
            DuckDB refuses the query; its own words are kept.
        """
        try:
            with self._lock:
                return self.connection.execute(query, dict(parameters or {})).df()
        except duckdb.Error as fault:
            raise QueryError(Fault(str(self.path), "sql", str(fault).strip())) from fault

    def table(self, name: str, **equal: object) -> pd.DataFrame:
        """Rows of a table; ``policy="a"`` or ``country=("VN", "TH")`` keep only those rows.

        Raises
        ------
        QueryError
            No such table or column.
        """
        if name not in TABLES:
            raise QueryError(Fault(str(self.path), name, "no such table", nearest(name, TABLES)))
        known = TABLES[name].names
        unknown = [column for column in equal if column not in known]
        if unknown:
            raise QueryError(
                Fault(name, column, "no such column", nearest(column, known)) for column in unknown
            )
        lists = {
            column: list(value) if isinstance(value, tuple | list | set) else [value]
            for column, value in equal.items()
        }
        where = " AND ".join(f'"{column}" IN (SELECT unnest(${column}))' for column in lists)
        return self.sql(f"SELECT * FROM {name}" + (f" WHERE {where}" if where else ""), lists)

    def require_policy(self, policy: str) -> str:
        """Give back ``policy`` if this run has it.

        Raises
        ------
        QueryError
            It has not; the nearest name is told.
        """
        if policy not in self.policies:
            cure = nearest(policy, self.policies)
            raise QueryError(Fault(str(self.path), policy, "no such policy in this run", cure))
        return policy

    def require_outcome(self, outcome: str) -> OutcomeMeaning:
        """Give what ``outcome`` means if this run has it.

        Raises
        ------
        QueryError
            It has not; the nearest name is told.
        """
        if outcome not in self.outcomes:
            cure = nearest(outcome, self.outcomes)
            raise QueryError(Fault(str(self.path), outcome, "no such outcome in this run", cure))
        return self.outcomes[outcome]

    def require_year(self, year: int) -> int:
        """Give back ``year`` if the run reaches into that calendar year.

        Raises
        ------
        QueryError
            It does not; the years at hand are told.
        """
        if year not in self.years:
            cure = f"choose {self.years[0]} to {self.years[-1]}"
            raise QueryError(Fault(str(self.path), str(year), "no such year in this run", cure))
        return year

    @property
    def years(self) -> range:
        """Calendar years that the run reaches into, the last perhaps in part."""
        first, last = (int(m[:4]) for m in (self.manifest.first_month, self.manifest.last_month))
        return range(first, last + 1)

    def files_of(self, policy: str, table: str) -> list[Path]:
        """Files of a table whose chunk holds runs of a policy."""
        return [
            self.path / file.path
            for entry in read_entries(self.path).values()
            if any(own == policy for own, _, _ in entry.lanes)
            for file in entry.files
            if file.table == table
        ]

    def lanes(self) -> dict[str, frozenset[tuple[str, int]]]:
        """Finished runs: policy -> its (scenario, replication) pairs."""
        lanes: dict[str, set[tuple[str, int]]] = {}
        for entry in read_entries(self.path).values():
            for policy, scenario, replication in entry.lanes:
                lanes.setdefault(policy, set()).add((scenario, replication))
        return {policy: frozenset(pairs) for policy, pairs in lanes.items()}

    @property
    def scenarios(self) -> pd.DataFrame:
        """Parameters that each scenario sets: float64, scenario (index) x parameter key."""
        return self.drawn.values

    @property
    def drawn(self) -> Drawn:
        """Scenarios of the run with the ranges that they were drawn from (``scenarios.json``)."""
        return read_scenarios(self.path, self.manifest)

    @property
    def lines(self) -> pd.DataFrame:
        """Product lines of the run's world with the evidence grade of their base data."""
        return pd.DataFrame(read_json(self.path / "lines.json"))

    @cached_property
    def law(self) -> Mapping[str, Any]:
        """Policy -> instrument -> title, legal basis, values and sources (``law.json``)."""
        return self._of_law("importer")

    @cached_property
    def subsidies(self) -> Mapping[str, Any]:
        """Policy -> act that pays for making goods in a place -> its text and dated sizes."""
        return self._of_law("giver")

    @cached_property
    def agreements(self) -> Mapping[str, Any]:
        """Policy -> trade agreement -> title, members and source."""
        return self._of_law("members")

    @cached_property
    def base_rates(self) -> Mapping[str, Any]:
        """Policy -> base rates of importers and products whose rate has changed."""
        found = self._of_law("base_rates")
        return {policy: one["mfn"]["base_rates"] for policy, one in found.items() if one}

    @cached_property
    def _law_texts(self) -> Mapping[str, Any]:
        content: Mapping[str, Any] = read_json(self.path / "law.json")
        return content

    def _of_law(self, key: str) -> dict[str, dict[str, Any]]:
        """Texts that have a key, by policy: what the law calls by it."""
        return {
            policy: {name: text for name, text in texts.items() if key in text}
            for policy, texts in self._law_texts.items()
        }

    @cached_property
    def controls(self) -> Mapping[str, Any]:
        """Policy -> rule of export control -> title, days and source (``controls.json``)."""
        path = self.path / "controls.json"
        content: Mapping[str, Any] = read_json(path) if path.is_file() else {}
        return content

    def close(self) -> None:
        """Let go of the files."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_run(folder: str | Path) -> RunFolder:
    """Open an experiment's folder for reading; an unfinished one shows its finished chunks.

    Raises
    ------
    QueryError
        No run is there, it has no finished chunk yet, or a stored file is damaged.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    files = trusted_files(path)
    if not files["outcomes"]:
        raise QueryError(Fault(str(path), "", "no finished chunk yet", "run it with --resume"))
    return RunFolder(path, manifest, files)


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


SQL_TYPES = {"string": "VARCHAR", "int32": "INTEGER", "float64": "DOUBLE", "date32": "DATE"}


def empty_columns(table: str) -> str:
    """Give the SQL of a table's columns, typed and null."""
    columns = TABLES[table].columns
    return ", ".join(f'NULL::{SQL_TYPES[column.type]} AS "{column.name}"' for column in columns)
