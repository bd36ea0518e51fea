"""Kernels compiled once, before many workers each compile their own.

Numba keeps compiled kernels in a cache folder. When a module's are missing or older than its
source, the first worker runs seven months of one lane, and the others start after it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from numba.core.dispatcher import Dispatcher

from sim.engine.block import run_block
from sim.experiments.running.chunk import tasks
from sim.experiments.running.setting import build_setting
from sim.experiments.spec.config import ExperimentConfig

_ROOMS = ("sim.decisions.", "sim.engine.", "sim.network.")


def kernels_cold() -> bool:
    """Whether a module of kernels that the engine uses has no compiled form newer than itself."""
    return any(
        not any(index.stat().st_mtime >= source.stat().st_mtime for index in compiled)
        for source, compiled in _kernel_modules()
    )


def compile_kernels() -> None:
    """Run the first months of one lane, for their compiled kernels alone."""
    short = ExperimentConfig(
        experiment="warm_up",
        end="2017-07",
        replications=1,
        detail_replications=0,
        policies={"as_enacted": {}},
    )
    setting = build_setting(short)
    for task in tasks(short, Path()):
        run_block(setting.world, setting.duties, task.block)
    for _, compiled in _kernel_modules():
        for index in compiled:
            index.touch()


def _kernel_modules() -> Iterator[tuple[Path, list[Path]]]:
    """Source of every imported module that has kernels, and the indices of its compiled ones."""
    for name, module in list(sys.modules.items()):
        if not name.startswith(_ROOMS) or not module.__file__:
            continue
        folders = {
            Path(kernel.stats.cache_path)
            for kernel in vars(module).values()
            if isinstance(kernel, Dispatcher)
            and kernel.py_func.__module__ == name
            and kernel.stats.cache_path
        }
        source = Path(module.__file__)
        if folders:
            found = [path for f in folders for path in f.glob(f"{source.stem}.*.nbi")]
            yield source, found
