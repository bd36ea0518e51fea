"""How far a run is, by month and by table written, and an honest time left.

Workers note what they have done of a chunk in cells of their own, which the main process reads;
nothing that is written depends on them.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableSequence, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.engine.pieces import Held, Pieces
from sim.experiments.running.work import A_PIECE_MONTH, Run, makespan, step_seconds

_CELLS = 2
"""Cells of a chunk: work done, in seconds of :mod:`sim.experiments.running.work`, and months."""
LOOK_SECONDS = 0.5
_SURE_SECONDS = 2.0
"""Work is watched for this long before a time left is told."""

Cells = MutableSequence[float]
Look = Callable[[], None]
"""Called where the work is done in the main process, which looks how far it is."""
Written = pd.DataFrame | Iterable[pd.DataFrame]


def new_cells(chunks: int) -> Cells:
    """Cells of that many chunks, which processes that are started later can share."""
    cells: Cells = multiprocessing.get_context("spawn").RawArray("d", _CELLS * chunks)
    return cells


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is; chunks that were done before count too."""

    chunks: int
    of_chunks: int
    months: int
    """Months stepped, of all chunks together."""
    of_months: int
    share: float
    """Share of the work that is done, 0..1: months are not all of it."""
    seconds_left: float | None
    """None where it is not known yet."""


Progress = Callable[[Standing], None]


@dataclass(frozen=True, slots=True)
class Load:
    """What one chunk asks for: its number, months of its kinds of world, and seconds of work."""

    number: int
    months: int
    seconds: float


class ChunkTally:
    """What a worker notes while it runs one chunk."""

    def __init__(
        self, cells: Cells, number: int, lanes: Sequence[Run], months: int, look: Look
    ) -> None:
        self._cells, self._at = cells, _CELLS * number
        self._months, self._look = months, look
        self._step = step_seconds(lanes, months) / months

    def month_done(self) -> None:
        """Note one more month."""
        self._cells[self._at] += self._step
        self._cells[self._at + 1] += 1
        self._look()

    def counted(self, tables: Mapping[str, Held]) -> dict[str, Written]:
        """The tables, whose pieces are noted when the next one is asked for."""
        return {
            name: self._noted(name, table) if isinstance(table, Pieces) else table
            for name, table in tables.items()
        }

    def _noted(self, name: str, pieces: Pieces) -> Iterator[pd.DataFrame]:
        for piece in pieces:
            yield piece
            self._cells[self._at] += A_PIECE_MONTH.get(name, 0.0) * self._months
            self._look()


class Watch:
    """Reads the cells of all chunks and tells how far the run is."""

    def __init__(
        self, cells: Cells, loads: Sequence[Load], todo: Iterable[int], hands: int, tell: Progress
    ) -> None:
        self._cells, self._hands, self._tell = cells, hands, tell
        self._loads = {load.number: load for load in loads}
        self._left = set(todo)
        self._looked = self._told = time.monotonic()
        self._busy = 0.0
        """Seconds of all hands together since the first work was seen."""
        self._worked: float | None = None
        """Work at that time."""

    def finished(self, number: int) -> None:
        """A chunk is stored: all of its work is done, whatever was noted."""
        self._left.discard(number)
        self.look(now=True)

    def look(self, *, now: bool = False) -> None:
        """Read the cells and tell, at most twice a second unless ``now``."""
        here = time.monotonic()
        if not now and here - self._told < LOOK_SECONDS:
            return
        self._told = here
        done = {n: self._done(load) for n, load in self._loads.items()}
        work = sum(done.values())
        if self._worked is None and any(done[n] > 0.0 for n in self._left):
            self._worked = work
        elif self._worked is not None:
            self._busy += (here - self._looked) * min(self._hands, max(len(self._left), 1))
        self._looked = here
        self._tell(self._standing(done, work))

    def _done(self, load: Load) -> float:
        if load.number not in self._left:
            return load.seconds
        return min(self._cells[_CELLS * load.number], load.seconds)

    def _standing(self, done: Mapping[int, float], work: float) -> Standing:
        loads = self._loads.values()
        return Standing(
            chunks=len(self._loads) - len(self._left),
            of_chunks=len(self._loads),
            months=sum(
                int(self._cells[_CELLS * load.number + 1])
                if load.number in self._left
                else load.months
                for load in loads
            ),
            of_months=sum(load.months for load in loads),
            share=work / sum(load.seconds for load in loads),
            seconds_left=self._seconds_left(done, work),
        )

    def _seconds_left(self, done: Mapping[int, float], work: float) -> float | None:
        if not self._left:
            return 0.0
        since = 0.0 if self._worked is None else work - self._worked
        if self._busy < _SURE_SECONDS or since <= 0.0:
            return None
        begun = [self._loads[n].seconds - done[n] for n in self._left if done[n] > 0.0]
        waiting = [self._loads[n].seconds for n in sorted(self._left) if done[n] == 0.0]
        return max(1.0, makespan(begun, waiting, self._hands) * self._busy / since)
