"""``report.html``: one self-contained page that tells a run, opens offline and asks nobody.

The page holds plotly.js, the map's outlines and, packed once for each policy, every figure of
:mod:`analysis.catalogue`; a select box switches between policies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import catalogue as figures
from analysis import law_page
from analysis.pages import (
    Html,
    asset,
    figure_content,
    fragment,
    joined,
    look,
    options,
    outlines_script,
    packed,
    page,
    plotly_script,
    script_json,
    scripts,
)
from analysis.report import tables as report_tables
from analysis.report.chip_tools import tool_link, tool_payload, tool_section
from analysis.style import place, plain, product_name
from analysis.summaries.duties import duty_lanes, duty_steps
from analysis.summaries.move_rows import MOVE_HEAD, move_rows
from analysis.summaries.outcomes import bands, made_products, policy_name, records
from analysis.summaries.relocations import (
    Moves,
    arcs,
    base_worth,
    left_behind,
    load_moves,
    reasons,
)
from sim.errors import Fault, QueryError
from sim.results.comparing.headline import headline, last_whole_year
from sim.results.comparing.pairs import paired
from sim.results.run_folder.files import write_text
from sim.results.run_folder.query import RunFolder, open_run

NAME = "report.html"
_SEEN = 1e-5
"""Part of a product's output that must differ for the page to show it first."""


@dataclass(frozen=True, slots=True)
class _Story:
    """One policy of the report: what every figure and table of it needs."""

    run: RunFolder
    policy: str
    against: str
    name: str
    base_name: str
    base: pd.DataFrame
    moves: Moves
    moves_against: Moves
    products: Sequence[str]


def write_report(
    run_dir: str | Path, against: str | None = None, policy: str | None = None
) -> Path:
    """Write ``report.html`` into a run folder and give back its path.

    ``against`` is the policy that the others are compared with (the run's baseline unless named),
    ``policy`` the one that shows first (the first other one).

    Raises
    ------
    QueryError
        No run is there, a policy is not in it, or none but ``against`` has finished runs.
    WriteError
        The disk is full or refuses; a former report is untouched.
    """
    with open_run(run_dir) as run:
        other = run.require_policy(against or run.baseline)
        shown = _finished(run, other)
        first = run.require_policy(policy) if policy else shown[0]
        if first not in shown:
            wrong = f"`{first}` has no finished run to show against `{other}`"
            raise QueryError(Fault(str(run.path), first, wrong, "finish it with --resume"))
        text = _page(run, other, shown, first)
        path = run.path / NAME
        write_text(path, text)
        return path


def _finished(run: RunFolder, against: str) -> list[str]:
    """Policies that share finished runs with ``against``, which itself comes last."""
    lanes = run.lanes()
    other = lanes.get(against, frozenset())
    found = [p for p in run.policies if p != against and lanes.get(p, frozenset()) & other]
    if not found and not other:
        wrong = f"`{against}` has no finished run"
        raise QueryError(Fault(str(run.path), against, wrong, "finish it with --resume"))
    return [*found, against]


