"""Folders that an experiment lays over the shipped tables and law: placed, and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.data.dataset import load_dataset
from sim.data.document import Document
from sim.errors import Fault, InputError, nearest
from sim.law.controls.law import enacted
from sim.law.law import load_law


def placed_overlays(
    document: Document, content: dict[str, Any], more: Mapping[str, Sequence[Path]]
) -> tuple[dict[str, Any], list[Fault]]:
    """Content with every folder written in full, and what is wrong with the folders.

    Folders of the file lie relative to it; ``more`` come after them, relative to where one stands.
    Folders with a fault are left out, so that the rest can be judged by what ships.
    """
    placed, every = dict(content), []
    for key, faults_in in _CHECKS.items():
        listed = content.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            continue  # told by the schema
        beside = Path(document.file).resolve().parent
        faults = [
            document.fault((key, place), f"no folder `{one}`", _near(beside / one))
            for place, one in enumerate(listed)
            if not (beside / one).is_dir()
        ]
        folders = [(beside / one).resolve() for one in listed]
        folders += [one.resolve() for one in more[key]]
        if folders and not faults:
            faults = faults_in(folders)
        placed[key] = [] if faults else [str(folder) for folder in folders]
        every += faults
    return placed, every


def _data_faults(folders: Sequence[Path]) -> list[Fault]:
    return _faults(lambda: load_dataset(overlays=folders))


def _law_faults(folders: Sequence[Path]) -> list[Fault]:
    return _faults(lambda: load_law(folders)) + _faults(lambda: enacted(folders))


def _faults(load: Callable[[], object]) -> list[Fault]:
    try:
        load()
    except InputError as error:
        return list(error.faults)
    return []


_CHECKS: dict[str, Callable[[Sequence[Path]], list[Fault]]] = {
    "data": _data_faults,
    "law": _law_faults,
}


def _near(folder: Path) -> str:
    if not folder.parent.is_dir():
        return f"there is no folder {folder.parent} either"
    names = sorted(one.name for one in folder.parent.iterdir() if one.is_dir())
    return nearest(folder.name, names) if names else f"{folder.parent} holds no folder"
