"""``kyoten run``: simulate an experiment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.experiments.running.progress import Standing
    from sim.results.run_folder.manifest import Manifest

app = typer.Typer(add_completion=False)


@app.command()
def run(
    config: Annotated[Path, typer.Argument(help="Experiment file.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results; runs/NAME.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="Folder of tables laid over the shipped ones; repeatable."),
    ] = None,
    law: Annotated[
        list[Path] | None,
        typer.Option("--law", help="Folder of law laid over the law that ships; repeatable."),
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", min=1, help="Seeds of each case.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", min=1, help="Draws of a design of parameters.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of all streams.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Worker processes; one a core.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue a stopped run; finished chunks are kept.")
    ] = False,
    executor: Annotated[
        str | None, typer.Option("--executor", help="A Dask scheduler: dask://host:port.")
    ] = None,
) -> None:
    """Run an experiment: policies x scenarios x replications, into a folder of Parquet tables."""
    from sim.cli.plan import check_extensions, warnings
    from sim.experiments.running.batch import run_experiment
    from sim.experiments.spec.reading import load_config

    experiment = load_config(
        config, data=data or (), law=law or (), replications=replications, draws=draws, seed=seed
    )
    check_extensions(experiment)
    for doubt in warnings(experiment):
        _say(f"warning: {doubt}")
    folder = out or Path("runs") / experiment.experiment
    with _stop_told() as say, _bar(experiment.experiment) as shown:
        manifest = run_experiment(
            experiment,
            folder,
            workers=workers,
            resume=resume,
            executor=executor,
            progress=shown,
            say=say,
        )
    print(_ending(folder, manifest))


def _say(message: str) -> None:
    print(message, file=sys.stderr)


@contextmanager
def _stop_told() -> Iterator[Callable[[str], None]]:
    """What says a message; a stop by Ctrl-C that nothing told before is told at the end."""
    told: list[str] = []

    def say(message: str) -> None:
        told.append(message)
        _say(message)

    try:
        yield say
    except KeyboardInterrupt:
        if not any(message.startswith("stopped") for message in told):
            _say("stopped before the first chunk; give the same command with --resume")
        raise


@contextmanager
def _bar(name: str) -> Iterator[Callable[[Standing], None]]:
    """A progress bar on a terminal's stderr; elsewhere a line for each tenth that is done."""
    if not sys.stderr.isatty():
        yield _Lines(name)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
    )
    with Progress(*columns, console=Console(stderr=True), expand=True) as progress:
        bar = progress.add_task(name, total=1.0, told="starting")

        def show(standing: Standing) -> None:
            progress.update(bar, completed=standing.share, told=_standing(standing))

        yield show


class _Lines:
    """Progress where there is no terminal: one line for each tenth that is done."""

    def __init__(self, name: str) -> None:
        self._name, self._tenth = name, -1

    def __call__(self, standing: Standing) -> None:
        tenth = int(10 * standing.share)
        if tenth > self._tenth:
            self._tenth = tenth
            _say(f"{self._name}: {10 * tenth} %, {_standing(standing)}")


def _standing(standing: Standing) -> str:
    """Months simulated, or that only tables are left, and the time left once it is known."""
    from sim.cli.render import duration

    said = f"{standing.months} of {standing.of_months} months"
    if standing.chunks == standing.of_chunks:
        return said
    if standing.months == standing.of_months:
        said = "writing tables"
    seconds = standing.seconds_left
    return said if seconds is None else f"{said}, about {duration(seconds)} left"


_PAIRS = 4
"""Comparisons that are proposed at the end of a run."""


def _ending(folder: Path, manifest: Manifest) -> str:
    """What was written, how long it took, and where to look."""
    others = [policy for policy in manifest.policies if policy != manifest.baseline]
    looks = [
        f"kyoten compare {folder} --policy {other} --against {manifest.baseline}"
        for other in others[:_PAIRS]
    ]
    looks.append(f"kyoten report {folder}")
    return (
        f"wrote {folder}: {manifest.runs} runs of {_policies(len(manifest.policies))},"
        f" {manifest.first_month[:7]}..{manifest.last_month[:7]}, in {manifest.seconds:.0f} s\n"
        "look: " + "\n      ".join(looks)
    )


def _policies(count: int) -> str:
    return f"{count} policies" if count > 1 else "one policy"
