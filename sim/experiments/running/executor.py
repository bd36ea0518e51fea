"""Who runs the chunks: this process, a pool of processes, or any other executor such as Dask's.

Workers of the pool get the world and the duties once, when they start, and share one copy of them.
A foreign executor has no such start: its workers build them from the configuration on their first
chunk and keep them; they must see the run folder under the same path and have the same Kyoten
installed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import platform
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache, partial
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import numba

from sim.engine.block import block_tables
from sim.errors import Fault, InputError, RunError
from sim.experiments.running.chunk import Engine, Setting, Task, run_chunk
from sim.experiments.running.progress import Cells, Look, new_cells
from sim.experiments.running.setting import build_setting
from sim.experiments.running.shared import Shared, shared
from sim.experiments.running.warm import compile_kernels, kernels_cold
from sim.experiments.spec.config import ExperimentConfig
from sim.results.run_folder import provenance

Submit = Callable[[Task], "Future[str]"]
"""Starts a chunk; the future gives its name."""

_THREAD_VARIABLES = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)
"""One thread a worker: chunks are the unit of parallel work."""


@contextmanager
def inline(setting: Setting, engine: Engine, cells: Cells, look: Look) -> Iterator[Submit]:
    """Run every chunk in this process, at the time it is submitted."""

    def submit(task: Task) -> Future[str]:
        future: Future[str] = Future()
        future.set_result(run_chunk(setting, task, engine, cells, look))
        return future

    yield submit


@contextmanager
def pool(
    setting: Setting, folder: Path, workers: int, engine: Engine, cells: Cells
) -> Iterator[Submit]:
    """Run chunks in ``workers`` fresh processes; leaving early stops them at once.

    The start method is named here because importing Mesa sets another one for the whole process;
    ``spawn`` never inherits a thread that was holding a lock.
    """
    context, crew = multiprocessing.get_context("spawn"), _Crew()
    with _environment(dict.fromkeys(_THREAD_VARIABLES, "1")), shared(setting, folder) as laid:
        executor = ProcessPoolExecutor(
            workers, mp_context=context, initializer=_settle, initargs=(laid, engine, cells)
        )

        def submit(call: Callable[..., Any], *arguments: Any) -> Future[Any]:
            with _interrupts_held():
                future = executor.submit(call, *arguments)
            crew.note()
            return future

        try:
            if engine is block_tables and kernels_cold():
                submit(compile_kernels).result()
            yield partial(submit, _run_settled)
            executor.shutdown(wait=True)
        except BaseException as fault:
            executor.shutdown(wait=False, cancel_futures=True)
            crew.end()
            executor.shutdown(wait=True)
            if isinstance(fault, BrokenProcessPool):
                raise BrokenProcessPool(crew.why_lost()) from fault
            raise


class _Crew:
    """Processes that were started since; one that died is no longer listed among the active."""

    def __init__(self) -> None:
        self._others = set(multiprocessing.active_children())
        self._workers: set[Any] = set()

    def note(self) -> None:
        """Take in those that have been started."""
        self._workers |= set(multiprocessing.active_children()) - self._others

    def end(self) -> None:
        """End all of them at once."""
        self.note()
        for worker in self._workers:
            worker.terminate()
            worker.join()

    def why_lost(self) -> str:
        """What took a worker down: a system that runs out of memory kills without a word."""
        codes = sorted({worker.exitcode for worker in self._workers if worker.exitcode})
        if -signal.SIGKILL in codes:
            return (
                "a worker process was killed, as a system does that runs out of memory: `kyoten"
                " plan` tells what a run needs; take fewer --workers or keep less in detail"
                " (detail_replications)"
            )
        return f"a worker process died (exit code {', '.join(map(str, codes))})"


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a worker starts; it is raised here afterwards.

    The worker inherits the blocked signal, or it would die of the Ctrl-C with a traceback while it
    still imports; and a start that is cut short leaves a worker that nobody ends.
    """
    here = threading.current_thread() is threading.main_thread()
    if not here or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its own start would lift the block
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


@contextmanager
def foreign(executor: Executor, config: ExperimentConfig, engine: Engine) -> Iterator[Submit]:
    """Run chunks on an executor that is somebody else's; leaving early cancels what waits."""
    content = config.model_dump_json()
    sources = sources_here()
    futures: list[Future[str]] = []

    def submit(task: Task) -> Future[str]:
        future: Future[str] = executor.submit(_run_anywhere, content, sources, task, engine)
        futures.append(future)
        return future

    try:
        yield submit
    except BaseException:
        for future in futures:
            future.cancel()
        raise


@contextmanager
def dask(address: str) -> Iterator[Executor]:
    """Executor of the Dask scheduler at ``dask://host:port``.

    Raises
    ------
    InputError
        The address is not one, the extra ``cluster`` is not installed, or nothing answers.
    """
    scheme, _, place = address.partition("://")
    if scheme != "dask" or ":" not in place:
        wrong = f"`{address}` is not the address of an executor"
        raise InputError(Fault("--executor", "", wrong, "write dask://host:port"))
    client = _client(f"tcp://{place}")
    with contextlib.closing(client):
        yield client.get_executor()


def _client(address: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415 -- an extra that most installs lack
    except ImportError as fault:
        cure = "pip install 'kyoten[cluster]'"
        wrong = "Dask is not installed"
        raise InputError(Fault("--executor", "", wrong, cure)) from fault
    try:
        return Client(address, timeout="10s")
    except (OSError, TimeoutError, ValueError) as fault:
        wrong = f"no Dask scheduler answers at {address}: {fault}"
        raise InputError(Fault("--executor", "", wrong, "start one: dask scheduler")) from fault


_SETTLED: dict[str, Any] = {}
"""World, duties and engine of this worker process, set once when it starts."""


def _settle(laid: Shared, engine: Engine, cells: Cells) -> None:
    """Prepare a worker: Ctrl-C belongs to the parent, which stops its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    numba.set_num_threads(1)
    _SETTLED.update(setting=laid.load(), engine=engine, cells=cells)


def _end_with_parent() -> None:
    """End this worker when its parent is gone, killed without a chance to say so."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_settled(task: Task) -> str:
    return run_chunk(
        _SETTLED["setting"], task, _SETTLED["engine"], _SETTLED["cells"], _look_nowhere
    )


def _look_nowhere() -> None:
    """Leave it to the main process to look."""


def _run_anywhere(content: str, sources: tuple[str, str], task: Task, engine: Engine) -> str:
    if sources_here() != sources:
        raise RunError(f"{platform.node()} has another Kyoten or other data than this machine")
    cells = new_cells(task.number + 1)  # nobody reads them: a chunk counts when it is done
    return run_chunk(_setting_of(content), task, engine, cells, _look_nowhere)


@lru_cache(maxsize=1)
def sources_here() -> tuple[str, str]:
    """Digests of the code and of the data that this process would use."""
    return provenance.code_digest(), provenance.data_digest()


@lru_cache(maxsize=1)
def _setting_of(content: str) -> Setting:
    return build_setting(ExperimentConfig.model_validate_json(content))


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables for the processes that start meanwhile."""
    former = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
