"""Which law and which tables these are: the latest day that they know of, and their digests.

Read from the files as text, so that ``kyoten --version`` answers at once.

>>> [edition.part for edition in editions()]
['law', 'data']
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
"""Data as it ships; targets judge runs and are no part of it."""

_ANNOUNCED = re.compile(r"\bannounced: *(\d{4}-\d\d-\d\d)")
_DATED_CELL = re.compile(r"(?:^|,)(\d{4}-\d\d-\d\d)(?=,|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Edition:
    """A part, ``law`` or ``data`` (every other table), how late it reaches, and its SHA-256.

    ``latest``, an ISO date, is the law's last announcement (a step that it sets for a later day was
    announced by then), or the last dated row of the tables.
    """

    part: str
    latest: str
    sha256: str


def editions(folder: Path = FOLDER) -> tuple[Edition, Edition]:
    """Editions of the law and of the tables under ``folder``."""
    law = sorted(path for path in (folder / "law").rglob("*") if path.is_file())
    enacted = [path for path in law if "reforms" not in path.relative_to(folder).parts]
    tables = sorted(
        path for room in ("world", "network") for path in (folder / room).rglob("*.csv")
    )
    return (
        Edition("law", _latest(_ANNOUNCED, enacted), tree_digest(folder, law)),
        Edition("data", _latest(_DATED_CELL, tables), tree_digest(folder, tables)),
    )


def _latest(pattern: re.Pattern[str], paths: Iterable[Path]) -> str:
    def dates() -> Iterator[str]:
        for path in paths:
            yield from pattern.findall(path.read_text(encoding="utf-8"))

    return max(dates(), default="")


def tree_digest(root: Path, paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents of ``paths``, in the order of their names below ``root``."""
    names = {path.relative_to(root).as_posix(): path for path in paths}
    total = hashlib.sha256()
    for name in sorted(names):
        content = hashlib.sha256(names[name].read_bytes()).hexdigest()
        total.update(f"{name}\0{content}\n".encode())
    return total.hexdigest()
