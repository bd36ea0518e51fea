"""``kyoten validate``: score everything and write the page that says how far to trust it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def validate(
    runs: Annotated[
        Path, typer.Option("--runs", help="Folder of runs; what is missing there is run.")
    ] = Path("runs"),
    configs: Annotated[
        Path, typer.Option("--configs", help="Where the experiments' files are.")
    ] = Path("configs"),
    targets: Annotated[Path, typer.Option("--targets", help="CSV of targets.")] = Path(
        "sim/data/targets/calibration.csv"
    ),
    out: Annotated[Path, typer.Option("--out", help="The page.")] = Path("docs/validation.md"),
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes; as many as processors.")
    ] = None,
) -> None:
    """Score the model against every target, beside baselines, and write docs/validation.md."""
    from sim.experiments.validation import gather, write

    report = gather(
        targets, configs, runs, workers=workers, say=lambda text: typer.echo(text, err=True)
    )
    write(report, out)
    typer.echo(f"{report.met} of {len(report.asked)} rows within; wrote {out}")
