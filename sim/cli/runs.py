"""``kyoten runs``: what experiments are on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.render import AsJson, print_json, print_table

app = typer.Typer(add_completion=False)


@app.command()
def runs(
    root: Annotated[Path, typer.Argument(help="Folder that holds experiments.")] = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """List the experiments on disk, newest first."""
    from dataclasses import asdict

    from sim.results.run_folder.query import list_runs

    found = list_runs(root)
    if as_json:
        print_json([asdict(run) | {"path": str(run.path)} for run in found])
    elif not found:
        print(f"No experiment in {root}. Make one: kyoten run configs/quick.yaml --out runs/quick")
    else:
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
