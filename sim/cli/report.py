"""``kyoten report``: one self-contained page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    against: Annotated[
        str | None,
        typer.Option("--against", help="Policy to compare with; the baseline if absent."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="File to write: .html, .pdf or .png; DIR/report.html if absent."
        ),
    ] = None,
) -> None:
    """Write DIR/report.html, or a PDF or PNG: it opens offline and asks the network for nothing."""
    from analysis.report.page import write_report

    path = write_report(folder, against, say=lambda told: print(told, file=sys.stderr), path=out)
    opened = ": open it in a browser, it needs no network"
    print(f"wrote {path}{opened if path.suffix.lower() == '.html' else ''}")
