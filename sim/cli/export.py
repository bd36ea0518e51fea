"""``kyoten export``: outcomes, or what a policy changes in them, as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="File to write: .csv, .xlsx or .parquet.")
    ],
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", help="Only this outcome; may be repeated.")
    ] = None,
    policy: Annotated[
        list[str] | None, typer.Option("--policy", help="Only this policy; may be repeated.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Write differences: each policy minus this one."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--as",
            help="`iamc` (a row a variable, a column a year, for pyam; as a rule) or `table` (a row"
            " a group and period; always for .parquet and months).",
        ),
    ] = None,
    every: Annotated[str, typer.Option("--every", help="`year` or `month`.")] = "year",
) -> None:
    """Write outcomes, or differences between policies, with both spreads: CSV, Excel, Parquet."""
    from sim.results.exporting.export import export as write
    from sim.results.exporting.spreads import chosen
    from sim.results.run_folder.query import open_run

    with open_run(folder) as run:
        rows = write(chosen(run, outcome, policy, against, every), file, form)
    print(f"wrote {file}: {rows:,} rows; mean over runs, precision of the mean, range of futures")
