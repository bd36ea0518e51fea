"""Folders that an experiment lays over the shipped tables: found beside its file, and checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.data.dataset import load_dataset
from sim.data.document import Document
from sim.errors import Fault, InputError, nearest


def placed_overlays(
    document: Document, content: dict[str, Any], more: Sequence[Path]
) -> tuple[dict[str, Any], list[Fault]]:
    """Content with every folder written in full, and what is wrong with the folders.

    Folders of the file lie relative to it; ``more`` come after them, relative to where one stands.
    Folders with a fault are left out, so that the rest can be judged by what ships.
    """
    listed = content.get("data", [])
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        return content, []  # told by the schema
    beside = Path(document.file).resolve().parent
    faults = [
        document.fault(("data", place), f"no folder `{one}`", _near(beside / one))
        for place, one in enumerate(listed)
        if not (beside / one).is_dir()
    ]
    folders = [(beside / one).resolve() for one in listed] + [one.resolve() for one in more]
    if not faults:
        try:
            load_dataset(overlays=folders)
        except InputError as error:
            faults += error.faults
    kept = [] if faults else [str(folder) for folder in folders]
    return {**content, "data": kept}, faults


def _near(folder: Path) -> str:
    if not folder.parent.is_dir():
        return f"there is no folder {folder.parent} either"
    names = sorted(one.name for one in folder.parent.iterdir() if one.is_dir())
    return nearest(folder.name, names) if names else f"{folder.parent} holds no folder"
