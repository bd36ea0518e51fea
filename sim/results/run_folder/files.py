"""Files that are whole or absent: written beside their place, flushed to disk, then renamed.

A killed process or a full disk can leave a temporary file (``.name.123.part``), never a file under
its real name that holds only part of its content.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout
from pydantic import ValidationError

from sim.errors import Fault, QueryError, RunError

PART = ".part"
"""Ending of a file that is being written; nothing reads such a file."""


class WriteError(RunError):
    """A result file could not be written; ``path`` and ``cause`` say which and why."""

    def __init__(self, path: Path, cause: str) -> None:
        self.path, self.cause = path, cause
        super().__init__(f"cannot write {path}: {cause}")

    def __reduce__(self) -> tuple[type[WriteError], tuple[Path, str]]:
        return type(self), (self.path, self.cause)


@dataclass(frozen=True, slots=True)
class Written:
    """What a finished file holds: its length in bytes and its SHA-256."""

    bytes: int
    sha256: str


class _Hashing:
    """A binary file that also hashes what passes through."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.hash, self.length = file, hashlib.sha256(), 0
        self.closed = False

    def write(self, data: Any) -> int:
        """Write all of ``data`` and hash it."""
        view = memoryview(data)
        self.file.write(view)
        self.hash.update(view)
        self.length += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        """Bytes written so far."""
        return self.length

    def flush(self) -> None:
        """Hand the bytes to the system."""
        self.file.flush()


def write_whole(path: Path, fill: Callable[[Any], object]) -> Written:
    """Create or replace ``path`` with what ``fill(file)`` writes, all of it or nothing.

    Raises
    ------
    WriteError
        The system refused (no space, no permission, a folder in the way); the temporary file is
        removed and a former ``path`` is untouched.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            through = _Hashing(file)
            fill(through)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _flush_folder(path.parent)
    except OSError as fault:
        raise WriteError(path, fault.strerror or str(fault)) from fault
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return Written(through.length, through.hash.hexdigest())


def _flush_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> Written:
    """Write UTF-8 text, all or nothing."""
    return write_whole(path, lambda file: file.write(text.encode()))


def write_json(path: Path, content: object) -> Written:
    """Write JSON with sorted keys, all or nothing."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    return write_text(path, text + "\n")


def read_json(path: Path) -> Any:
    """Content of a JSON file of a run folder.

    Raises
    ------
    QueryError
        The file is missing or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        cure = "run the experiment again with --resume"
        raise QueryError(Fault(str(path), "", f"cannot be read: {fault}", cure)) from fault


def json_faults(path: Path, what: str, error: ValidationError, cure: str = "") -> tuple[Fault, ...]:
    """Tell everything that makes a JSON file other than it should be: ``what`` it is not."""
    return tuple(
        Fault(str(path), ".".join(map(str, one["loc"])), f"{what}: {one['msg']}", cure)
        for one in error.errors(include_url=False)
    )


def digest(path: Path) -> str:
    """SHA-256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_parts(folder: Path) -> int:
    """Delete what killed processes left half written below ``folder``; returns how many files."""
    parts = list(folder.rglob(f".*{PART}"))
    for part in parts:
        part.unlink(missing_ok=True)
    return len(parts)


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder for this process while it writes; the system frees it when the process ends.

    Raises
    ------
    RunError
        Another process is writing there.
    """
    lock = FileLock(folder / ".writer", timeout=0)
    try:
        lock.acquire()
    except Timeout as fault:
        wrong = f"{folder}: another process is writing here; wait for it to end"
        raise RunError(wrong) from fault
    try:
        yield
    finally:
        lock.release()
