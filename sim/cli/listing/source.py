"""Where a list is read: what ships, folders laid over it, an experiment file, or a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, InputError

if TYPE_CHECKING:
    from sim.experiments.spec.config import ExperimentConfig
    from sim.results.run_folder.query import RunFolder

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """What ships with ``data`` and ``law`` laid over it, as ``config`` has it; or a run."""

    data: tuple[Path, ...] = ()
    law: tuple[Path, ...] = ()
    config: ExperimentConfig | None = None
    run: RunFolder | None = None


def refuse_two(run: Path | None, given: dict[str, bool]) -> None:
    """Refuse what a run cannot be asked with: it holds its own tables, law and configuration.

    Raises
    ------
    InputError
        A run and something else were given.
    """
    both = [f"--{name}" for name, there in given.items() if there] if run else []
    if both:
        wrong = "a run holds its own tables, law and configuration"
        raise InputError(Fault("", name, wrong, "leave it or --run out") for name in both)


def source_of(config: Path | None, data: tuple[Path, ...], law: tuple[Path, ...]) -> Source:
    """The world and the law that an experiment file would stand on, folders laid over them.

    Raises
    ------
    ConfigError
        The file is wrong.
    """
    if config is None:
        return Source(data, law)
    from sim.experiments.spec.reading import load_config  # brings the engine, which takes a while

    read = load_config(config, data=data, law=law)
    return Source(tuple(map(Path, read.data)), read.law_overlays, read)
