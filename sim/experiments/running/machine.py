"""What this machine has to give: speed of a core now, memory that is free, room on a disk."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd

REFERENCE_SECONDS = 0.027
"""What the sample took on the machine whose seconds :mod:`sim.experiments.running.work` gives."""
_TIMES = 7


def slowness() -> float:
    """How much longer a core takes now than the one that the work was measured on.

    It is timed on a small sample of array work and sorting, several times over; what else runs on
    the machine at the moment is part of it.
    """
    taken = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        _sample()
        taken.append(time.perf_counter() - started)
    return float(np.median(taken)) / REFERENCE_SECONDS


def _sample() -> float:
    values = np.linspace(0.1, 4.0, 3000 * 64).reshape(3000, 64)
    total = 0.0
    for power in (0.5, 1.5, 2.5):
        total += float((np.exp(-values) * values**power).sum())
    codes = (np.arange(60_000) * 7919) % 1000
    words = pd.Series(codes.astype(str))
    return total + float(np.lexsort((codes, pd.factorize(words)[0]))[0])


def memory_free() -> float | None:
    """Bytes of memory that processes may still take; None where the system does not say.

    The least of what the kernel counts as available and what a container's limit leaves.
    """
    found = [free for free in (_meminfo(), _container()) if free is not None]
    if found:
        return min(found)
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return None


def _meminfo(path: Path = Path("/proc/meminfo")) -> float | None:
    for line in _lines(path):
        name, _, amount = line.partition(":")
        if name == "MemAvailable":
            return float(amount.split()[0]) * 1024
    return None


def _container(folder: Path = Path("/sys/fs/cgroup")) -> float | None:
    limit, used = (_lines(folder / name) for name in ("memory.max", "memory.current"))
    if not limit or not used or not limit[0].isdigit():
        return None
    return max(0.0, float(limit[0]) - float(used[0]))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def disk_free(folder: Path) -> float:
    """Bytes free where ``folder`` is, or will be."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return float(shutil.disk_usage(there).free)
