"""What the extension files of an experiment bring, for rules that join it with other keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.data.dataset import load_dataset
from sim.errors import Fault, InputError
from sim.extensions import ExtensionFile, load, pinned
from sim.world.parameter_table import load_parameters

if TYPE_CHECKING:
    from sim.engine.extensions import Brought

LISTS = ("MECHANISMS", "OUTCOMES", "FIGURES")
"""Tuples by which a file declares what it brings, beside its kinds of firm."""


def brought_of(files: tuple[ExtensionFile, ...], overlays: tuple[str, ...] = ()) -> Brought:
    """Mechanisms and outcomes of files, beside tables that lie over the shipped ones.

    Raises
    ------
    InputError
        As :func:`sim.engine.extensions.brought`.
    """
    from sim.engine.extensions import Brought, brought  # noqa: PLC0415 -- most experiments need no engine until they run

    if not any(hasattr(load(one), name) for one in files for name in LISTS[:2]):
        return Brought()
    rows = load_parameters(load_dataset(overlays=overlays))
    return brought(files, {row.name for row in rows})


def brought_by(data: Mapping[str, object], overlays: tuple[str, ...]) -> Brought | None:
    """What the files named in plain data bring; None where one is wrong, which is told elsewhere.

    None too where none is named: there is nothing to load.
    """
    named = data.get("extensions")
    if not isinstance(named, list | tuple) or not named:
        return None
    try:
        return brought_of(pinned(named), overlays)
    except InputError:
        return None


def idle_files(files: tuple[ExtensionFile, ...]) -> Iterator[Fault]:
    """Files that bring nothing: a list is misspelt, or they should not be named."""
    from sim.engine.agents import Firm  # noqa: PLC0415 -- Mesa takes a while

    for one in files:
        module = load(one)
        kinds = [it for it in vars(module).values() if isinstance(it, type)]
        own = [it for it in kinds if it.__module__ == module.__name__ and issubclass(it, Firm)]
        if not own and not any(hasattr(module, name) for name in LISTS):
            wrong = f"brings nothing: no {', '.join(LISTS)}, no kind of Firm"
            cure = "list your objects, for example OUTCOMES = (mine,)"
            yield Fault(one.file, "", wrong, cure, line=1)
