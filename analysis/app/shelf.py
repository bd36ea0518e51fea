"""Run folders that the app shows, each opened once and closed again when it grows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from analysis.catalogue import left_out
from analysis.open_run import OpenRun
from sim.errors import Fault, QueryError, nearest
from sim.results.run_folder.listing import RunSummary, list_runs
from sim.results.run_folder.query import open_run


class Shelf:
    """The runs below one folder."""

    def __init__(self, root: str | Path, say: Callable[[str], None] = lambda _: None) -> None:
        """``say`` is told what a reader should know of a run that is opened."""
        self.root, self._say = Path(root), say
        self._open: dict[str, tuple[object, OpenRun]] = {}
        self._lock = threading.Lock()

    def runs(self) -> list[RunSummary]:
        """Runs on the shelf, newest first, damaged ones last."""
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
            known, held = self._open.get(name, (None, None))
            if held is None or known != stamp:
                held = OpenRun(open_run(folder))
                for told in left_out(held):
                    self._say(f"{name}: {told}")
                self._open[name] = stamp, held
            return held

    def close(self) -> None:
        """Let go of every run."""
        with self._lock:
            for _, held in self._open.values():
                held.run.close()
            self._open.clear()


def _stamp(folder: Path) -> object:
    """Changes whenever a chunk of the run is finished or the run is made anew."""
    entries = sorted((folder / "progress").glob("*.json"))
    return tuple((entry.name, entry.stat().st_mtime_ns) for entry in entries)
