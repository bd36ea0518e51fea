"""``kyoten runs``: what experiments are on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.render import AsJson, print_json, print_table, say

if TYPE_CHECKING:
    from sim.results.run_folder.listing import RunSummary

app = typer.Typer(add_completion=False)

USUAL = Path("runs")
"""Where experiments are kept unless another folder is named; it need not be there yet."""


@app.command()
def runs(
    root: Annotated[Path, typer.Argument(help="Folder that holds experiments.")] = USUAL,
    as_json: AsJson = False,
) -> None:
    """List the experiments on disk, newest first; a folder that is damaged says what is wrong."""
    from dataclasses import asdict

    from sim.errors import Fault, QueryError
    from sim.results.run_folder.listing import list_runs

    if root != USUAL and not root.is_dir():
        cure = "name the folder that holds experiments"
        raise QueryError(Fault(str(root), "ROOT", "no such folder", cure))
    found = list_runs(root)
    if as_json:
        print_json([asdict(run) | {"path": str(run.path)} for run in found])
    elif not found:
        print(f"No experiment in {root}. Make one: kyoten run configs/quick.yaml --out runs/quick")
    else:
        _print_runs(found)


def _print_runs(found: Sequence[RunSummary]) -> None:
    columns = ("folder", "status", "chunks", "policies", "replications", "started", "MB")
    rows = [
        (
            str(run.path),
            run.status,
            f"{run.chunks_done}/{run.chunks}",
            len(run.policies),
            run.replications,
            run.started,
            run.megabytes,
        )
        for run in found
    ]
    print_table("Experiments", columns, rows)
    for run in found:
        if run.wrong:
            say(f"{run.path} is damaged: {run.wrong}")
