"""A whole experiment: its chunks on workers, its folder resumable, its bytes always the same."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from sim.engine.block import block_tables
from sim.errors import RunError
from sim.experiments.running import executor as crews
from sim.experiments.running.chunk import Engine, Task, tasks
from sim.experiments.running.estimate import refuse_unfit
from sim.experiments.running.folder import (
    Say,
    begin,
    chunks_done,
    is_finished,
    manifest_of,
    refuse_folder,
    room_missing,
    still_to_do,
    stored_manifest,
)
from sim.experiments.running.progress import LOOK_SECONDS, Cells, Load, Progress, Watch, new_cells
from sim.experiments.running.setting import Ground, lay_ground
from sim.experiments.running.work import chunk_seconds, kinds_of_world, row_parameters
from sim.experiments.spec.config import ExperimentConfig
from sim.results.run_folder import provenance
from sim.results.run_folder.files import WriteError, sole_writer
from sim.results.run_folder.manifest import Manifest, read_manifest, write_manifest


def run_experiment(
    config: ExperimentConfig,
    out: str | Path,
    *,
    workers: int | None = None,
    resume: bool = False,
    executor: str | Executor | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    engine: Engine = block_tables,
    ground: Callable[[ExperimentConfig], Ground] = lay_ground,
) -> Manifest:
    """Run what is not yet done of an experiment and return the folder's manifest.

    Tables are byte-equal for any number of workers, interrupted or not. ``executor`` is
    ``dask://host:port`` or any :class:`concurrent.futures.Executor`; by default ``workers``
    processes (as many as processors). A finished experiment is left alone, and ``say`` told so.

    Raises
    ------
    InputError
        The folder holds something else, or an unfinished run and ``resume`` was not asked for;
        the law or the data are wrong; memory or disk cannot hold it. Nothing has been written then.
    RunError
        The disk is full or a worker died: finished chunks are kept.
    """
    folder, tell = Path(out), say or _silent
    refuse_folder(folder, config, resume=resume)
    refuse_unfit(config, folder, workers, elsewhere=executor is not None)
    laid = ground(config)
    wanted = manifest_of(config, laid)
    stored = stored_manifest(folder, wanted, resume=resume)
    if stored is not None and is_finished(folder, stored):
        tell(f"{folder} holds this experiment, finished {stored.finished}: nothing to do")
        return stored
    with ExitStack() as stack:
        others = _executor(stack, executor)
        stack.enter_context(_claimed(folder))
        manifest = begin(folder, stored or wanted, config, laid)
        plan = tasks(config, folder)
        todo = still_to_do(folder, plan, tell)
        hands = min(workers or os.cpu_count() or 1, max(len(todo), 1))
        cells = new_cells(len(plan))
        told = progress or _silent
        watch = Watch(cells, _loads(config, plan), [one.number for one in todo], hands, told)
        crew = _crew(config, laid, folder, engine, others, hands, cells, watch)
        with _accounted(folder, manifest, tell), crew as submit:
            _run_all(submit, todo, watch)
        return read_manifest(folder)


def _silent(_: object) -> None:
    """Tell nobody."""


def _loads(config: ExperimentConfig, plan: tuple[Task, ...]) -> list[Load]:
    """What every chunk asks for."""
    months, made, names = len(config.months), [], row_parameters(config)
    for task in plan:
        kinds = kinds_of_world(names, task.block.lanes)
        seconds = chunk_seconds(task.block.lanes, months, kinds)
        made.append(Load(task.number, kinds * months, seconds))
    return made


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise WriteError(folder, fault.strerror or str(fault)) from fault
    with sole_writer(folder):
        yield


def _executor(stack: ExitStack, executor: str | Executor | None) -> Executor | None:
    return stack.enter_context(crews.dask(executor)) if isinstance(executor, str) else executor


def _crew(
    config: ExperimentConfig,
    laid: Ground,
    folder: Path,
    engine: Engine,
    executor: Executor | None,
    hands: int,
    cells: Cells,
    watch: Watch,
) -> AbstractContextManager[crews.Submit]:
    if executor is not None:
        return crews.foreign(executor, config, engine)
    if hands == 1:
        return crews.inline(laid.setting, engine, cells, watch.look)
    return crews.pool(laid.setting, folder, hands, engine, cells)


def _run_all(submit: crews.Submit, todo: list[Task], watch: Watch) -> None:
    watch.look(now=True)
    for task in _as_completed(submit, todo, watch.look):
        watch.finished(task.number)


def _as_completed(
    submit: crews.Submit, todo: list[Task], look: Callable[[], None]
) -> Iterator[Task]:
    """Chunks as they finish; the first one that failed ends it with its error."""
    waiting: dict[Future[str], Task] = {}
    for task in todo:
        future = submit(task)
        if future.done():
            future.result()
            yield task
        else:
            waiting[future] = task
    while waiting:
        ready, _ = wait(waiting, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        for future in ready:
            future.result()
            yield waiting.pop(future)
        look()


@contextmanager
def _accounted(folder: Path, manifest: Manifest, tell: Say) -> Iterator[None]:
    """Keep the manifest true whatever happens inside, and tell how to go on."""
    started = time.monotonic()
    try:
        yield
    except BaseException as fault:
        spent = manifest.seconds + time.monotonic() - started
        kept = f"{chunks_done(folder)} of {manifest.chunks} chunks are kept in {folder}"
        kept += "; continue with --resume"
        _note_stop(folder, dataclasses.replace(manifest, status="stopped", seconds=spent))
        if isinstance(fault, WriteError):
            raise RunError(f"{fault}. {room_missing(folder, manifest.chunks)} {kept}") from fault
        if isinstance(fault, BrokenProcessPool):
            raise RunError(f"{fault}. {kept}") from fault
        tell(f"stopped: {kept}")
        raise
    spent = manifest.seconds + time.monotonic() - started
    ended = provenance.now()
    write_manifest(
        folder, dataclasses.replace(manifest, status="finished", finished=ended, seconds=spent)
    )


def _note_stop(folder: Path, manifest: Manifest) -> None:
    """Note that the run stopped, if the disk still takes it; entries alone say what is done."""
    try:
        write_manifest(folder, manifest)
    except WriteError:
        return
