"""``kyoten calibrate``: parameters within their ranges, by the targets' bands or by decisions."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.render import AsJson, print_json, print_table

if TYPE_CHECKING:
    from sim.experiments.calibration.search import Answer
    from sim.experiments.decisions.fit import Fit

app = typer.Typer(add_completion=False)


class On(StrEnum):
    """What judges the parameters."""

    BANDS = "bands"
    DECISIONS = "decisions"


@app.command()
def calibrate(
    on: Annotated[
        On,
        typer.Option("--on", help="Bands of targets, or dated decisions (posterior draws)."),
    ] = On.BANDS,
    targets: Annotated[
        Path, typer.Option("--targets", help="CSV of targets; nothing else is looked at.")
    ] = Path("sim/data/targets/calibration.csv"),
    configs: Annotated[
        Path, typer.Option("--configs", help="Where the experiments' files are.")
    ] = Path("configs"),
    trials: Annotated[int, typer.Option("--trials", min=1, help="Trials of each stage.")] = 70,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Processes, with --on decisions.")
    ] = 1,
    stage: Annotated[
        list[str] | None, typer.Option("--stage", help="Only this stage; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for calibrated.csv and sensitivity.csv."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Calibrate and tell what the evidence identifies.

    On the targets' bands (needs the extra `calibrate`) one set is sought, which every experiment
    starts from; on decisions 64 draws are made, which `design: {kind: posterior}` varies. Without
    --out they replace the packaged ones.
    """
    if on is On.DECISIONS:
        _on_decisions(out, workers, as_json)
        return
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
        _tell_stage(answer)


def _tell_stage(answer: Answer) -> None:
    """Where every dial of a stage stands, and by which rows."""
    met = sum(verdict.within for verdict in answer.verdicts.values())
    shown = [tuple(row.values())[1:] for row in _rows(answer)]
    columns = ("parameter", "declared", "calibrated", "low", "high", "identified by")
    print_table(f"{answer.stage.name}: {met} of {len(answer.verdicts)} rows", columns, shown)


def _on_decisions(out: Path | None, workers: int, as_json: bool) -> None:
    """Draw parameters given the panel, write the draws and what is known of them, and tell it."""
    from sim.experiments.decisions.account import account, save
    from sim.experiments.decisions.fit import fit
    from sim.experiments.decisions.mechanisms import losses

    found = fit(workers=workers, say=lambda text: typer.echo(text, err=True))
    lost = losses(found, workers)
    save(found, lost, out)
    if as_json:
        print_json(account(found, lost))
        return
    _tell(found)
    rows = [(one.mechanism, one.change) for one in lost]
    print_table("log score without a mechanism, less with it", ("mechanism", "change"), rows)


def _tell(found: Fit) -> None:
    """Scores, then the parameters that the panel constrains."""
    from sim.experiments.decisions.account import scores

    skills = [tuple(one.values()) for one in scores(found)]
    heads = ("forecast", "log score", "Brier score", "moved or stayed, right")
    print_table("decisions of 2018-20", heads, skills)
    held = [one for one in found.constrained() if one.by_panel]
    rows = [(one.key, one.low, one.high, one.mean, one.p05, one.p95) for one in held]
    columns = ("parameter", "low", "high", "mean", "5 %", "95 %")
    others = len(found.turned) - len(held)
    print_table(f"constrained by the panel ({others} others are not)", columns, rows)


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
