"""A whole experiment: its chunks on workers, its folder resumable, its bytes always the same."""

from __future__ import annotations

import dataclasses
import math
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from sim.engine.block import run_block
from sim.errors import RunError
from sim.experiments.running import executor as crews
from sim.experiments.running.chunk import Engine, Task, tasks
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
from sim.experiments.running.setting import Ground, lay_ground
from sim.experiments.spec.config import ExperimentConfig
from sim.results.run_folder import provenance
from sim.results.run_folder.files import WriteError, sole_writer
from sim.results.run_folder.manifest import Manifest, read_manifest, write_manifest

Progress = Callable[[int, int, float | None], None]
"""Called with chunks done, chunks in all, and seconds left (None: not known yet)."""


def run_experiment(
    config: ExperimentConfig,
    out: str | Path,
    *,
    workers: int | None = None,
    resume: bool = False,
    executor: str | Executor | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    engine: Engine = run_block,
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
        the law or the data are wrong. Nothing has been written then.
    RunError
        The disk is full or a worker died: finished chunks are kept.
    """
    folder, tell = Path(out), say or _silent
    refuse_folder(folder, config, resume=resume)
    laid = ground(config)
    wanted = manifest_of(config, laid)
    stored = stored_manifest(folder, wanted, resume=resume)
    if stored is not None and is_finished(folder, stored):
        tell(f"{folder} holds this experiment, finished {stored.finished}: nothing to do")
        return stored
    plan = tasks(config, folder)
    with ExitStack() as stack:
        others = _executor(stack, executor)
        stack.enter_context(_claimed(folder))
        manifest = begin(folder, stored or wanted, config, laid)
        todo = still_to_do(folder, plan, tell)
        hands = min(workers or os.cpu_count() or 1, max(len(todo), 1))
        crew = _crew(config, laid, folder, engine, others, hands)
        with _accounted(folder, manifest, tell), crew as submit:
            _run_all(submit, todo, len(plan), hands, progress)
        return read_manifest(folder)


def _silent(_: str) -> None:
    """Tell nobody."""


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
) -> AbstractContextManager[crews.Submit]:
    if executor is not None:
        return crews.foreign(executor, config, engine)
    if hands == 1:
        return crews.inline(laid.setting, engine)
    return crews.pool(laid.setting, folder, hands, engine)


def _run_all(
    submit: crews.Submit, todo: list[Task], total: int, hands: int, progress: Progress | None
) -> None:
    started, before = time.monotonic(), total - len(todo)
    tick = progress or (lambda *_: None)
    tick(before, total, None)
    for done, _ in enumerate(_as_completed(submit, todo), start=1):
        spent = time.monotonic() - started
        tick(before + done, total, seconds_left(done, len(todo), hands, spent))


def seconds_left(done: int, total: int, hands: int, spent: float) -> float:
    """Time that the rest takes when chunks run ``hands`` at a time.

    >>> seconds_left(1, 5, 2, 100.0), seconds_left(5, 5, 2, 300.0)
    (200.0, 0.0)
    """
    rounds, all_rounds = math.ceil(done / hands), math.ceil(total / hands)
    return max(0.0, spent / rounds * all_rounds - spent) if done < total else 0.0


def _as_completed(submit: crews.Submit, todo: list[Task]) -> Iterator[str]:
    """Names of chunks as they finish; the first one that failed ends it with its error."""
    waiting: set[Future[str]] = set()
    for task in todo:
        future = submit(task)
        if future.done():
            yield future.result()
        else:
            waiting.add(future)
    while waiting:
        ready, waiting = wait(waiting, timeout=1.0, return_when=FIRST_COMPLETED)
        for future in ready:
            yield future.result()


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
            raise RunError(f"a worker process died (out of memory?). {kept}") from fault
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
