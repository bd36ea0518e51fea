"""Where files of law lie, and how messages call them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

LAW_FOLDER = Path(str(files("sim") / "data" / "law"))
"""The law that ships."""


def shown(path: Path) -> str:
    """How messages call a file: from the package or the working folder, as short as it goes."""
    for root in (LAW_FOLDER.parent.parent.parent, Path.cwd()):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.as_posix()
