"""An open run with the tables that its figures share, each computed on first use."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from analysis.summaries.outcomes import Bands, bands
from analysis.summaries.relocations import Moves, base_worth, load_moves
from sim.results.answer.answer import Answer, answer
from sim.results.run_folder.query import RunFolder

T = TypeVar("T")

KEPT = 160
"""Tables and figures of a run that stay in memory."""


@dataclass(eq=False)
class OpenRun:
    """One run and what was computed of it already; safe to use from several threads."""

    run: RunFolder
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

    def answer(self, policy: str, against: str) -> Answer:
        """What a policy does against another one, in sentences and totals."""
        return self.once(("answer", policy, against), lambda: answer(self.run, policy, against))
