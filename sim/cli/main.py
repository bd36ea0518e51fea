"""The roof: the ``kyoten`` command, its list of subcommands and how it ends.

A subcommand's module is imported when it is asked for, and heavy libraries wait for its body, so
that ``kyoten --help`` answers at once. Exit codes: 0 done, 1 our fault, 2 your input, 130 stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_command, get_group

from sim.cli.failures import rendered_failures

if TYPE_CHECKING:
    from typer.core import TyperGroup

COMMANDS: dict[str, str] = {
    "check": "sim.cli.check",
    "law": "sim.cli.law.commands",
    "list": "sim.cli.listing.commands",
    "phases": "sim.cli.phases",
    "schema": "sim.cli.schema",
    "plan": "sim.cli.plan",
    "run": "sim.cli.run",
    "runs": "sim.cli.runs",
    "compare": "sim.cli.compare",
    "why": "sim.cli.why",
    "books": "sim.cli.books",
    "plot": "sim.cli.plot",
    "report": "sim.cli.report",
    "score": "sim.cli.score",
    "calibrate": "sim.cli.calibrate",
    "validate": "sim.cli.validate",
    "export": "sim.cli.export",
    "app": "sim.cli.app",
}
"""Subcommand -> its module, which holds a :class:`typer.Typer` called ``app``."""


def available() -> dict[str, str]:
    """The commands whose module is installed."""
    return {name: path for name, path in COMMANDS.items() if find_spec(path)}


class _Subcommands(MutableMapping[str, object]):
    """The commands that are built in, each made from its module on first use."""

    def __init__(self) -> None:
        self._modules = available()
        self._made: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self._made:
            command = get_command(import_module(self._modules[name]).app)
            command.name = name
            self._made[name] = command
        return self._made[name]

    def __setitem__(self, name: str, command: object) -> None:
        self._made[name] = command
        self._modules.setdefault(name, "")

    def __delitem__(self, name: str) -> None:
        del self._modules[name]
        self._made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


def root() -> TyperGroup:
    """The whole command line as one group."""
    frame = typer.Typer(
        name="kyoten",
        no_args_is_help=True,
        invoke_without_command=True,  # for `--version --json`; without a command it fails
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    frame.callback()(_overview)
    group = get_group(frame)
    group.commands = _Subcommands()  # type: ignore[assignment]  # lazily made, same mapping
    return group


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    with rendered_failures():
        root().main(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="kyoten")


def _overview(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version, and how late law and data reach.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the version as JSON.")] = False,
) -> None:
    """How Japanese manufacturers move production when tariffs, controls and diplomacy change.

    Start with `kyoten plan configs/headline.yaml`, then `kyoten run` it.
    """
    if version:
        from sim.cli.version import show_version

        show_version(as_json)
        raise typer.Exit
    if context.invoked_subcommand is None or as_json:
        context.fail("`--json` here goes with `--version`" if as_json else "Missing command.")


if __name__ == "__main__":
    main()
