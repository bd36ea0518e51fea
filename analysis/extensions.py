"""Figures of the Python files that a run's experiment named.

A file is read where it was when the run was made, and only while it holds what it held then: a run
folder that comes from elsewhere brings no code with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.figure import Figure
from analysis.open_run import OpenRun
from sim.errors import InputError
from sim.extensions import ExtensionFile, listed, load, told_at

LIST = "FIGURES"
"""Tuple in which a file lists its figures."""


@dataclass(frozen=True, slots=True)
class Found:
    """Figures of a run's files, and what is told of files whose figures are left out."""

    figures: Mapping[str, Figure]
    left_out: tuple[str, ...]


def figures_in(files: Iterable[ExtensionFile], shipped: Iterable[str]) -> dict[str, Figure]:
    """Figures that files list, by name; ``shipped`` are names that are there already.

    Raises
    ------
    InputError
        A file cannot be read or run, or every entry that is no figure or has such a name.
    """
    own = tuple(files)
    with told_at(own):
        having = [one for one in own if hasattr(load(one), LIST)]
        return listed(having, LIST, Figure, frozenset(shipped))


def figures_of(held: OpenRun, shipped: Iterable[str]) -> Found:
    """Figures of the files that the experiment of a run named."""
    return held.once(("extensions",), lambda: _found(held, frozenset(shipped)))


def _found(held: OpenRun, shipped: frozenset[str]) -> Found:
    figures: dict[str, Figure] = {}
    left_out: list[str] = []
    for told in held.run.manifest.extensions:
        try:
            figures |= figures_in([ExtensionFile(**told)], {*shipped, *figures})
        except InputError as error:
            left_out += [f"figures of this file are left out: {fault}" for fault in error.faults]
    return Found(figures, tuple(left_out))
