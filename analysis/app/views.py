"""Figures that the app serves, by name: each draws what a page asks for of one open run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

import plotly.graph_objects as go

from analysis import catalogue as figures
from analysis.app.shelf import OpenRun
from analysis.law_page import rates, titles
from analysis.style import place, product_name, unit_of
from analysis.summaries.duties import duty_steps
from analysis.summaries.outcomes import policy_name
from analysis.summaries.relocations import arcs, left_behind, move_table, reasons
from analysis.summaries.trade import firm_books, plants, trade, years
from analysis.tool_figures import TOOL_FIGURES
from sim.errors import Fault, QueryError, nearest
from sim.results.comparing.headline import last_whole_year
from sim.results.reasons import find_firm


@dataclass(frozen=True, slots=True)
class Ask:
    """What a page wants drawn; empty text means that the view needs none."""

    policy: str
    against: str
    product: str = ""
    importer: str = ""
    year: int = 0
    firm: str = ""
    outcome: str = ""
    group: str = ""


def draw(held: OpenRun, name: str, ask: Ask) -> go.Figure:
    """Draw the view ``name``.

    Raises
    ------
    QueryError
        No such view, policy, firm or outcome.
    """
    if name not in VIEWS:
        raise QueryError(Fault("", name, "no such figure", nearest(name, VIEWS)))
    for policy in (ask.policy, ask.against):
        held.run.require_policy(policy)
    return VIEWS[name](held, ask)


def _names(held: OpenRun, ask: Ask) -> tuple[str, str]:
    return policy_name(held.run, ask.policy), policy_name(held.run, ask.against)


def _map(held: OpenRun, ask: Ask) -> go.Figure:
    """Moves by month; dates and widths are shared with the policy beside it."""
    mine, other = (arcs(held.moves(policy), "month") for policy in (ask.policy, ask.against))
    return figures.relocation_map(mine, _names(held, ask)[0], "month", other, stacked=True)


def _sankey(held: OpenRun, ask: Ask) -> go.Figure:
    return figures.sankey(arcs(held.moves(ask.policy)), _names(held, ask)[0])


def _left(held: OpenRun, ask: Ask) -> go.Figure:
    year = last_whole_year(held.run)
    left = left_behind(held.run, ask.policy, held.base, year)
    return figures.moves_out(left, _names(held, ask)[0], year)


def _reasons(held: OpenRun, ask: Ask) -> go.Figure:
    return figures.reasons(reasons(held.moves(ask.policy)), _names(held, ask)[0])


def _production(held: OpenRun, ask: Ask) -> go.Figure:
    both = held.bands("output", ask.policy, ask.against)
    return figures.production(both.levels, both.base, ask.product, *_names(held, ask))


def _difference(held: OpenRun, ask: Ask) -> go.Figure:
    both = held.bands("output", ask.policy, ask.against)
    return figures.difference(both.difference, ask.product, *_names(held, ask))


def _outcome(held: OpenRun, ask: Ask) -> go.Figure:
    outcome = held.run.require_outcome(ask.outcome)
    both = held.bands(ask.outcome, ask.policy, ask.against)
    group = dict(parse_qsl(ask.group))
    if set(group) != set(outcome.keys):
        cure = f"name {', '.join(outcome.keys)}"
        raise QueryError(Fault("", ask.group, f"not a group of `{ask.outcome}`", cure))
    what = ", ".join(_told(key, code) for key, code in group.items())
    product = group.get("product", "")
    counted = outcome.unit.startswith("units") and product
    unit = unit_of(product) if counted else outcome.unit.replace("a month", "a year")
    title = f"{outcome.description[0].upper()}{outcome.description[1:]}: {what}"
    return figures.compared(both, group, title, unit, *_names(held, ask))


def _told(key: str, code: str) -> str:
    return {"product": product_name, "country": place}.get(key, str)(code)


def _duty(held: OpenRun, ask: Ask) -> go.Figure:
    steps = duty_steps(held.run, ask.policy, ask.importer, ask.product)
    law = (titles(held.run, ask.policy), rates(held.run, ask.policy))
    return figures.duty_timeline(steps, ask.importer, ask.product, _names(held, ask)[0], *law)


def _graph(held: OpenRun, ask: Ask) -> go.Figure:
    first = years(held.run)[0]
    product = ask.product or None
    flows = trade(held.run, ask.policy, ask.year, product)
    places = trade(held.run, held.run.baseline, first, product)
    what = product_name(ask.product) if ask.product else "all goods"
    when = f"{ask.year}, {_names(held, ask)[0]}"
    return figures.trade_graph(flows, what, when, places, aspect=1.0)


def _plants(held: OpenRun, ask: Ask) -> go.Figure:
    firm, name = find_firm(held.run, ask.firm)
    found = held.once(("plants", ask.policy, firm), lambda: plants(held.run, ask.policy, firm))
    moves = move_table(held.moves(ask.policy))
    own = moves[moves["firm"] == firm]
    return figures.firm_plants(found, own, name, ask.product, _names(held, ask)[0])


def _books(held: OpenRun, ask: Ask) -> go.Figure:
    firm, name = find_firm(held.run, ask.firm)
    one, other = (firm_books(held.run, policy, firm) for policy in (ask.policy, ask.against))
    return figures.firm_books(one, other, name, _names(held, ask))


def _of_tools(name: str) -> Callable[[OpenRun, Ask], go.Figure]:
    """A figure of chip tools (see :mod:`analysis.tool_figures`)."""

    def drawn(held: OpenRun, ask: Ask) -> go.Figure:
        key = ("tools", name, ask.policy, ask.against)
        draw = TOOL_FIGURES[name]
        return held.once(key, lambda: draw(held.run, ask.policy, ask.against))

    return drawn


VIEWS: Mapping[str, Callable[[OpenRun, Ask], go.Figure]] = {
    "map": _map,
    "sankey": _sankey,
    "left": _left,
    "reasons": _reasons,
    "production": _production,
    "difference": _difference,
    "outcome": _outcome,
    "duty": _duty,
    "graph": _graph,
    "plants": _plants,
    "books": _books,
    **{name: _of_tools(name) for name in TOOL_FIGURES},
}
