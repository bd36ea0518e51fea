"""How much work a chunk is, and where it goes: for the time left and for what `plan` tells.

Seconds are those of one core of the machine that they were taken on;
:mod:`sim.experiments.running.machine` compares it with the one at hand. Every block is stepped at
its full width, so that its months cost the same for one lane as for 64; what is recorded and
written costs by lane.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import Protocol

from sim.data.dataset import load_dataset
from sim.experiments.spec.config import ExperimentConfig
from sim.world.parameter_table import load_parameters, split_key

A_BLOCK, A_LAW_MONTH = 0.9, 0.0033
"""Seconds to lay out a block, and for each month of each of its laws."""
A_MONTH, A_SECOND_LAW, A_DETAIL_MONTH = 0.057, 0.008, 0.0015
"""Seconds to step a block by a month and record it; more for every law after the first, and for
every lane kept in detail."""
A_PIECE_MONTH: Mapping[str, float] = {
    "outcomes": 0.0008,
    "flows": 0.0035,
    "ledger": 0.0065,
    "plants": 0.0010,
    "firms": 0.0009,
    "licences": 0.0010,
    "fx": 0.0002,
    "duties": 0.0037,
    "diplomacy": 0.0005,
}
"""Seconds to write a lane's piece of a table, for each month of it."""


class Run(Protocol):
    """What the work for a lane depends on."""

    @property
    def law(self) -> int: ...  # noqa: D102 -- as of a lane
    @property
    def replication(self) -> int: ...  # noqa: D102
    @property
    def detail(self) -> bool: ...  # noqa: D102
    @property
    def overrides(self) -> Mapping[str, float]: ...  # noqa: D102


def step_seconds(lanes: Sequence[Run], months: int) -> float:
    """Seconds to lay out lanes of one kind of world and step them through all months."""
    laws = len({lane.law for lane in lanes})
    detail = sum(lane.detail for lane in lanes)
    a_month = A_MONTH + A_SECOND_LAW * (laws - 1) + A_DETAIL_MONTH * detail
    return A_BLOCK + months * (A_LAW_MONTH * laws + a_month)


def write_seconds(lanes: Sequence[Run], months: int) -> float:
    """Seconds to make and write a chunk's tables."""
    detail = sum(lane.detail for lane in lanes)
    once = sum(lane.detail and lane.replication == 0 for lane in lanes)
    pieces = dict.fromkeys(A_PIECE_MONTH, detail)
    pieces |= {"outcomes": len(lanes), "duties": once, "diplomacy": once}
    return months * sum(count * A_PIECE_MONTH[name] for name, count in pieces.items())


def chunk_seconds(lanes: Sequence[Run], months: int, kinds: int = 1) -> float:
    """Seconds for a chunk, of which ``kinds`` kinds of world are stepped one after the other."""
    return kinds * step_seconds(lanes, months) + write_seconds(lanes, months)


def row_parameters(config: ExperimentConfig) -> frozenset[str]:
    """Parameters that say which rows a world has."""
    rows = load_parameters(load_dataset(overlays=config.data))
    return frozenset(row.name for row in rows if row.settled == "rows")


def kinds_of_world(names: frozenset[str], lanes: Sequence[Run]) -> int:
    """How many kinds of world the lanes of a chunk are of: each is stepped by itself.

    ``names``: what :func:`row_parameters` gives.
    """
    return len(
        {
            tuple(sorted((k, v) for k, v in lane.overrides.items() if split_key(k)[0] in names))
            for lane in lanes
        }
    )


def makespan(begun: Sequence[float], waiting: Sequence[float], hands: int) -> float:
    """Time until all is done when ``hands`` work at a time, those that are begun first.

    >>> makespan([1.0], [4.0, 4.0], 2)
    5.0
    """
    busy = sorted(begun) + [0.0] * max(0, hands - len(begun))
    heapq.heapify(busy)
    for seconds in waiting:
        heapq.heappush(busy, heapq.heappop(busy) + seconds)
    return max(busy)
