"""``kyoten compare``: one policy against another, over common random numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.render import AsJson, print_json, print_table

if TYPE_CHECKING:
    from sim.results.query import RunFolder

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
        int | None, typer.Option("--year", help="Year of the leading tables; the last if absent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two policies: paired differences with 95 % intervals, moves gained and lost, why."""
    from sim.results.query import open_run

    with open_run(folder) as run:
        if as_json:
            from sim.results.compare import compare as paired

            print_json(paired(run, policy, against, outcome).rows())
        elif outcome:
            _print_outcome(run, policy, against, outcome)
        else:
            from sim.cli.leading import print_leading

            print_leading(run, policy, against, year)


def _print_outcome(run: RunFolder, policy: str, against: str | None, outcome: str) -> None:
    """Yearly differences of one outcome and the months in which the policies part."""
    from sim.results.compare import compare as paired
    from sim.results.compare import plain_rows
    from sim.tables import OUTCOMES

    found = paired(run, policy, against, outcome)
    title = f"{outcome} ({OUTCOMES[outcome].unit}): {policy} less {found.against}"
    rows = [
        (row["group"], row["month"][:4], row["difference"], row["low"], row["high"])
        for row in found.rows("year")
    ]
    print_table(
        f"{title}, {found.pairs} pairs of runs",
        ("group", "year", "difference", "low", "high"),
        rows,
    )
    parted = found.divergence[found.divergence["first_difference"].notna()]
    print_table(
        "First month of any difference, and of one whose interval leaves zero out",
        ("group", "differs", "clearly"),
        [
            (row["group"], row["first_difference"][:7], (row["first_clear"] or "")[:7])
            for row in plain_rows(parted)
        ],
    )
