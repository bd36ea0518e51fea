"""``kyoten list``: what there is to name in an experiment, in a question, or of a run."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.law.laws import Overlays
from sim.cli.render import AsJson

if TYPE_CHECKING:
    from sim.cli.listing.kinds import Kind
    from sim.cli.listing.source import Row

app = typer.Typer(add_completion=False)

FEW = 8
"""Rows of which a screen tells note and source as well."""


@app.command(name="list")
def list_(
    kind: Annotated[
        str,
        typer.Argument(help="firms, outcomes, parameters, instruments, rules or reforms."),
    ],
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[FILTER]...", help="Only rows with these words.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="As this experiment file has them.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option("--run", metavar="DIR", help="As this run has them.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="Folder of tables laid over the shipped ones; repeatable."),
    ] = None,
    law: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """List what can be named: firms, outcomes, parameters, instruments, rules or reforms."""
    from sim.cli.listing.source import Source, refuse_two, source_of

    asked = _kind(kind)
    given = {"config": config is not None, "data": bool(data), "law": bool(law)}
    refuse_two(run, given)
    _refuse_unread(kind, asked, given)
    with ExitStack() as stack:
        if run is not None:
            from sim.results.run_folder.query import open_run

            source = Source(run=stack.enter_context(open_run(run)))
        else:
            source = source_of(config, tuple(data or ()), tuple(law or ()))
        rows = [row for row in asked.rows(source) if _holds(asked, row, words or [])]
    told = f"{kind.capitalize()} ({len(rows)}): " + (f"those of {run}" if run else asked.what)
    if words and not rows:
        told = f"None of the {kind} has these words: {' '.join(words)}"
    if as_json:
        from sim.cli.render import print_json

        print_json(rows)
    else:
        _show(asked, rows, told)


def _kind(word: str) -> Kind:
    from sim.cli.listing.kinds import KINDS
    from sim.errors import Fault, InputError, nearest

    if word not in KINDS:
        raise InputError(Fault("", "list", f"there is no list of `{word}`", nearest(word, KINDS)))
    return KINDS[word]


def _refuse_unread(word: str, kind: Kind, given: dict[str, bool]) -> None:
    """Refuse options that would change nothing."""
    from sim.errors import Fault, InputError

    idle = [name for name, there in given.items() if there and name not in kind.reads]
    if idle:
        wrong = f"{word} do not depend on it"
        raise InputError(Fault("", f"--{name}", wrong, "leave it out") for name in idle)


def _holds(kind: Kind, row: Row, words: list[str]) -> bool:
    """Whether every word stands somewhere in the row, in any case; codes and names alike."""
    cells = [str(tell(row)) for tell in kind.columns.values()]
    text = " ".join([*cells, *map(str, row.values())]).casefold()
    return all(word.casefold() in text for word in words)


def _show(kind: Kind, rows: list[Row], told: str) -> None:
    """A table, and beneath it what else is known of a few rows."""
    from sim.cli.render import console, print_table, say

    if not rows:
        say(told)
        return
    first = next(iter(kind.columns))
    cells = [[tell(row) for tell in kind.columns.values()] for row in rows]
    print_table(told, tuple(kind.columns), cells)
    for row in rows if len(rows) <= FEW else ():
        more = [str(row[key]) for key in kind.more if row.get(key)]
        if more:
            console().print(f"{row[first]}: {'; '.join(more)}")
