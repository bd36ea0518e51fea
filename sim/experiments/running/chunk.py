"""One chunk: its lanes go through the engine as a block, its tables into the run folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.engine.block import Block, Lane
from sim.engine.extensions import brought
from sim.engine.pieces import Held
from sim.experiments.running.progress import Cells, ChunkTally, Look
from sim.experiments.spec.behaviours import firm_classes
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.design import CaseLane, chunks
from sim.extensions import ExtensionFile, told_at
from sim.law.rates.monthly import MonthlyDuty
from sim.results.run_folder.store import chunk_name, write_chunk
from sim.world.chip_tools.controls import Controls
from sim.world.world import World

Engine = Callable[..., Mapping[str, Held]]
"""What runs a block: :func:`sim.engine.block.block_tables` unless a test brings another."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What every lane shares: the world, and the law of every policy in its order."""

    world: World
    duties: tuple[MonthlyDuty, ...]
    controls: Controls | None = None
    """Export-control laws as the world's buyers see them; None leaves them to the engine."""
    extensions: tuple[ExtensionFile, ...] = ()
    """Python files of the experiment; each process loads them itself."""


@dataclass(frozen=True, slots=True)
class Task:
    """One chunk to run: where its tables go, its number, and its block."""

    folder: Path
    number: int
    block: Block

    @property
    def name(self) -> str:
        """Name of the chunk in the run folder."""
        return chunk_name(self.number)


def tasks(config: ExperimentConfig, folder: Path) -> tuple[Task, ...]:
    """Every chunk of an experiment; they follow from the configuration alone."""
    inputs = config.inputs.model_dump()
    return tuple(
        Task(
            folder,
            number,
            Block(config.experiment, config.seed, tuple(map(_lane, lanes)), inputs),
        )
        for number, lanes in enumerate(chunks(config))
    )


def _lane(lane: CaseLane) -> Lane:
    return Lane(
        policy=lane.policy,
        scenario=lane.scenario,
        replication=lane.replication,
        law=lane.law,
        overrides=lane.overrides,
        detail=lane.detail,
        behaviours=lane.behaviours,
    )


def _theirs(extensions: tuple[ExtensionFile, ...], block: Block) -> dict[str, Any]:
    """What extension files give the engine beside what ships."""
    if not extensions:
        return {}
    found = brought(extensions)
    theirs: dict[str, Any] = {
        "outcomes": found.every_outcome,
        "mechanisms": found.every_mechanism,
    }
    if any(lane.behaviours for lane in block.lanes):
        theirs["firms"] = firm_classes(extensions)
    return theirs


def run_chunk(setting: Setting, task: Task, engine: Engine, cells: Cells, look: Look) -> str:
    """Run one chunk and store its tables; returns its name.

    What is done of it is noted in ``cells``, and ``look`` called after every month.

    Raises
    ------
    WriteError
        The disk is full or refuses; the chunk does not count as done.
    """
    controls = () if setting.controls is None else (setting.controls,)
    months = len(setting.world.months)
    tally = ChunkTally(cells, task.number, task.block.lanes, months, look)

    with told_at(setting.extensions):
        theirs = _theirs(setting.extensions, task.block)
        frames = engine(
            setting.world,
            setting.duties,
            task.block,
            *controls,
            **theirs,
            month_done=tally.month_done,
        )
    lanes = [(lane.policy, lane.scenario, lane.replication) for lane in task.block.lanes]
    write_chunk(task.folder, task.name, lanes, tally.counted(frames))
    return task.name
