"""``kyoten phases``: the month, in order, and what each part of it reads and writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.render import AsJson, print_json, print_table

if TYPE_CHECKING:
    from sim.engine.mechanism import Hook
    from sim.engine.phases import Phase

app = typer.Typer(add_completion=False)

COLUMNS = ("", "phase", "title", "kernels", "what happens", "reads", "writes")


@app.command()
def phases(as_json: AsJson = False) -> None:
    """Print the phases of one simulated month, in the order in which they run."""
    from sim.engine.mechanisms import hooks_of
    from sim.engine.phases import PHASES

    if as_json:
        print_json([_content(phase, hooks_of(phase.name)) for phase in PHASES])
        return
    rows = [row for n, one in enumerate(PHASES, start=1) for row in _rows(n, one)]
    print_table("One month", COLUMNS, rows)


def _content(phase: Phase, hooks: list[tuple[str, Hook]]) -> dict[str, Any]:
    keys = ("name", "title", "kernel", "description", "reads", "writes")
    joined = ("when", "description", "reads", "writes")
    own = [
        {"mechanism": name, **{key: getattr(hook, key) for key in joined}} for name, hook in hooks
    ]
    return {**{key: getattr(phase, key) for key in keys}, "hooks": own}


def _rows(number: int, phase: Phase) -> Iterator[tuple[object, ...]]:
    """The phase between the hooks that run before and after it."""
    from sim.engine.mechanisms import hooks_of

    said = {
        when: [
            ("", f"{name} ({when} {phase.name})", "", "", hook.description, *_fields(hook))
            for name, hook in hooks_of(phase.name)
            if hook.when == when
        ]
        for when in ("before", "after")
    }
    yield from said["before"]
    yield number, phase.name, phase.title, phase.kernel, phase.description, *_fields(phase)
    yield from said["after"]


def _fields(one: Phase | Hook) -> tuple[str, str]:
    return ", ".join(one.reads), ", ".join(one.writes)
