"""``kyoten run``: simulate an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def run(
    config: Annotated[Path, typer.Argument(help="Experiment file.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results; runs/NAME.")
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", min=1, help="Seeds of each case.")
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
    from sim.experiments.reading import load_config

    experiment = load_config(config, replications=replications, seed=seed)
    folder = out or Path("runs") / experiment.experiment
