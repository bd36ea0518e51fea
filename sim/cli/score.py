"""``kyoten score``: a run against targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.render import AsJson, print_json, print_table

if TYPE_CHECKING:
    from sim.results.scoring.score import Verdict

app = typer.Typer(add_completion=False)


@app.command()
def score(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of an experiment; of all with --all.")
    ],
    targets: Annotated[
        Path,
        typer.Option("--targets", help="CSV: id, policy, against, ask, low, high, unit, source."),
    ],
    every: Annotated[
        bool,
        typer.Option("--all", help="Score each row on the experiment it names, DIR/NAME."),
    ] = False,
    configs: Annotated[
        Path, typer.Option("--configs", help="With --all: where the experiments' files are.")
    ] = Path("configs"),
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="With --all: processes for what must run."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score a run: whether the median over replications lies within each target's band.

    With --all, experiments that the rows name and that have not been run are run first.
    """
    verdicts = _every(folder, targets, configs, workers) if every else _one(folder, targets)
    if as_json:
        print_json([verdict.row() for verdict in verdicts])
        return
    columns = ("target", "simulated", "low", "high", "within", "why not")
    print_table(
        f"{sum(verdict.within for verdict in verdicts)} of {len(verdicts)} targets within",
        columns,
        [(v.id, v.simulated, v.low, v.high, v.within, v.why_not) for v in verdicts],
    )


def _one(folder: Path, targets: Path) -> list[Verdict]:
    from sim.results.run_folder.query import open_run
    from sim.results.scoring.score import score as judged
    from sim.results.scoring.targets import read_targets

    rows = read_targets(targets)
    with open_run(folder) as run:
        return judged(run, rows)


def _every(runs: Path, targets: Path, configs: Path, workers: int | None) -> list[Verdict]:
    from sim.experiments.calibration.scoreboard import read_facts, run_all, scoreboard

    facts = read_facts(targets)
    run_all(facts, configs, runs, workers=workers, say=lambda text: typer.echo(text, err=True))
    return list(scoreboard(facts, runs).values())
