"""``kyoten calibrate``: turn parameters within their ranges until the targets are met."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.render import AsJson, print_json, print_table

if TYPE_CHECKING:
    from sim.experiments.calibration.search import Answer

app = typer.Typer(add_completion=False)


@app.command()
def calibrate(
    targets: Annotated[
        Path, typer.Option("--targets", help="CSV of targets; nothing else is looked at.")
    ] = Path("sim/data/targets/calibration.csv"),
    configs: Annotated[
        Path, typer.Option("--configs", help="Where the experiments' files are.")
    ] = Path("configs"),
    trials: Annotated[int, typer.Option("--trials", min=1, help="Trials of each stage.")] = 70,
    stage: Annotated[
        list[str] | None, typer.Option("--stage", help="Only this stage; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for calibrated.csv and sensitivity.csv."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Calibrate on the targets' bands (needs the extra `calibrate`) and tell what they identify.

    Without --out the set replaces the packaged one, which every experiment starts from.
    """
    from sim.data.dataset import packaged_folder
    from sim.experiments.calibration.calibrated_set import save
    from sim.experiments.calibration.search import calibrate as run_stages
    from sim.results.scoring.targets import read_targets

    answers = run_stages(
        read_targets(targets),
        configs,
        trials=trials,
        stages=stage or (),
        say=lambda text: typer.echo(text, err=True),
    )
    world = packaged_folder()
    places = (out, out) if out is not None else (world, world.parent / "targets")
    save(answers, places[0] / "calibrated.csv", places[1] / "sensitivity.csv")
    if as_json:
        print_json([row for answer in answers for row in _rows(answer)])
        return
    for answer in answers:
        met = sum(verdict.within for verdict in answer.verdicts.values())
        shown = [tuple(row.values())[1:] for row in _rows(answer)]
        columns = ("parameter", "declared", "calibrated", "low", "high", "identified by")
        print_table(f"{answer.stage.name}: {met} of {len(answer.verdicts)} rows", columns, shown)


def _rows(answer: Answer) -> list[dict[str, object]]:
    return [
        {
            "stage": answer.stage.name,
            "parameter": one.name,
            "declared": one.start,
            "calibrated": answer.best[one.name],
            "low": one.low,
            "high": one.high,
            "identified_by": " ".join(answer.rows_of(one.name)) or "unidentified",
        }
        for one in answer.dials
    ]
