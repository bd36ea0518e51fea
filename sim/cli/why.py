"""``kyoten why``: a firm's moves under a policy, in words, with what drove them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.render import AsJson, print_json

app = typer.Typer(add_completion=False)


@app.command()
def why(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    firm: Annotated[str, typer.Option("--firm", help="Firm, by id or name: `nintendo`.")],
    policy: Annotated[
        str | None, typer.Option("--policy", help="Policy; the first that is not the baseline.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="Policy to count by; the baseline if absent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell every move of a firm: what, how often, when, and each driver's share in USD."""
    from sim.results.query import open_run
    from sim.results.reasons import reasons

    with open_run(folder) as run:
        judged = policy or next((p for p in run.policies if p != run.baseline), run.baseline)
        found = reasons(run, firm, judged, against)
        if as_json:
            print_json([reason.row() for reason in found])
        elif not found:
            print(f"{firm} moves nothing under {judged}.")
        else:
            print("\n\n".join(reason.sentence() for reason in found))
