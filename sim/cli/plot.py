"""``kyoten plot``: one figure as a page that opens offline, a picture, or Plotly JSON.

Figures, and the options by which one is told what to show, are those of
:mod:`analysis.catalogue`; it is read when the command is asked for, since it draws with Plotly.
"""

from __future__ import annotations

import sys
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

if TYPE_CHECKING:
    from analysis.figure import Figure, Need


_RUN = "kyoten.run"
"""Where the command keeps the folder that it was given while its options are made."""


class _Plot(TyperCommand):
    """The command with an option for everything that a figure asks for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Look for the run first: its figures may ask for things of their own."""
        ctx.meta[_RUN] = next(
            (one for one in args if (Path(one) / "manifest.json").is_file()), None
        )
        return super().parse_args(ctx, args)

    def get_params(self, ctx: Any) -> list[Any]:
        """Give the options that are written below, and those of the catalogue."""
        written = super().get_params(ctx)
        place = len(self.params)
        return [*written[:place], *_options(ctx.meta.get(_RUN)), *written[place:]]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Tell every figure beneath the options."""
        from rich.markup import escape

        from analysis.catalogue import figures

        told = [f"`{one.name}`: {one.shows}{_asks(one.needs)}." for one in figures().values()]
        self.epilog = escape("\n\n".join(["Figures:", *told]))
        super().format_help(ctx, formatter)

    def invoke(self, ctx: Any) -> Any:
        """Hand what was asked for to the command as its object."""
        ctx.obj = {name: ctx.params.pop(name) for name in _needs(ctx.meta.get(_RUN))}
        return super().invoke(ctx)


def _figures(folder: str | None) -> list[Figure]:
    """Figures that ship, and those of the run in a folder."""
    from analysis.catalogue import figures
    from analysis.open_run import OpenRun
    from sim.errors import InputError
    from sim.results.run_folder.query import open_run

    if folder is None:
        return list(figures().values())
    try:
        with open_run(Path(folder)) as run:
            return list(figures(OpenRun(run)).values())
    except InputError:  # the command itself opens it again, and tells
        return list(figures().values())


def _needs(folder: str | None) -> dict[str, list[Need]]:
    """Name of an option -> what figures mean by it."""
    found: dict[str, list[Need]] = {}
    for figure in _figures(folder):
        for need in figure.needs:
            own = found.setdefault(need.name, [])
            own += [need] if need not in own else []
    return found


def _options(folder: str | None) -> list[Any]:
    """Options of the catalogue's needs, made by Typer as if they were written in a signature."""

    def asking(**_: str | None) -> None:
        """Be asked."""

    every = _figures(folder)
    made = {
        name: Annotated[str | None, typer.Option(f"--{name}", help=_option_help(needs, every))]
        for name, needs in _needs(folder).items()
    }
    asking.__annotations__ = made
    kind = Parameter.KEYWORD_ONLY
    parameters = [Parameter(n, kind, default=None, annotation=a) for n, a in made.items()]
    asking.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # read by inspect
    alone = typer.Typer(add_completion=False)
    alone.command()(asking)
    return list(get_command(alone).params)


def _option_help(needs: list[Need], every: list[Figure]) -> str:
    """Each meaning once, with the figures that mean it."""
    meant: dict[str, list[str]] = {}
    for need in needs:
        meant.setdefault(need.help, []).extend(one.name for one in every if need in one.needs)
    told = "; ".join(f"{what} (for {', '.join(names)})" for what, names in meant.items())
    return f"{told[0].upper()}{told[1:]}."


def _asks(needs: tuple[Need, ...]) -> str:
    return f" ({', '.join(f'--{need.name}' for need in needs)})" if needs else ""


app = typer.Typer(add_completion=False)


@app.command(cls=_Plot)
def plot(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    figure: Annotated[str, typer.Argument(help="Name of a figure, see below.")],
    policy: Annotated[
        str | None, typer.Option("--policy", help="Policy; the first that is not the baseline.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Policy to compare with; the baseline if absent."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File to write: .html (offline), .json, .png, .svg or .pdf."),
    ] = None,
    paper: Annotated[
        float | None,
        typer.Option(
            "--paper",
            metavar="MM",
            help="A figure for a paper, so wide: 85 (one column) or 174 (two); a PDF, or what"
            " --out says.",
        ),
    ] = None,
) -> None:
    """Draw one figure of a run: a page that opens offline, PNG, SVG, PDF, or Plotly JSON."""
    from analysis.catalogue import asked, find, left_out
    from analysis.open_run import OpenRun
    from analysis.pictures.figure_file import write_figure
    from sim.results.run_folder.query import open_run

    with open_run(folder) as run:
        held = OpenRun(run)
        for told in left_out(held):
            print(told, file=sys.stderr)
        found = find(figure, held)
        ending = "html" if paper is None else "pdf"
        path = out or folder / "figures" / f"{found.name}.{ending}"
        write_figure(found, asked(held, found, policy, against, ctx.obj), path, paper)
    print(f"wrote {path}")
