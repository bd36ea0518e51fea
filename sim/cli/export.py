"""``kyoten export``: outcomes as an IAMC table, for pyam and scenario databases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Where to write.")],
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", help="Only this outcome; may be repeated.")
    ] = None,
    policy: Annotated[
        list[str] | None, typer.Option("--policy", help="Only this policy; may be repeated.")
    ] = None,
) -> None:
    """Write yearly outcomes as an IAMC CSV: model, scenario, region, variable, unit, years."""
    from sim.results.iamc import export_iamc
    from sim.results.run_folder.query import open_run

    with open_run(folder) as run:
        rows = export_iamc(run, file, outcome, policy)
    print(f"wrote {file}: {rows} rows, the mean over runs and its 95 % range")
