"""``report.html``: one self-contained page that tells a run, opens offline and asks nobody.

The first screen holds the answer in sentences and one map; below, folded, a part for everything
that changes, largest first. plotly.js, the map's outlines and every figure of
:mod:`analysis.catalogue` that asks for the report are packed, and drawn when their part opens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis import catalogue
from analysis.open_run import OpenRun
from analysis.pages import asset, look, outlines_packed, packed, page, plotly_packed, scripts
from analysis.pictures.page_file import check_page_file, write_page
from analysis.report import tables
from analysis.report.law import law_section
from analysis.report.view import View, hero, payload, view
from analysis.style import plain
from analysis.summaries.instruments import behind_moves, used
from analysis.summaries.move_rows import MOVE_HEAD, move_rows
from sim.errors import Fault, QueryError
from sim.results.comparing.cube import cubes
from sim.results.names import policy_name
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.source import FUTURES_MEANING, PRECISION_MEANING

NAME = "report.html"
_READ = (
    "output", "us_supply", "lost_demand", "china_content_usd", "programmes_from_china", "duty_usd",
    "operating_profit_usd", "tool_sales_usd", "denied_usd", "turned_away_usd", "diverted_usd",
    "backlog_usd", "chinese_tools_usd", "localisation_share", "china_share",
)  # fmt: skip
"""Outcomes that parts of the report rest on: read in one go, which costs as much as one of them."""


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
        known = [name for name in _READ if name in run.outcomes]
        for name in dict.fromkeys((*shown, other)):
            cubes(run, name, known)
        views = [view(held, one, other) for one in shown]
        write_page(_page(held, views, first, other), target)
        return target


def _finished(run: RunFolder, against: str) -> list[str]:
    """Policies that share finished runs with ``against``; that itself where there is no other."""
    lanes = run.lanes()
    other = lanes.get(against, frozenset())
    found = [p for p in run.policies if p != against and lanes.get(p, frozenset()) & other]
    if not found and not other:
        wrong = f"`{against}` has no finished run"
        raise QueryError(Fault(str(run.path), against, wrong, "finish it with --resume"))
    return found or [against]


def _page(held: OpenRun, views: Sequence[View], first: str, against: str) -> str:
    run = held.run
    every = list(dict.fromkeys((*(one.told.policy for one in views), against)))
    return page(
        "report.html",
        title=f"{_capital(plain(run.manifest.experiment))}: where plants go, and why",
        css=Markup(asset("page.css") + asset("report.css")),  # noqa: S704 - files of ours
        plotly=plotly_packed(),
        outlines=outlines_packed(),
        look=look(),
        script=scripts("figures.js", "moves.js", "report.js"),
        views=views,
        sections={one.told.policy: _spec(one) for one in views},
        first=first,
        against=policy_name(run, against),
        heroes=packed({one.told.policy: hero(one) for one in views}),
        payloads={one.told.policy: packed(_payload(one)) for one in views},
        movehead=MOVE_HEAD,
        **_method(run, every),
    )


def _spec(shown: View) -> list[dict[str, Any]]:
    """What the script asks for in each part."""
    return [
        {
            "key": part.key,
            "asks": part.asks,
            "figures": [
                {"name": one["name"], "needs": one["needs"], "sides": one["sides"]}
                for one in part.figures
            ],
        }
        for part in shown.parts
    ]


def _payload(shown: View) -> dict[str, Any]:
    held, told = shown.held, shown.told
    other = None if shown.alone else held.moves(told.against)
    return {
        "figures": payload(shown),
        "moves": move_rows(held.run, held.moves(told.policy), other),
    }


def _method(run: RunFolder, policies: Sequence[str]) -> dict[str, object]:
    """What the report says at its end: how it came about."""
    return {
        "asked": _asked(run),
        "spreads": (_capital(FUTURES_MEANING), _capital(PRECISION_MEANING)),
        "policies": tables.policies_table(run, policies),
        "config": tables.config_text(run),
        "evidence": tables.evidence_facts(),
        "law": law_section(run, used(run, policies), behind_moves(run, policies), len(policies)),
        "manifest": tables.manifest_facts(run),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _asked(run: RunFolder) -> str:
    told = run.manifest
    draws = f"{told.scenarios} draws of parameters with " if told.scenarios > 1 else ""
    return (
        f"{len(told.policies)} policies, {draws}{told.replications} runs each, "
        f"{told.first_month[:7]} to {told.last_month[:7]}"
    )
