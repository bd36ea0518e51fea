"""Every row of a target file, scored on the run of the experiment that it names."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.data.columns import Field, Row
from sim.experiments.running.batch import run_experiment
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.reading import load_config
from sim.results.run_folder.query import open_run
from sim.results.scoring.score import Verdict, score
from sim.results.scoring.targets import Target, load_targets, target_of, with_columns

Say = Callable[[str], None]

PROPERTY = "property"
"""Rows of this run are laws that tests hold; no run is asked about them."""
_PREFIX = "experiment:"


@dataclass(frozen=True, slots=True)
class Fact:
    """A target with what the page tells of it: the experiment, the quantity, the recorded value."""

    target: Target
    run: str
    quantity: str
    value: float | None
    period: str
    note: str
    group: str = ""
    restates: str = ""
    """Parameter or given path that the row says again: it is told and counts in no score."""

    @property
    def id(self) -> str:
        """Id of the row."""
        return self.target.id

    @property
    def is_property(self) -> bool:
        """Whether the row is a law for tests and not a number of a run."""
        return self.run == PROPERTY


def read_facts(path: Path) -> list[Fact]:
    """Rows of a target file that names the run of each.

    Raises
    ------
    DataError
        Every mistake of the file at once; the column ``run`` is missing or a cell of it empty.
    """
    return [_fact(row) for row in load_targets(path, _FACTS)]


_FACTS = with_columns(
    Field("run"),
    Field("value", "number", required=False, optional=True),
    Field("group", required=False, optional=True),
    Field("restates", required=False, optional=True),
)


def _fact(row: Row) -> Fact:
    value = row.number("value")
    return Fact(
        target=target_of(row),
        run=row.text("run").removeprefix(_PREFIX).strip(),
        quantity=row.text("quantity"),
        value=None if math.isnan(value) else value,
        period=row.text("period"),
        note=row.text("note"),
        group=row.text("group"),
        restates=row.text("restates"),
    )


def runs_of(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Experiments that the rows name, in their order, properties left out."""
    return tuple(dict.fromkeys(fact.run for fact in facts if not fact.is_property))


def config_file(configs: Path, name: str) -> Path | None:
    """File of an experiment: ``NAME.yaml`` or ``experiments/NAME.yaml``; None where none ships."""
    for path in (configs / f"{name}.yaml", configs / "experiments" / f"{name}.yaml"):
        if path.is_file():
            return path
    return None


def run_all(
    facts: Sequence[Fact],
    configs: Path,
    runs: Path,
    *,
    workers: int | None = None,
    say: Say = print,
) -> None:
    """Run every experiment that a row names and that ships, each into its folder under ``runs``.

    A finished one is left alone, an unfinished one goes on where it stopped.
    """
    for name in runs_of(facts):
        path = config_file(configs, name)
        if path is not None:
            run_one(load_config(path), runs, workers=workers, say=say)


def run_one(
    config: ExperimentConfig, runs: Path, *, workers: int | None = None, say: Say = print
) -> Path:
    """Run one experiment into ``runs/NAME`` and return that folder."""
    folder = runs / config.experiment
    say(f"{config.experiment}: {folder}")
    run_experiment(config, folder, workers=workers, resume=folder.exists(), say=say)
    return folder


def scoreboard(facts: Sequence[Fact], runs: Path) -> dict[str, Verdict]:
    """Verdict of every row but the properties, by its id.

    A row whose experiment has not been run is a miss that says so.
    """
    verdicts: dict[str, Verdict] = {}
    for name in runs_of(facts):
        own = [fact.target for fact in facts if fact.run == name]
        folder = runs / name
        if not (folder / "manifest.json").is_file():
            verdicts |= {one.id: _unasked(one, f"no run of `{name}` in {runs}") for one in own}
            continue
        with open_run(folder) as run:
            verdicts |= {one.id: one for one in score(run, own)}
    return {fact.id: verdicts[fact.id] for fact in facts if not fact.is_property}


def _unasked(target: Target, reason: str) -> Verdict:
    why_not = reason if target.ask else "the row asks nothing"
    low = target.low if target.low > float("-inf") else None
    high = target.high if target.high < float("inf") else None
    return Verdict(target.id, None, None, None, low, high, False, why_not)
