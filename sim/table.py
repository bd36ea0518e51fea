"""What a result table is: its columns with type and meaning, and the keys that every table has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, Arrow type (``string``, ``int32``, ``float64``, ``date32``), meaning."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """A result table: its name, columns in order, and those that identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order, keys of the run first."""
        return tuple(column.name for column in self.columns)


KEYS: tuple[Column, ...] = (
    Column("experiment", "string", "name of the experiment"),
    Column("policy", "string", "named set of reforms"),
    Column("scenario", "string", "one draw of the uncertainties; `base` when none vary"),
    Column("replication", "int32", "index of the random seed, shared by all policies"),
)


def table_of(name: str, key: str, *columns: tuple[str, str, str]) -> Table:
    """Table of columns (name, type, meaning) behind those of the run; ``key`` names its key."""
    run = tuple(column.name for column in KEYS)
    own = tuple(Column(*column) for column in columns)
    return Table(name, KEYS + own, run + tuple(key.split()))
