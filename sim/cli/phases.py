"""``kyoten phases``: the month, in order."""

from __future__ import annotations

import typer

from sim.cli.render import AsJson, print_json, print_table

app = typer.Typer(add_completion=False)


@app.command()
def phases(as_json: AsJson = False) -> None:
    """Print the phases of one simulated month, in the order in which they run."""
    from sim.engine.phases import PHASES

    if as_json:
        keys = ("name", "title", "kernel", "description")
        print_json([{key: getattr(phase, key) for key in keys} for phase in PHASES])
        return
    rows = [(n, p.name, p.title, p.kernel, p.description) for n, p in enumerate(PHASES, start=1)]
    print_table("One month", ("", "phase", "title", "kernels", "what happens"), rows)
