"""What changes between two policies: which parts of the report stand, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.open_run import OpenRun
from analysis.style import place
from sim.results.answer.answer import Answer
from sim.results.answer.speech import listed, quantity
from sim.results.answer.subject import LEAST_PART, NAMED, Subject
from sim.results.answer.totals import Total
from sim.results.comparing.pairs import paired
from sim.results.names import place_in_words

PARTS: Mapping[str, str] = {
    "moves": "production moved",
    "production": "output",
    "tools": "chip tools",
    "duties": "duties",
    "firm": "firms",
    "why": "reasons of the moves",
}
"""Part of the report that is left out where nothing changes -> the words for it, in order."""
_OF_SUBJECT = {"moved": ("moves", "map"), "output": ("production",), "tools": ("tools",)}
_LEAST_DUTY = 2e-3
"""Part of the largest receipts by which a place's must differ to be told."""
_LEAST_OUTPUT = 1e-3
"""Part of a product's output that must change place for its panels to be shown."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of the parts that change, largest change first, each with its finding; and the rest."""

    findings: Mapping[str, str]
    same: tuple[str, ...]


def changes(held: OpenRun, told: Answer) -> Changes:
    """Order the parts by the answer's subjects; duties, firms and reasons stand behind them."""
    found: dict[str, str] = {}
    for subject in told.subjects:
        for key in _OF_SUBJECT[subject.kind]:
            words = _finding(told, subject, key)
            found[key] = f"{found[key]}; {words}" if key in found else words
    duty = _changed(told.found.of("duty"))
    lanes = duties_changed(held, told.policy, told.against)
    if lanes or duty:
        found["duties"] = _duty(duty, told.year, lanes)
    firms = firms_changed(told)
    if firms:
        found["firm"] = f"largest changes: {listed([told.names[one] for one in firms[:NAMED]])}"
    if "moves" in found:
        found["why"] = str(told.sentences[1]).partition(";")[0].rstrip(".")
    return Changes(found, tuple(words for key, words in PARTS.items() if key not in found))


def _finding(told: Answer, subject: Subject, key: str) -> str:
    lead = subject.lead
    if key == "map":
        ways = [f"{_amount(one)} to {place_in_words(one.country)}" for one in subject.parts]
        return ", ".join(ways) or f"from {place_in_words(lead.from_country)}"
    if key == "tools":
        change = "more" if lead.difference > 0 else "less"
        return f"{_amount(lead)} {change} sold in China in {told.year}"
    if key == "production":
        return listed([_change(one) for one in subject.parts])
    verb = "leave" if lead.difference > 0 else "stay in"
    return f"{_amount(lead)} a year {verb} {place_in_words(lead.from_country)}"


def _amount(total: Total) -> str:
    return quantity(abs(total.difference), total.unit, total.unit)


def _change(total: Total) -> str:
    change = "more" if total.difference > 0 else "less"
    return f"{_amount(total)} {change} in {place_in_words(total.country)}"


def _changed(totals: Iterable[Total]) -> list[Total]:
    """Totals that change by more than a trace of the greatest level."""
    every = list(totals)
    least = _LEAST_DUTY * max((max(one.level, one.base) for one in every), default=0.0)
    return [one for one in every if abs(one.difference) > least]


def _duty(duty: list[Total], year: int, lanes: Mapping[str, list[str]]) -> str:
    if duty:
        whole = abs(duty[0].difference)
        kept = [one for one in duty[:NAMED] if abs(one.difference) >= LEAST_PART * whole]
        return f"receipts of {year}: {listed([_change(one) for one in kept])}"
    return f"rates differ in {listed([place(code) for code in lanes][:NAMED])}"


def firms_changed(told: Answer) -> list[str]:
    """Firms that move more or less out of a place, those whose change is largest first."""
    size: dict[str, float] = {}
    for unit in {one.unit for one in told.found.of("moved_by_firm")}:
        own = told.found.of("moved_by_firm", unit)
        whole = max((abs(one.difference) for one in own), default=0.0) or 1.0
        for one in own:
            if one.difference:
                size[one.firm] = max(size.get(one.firm, 0.0), abs(one.difference) / whole)
    return sorted(size, key=lambda firm: -size[firm])


def products_changed(held: OpenRun, policy: str, against: str) -> list[str]:
    """Products whose output changes place by more than a trace in some year, largest first."""
    both = paired(held.run, policy, against, "output").yearly()
    product = both.group_codes("product")
    apart: dict[str, float] = {}
    for code in sorted(set(product)):
        own = product == code
        moved = np.abs(both.difference[own].mean(axis=2)).sum(axis=0)
        made = np.maximum(both.b[own].mean(axis=2).sum(axis=0), 1.0)
        apart[str(code)] = float((moved / made).max(initial=0.0))
    changed = [code for code, part in apart.items() if part >= _LEAST_OUTPUT]
    return sorted(changed, key=lambda code: -apart[code])


_LANES = """
SELECT DISTINCT a.importer, a.product FROM duties a
JOIN duties b USING (scenario, replication, month, importer, exporter, product)
WHERE a.policy = $policy AND b.policy = $against AND a.exporter <> a.importer
    AND abs(a.rate_share - b.rate_share) > 1e-9
    AND (a.scenario, a.replication) = (
        SELECT (scenario, replication) FROM duties WHERE policy = $policy
        ORDER BY scenario, replication LIMIT 1)
ORDER BY ALL
"""


def duties_changed(held: OpenRun, policy: str, against: str) -> dict[str, list[str]]:
    """Importer -> products on which its duty differs between two policies in some month."""

    def read() -> dict[str, list[str]]:
        rows = held.run.sql(_LANES, {"policy": policy, "against": against})
        lanes: dict[str, list[str]] = {}
        for importer, product in zip(rows["importer"], rows["product"], strict=True):
            lanes.setdefault(str(importer), []).append(str(product))
        return lanes

    return held.once(("duties changed", policy, against), read)
