"""``kyoten compare``: one policy against another, over common random numbers; the answer first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.render import AsJson, print_json

if TYPE_CHECKING:
    from sim.results.run_folder.query import RunFolder

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    policy: Annotated[
        str | None, typer.Option("--policy", help="Policy to judge; the first but the baseline.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="Policy to judge it by; the baseline if absent.")
    ] = None,
    outcome: Annotated[str | None, typer.Option("--outcome", help="Only this outcome.")] = None,
    only: Annotated[
        str | None,
        typer.Option("--only", help="Only rows of these codes or names: `Toyota, US`."),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="Year shown; the last if absent, its rows with --json all."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every table, the answer first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say in three sentences what a policy does against another, how sure that is; then numbers."""
    from sim.results.run_folder.query import open_run

    with open_run(folder) as run:
        judged = policy or next((p for p in run.policies if p != run.baseline), run.baseline)
        if as_json:
            print_json(_content(run, judged, against, outcome, year))
        elif outcome:
            from sim.cli.comparing.outcome import Asked, print_outcome

            print_outcome(run, Asked(outcome, judged, against, year, only or "", every))
        else:
            from sim.cli.comparing.answer import print_answer
            from sim.results.answer.answer import answer

            told = answer(run, judged, against, year)
            print_answer(told, folder, more=not every)
            if every:
                from sim.cli.comparing.tables import print_tables

                print_tables(run, told)


def _content(
    run: RunFolder, policy: str, against: str | None, outcome: str | None, year: int | None
) -> dict[str, Any]:
    """The answer with its totals, and monthly rows of every outcome or the one asked for."""
    from sim.results.answer.answer import answer
    from sim.results.comparing.compare import compare as paired

    shown = None if year is None else run.require_year(year)
    told = answer(run, policy, against, year).content()
    return told | {"rows": paired(run, policy, against, outcome).rows(year=shown)}
