"""Chunks on disk: one Parquet file per chunk and table, and the entry that makes them trusted.

::

    DIR/tables/<table>/chunk-00012.parquet    written first, each whole or absent
    DIR/progress/chunk-00012.json             written last: row counts, lengths, SHA-256

A chunk exists when its entry exists. Readers open only files that an entry names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from sim.errors import Fault, QueryError
from sim.results.run_folder.arrow import arrange
from sim.results.run_folder.files import digest, json_faults, write_json, write_whole
from sim.table import Table
from sim.tables import TABLES

LAW_CHUNK = "law"
"""Entry of the duties that the experiment used: they belong to policies, not to lanes."""

_CURE = "run with --resume to make it again"
_REMOVE = "remove it and run with --resume"
_ROWS_A_GROUP = 512 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One trusted Parquet file: its table, path below the run folder, rows, bytes and SHA-256."""

    table: str
    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished chunk: its name, its lanes as ``[policy, scenario, replication]``, its files."""

    chunk: str
    lanes: tuple[tuple[str, str, int], ...]
    files: tuple[StoredFile, ...]


_ENTRY = TypeAdapter(Entry)


def chunk_name(number: int) -> str:
    """Name of the chunk with this number.

    >>> chunk_name(12)
    'chunk-00012'
    """
    return f"chunk-{number:05d}"


def write_chunk(
    folder: Path,
    name: str,
    lanes: Iterable[tuple[str, str, int]],
    frames: Mapping[str, pd.DataFrame | Iterable[pd.DataFrame]],
) -> Entry:
    """Write every table of ``frames`` as chunk ``name``, then the entry that makes it count.

    A table may come as pieces, each sorted after the one before by its key: they are written one
    by one, so that the whole is never held.

    Raises
    ------
    WriteError
        The disk is full or refuses; the chunk does not count as done.
    RunError
        A frame breaks its schema (see :func:`sim.results.run_folder.arrow.arrange`) or is not a
        result table.
    """
    files = tuple(
        _write_table(folder, name, TABLES[table], frame) for table, frame in sorted(frames.items())
    )
    entry = Entry(name, tuple(lanes), files)
    write_json(_entry_path(folder, name), asdict(entry))
    return entry


def _write_table(
    folder: Path, name: str, table: Table, frames: pd.DataFrame | Iterable[pd.DataFrame]
) -> StoredFile:
    path = folder / "tables" / table.name / f"{name}.parquet"
    rows = 0

    def fill(file: Any) -> None:
        nonlocal rows
        empty = arrange(table, pd.DataFrame(columns=list(table.names)))
        with _writer(file, table, empty) as writer:
            for frame in [frames] if isinstance(frames, pd.DataFrame) else frames:
                content = arrange(table, frame)
                writer.write_table(content, row_group_size=_ROWS_A_GROUP)
                rows += content.num_rows

    written = write_whole(path, fill)
    relative = path.relative_to(folder).as_posix()
    return StoredFile(table.name, relative, rows, written.bytes, written.sha256)


def _writer(file: Any, table: Table, empty: Any) -> Any:
    coded = [column.name for column in table.columns if column.type != "float64"]
    return pq.ParquetWriter(
        file, empty.schema, compression="zstd", use_dictionary=coded, store_schema=False
    )


def _entry_path(folder: Path, name: str) -> Path:
    return folder / "progress" / f"{name}.json"


def read_entries(folder: Path) -> dict[str, Entry]:
    """Finished chunks by name, in order; a folder without any gives an empty dict."""
    paths = sorted((folder / "progress").glob("*.json"))
    return {path.stem: _read_entry(path) for path in paths if not path.name.startswith(".")}


def _read_entry(path: Path) -> Entry:
    try:
        return _ENTRY.validate_json(path.read_bytes())
    except OSError as fault:
        raise QueryError(Fault(str(path), "", f"cannot be read: {fault}", _REMOVE)) from fault
    except ValidationError as fault:
        raise QueryError(json_faults(path, "not a progress entry", fault, _REMOVE)) from fault


def damage(folder: Path, entry: Entry, *, thorough: bool = False) -> str:
    """Say what is wrong with a chunk's files, or nothing; ``thorough`` compares every SHA-256."""
    for file in entry.files:
        path = folder / file.path
        if not path.is_file():
            return f"{file.path} is missing"
        if path.stat().st_size != file.bytes:
            return f"{file.path} has {path.stat().st_size} bytes instead of {file.bytes}"
        if thorough and digest(path) != file.sha256:
            return f"{file.path} is not what was written (SHA-256 differs)"
    return ""


def forget(folder: Path, name: str) -> None:
    """Take back a chunk's entry, so that it counts as not done."""
    _entry_path(folder, name).unlink(missing_ok=True)


def trusted_files(folder: Path) -> dict[str, list[Path]]:
    """Paths of every table's trusted files.

    Raises
    ------
    QueryError
        A file that an entry names is missing or has another length.
    """
    paths: dict[str, list[Path]] = {table: [] for table in TABLES}
    faults = []
    for entry in read_entries(folder).values():
        wrong = damage(folder, entry)
        if wrong:
            faults.append(Fault(str(folder), entry.chunk, wrong, _CURE))
        for file in entry.files:
            paths[file.table].append(folder / file.path)
    if faults:
        raise QueryError(faults)
    return paths
