"""Tables handed over lane by lane, each piece made when it is asked for.

A block's tables in full would take gigabytes at once; one lane of them takes some megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from pandas.api.types import union_categoricals

from sim.tables import TABLES

RunKey = tuple[str, str, int]
"""Policy, scenario and replication: what a table's rows are sorted by first."""


def run_key(keys: Mapping[str, object]) -> RunKey:
    """Key of a lane among those of its experiment."""
    return str(keys["policy"]), str(keys["scenario"]), int(str(keys["replication"]))


@dataclass(frozen=True, slots=True)
class Pieces:
    """One table as pieces in the order of their runs; can be gone through more than once."""

    table: str
    parts: tuple[tuple[RunKey, Callable[[], pd.DataFrame]], ...]
    at_once: Callable[[], pd.DataFrame] | None = None
    """A quicker way to the whole than one piece below the other."""

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Make every piece in turn."""
        for _, make in sorted(self.parts, key=lambda part: part[0]):
            yield make()

    def whole(self) -> pd.DataFrame:
        """All of the table at once, its runs in the order of the block."""
        if self.at_once is not None:
            return self.at_once()
        made = [make() for _, make in self.parts]
        return joined(made) if made else pd.DataFrame(columns=list(TABLES[self.table].names))


Held = pd.DataFrame | Pieces
"""A table that is there, or one that comes in pieces."""


def whole(table: Held) -> pd.DataFrame:
    """A table at once, however it is held."""
    return table.whole() if isinstance(table, Pieces) else table


def beside(name: str, tables: Sequence[Held]) -> Held:
    """Tables of one name, of different lanes, as one."""
    if len(tables) == 1:
        return tables[0]
    if all(isinstance(table, Pieces) for table in tables):
        parts = [part for table in tables if isinstance(table, Pieces) for part in table.parts]
        return Pieces(name, tuple(parts))
    return joined([whole(table) for table in tables])


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table below the other; words stay coded."""
    filled = [frame for frame in frames if len(frame)]
    if len(filled) < 2:
        return filled[0] if filled else frames[0]
    coded = filled[0].select_dtypes("category").columns
    labels = {name: union_categoricals([frame[name] for frame in filled]) for name in coded}
    below = pd.concat(filled, ignore_index=True)
    return below.assign(**labels)[list(frames[0].columns)]
