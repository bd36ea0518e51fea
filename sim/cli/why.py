"""``kyoten why``: what a policy changes in a firm's moves, by which rule, or why nothing moved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.render import AsJson, print_json, say_wrapped
from sim.errors import Fault, InputError

if TYPE_CHECKING:
    from sim.results.reasons.overview import Overview
    from sim.results.reasons.stayed import Staying
    from sim.results.reasons.why import Why
    from sim.results.run_folder.query import RunFolder

app = typer.Typer(add_completion=False)


@app.command()
def why(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    firm: Annotated[
        str | None,
        typer.Option("--firm", help="Firm, by id or name: `nintendo`; without it, which change."),
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", help="Policy; the first that is not the baseline.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Policy to compare with; the baseline if absent."),
    ] = None,
    stayed: Annotated[
        bool, typer.Option("--stayed", help="Why work that could have moved did not.")
    ] = False,
    product: Annotated[
        str | None, typer.Option("--product", help="With --stayed: only this product.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Everything, what is the same too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what a policy changes in a firm's moves, by which rule, or why nothing moved."""
    from sim.results.run_folder.query import open_run

    _refuse_misused(firm, product, stayed=stayed)
    with open_run(folder) as run:
        judged = policy or _judged(run, against)
        found = _found(run, firm, judged, against, product, stayed=stayed)
        if as_json:
            print_json(found.content())
            return
        say_wrapped("\n\n".join(found.paragraphs(every=every)))


def _found(
    run: RunFolder,
    firm: str | None,
    policy: str,
    against: str | None,
    product: str | None,
    *,
    stayed: bool,
) -> Overview | Staying | Why:
    """What was asked for."""
    from sim.results.reasons.overview import overview
    from sim.results.reasons.stayed import stayed as staying
    from sim.results.reasons.why import why as changed

    if firm is None:
        return overview(run, policy, against)
    return staying(run, firm, policy, product) if stayed else changed(run, firm, policy, against)


def _judged(run: RunFolder, against: str | None) -> str:
    """The first policy that is not the one to compare with."""
    other = against or run.baseline
    return next((one for one in run.policies if one != other), other)


def _refuse_misused(firm: str | None, product: str | None, *, stayed: bool) -> None:
    """Refuse options that need another one."""
    faults = []
    if stayed and firm is None:
        faults.append(Fault("", "--stayed", "is asked of one firm", "add `--firm NAME`"))
    if product is not None and not stayed:
        faults.append(Fault("", "--product", "goes with `--stayed`", "add `--stayed`"))
    if faults:
        raise InputError(faults)
