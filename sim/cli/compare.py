"""``kyoten compare``: one policy against another, over common random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
        int | None,
        typer.Option("--year", help="Year shown; the last if absent, with --json all."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two policies: paired differences with 95 % intervals, moves gained and lost, why."""
    from sim.results.run_folder.query import open_run

    with open_run(folder) as run:
        if as_json:
            from sim.results.comparing.compare import compare as paired

            shown = None if year is None else run.require_year(year)
            print_json(paired(run, policy, against, outcome).rows(year=shown))
        elif outcome:
            _print_outcome(run, policy, against, outcome, year)
        else:
            from sim.cli.headline_tables import print_leading

            print_leading(run, policy, against, year)


def _print_outcome(
    run: RunFolder, policy: str, against: str | None, outcome: str, year: int | None
) -> None:
    """One year's differences of an outcome, largest first, and when the policies part."""
    from sim.results.comparing.compare import compare as paired
    from sim.results.comparing.compare import plain_rows
    from sim.results.comparing.headline import last_whole_year
    from sim.results.numbers import interval

    told = run.require_outcome(outcome)
    shown = last_whole_year(run) if year is None else run.require_year(year)
    found = paired(run, policy, against, outcome)
    parts = {tuple(row[key] for key in told.keys): row for row in plain_rows(found.divergence)}
    rows = {tuple(row[key] for key in told.keys): row for row in found.rows("year", shown)}
    moved = [group for group in rows if parts[group]["first_difference"]]
    moved.sort(key=lambda group: -abs(rows[group]["difference"] or 0.0))
    print(f"{outcome} ({told.unit_of('year')}, {told.year_is}): {told.description}")
    print_table(
        f"{policy} less {found.against} in {shown}, {found.pairs} pairs of runs; 95 % intervals",
        (*told.keys, "difference", "differs since", "clearly since"),
        [(*group, interval(rows[group]), *_since(parts[group])) for group in moved],
    )
    if len(moved) < len(rows):
        print(f"{len(rows) - len(moved)} groups never differ.")


def _since(part: Mapping[str, Any]) -> tuple[str, str]:
    """Months since which a group differs, and clearly so."""
    return (part["first_difference"] or "")[:7], (part["first_clear"] or "never")[:7]