def _page(run: RunFolder, against: str, shown: Sequence[str], first: str) -> str:
    base, products = base_worth(run), made_products(run)
    other = load_moves(run, against, base)
    names = {policy: policy_name(run, policy) for policy in shown}
    stories = [
        _Story(run, policy, against, names[policy], names[against], base,
               other if policy == against else load_moves(run, policy, base), other, products)
        for policy in shown
    ]  # fmt: skip
    versions = law_page.used(run, shown)
    return page(
        "report.html",
        title=f"{_capital(plain(run.manifest.experiment))}: where plants went, and why",
        css=Html(asset("page.css")), plotly=plotly_script(), outlines=outlines_script(),
        look=look(), script=scripts("figures.js", "moves.js", "report.js"),
        asked=_asked(run), policies=report_tables.policies_table(run, shown),
        picker=options(names, first), against=names[against],
        config=report_tables.config_text(run),
        answers=joined(_answers(story) for story in stories),
        tools=tool_section(run, shown, against), toolslink=tool_link(run),
        payloads=joined(_payload(story) for story in stories),
        products=options(
            {p: product_name(p) for p in products}, _moved_most(run, first, against, products)
        ),
        evidence=report_tables.evidence_facts(),
        law=law_page.law_section(run, versions, len(shown)),
        manifest=report_tables.manifest_facts(run),
        movehead=script_json(MOVE_HEAD),
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _moved_most(run: RunFolder, policy: str, against: str, products: Sequence[str]) -> str | None:
    """Product to show first: the first one whose output differs, else none in particular.

    Products stand by worth, so that where everything differs the greatest comes first.
    """
    both = paired(run, policy, against, "output")
    product, change = both.group_codes("product"), abs(both.difference).sum(axis=(1, 2))
    made = abs(both.b).sum(axis=(1, 2))
    moved = {p: change[product == p].sum() / max(made[product == p].sum(), 1.0) for p in products}
    return next((p for p, part in moved.items() if part >= _SEEN), None)


def _asked(run: RunFolder) -> str:
    told = run.manifest
    draws = f"{told.scenarios} scenarios of " if told.scenarios > 1 else ""
    return (
        f"{len(told.policies)} policies, {draws}{told.replications} replications each, "
        f"{told.first_month[:7]} to {told.last_month[:7]}, seed {told.seed}"
    )


def _answers(story: _Story) -> Html:
    head = headline(story.run, story.policy, story.against)
    content = joined(
        [
            report_tables.answer_table(head, story.name, story.base_name),
            report_tables.left_china_table(head, story.base_name),
            report_tables.production_tables(head, story.name, story.base_name),
        ]
    )
    return fragment("of_policy", policy=story.policy, content=content)


def _payload(story: _Story) -> Html:
    content = {
        "figures": _single(story) | tool_payload(story.run, story.policy, story.against),
        "products": _by_product(story),
        "duties": _by_duty(story),
        "moves": move_rows(
            story.run, story.moves, None if story.policy == story.against else story.moves_against
        ),
    }
    return fragment("payload", policy=story.policy, content=packed(content))


def _single(story: _Story) -> dict[str, Any]:
    """Figures of which a policy has one."""
    year = last_whole_year(story.run)
    flown = arcs(story.moves)
    left = left_behind(story.run, story.policy, story.base, year)
    drawn = {
        "left": figures.moves_out(left, story.name, year),
        "map": figures.relocation_map(flown, story.name),
        "sankey": figures.sankey(flown, story.name),
        "reasons": figures.reasons(reasons(story.moves), story.name),
    }
    return {name: figure_content(figure) for name, figure in drawn.items()}


def _by_product(story: _Story) -> dict[str, list[dict[str, Any]]]:
    """Production and its difference, a pair for every product."""
    both = bands(story.run, "output", story.policy, story.against)
    names = (story.name, story.base_name)
    return {
        product: [
            figure_content(figures.production(both.levels, both.base, product, *names)),
            figure_content(figures.difference(both.difference, product, *names)),
        ]
        for product in story.products
    }


def _by_duty(story: _Story) -> dict[str, dict[str, Any]]:
    """Duty timelines by importer and product, for products that are made and duties that change."""
    titles = law_page.titles(story.run, story.policy)
    rates = law_page.rates(story.run, story.policy)
    found: dict[str, dict[str, Any]] = {}
    for lane in records(duty_lanes(story.run, story.policy)):
        if lane.product in story.products:
            steps = duty_steps(story.run, story.policy, lane.importer, lane.product)
            figure = figures.duty_timeline(
                steps, lane.importer, lane.product, story.name, titles, rates
            )
            group = found.setdefault(lane.importer, {"name": place(lane.importer), "products": {}})
            group["products"][lane.product] = {
                "name": product_name(lane.product), "figure": figure_content(figure)
            }  # fmt: skip
    return found
