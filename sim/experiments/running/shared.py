"""One copy of the setting for all workers of a machine: arrays in a mapped file, read-only.

The duties of a policy take about 0.1 GB. Instead of sending them to every worker, they are pickled
once with their arrays out of band (PEP 574); workers map the file, so that its pages are shared.
Stretches of zeros, most of a duty table, become holes and take no room on the disk.
"""

from __future__ import annotations

import mmap
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.results.run_folder.files import PART, WriteError

_ALIGN = 64
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Shared:
    """Where an object lies: the file, and in it the places of its arrays and of everything else.

    Small on purpose: a process that dies while it starts must not leave its parent waiting to hand
    it more than a pipe holds.
    """

    path: Path
    places: tuple[tuple[int, int], ...]

    def load(self) -> Any:
        """Give the object; its arrays are read-only views of the mapped file."""
        with self.path.open("rb") as file:
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        parts = [mapped[start : start + length] for start, length in self.places]
        return pickle.loads(parts[-1], buffers=parts[:-1])  # noqa: S301 -- this run's own parent made it


@contextmanager
def shared(content: object, folder: Path) -> Iterator[Shared]:
    """Lay an object out for other processes while the context lasts.

    Raises
    ------
    WriteError
        ``folder`` has no room for the arrays.
    """
    buffers: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(content, protocol=5, buffer_callback=buffers.append)
    path = folder / f".setting.{os.getpid()}{PART}"
    try:
        try:
            places = _write(path, [*(buffer.raw() for buffer in buffers), memoryview(rest)])
        except OSError as fault:
            raise WriteError(path, fault.strerror or str(fault)) from fault
        yield Shared(path, places)
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, parts: list[memoryview]) -> tuple[tuple[int, int], ...]:
    places = []
    with path.open("wb") as file:
        for part in parts:
            start = -(-file.tell() // _ALIGN) * _ALIGN
            for offset in range(0, len(part), _BLOCK):
                block = part[offset : offset + _BLOCK]
                file.seek(start + offset)
                if np.frombuffer(block, dtype=np.uint8).any():
                    file.write(block)
            places.append((start, len(part)))
            file.seek(start + len(part))
        file.truncate(max(file.tell(), 1))
    return tuple(places)
