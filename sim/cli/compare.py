"""``kyoten compare``: one policy against another, over common random numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.render import AsJson, print_json, print_table

if TYPE_CHECKING:
    from sim.results.run_folder.query import RunFolder

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    policy: Annotated[str, typer.Option("--policy", help="Policy to judge.")],
    against: Annotated[
        str | None, typer.Option("--against", help="Policy to judge it by; the baseline if absent.")
    ] = None,
    outcome: Annotated[str | None, typer.Option("--outcome", help="Only this outcome.")] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="Year shown; the last if absent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two policies: paired differences with 95 % intervals, moves gained and lost, why."""
    from sim.results.run_folder.query import open_run

    with open_run(folder) as run:
        if as_json:
            from sim.results.compare import compare as paired

            print_json(paired(run, policy, against, outcome).rows())
        elif outcome:
            _print_outcome(run, policy, against, outcome, year)
        else:
            from sim.cli.headline_tables import print_leading

            print_leading(run, policy, against, year)


def _print_outcome(
    run: RunFolder, policy: str, against: str | None, outcome: str, year: int | None
) -> None:
    """One year's differences of an outcome, largest first, and when the policies part."""
    from sim.cli.headline_tables import interval
    from sim.results.compare import compare as paired
    from sim.results.compare import plain_rows
    from sim.results.headline import last_whole_year
    from sim.tables import OUTCOMES

    found = paired(run, policy, against, outcome)
    shown = year or last_whole_year(run)
    parts = {row["group"]: row for row in plain_rows(found.divergence)}
    rows = [row for row in found.rows("year") if row["month"][:4] == str(shown)]
    moved = [row for row in rows if parts[row["group"]]["first_difference"]]
    moved.sort(key=lambda row: -abs(row["difference"] or 0.0))
    print(f"{outcome} ({OUTCOMES[outcome].unit}): {OUTCOMES[outcome].description}")
    print_table(
        f"{policy} less {found.against} in {shown}, {found.pairs} pairs of runs; 95 % intervals",
        ("group", "difference", "differs since", "clearly since"),
        [
            (
                row["group"],
                interval(row),
                (parts[row["group"]]["first_difference"] or "")[:7],
                (parts[row["group"]]["first_clear"] or "never")[:7],
            )
            for row in moved
        ],
    )
    if len(moved) < len(rows):
        print(f"{len(rows) - len(moved)} groups never differ.")
