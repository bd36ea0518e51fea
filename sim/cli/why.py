"""``kyoten why``: a firm's moves under a policy and what export controls cost it, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.render import AsJson, print_json, say

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
    """Tell every move of a firm with its drivers in USD, and what each export control cost it."""
    from sim.results.licences import answers, licence_costs, told, told_answers
    from sim.results.reasons import reasons
    from sim.results.run_folder.query import open_run

    with open_run(folder) as run:
        judged = policy or next((p for p in run.policies if p != run.baseline), run.baseline)
        found = reasons(run, firm, judged, against)
        costs = licence_costs(run, firm, judged)
        if as_json:
            print_json([*(one.row() for one in found), *(one.row() for one in costs)])
            return
        moves = "\n\n".join(reason.sentence() for reason in found)
        say(moves or f"{firm} moves nothing under {judged}.")
        if costs:
            say(f"\n{told(costs)}\n\n{told_answers(answers(run, firm, judged))}")
