"""Run folders that the app shows, each opened once and closed again when it grows."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from analysis.summaries.outcomes import Bands, bands
from analysis.summaries.relocations import Moves, base_worth, load_moves
from sim.errors import Fault, QueryError, nearest
from sim.results.run_folder.query import RunFolder, RunSummary, list_runs, open_run

T = TypeVar("T")

KEPT = 160
"""Tables and figures of a run that stay in memory."""


@dataclass(eq=False)
class OpenRun:
    """One run with what its figures share, computed on first use."""

    run: RunFolder
    stamp: object
    _kept: OrderedDict[tuple[object, ...], Any] = field(default_factory=OrderedDict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What ``make`` gave when first asked for under ``key``; the oldest are forgotten."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            kept: T = self._kept[key]
            return kept

    @property
    def base(self) -> pd.DataFrame:
        """First year's shipments (:func:`analysis.summaries.relocations.base_worth`)."""
        return self.once(("base",), lambda: base_worth(self.run))

    def moves(self, policy: str) -> Moves:
        """Every move of a policy."""
        return self.once(("moves", policy), lambda: load_moves(self.run, policy, self.base))

    def bands(self, outcome: str, policy: str, against: str) -> Bands:
        """Quarterly bands of an outcome under two policies."""
        key = ("bands", outcome, policy, against)
        return self.once(key, lambda: bands(self.run, outcome, policy, against))


class Shelf:
    """The runs below one folder."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self._open: dict[str, OpenRun] = {}
        self._lock = threading.Lock()

    def runs(self) -> list[RunSummary]:
        """Runs on the shelf, newest first."""
        return list_runs(self.root)

    def open(self, name: str) -> OpenRun:
        """Open a run by the name of its folder; one that has grown since is read anew.

        Raises
        ------
        QueryError
            No such run on this shelf, or nothing of it is finished yet.
        """
        names = [summary.path.name for summary in self.runs()]
        if name not in names:
            cure = nearest(name, names) if names else "make one with `kyoten run`"
            raise QueryError(Fault(str(self.root), name, "no such run", cure))
        folder = self.root / name
        stamp = _stamp(folder)
        with self._lock:
            held = self._open.get(name)
            if held is None or held.stamp != stamp:
                held = self._open[name] = OpenRun(open_run(folder), stamp)
            return held

    def close(self) -> None:
        """Let go of every run."""
        with self._lock:
            for held in self._open.values():
                held.run.close()
            self._open.clear()


def _stamp(folder: Path) -> object:
    """Changes whenever a chunk of the run is finished or the run is made anew."""
    entries = sorted((folder / "progress").glob("*.json"))
    return tuple((entry.name, entry.stat().st_mtime_ns) for entry in entries)
