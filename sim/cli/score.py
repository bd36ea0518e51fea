"""``kyoten score``: a run against targets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.render import AsJson, print_json, print_table

app = typer.Typer(add_completion=False)


@app.command()
def score(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    targets: Annotated[
        Path,
        typer.Option("--targets", help="CSV: id, policy, against, ask, low, high, unit, source."),
    ],
    as_json: AsJson = False,
) -> None:
    """Score a run: whether the median over replications lies within each target's band."""
    from sim.results.query import open_run
    from sim.results.score import score as judged
    from sim.results.targets import read_targets

    rows = read_targets(targets)
    with open_run(folder) as run:
        verdicts = judged(run, rows)
    if as_json:
        print_json([verdict.row() for verdict in verdicts])
        return
    columns = ("target", "simulated", "low", "high", "within", "why not")
    print_table(
        f"{sum(verdict.within for verdict in verdicts)} of {len(verdicts)} targets within",
        columns,
        [(v.id, v.simulated, v.low, v.high, v.within, v.why_not) for v in verdicts],
    )
