"""``kyoten validate``: score everything and write the page that says how far to trust it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.scoreboard import Score
    from sim.experiments.validation.report import Report

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
    from analysis.scoreboard import scoreboard
    from sim.experiments.validation.page import write
    from sim.experiments.validation.report import PICTURE, gather
    from sim.results.run_folder.files import write_whole

    report = gather(
        targets, configs, runs, workers=workers, say=lambda text: typer.echo(text, err=True)
    )
    write(report, out)
    picture = out.parent / PICTURE
    picture.parent.mkdir(parents=True, exist_ok=True)
    title = f"{report.met} of {len(report.asked)} targets within their band"
    text = scoreboard(_scores(report), title)
    write_whole(picture, lambda file: file.write(text.encode()))
    typer.echo(f"{report.met} of {len(report.asked)} rows within; wrote {out}")


def _scores(report: Report) -> list[Score]:
    from analysis.scoreboard import Score

    scores = []
    for fact in report.asked:
        one, told = report.verdicts[fact.id], f"{fact.quantity}, {fact.period}".rstrip(", ")
        spread = one.simulated, one.band_low, one.band_high
        scores.append(Score(fact.id, told, one.low, one.high, fact.value, *spread, one.within))
    return scores
