"""Outcomes of every month and lane, as the long table that comparisons read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.engine.pieces import Pieces, run_key
from sim.engine.record.grouping import Grouping
from sim.engine.record.outcome import Outcome
from sim.engine.simulation import Simulation
from sim.errors import Fault, InputError
from sim.meanings import Group


class OutcomeRecorder:
    """Collects ``outcomes`` month by month for one block."""

    def __init__(self, s: Simulation, outcomes: Sequence[Outcome]) -> None:
        _refuse_repeated(outcomes)
        made: dict[Callable[[Simulation], Grouping | None], Grouping | None] = {}
        for outcome in outcomes:
            if outcome.grouping not in made:
                made[outcome.grouping] = outcome.grouping(s)
        self._kept: list[tuple[Outcome, Grouping]] = []
        for outcome in sorted(outcomes, key=lambda one: one.name):
            group = made[outcome.grouping]
            if group is not None and len(group):
                _refuse_other_keys(outcome, group)
                self._kept.append((outcome, group))
        self._names = _names(self._kept)
        self._order = np.lexsort(
            [pd.factorize(names, sort=True)[0] for names in reversed(self._names.values())]
        )
        """Rows of a month as the table sorts them."""
        self._months: list[Floats] = []

    def record(self, s: Simulation) -> None:
        """Take the outcomes of the month just closed."""
        sheets = []
        for outcome, group in self._kept:
            values = outcome.measure(s, group)
            if np.shape(values) != (len(group), s.lanes):
                wrong = (
                    f"measured {np.shape(values)}, its groups and lanes are {len(group)}, {s.lanes}"
                )
                raise InputError(Fault("", outcome.name, wrong, "return `group.sum(rows)`"))
            sheets.append(values)
        self._months.append(np.concatenate(sheets)[self._order])

    def tables(
        self, lanes: Mapping[int, Mapping[str, object]], months: pd.DatetimeIndex
    ) -> dict[str, Pieces]:
        """The table of these lanes (row number -> run keys), lane by lane."""
        parts = [
            (run_key(keys), partial(self.frame, pd.DataFrame([keys]), months, lane))
            for lane, keys in lanes.items()
        ]
        every = partial(self.frame, pd.DataFrame(list(lanes.values())), months)
        return {"outcomes": Pieces("outcomes", tuple(parts), every)}

    def frame(self, keys: pd.DataFrame, months: pd.DatetimeIndex, first: int = 0) -> pd.DataFrame:
        """Outcomes table; ``keys`` holds one row of run keys for each lane from ``first`` on."""
        values = np.stack([sheet[:, first : first + len(keys)] for sheet in self._months])
        lanes, (count, wide) = len(keys), values.shape[:2]
        data: dict[str, object] = {}
        for column in keys.columns:
            if column == "replication":
                data[column] = np.repeat(keys[column].to_numpy(np.int32), count * wide)
            else:
                data[column] = _category(keys[column].to_numpy(), lambda c: c.repeat(count * wide))
        data["month"] = np.tile(np.repeat(months.to_numpy(), wide), lanes)
        for column, names in self._names.items():
            data[column] = _category(names[self._order], lambda c: np.tile(c, lanes * count))
        data["value"] = values.transpose(2, 0, 1).reshape(-1)
        return pd.DataFrame(data, copy=False)


def _names(kept: Sequence[tuple[Outcome, Grouping]]) -> dict[str, NDArray[np.object_]]:
    """Outcome and codes of every row of a month; empty where it is not told apart."""
    parts: dict[str, list[NDArray[np.object_]]] = {"outcome": []}
    for outcome, group in kept:
        empty = np.full(len(group), "", dtype=object)
        parts["outcome"].append(np.full(len(group), outcome.name, dtype=object))
        for key in Group._fields:
            parts.setdefault(key, []).append(group.codes.get(key, empty))
    return {column: np.concatenate(names) for column, names in parts.items()}


def _category(
    names: NDArray[np.object_], spread: Callable[[NDArray[Any]], NDArray[Any]]
) -> pd.Categorical:
    """Names as a column of codes, spread over the rows of the table, in the least bytes."""
    codes, categories = pd.factorize(names, sort=True)
    labels = pd.Index([str(name) for name in categories], dtype=object)
    small = codes.astype(np.min_scalar_type(-len(labels)))
    return pd.Categorical.from_codes(spread(small), labels)


def _refuse_repeated(outcomes: Sequence[Outcome]) -> None:
    counted = Counter(one.name for one in outcomes)
    faults = [
        Fault("", name, "names more than one outcome", "give each outcome its own name")
        for name, times in counted.items()
        if times > 1
    ]
    if faults:
        raise InputError(faults)


def _refuse_other_keys(outcome: Outcome, group: Grouping) -> None:
    if tuple(group.codes) != outcome.keys:
        wrong = f"is grouped by {', '.join(group.codes)}, and says {', '.join(outcome.keys)}"
        raise InputError(Fault("", outcome.name, wrong, "let keys and grouping agree"))
