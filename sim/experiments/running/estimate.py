"""Minutes, memory and disk that an experiment will take, and whether it fits this machine.

The sizes were measured on shipped experiments (``tests/experiments/test_estimate.py`` holds them to
what runs took) and hold to about a factor of two: mechanisms and behaviours of your own, and much
larger worlds, are not known to them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Fault, InputError
from sim.experiments.running.machine import disk_free, memory_free
from sim.experiments.running.work import (
    Run,
    chunk_seconds,
    kinds_of_world,
    makespan,
    row_parameters,
)
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.design import chunks

START_SECONDS, START_LAW_MONTH = 5.0, 0.009
"""Seconds to start, and for each month of each policy's law: it is read once for all workers."""
WORKERS_START_SECONDS = 5.0

MAIN_BYTES, WORKER_BYTES = 260e6, 400e6
LAW_MONTH_BYTES = 0.65e6
"""A law's duties for a month: held once, and gathered again along the routes by each worker."""
OUTCOMES_MONTH_BYTES, DETAIL_MONTH_BYTES = 0.9e6, 0.2e6
"""What a worker keeps of a month until its tables are written: of the block, of a detail lane."""
WRITING_MONTH_BYTES = 1.5e6

STORED_RUN_BYTES, STORED_DETAIL_BYTES = 9_000.0, 88_000.0
"""Stored a month by every run, and more by one kept in detail."""
STORED_ANYWAY_BYTES = 1e6


@dataclass(frozen=True, slots=True)
class Need:
    """What a run takes."""

    workers: int
    seconds: float
    memory: float
    """Bytes, at the most that all processes take at once."""
    a_worker: float
    """Bytes of it that one worker takes."""
    disk: float
    """Bytes."""
    detail_disk: float
    """Bytes of it for runs kept in detail."""


def need_of(config: ExperimentConfig, workers: int | None = None, slow: float = 1.0) -> Need:
    """What an experiment takes with so many workers (as many as processors by default).

    ``slow`` is :func:`sim.experiments.running.machine.slowness` of the machine.
    """
    months, cut = len(config.months), chunks(config)
    hands = min(workers or os.cpu_count() or 1, len(cut))
    names = row_parameters(config)
    kinds = [kinds_of_world(names, lanes) for lanes in cut]
    work = [chunk_seconds(lanes, months, n) for lanes, n in zip(cut, kinds, strict=True)]
    start = START_SECONDS + START_LAW_MONTH * months * len(config.policies)
    start += WORKERS_START_SECONDS if hands > 1 else 0.0
    laws = MAIN_BYTES + LAW_MONTH_BYTES * months * len(config.policies)
    a_worker = max(_held(lanes, months, n) for lanes, n in zip(cut, kinds, strict=True))
    detail = sum(lane.detail for lanes in cut for lane in lanes)
    runs = sum(len(lanes) for lanes in cut)
    stored = STORED_DETAIL_BYTES * months * detail
    return Need(
        workers=hands,
        seconds=slow * (start + makespan([], work, min(hands, os.cpu_count() or 1))),
        memory=laws + (a_worker * hands if hands > 1 else a_worker - WORKER_BYTES / 2),
        a_worker=a_worker,
        disk=STORED_ANYWAY_BYTES + STORED_RUN_BYTES * months * runs + stored,
        detail_disk=stored,
    )


def _held(lanes: Sequence[Run], months: int, kinds: int) -> float:
    """Bytes of a worker at the end of a chunk, when it writes."""
    laws = len({lane.law for lane in lanes})
    a_kind = LAW_MONTH_BYTES * laws + OUTCOMES_MONTH_BYTES
    detail = DETAIL_MONTH_BYTES * sum(lane.detail for lane in lanes)
    return WORKER_BYTES + months * (a_kind * kinds + detail + WRITING_MONTH_BYTES)


def refuse_unfit(
    config: ExperimentConfig, folder: Path, workers: int | None = None, *, elsewhere: bool = False
) -> None:
    """Refuse an experiment that this machine cannot hold, and say what would fit.

    ``elsewhere``: its chunks run on other machines, whose memory is not known.

    Raises
    ------
    InputError
        More memory at once than is free, or more room than the disk of ``folder`` has.
    """
    need, faults = need_of(config, workers), []
    free = memory_free()
    if free is not None and need.memory > free and not elsewhere:
        wrong = (
            f"needs about {gigabytes(need.memory)} of memory with {workers_said(need.workers)},"
            f" {gigabytes(free)} are free"
        )
        faults.append(Fault("", "memory", wrong, _memory_cure(config, need, free)))
    room = disk_free(folder) + _stored(folder)
    if need.disk > room:
        wrong = f"needs about {gigabytes(need.disk)} at {folder}, {gigabytes(room)} are free"
        faults.append(Fault("", "disk", wrong, _disk_cure(config, need, room)))
    if faults:
        raise InputError(faults)


def _stored(folder: Path) -> float:
    """Bytes of the tables that an unfinished run has there already."""
    return float(sum(path.stat().st_size for path in (folder / "tables").rglob("*.parquet")))


def _memory_cure(config: ExperimentConfig, need: Need, free: float) -> str:
    fits = [
        f"{said} would take {gigabytes(other.memory)}"
        for said, other in _smaller(config, need)
        if other.memory <= free
    ]
    return " or ".join(fits[:2]) or "end the run earlier, or use a larger machine"


def _disk_cure(config: ExperimentConfig, need: Need, room: float) -> str:
    fits = [
        f"{said} would take {gigabytes(other.disk)}"
        for said, other in _smaller(config, need)
        if other.disk <= room
    ]
    if fits:
        return fits[0]
    bare = need_of(config.having(detail_replications=0))
    count = int(config.replications * (room - STORED_ANYWAY_BYTES) / bare.disk)
    if count > 0:
        return f"`detail_replications: 0` with `replications: {count}` would fit"
    return "choose an --out on a larger disk"


def _smaller(config: ExperimentConfig, need: Need) -> Iterator[tuple[str, Need]]:
    """The same question with less at once, in the order in which it costs least."""
    fewer = ((hands, need_of(config, hands)) for hands in range(need.workers - 1, 0, -1))
    for hands, other in fewer:
        yield f"`--workers {hands}`", other
    if config.detail_replications:
        bare = config.having(detail_replications=0)
        yield "`detail_replications: 0`", need_of(bare, need.workers)
        if need.workers > 1:
            yield "`detail_replications: 0` with `--workers 1`", need_of(bare, 1)


def gigabytes(amount: float) -> str:
    """Bytes in words.

    >>> gigabytes(5.8e8), gigabytes(1.24e10)
    ('580 MB', '12.4 GB')
    """
    return f"{amount / 1e6:.0f} MB" if amount < 1e9 else f"{amount / 1e9:.1f} GB"


def workers_said(count: int) -> str:
    """How many workers, in words."""
    return f"{count} workers" if count > 1 else "one worker"
