"""``kyoten plot``: one figure as a page that opens offline, or as Plotly JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sim.results.run_folder.query import RunFolder

app = typer.Typer(add_completion=False)

FIGURES: Mapping[str, str] = {
    "production": "production of a product by country, policy against policy, with bands",
    "difference": "its paired difference",
    "moves": "what moved out of China, by destination",
    "map": "moves on the world map, with a slider",
    "sankey": "moves from country to country",
    "reasons": "what drove the moves",
    "duty": "duty of an importer on a product over time, with its instruments",
    "graph": "who supplies whom in a year",
    "china_share": "China's part of chip-tool sales by maker, with the days of the rules",
    "orders_lost": "chip-tool orders lost by rule, and what waits",
    "who_gains": "who sells more or less tools in China than under the other policy",
    "localisation": "Chinese tools in Chinese fabs, by buyer",
    "hump": "mechanisms behind China's share; needs configs/chip_tools_mechanisms.yaml",
}
"""Name of a figure -> what it shows."""


@app.command()
def plot(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    figure: Annotated[str, typer.Argument(help=f"One of: {', '.join(FIGURES)}.")],
    policy: Annotated[
        str | None, typer.Option("--policy", help="Policy; the first that is not the baseline.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Policy to compare with; the baseline if absent."),
    ] = None,
    product: Annotated[str, typer.Option("--product", help="Product code.")] = "cars",
    importer: Annotated[str, typer.Option("--importer", help="Importer, for `duty`.")] = "US",
    year: Annotated[
        int | None,
        typer.Option("--year", help="Year, for `moves` and `graph`; the last if absent."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write: .html (offline) or .json.")
    ] = None,
) -> None:
    """Draw one figure of a run into a page that opens offline (or Plotly JSON)."""
    from sim.errors import Fault, QueryError, nearest
    from sim.results.comparing.headline import last_whole_year
    from sim.results.run_folder.query import open_run

    if figure not in FIGURES:
        cure = nearest(figure, FIGURES)
        raise QueryError(Fault("", "FIGURE", f"there is no figure `{figure}`", cure))
    with open_run(folder) as run:
        other = run.require_policy(against or run.baseline)
        first = next((name for name in run.policies if name != other), other)
        shown = run.require_policy(policy or first)
        wanted = _Wanted(run, shown, other, product, importer, year or last_whole_year(run))
        path = out or folder / "figures" / f"{figure}.html"
        _write(_DRAWN[figure](wanted), path)
    print(f"wrote {path}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a figure is asked to show."""

    run: RunFolder
    policy: str
    against: str
    product: str
    importer: str
    year: int

    @property
    def titles(self) -> tuple[str, str]:
        from analysis.summaries.outcomes import policy_name

        return policy_name(self.run, self.policy), policy_name(self.run, self.against)


def _production(wanted: _Wanted) -> Any:
    from analysis import catalogue as figures
    from analysis.summaries.outcomes import bands

    both = bands(wanted.run, "output", wanted.policy, wanted.against)
    return figures.production(both.levels, both.base, wanted.product, *wanted.titles)


def _difference(wanted: _Wanted) -> Any:
    from analysis import catalogue as figures
    from analysis.summaries.outcomes import bands

    both = bands(wanted.run, "output", wanted.policy, wanted.against)
    return figures.difference(both.difference, wanted.product, *wanted.titles)


def _moves(wanted: _Wanted) -> Any:
    from analysis import catalogue as figures
    from analysis.summaries.relocations import base_worth, left_behind

    left = left_behind(wanted.run, wanted.policy, base_worth(wanted.run), wanted.year)
    return figures.moves_out(left, wanted.titles[0], wanted.year)


def _of_moves(draw: str) -> Callable[[_Wanted], Any]:
    """A figure of the moves of one policy."""

    def drawn(wanted: _Wanted) -> Any:
        from analysis import catalogue as figures
        from analysis.summaries.relocations import arcs, base_worth, load_moves, reasons

        moves = load_moves(wanted.run, wanted.policy, base_worth(wanted.run))
        table = reasons(moves) if draw == "reasons" else arcs(moves)
        return getattr(figures, draw)(table, wanted.titles[0])

    return drawn


def _duty(wanted: _Wanted) -> Any:
    from analysis import catalogue as figures
    from analysis.law_page import titles
    from analysis.summaries.duties import duty_steps

    steps = duty_steps(wanted.run, wanted.policy, wanted.importer, wanted.product)
    named = titles(wanted.run, wanted.policy)
    lane = (wanted.importer, wanted.product)
    return figures.duty_timeline(steps, *lane, wanted.titles[0], named)


def _graph(wanted: _Wanted) -> Any:
    from analysis import catalogue as figures
    from analysis.style import product_name
    from analysis.summaries.trade import trade

    flows = trade(wanted.run, wanted.policy, wanted.year, wanted.product)
    return figures.trade_graph(flows, product_name(wanted.product), str(wanted.year))


def _of_tools(name: str) -> Callable[[_Wanted], Any]:
    """A figure of chip tools."""

    def drawn(wanted: _Wanted) -> Any:
        from analysis.tool_figures import TOOL_FIGURES

        return TOOL_FIGURES[name](wanted.run, wanted.policy, wanted.against)

    return drawn


_DRAWN: Mapping[str, Callable[[_Wanted], Any]] = {
    "production": _production,
    "difference": _difference,
    "moves": _moves,
    "map": _of_moves("relocation_map"),
    "sankey": _of_moves("sankey"),
    "reasons": _of_moves("reasons"),
    "duty": _duty,
    "graph": _graph,
    "china_share": _of_tools("china_share"),
    "orders_lost": _of_tools("orders_lost"),
    "who_gains": _of_tools("who_gains"),
    "localisation": _of_tools("localisation"),
    "hump": _of_tools("hump"),
}


def _write(figure: Any, path: Path) -> None:
    """Write the figure; a page carries Plotly and the map's outlines, so that it asks nobody."""
    from analysis.pages import outlines_script
    from sim.results.run_folder.files import write_text

    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".json":
        write_text(path, figure.to_json())
        return
    outlines = f"<head><script>{outlines_script()}</script>"
    page = figure.to_html(include_plotlyjs=True, auto_play=False, config={"displaylogo": False})
    write_text(path, page.replace("<head>", outlines, 1))
