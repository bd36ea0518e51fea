"""What the report shows of one policy: the answer, and a part for everything that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis.catalogue import asked as ask
from analysis.catalogue import drawn, find
from analysis.figure import Layout, Section, Values
from analysis.open_run import OpenRun
from analysis.pages import figure_content
from analysis.report.beside import caption_of
from analysis.report.changes import PARTS, changes, duties_changed, products_changed
from analysis.report.chip_tools import tool_tables_of
from analysis.report.tables import left_china_table, sectors_table
from analysis.report.totals import firms_table, places_table, ways_table
from analysis.sections import combinations, told_sections
from analysis.summaries.chip_tools import has_mechanisms
from sim.results.answer.answer import Answer
from sim.results.comparing.headline import moves_from_china, what_left_china
from sim.results.names import firm_names

HERO = "answer_map"
_OWN = {"answer", "map", *PARTS}
"""Keys of the parts that the report orders itself; others are a user's sections."""
_FIRMS = {"key": "firm", "heading": "Firms", "asks": [], "figures": []}


@dataclass(frozen=True, slots=True)
class Part:
    """A folded part: its heading, its finding in a few words, tables, and figures with captions."""

    key: str
    heading: str
    finding: str
    tables: Markup
    asks: list[dict[str, Any]]
    figures: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class View:
    """A policy beside the one it is compared with; ``same`` names what does not change."""

    held: OpenRun
    told: Answer
    name: str
    parts: tuple[Part, ...]
    same: tuple[str, ...]
    hero: Markup

    @property
    def alone(self) -> bool:
        """Whether the run holds no other policy to compare with."""
        return self.told.policy == self.told.against


def view(held: OpenRun, policy: str, against: str) -> View:
    """Find what changes under ``policy`` and lay it out, largest change first."""
    told = held.answer(policy, against)
    alone = policy == against
    found = changes(held, told)
    keep = (lambda *_: True) if alone else _keeper(held, policy, against)
    sections = {one["key"]: one for one in told_sections(held, "report", (policy, against), keep)}
    sections.setdefault("firm", _FIRMS)
    findings: Mapping[str, str] = found.findings
    if alone or has_mechanisms(held.run):
        findings = {key: findings.get(key, "") for key in sections if key in _OWN} | dict(findings)
    order = [key for key in findings if key in sections and key != "answer"]
    order += [key for key in sections if key not in _OWN]
    parts = [_part(held, told, sections[key], findings.get(key, "")) for key in order]
    shown = tuple(part for part in parts if part.tables or part.figures)
    hero = caption_of(held, find(HERO), policy, against)
    return View(held, told, told.names[policy], shown, () if alone else found.same, hero)


def _keeper(held: OpenRun, policy: str, against: str) -> Any:
    """Which choices of select boxes stand: those under which something changes."""
    products = products_changed(held, policy, against)
    lanes = duties_changed(held, policy, against)

    def keep(section: Section, need: str, values: Values) -> bool:
        if section.key == "production" and need == "product":
            return values["product"] in products
        if section.key == "duties" and need == "importer":
            return values["importer"] in lanes
        if section.key == "duties" and need == "product":
            return values["product"] in lanes.get(values["importer"], ())
        return True

    return keep


def _part(held: OpenRun, told: Answer, section: Mapping[str, Any], finding: str) -> Part:
    figures = [dict(one) for one in section["figures"]]
    for one in figures:
        one["sides"] = 2 if one["layout"] == Layout.BOTH and told.policy != told.against else 1
        one["caption"] = caption_of(held, find(one["name"], held), told.policy, told.against)
    tables = _tables(held, told, section["key"])
    asks = [one for one in section["asks"] if any(one["choices"].values())]
    if len(asks) < len(section["asks"]):
        figures = [one for one in figures if not one["needs"]]
    return Part(section["key"], section["heading"], finding, tables, asks, figures)


def _tables(held: OpenRun, told: Answer, key: str) -> Markup:
    run, pair = held.run, (told.policy, told.against)
    names = (told.names[told.policy], told.names[told.against])
    if key == "moves":
        moves = moves_from_china(run, *pair, told.year)
        return ways_table(told) + sectors_table(moves, told.year, *names)
    if key == "production":
        left = what_left_china(run, *pair, told.year)
        places = places_table(told, "output", "Output of")
        return places + left_china_table(left, told.year, names[1])
    if key == "tools":
        return tool_tables_of(run, *pair)
    if key == "duties":
        return places_table(told, "duty", "Duty paid at a border in")
    if key == "firm":
        return firms_table(run, told, firm_names(run))
    return Markup("")


def payload(view: View) -> dict[str, Any]:
    """Every figure of the parts: name -> choices joined by ``|`` -> its sides as plain content."""
    return {
        figure["name"]: {
            "|".join(chosen[name] for name in figure["needs"]): [
                _content(view, figure, chosen, side) for side in range(figure["sides"])
            ]
            for chosen in combinations({"asks": part.asks}, figure["needs"])
        }
        for part in view.parts
        for figure in part.figures
    }


def hero(view: View) -> dict[str, Any]:
    """The map of the answer as plain content."""
    return _content(view, {"name": HERO, "given": {}}, {}, 0)


def _content(view: View, figure: Mapping[str, Any], chosen: Values, side: int) -> dict[str, Any]:
    """A figure of the policy (side 0) or of the one it is compared with (side 1)."""
    pair = (view.told.policy, view.told.against)
    one = find(figure["name"], view.held)
    asked = ask(view.held, one, *(pair[::-1] if side else pair), figure["given"] | dict(chosen))
    alone = one.layout == Layout.BOTH  # drawn of each policy for itself: once for all views
    told = {name: value for name, value in asked.values.items() if not alone or name != "against"}
    key = ("content", one.name, *sorted(told.items()))
    content: dict[str, Any] = view.held.once(key, lambda: figure_content(drawn(one, asked)))
    return content
