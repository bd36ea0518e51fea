"""A run tells by month how far it is, and a time left that comes true."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sim.experiments.running.batch import run_experiment
from sim.experiments.running.chunk import tasks
from sim.experiments.running.progress import ChunkTally, Load, Standing, Watch, new_cells
from sim.experiments.running.work import kinds_of_world, row_parameters, step_seconds
from sim.experiments.spec.config import ExperimentConfig
from tests.experiments.test_batch import CHUNKS, CONFIG, frozen_sources
from tests.plausible import counting_engine, ground

__all__ = ["frozen_sources"]
MONTHS = 24


def standings(folder: Path, workers: int) -> list[tuple[float, Standing]]:
    seen: list[tuple[float, Standing]] = []
    run_experiment(
        CONFIG, folder, workers=workers, engine=counting_engine, ground=ground,
        progress=lambda standing: seen.append((time.monotonic(), standing)),
    )  # fmt: skip
    return seen


@pytest.mark.parametrize("workers", [1, 2])
def test_months_are_told_while_chunks_are_under_way(tmp_path: Path, workers: int) -> None:
    told = [standing for _, standing in standings(tmp_path / "x", workers)]
    assert {one.of_months for one in told} == {CHUNKS * MONTHS}
    assert len({one.months for one in told}) > 2 * CHUNKS
    assert [one.months for one in told] == sorted(one.months for one in told)
    assert told[0].seconds_left is None
    assert (told[-1].chunks, told[-1].months, told[-1].share) == (CHUNKS, CHUNKS * MONTHS, 1.0)
    assert told[-1].seconds_left == 0.0


def test_the_time_left_comes_true_and_is_never_nothing_before_the_end(tmp_path: Path) -> None:
    seen = standings(tmp_path / "x", 1)
    ended = seen[-1][0]
    early = [(at, one.seconds_left) for at, one in seen if one.chunks < 3 and one.seconds_left]
    assert early
    at, left = early[0]
    assert left == pytest.approx(ended - at, rel=0.6, abs=1.0)
    assert all(left >= 1.0 for _, left in early)


def test_a_chunk_that_waits_counts_in_full_for_the_hand_that_takes_it() -> None:
    """Three equal chunks on two hands: when two are half done, three halves are left."""
    seen: list[Standing] = []
    cells = new_cells(3)
    watch = Watch(cells, [Load(n, 10, 100.0) for n in range(3)], range(3), 2, seen.append)
    watch.look(now=True)
    for done in (1.0, 50.0):
        cells[0] = cells[2] = done
        watch._looked -= 49.0 if done > 1.0 else 0.0  # 49 seconds later
        watch.look(now=True)
    assert seen[-1].seconds_left == pytest.approx(150.0, rel=0.01)


def test_what_is_noted_of_a_chunk_is_its_work() -> None:
    config = CONFIG.having(end="2017-12", chunk_lanes=3)
    (first, *_) = tasks(config, Path())
    cells = new_cells(1)
    tally = ChunkTally(cells, 0, first.block.lanes, 12, lambda: None)
    for _ in range(12):
        tally.month_done()
    assert cells[1] == 12
    assert cells[0] == pytest.approx(step_seconds(first.block.lanes, 12))


def test_lanes_of_other_kinds_of_world_are_stepped_one_kind_after_the_other() -> None:
    config = ExperimentConfig(
        experiment="x", end="2017-12", replications=2, policies={"a": {}},
        uncertainties={"programmes": [0.0, 1.0], "theta": [6.0, 7.0]},
        design={"kind": "factorial"},
    )  # fmt: skip
    (only,) = tasks(config, Path())
    assert kinds_of_world(row_parameters(config), only.block.lanes) == 2
