"""Outcomes of one policy as arrays by group, month and pair, read in one pass over its files.

A pair is a (scenario, replication). The outcomes table is long (168 months of 64 runs are ten
million rows); reading it row by row through SQL for every outcome would take minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.meanings import Group
from sim.results.run_folder.query import RunFolder

Places = NDArray[np.int64]
Pair = tuple[str, int]
Series = tuple[str, ...]
"""An outcome and the codes of its group, by the keys that are read."""
Level = dict[tuple[int, str], int]
"""(Number of the series' beginning, code of the next key) -> number of the longer beginning."""

_BATCH = 1 << 19
_CACHE_BYTES = 1.5e9
_ELSEWHERE = -(1 << 40)
"""Added to the place of a row that is not read: no sum with it reaches 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """One outcome of one policy: float64[G, T, R] by group, month and pair, all sorted.

    A cell that a run never wrote is 0 for flows and stocks and NaN for shares and prices.
    """

    groups: tuple[Group, ...]
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
    """Axes of what is read; a series is an outcome and the codes of a group by ``keys``."""

    policy: str
    keys: tuple[str, ...]
    series: list[Series]
    levels: list[Level]
    months: NDArray[np.datetime64]
    pairs: dict[Pair, int]


def _read(run: RunFolder, policy: str, outcomes: list[str]) -> dict[str, Cube]:
    frame = _frame(run, policy, outcomes)
    values = np.zeros((len(frame.series), len(frame.months), len(frame.pairs)))
    for s, (outcome, *_) in enumerate(frame.series):
        if not run.outcomes[outcome].additive:
            values[s] = np.nan
    text = ["policy", "scenario", "outcome", *frame.keys]
    columns = [*text, "replication", "month", "value"]
    for path in run.files_of(policy, "outcomes") if frame.series else ():
        file = pq.ParquetFile(path, read_dictionary=text)
        for batch in file.iter_batches(batch_size=_BATCH, columns=columns):
            _scatter(frame, batch, values)
    cut: dict[str, Cube] = {}
    for outcome in outcomes:
        rows = [s for s, one in enumerate(frame.series) if one[0] == outcome]
        first, last = (rows[0], rows[-1] + 1) if rows else (0, 0)
        groups = tuple(
            Group(**dict(zip(frame.keys, one[1:], strict=True))) for one in frame.series[first:last]
        )
        cut[outcome] = Cube(groups, frame.months, tuple(frame.pairs), values[first:last])
    return cut


def _frame(run: RunFolder, policy: str, outcomes: list[str]) -> _Frame:
    asked = {"policy": policy, "outcomes": outcomes}
    told_apart = {key for name in outcomes for key in run.outcomes[name].keys}
    keys = tuple(key for key in Group._fields if key in told_apart)
    where = "WHERE policy = $policy AND outcome IN (SELECT unnest($outcomes))"
    names = ", ".join(("outcome", *keys))
    found = run.sql(f"SELECT DISTINCT {names} FROM outcomes {where} ORDER BY ALL", asked)
    months = run.sql(f"SELECT DISTINCT month FROM outcomes {where} ORDER BY ALL", asked)
    series = sorted(tuple(map(str, row)) for row in found.itertuples(index=False, name=None))
    pairs = sorted(run.lanes().get(policy, ()))
    return _Frame(
        policy=policy,
        keys=keys,
        series=series,
        levels=_levels(series, 1 + len(keys)),
        months=months["month"].to_numpy().astype("datetime64[D]"),
        pairs={pair: r for r, pair in enumerate(pairs)},
    )


def _levels(series: list[Series], depth: int) -> list[Level]:
    """How a row finds its series one column after another; ``series`` are sorted and distinct."""
    levels: list[Level] = []
    before: dict[Series, int] = {(): 0}
    for length in range(1, depth + 1):
        beginnings = dict.fromkeys(one[:length] for one in series)
        numbers = {beginning: number for number, beginning in enumerate(beginnings)}
        levels.append({(before[one[:-1]], one[-1]): number for one, number in numbers.items()})
        before = numbers
    return levels


def _scatter(frame: _Frame, batch: Any, values: Floats) -> None:
    """Put the rows of a batch that belong to the frame into their cells."""
    months, pairs = values.shape[1:]
    cell = _series(frame, batch, months * pairs)
    day = batch.column("month").cast("int32").to_numpy()
    cell += _by_day(frame.months, pairs)[day - int(frame.months[0].astype(np.int64))]
    scenario, scenarios = _codes(batch, "scenario")
    replication = batch.column("replication").to_numpy()
    cell += _by_pair(frame, scenarios, int(replication.max(initial=0)))[scenario, replication]
    policy, policies = _codes(batch, "policy")
    cell += np.array([0 if name == frame.policy else _ELSEWHERE for name in policies])[policy]
    kept = cell >= 0
    number = batch.column("value").to_numpy(zero_copy_only=False)
    values.reshape(-1)[cell[kept]] = number[kept]


def _series(frame: _Frame, batch: Any, step: int) -> Places:
    """Place of the first cell of every row's series, below 0 for those that are not read."""
    number = np.zeros(batch.num_rows, dtype=np.int64)
    for column, level in zip(("outcome", *frame.keys), frame.levels, strict=True):
        code, names = _codes(batch, column)
        place = {name: k for k, name in enumerate(names)}
        longest = max((before for before, _ in level), default=-1)
        longer = np.full((longest + 2, len(names)), -1, dtype=np.int64)  # the last row is for -1
        for (before, name), own in level.items():
            if name in place:
                longer[before, place[name]] = own
        if level is frame.levels[-1]:
            longer = np.where(longer < 0, _ELSEWHERE, longer * step)
        number = longer[number, code]
    return number


def _by_day(months: NDArray[np.datetime64], step: int) -> Places:
    """Place of a month's first cell within a series, by days since the first month."""
    days = (months - months[0]).astype(np.int64)
    places = np.full(days[-1] + 1, _ELSEWHERE)
    places[days] = step * np.arange(len(months))
    return places


def _by_pair(frame: _Frame, scenarios: list[str], last: int) -> Places:
    """Place of a pair's cell within a month, by scenario and replication."""
    found = [[frame.pairs.get((one, r), _ELSEWHERE) for r in range(last + 1)] for one in scenarios]
    return np.array(found, ndmin=2, dtype=np.int64)


def _codes(batch: Any, column: str) -> tuple[NDArray[np.int32], list[str]]:
    coded = batch.column(column)
    return coded.indices.to_numpy(), coded.dictionary.to_pylist()
