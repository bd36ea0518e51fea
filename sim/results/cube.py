"""Outcomes of one policy as arrays by group, month and pair, read in one pass over its files.

A pair is a (scenario, replication). The outcomes table is long (168 months of 64 runs are ten
million rows); reading it row by row through SQL for every outcome would take minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.results.run_folder.query import RunFolder
from sim.tables import OUTCOMES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pair = tuple[str, int]

_COLUMNS = ["policy", "scenario", "replication", "month", "outcome", "group", "value"]
_TEXT = ["policy", "scenario", "outcome", "group"]
_BATCH = 1 << 19
_CACHE_BYTES = 1.5e9


def accrues(outcome: str) -> bool:
    """Whether months of an outcome add up to a year (a flow, not a stock, share or price).

    >>> accrues("output"), accrues("capacity")
    (True, False)
    """
    return OUTCOMES[outcome].unit.endswith("a month")


def is_stock(outcome: str) -> bool:
    """Whether a year of the outcome is its last month's value (yearly rates in force).

    >>> is_stock("programmes_from_china")
    True
    """
    return OUTCOMES[outcome].unit.endswith("a year")


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """One outcome of one policy: float64[G, T, R] by group, month and pair, all sorted.

    A cell that a run never wrote is 0 for quantities and NaN for shares and prices.
    """

    groups: tuple[str, ...]
    months: NDArray[np.datetime64]
    pairs: tuple[Pair, ...]
    cells: Floats


def cubes(run: RunFolder, policy: str, outcomes: Sequence[str]) -> dict[str, Cube]:
    """Cubes of the outcomes; those that the open run holds already are not read again."""
    held: dict[tuple[str, str], Cube] = run.held
    missing = [name for name in dict.fromkeys(outcomes) if (policy, name) not in held]
    if missing:
        for name, cube in _read(run, policy, missing).items():
            held[policy, name] = cube
        _forget_oldest(held, keep={(policy, name) for name in outcomes})
    return {name: held[policy, name] for name in outcomes}


def _forget_oldest(held: dict[tuple[str, str], Cube], keep: set[tuple[str, str]]) -> None:
    size = sum(cube.cells.nbytes for cube in held.values())
    for key in list(held):
        if size <= _CACHE_BYTES:
            return
        if key not in keep:
            size -= held.pop(key).cells.nbytes


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """Axes of what is read: a series is an (outcome, group)."""

    policy: str
    series: dict[tuple[str, str], int]
    months: NDArray[np.datetime64]
    pairs: dict[Pair, int]


def _read(run: RunFolder, policy: str, outcomes: list[str]) -> dict[str, Cube]:
    frame = _frame(run, policy, outcomes)
    shape = (len(frame.series), len(frame.months), len(frame.pairs))
    values = np.zeros(shape)
    for (outcome, _), s in frame.series.items():
        if not (accrues(outcome) or is_stock(outcome)):
            values[s] = np.nan
    for path in run.files_of(policy, "outcomes"):
        file = pq.ParquetFile(path, read_dictionary=_TEXT)
        for batch in file.iter_batches(batch_size=_BATCH, columns=_COLUMNS):
            _scatter(frame, batch, values)
    cut: dict[str, Cube] = {}
    for outcome in outcomes:
        rows = [(group, s) for (name, group), s in frame.series.items() if name == outcome]
        first, last = (rows[0][1], rows[-1][1] + 1) if rows else (0, 0)
        groups = tuple(group for group, _ in rows)
        cut[outcome] = Cube(groups, frame.months, tuple(frame.pairs), values[first:last])
    return cut


def _frame(run: RunFolder, policy: str, outcomes: list[str]) -> _Frame:
    asked = {"policy": policy, "outcomes": outcomes}
    where = "WHERE policy = $policy AND outcome IN (SELECT unnest($outcomes))"
    series = run.sql(f'SELECT DISTINCT outcome, "group" FROM outcomes {where} ORDER BY ALL', asked)
    months = run.sql(f"SELECT DISTINCT month FROM outcomes {where} ORDER BY ALL", asked)
    pairs = sorted(run.lanes().get(policy, ()))
    return _Frame(
        policy=policy,
        series={
            (str(outcome), str(group)): s
            for s, (outcome, group) in enumerate(
                zip(series["outcome"], series["group"], strict=True)
            )
        },
        months=months["month"].to_numpy().astype("datetime64[D]"),
        pairs={pair: r for r, pair in enumerate(pairs)},
    )


def _scatter(frame: _Frame, batch: Any, values: Floats) -> None:
    """Put the rows of a batch that belong to the frame into their cells."""
    policy, own = _codes(batch, "policy")
    outcome, outcomes = _codes(batch, "outcome")
    group, groups = _codes(batch, "group")
    scenario, scenarios = _codes(batch, "scenario")
    replication = batch.column("replication").to_numpy().astype(np.int64)
    s = _table(frame.series, outcomes, groups)[outcome, group]
    width = range(int(replication.max(initial=0)) + 1)
    r = _table(frame.pairs, scenarios, width)[scenario, replication]
    kept = (np.array([name == frame.policy for name in own])[policy]) & (s >= 0) & (r >= 0)
    day = batch.column("month").cast("int32").to_numpy().astype(np.int64)
    t = np.searchsorted(frame.months.astype(np.int64), day)
    cell = (s * values.shape[1] + t) * values.shape[2] + r
    number = batch.column("value").to_numpy(zero_copy_only=False)
    values.reshape(-1)[cell[kept]] = number[kept]


def _codes(batch: Any, column: str) -> tuple[Ints, list[str]]:
    coded = batch.column(column)
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def _table(index: dict[Any, int], rows: Iterable[str], columns: Iterable[Any]) -> Ints:
    """Index of every (row, column), -1 where there is none."""
    names = list(columns)
    return np.array([[index.get((row, name), -1) for name in names] for row in rows], ndmin=2)
