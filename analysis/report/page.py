"""``report.html``: one self-contained page that tells a run, opens offline and asks nobody.

The page holds plotly.js, the map's outlines and, packed once for each policy, every figure of
:mod:`analysis.catalogue` that asks for the report; a select box switches between policies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis import catalogue
from analysis.open_run import OpenRun
from analysis.pages import (
    asset,
    figure_content,
    fragment,
    joined,
    look,
    outlines_script,
    packed,
    page,
    plotly_script,
    scripts,
)
from analysis.pictures.page_file import check_page_file, write_page
from analysis.report import tables
from analysis.report.chip_tools import tool_tables_of
from analysis.report.law import law_section
from analysis.style import plain
from analysis.summaries.instruments import used
from analysis.summaries.move_rows import MOVE_HEAD, move_rows
from sim.errors import Fault, QueryError
from sim.results.comparing.headline import headline
from sim.results.names import policy_name
from sim.results.run_folder.query import RunFolder, open_run

NAME = "report.html"


@dataclass(frozen=True, slots=True)
class _Told:
    """What the report tells: the policies in order, the one they are compared with, sections."""

    held: OpenRun
    shown: Sequence[str]
    against: str
    sections: Sequence[Mapping[str, Any]]

    def name(self, policy: str) -> str:
        """Title of a policy."""
        return policy_name(self.held.run, policy)


def write_report(
    run_dir: str | Path,
    against: str | None = None,
    policy: str | None = None,
    say: Callable[[str], None] = lambda _: None,
    path: Path | None = None,
) -> Path:
    """Write the report and give back its path: ``report.html`` in the run folder unless named.

    The ending of ``path`` says what is written: HTML, PDF or PNG.

    ``against`` is the policy that the others are compared with (the run's baseline unless named),
    ``policy`` the one that shows first (the first other one); ``say`` is told what is left out.

    Raises
    ------
    QueryError
        No run is there, a policy is not in it, or none but ``against`` has finished runs; the
        ending is refused.
    WriteError
        The disk is full or refuses; a former report is untouched.
    """
    with open_run(run_dir) as run:
        target = path or run.path / NAME
        check_page_file(target)
        other = run.require_policy(against or run.baseline)
        shown = _finished(run, other)
        first = run.require_policy(policy) if policy else shown[0]
        if first not in shown:
            wrong = f"`{first}` has no finished run to show against `{other}`"
            raise QueryError(Fault(str(run.path), first, wrong, "finish it with --resume"))
        held = OpenRun(run)
        for words in catalogue.left_out(held):
            say(words)
        told = _Told(held, shown, other, catalogue.told_sections(held, "report"))
        write_page(_page(told, first), target)
        return target


def _finished(run: RunFolder, against: str) -> list[str]:
    """Policies that share finished runs with ``against``, which itself comes last."""
    lanes = run.lanes()
    other = lanes.get(against, frozenset())
    found = [p for p in run.policies if p != against and lanes.get(p, frozenset()) & other]
    if not found and not other:
        wrong = f"`{against}` has no finished run"
        raise QueryError(Fault(str(run.path), against, wrong, "finish it with --resume"))
    return [*found, against]


def _page(told: _Told, first: str) -> str:
    run = told.held.run
    return page(
        "report.html",
        title=f"{_capital(plain(run.manifest.experiment))}: where plants went, and why",
        css=Markup(asset("page.css")),  # noqa: S704 - a file of ours
        plotly=plotly_script(),
        outlines=outlines_script(),
        look=look(),
        script=scripts("figures.js", "moves.js", "report.js"),
        sections=told.sections,
        names={policy: told.name(policy) for policy in told.shown},
        first=first,
        against=told.name(told.against),
        payloads={policy: packed(_payload(told, policy)) for policy in told.shown},
        movehead=MOVE_HEAD,
        **_words(told),
    )


def _words(told: _Told) -> dict[str, object]:
    """What the report says beside its figures."""
    run, shown = told.held.run, told.shown
    return {
        "asked": _asked(run),
        "policies": tables.policies_table(run, shown),
        "config": tables.config_text(run),
        "answers": joined(_answers(told, policy) for policy in shown),
        "tables": {"tools": tool_tables_of(run, shown, told.against)},
        "evidence": tables.evidence_facts(),
        "law": law_section(run, used(run, shown), len(shown)),
        "manifest": tables.manifest_facts(run),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _asked(run: RunFolder) -> str:
    told = run.manifest
    draws = f"{told.scenarios} scenarios of " if told.scenarios > 1 else ""
    return (
        f"{len(told.policies)} policies, {draws}{told.replications} replications each, "
        f"{told.first_month[:7]} to {told.last_month[:7]}, seed {told.seed}"
    )


def _answers(told: _Told, policy: str) -> Markup:
    head = headline(told.held.run, policy, told.against)
    names = (told.name(policy), told.name(told.against))
    content = joined(
        [
            tables.answer_table(head, *names),
            tables.left_china_table(head, names[1]),
            tables.production_tables(head, *names),
        ]
    )
    return fragment("of_policy", policy=policy, content=content)


def _payload(told: _Told, policy: str) -> dict[str, Any]:
    held, against = told.held, told.against
    other = None if policy == against else held.moves(against)
    return {
        "figures": {
            figure["name"]: _drawn(told, policy, section, figure)
            for section in told.sections
            for figure in section["figures"]
        },
        "moves": move_rows(held.run, held.moves(policy), other),
    }


def _drawn(
    told: _Told, policy: str, section: Mapping[str, Any], figure: Mapping[str, Any]
) -> dict[str, Any]:
    """A figure for every combination of the section's choices that it asks for."""
    return {
        "|".join(chosen[name] for name in figure["needs"]): figure_content(
            catalogue.draw(
                told.held, figure["name"], policy, told.against, figure["given"] | chosen
            )
        )
        for chosen in catalogue.combinations(section, figure["needs"])
    }
