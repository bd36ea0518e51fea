"""What in the export-control law, and in the rules of origin, rests on weak evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.data.evidence import WEAK
from sim.law.controls.law import ControlLaw, enacted
from sim.law.controls.tables import Provenance
from sim.law.files import LAW_FOLDER, standing
from sim.law.origin.declared import declared_rows


@dataclass(frozen=True, slots=True)
class WeakFact:
    """One fact that was not seen in a source, or of low confidence, or in doubt."""

    table: str
    key: str
    value: str
    evidence: str
    confidence: str
    note: str


def weak_evidence(law: ControlLaw | None = None) -> list[WeakFact]:
    """Every weak fact: rules, listings, groups, customers, tool classes, origin's declarations.

    A rule in doubt is listed even when its text was read: the doubt says what is not settled.
    """
    law = law or enacted()
    return [*_rules(law), *_rows(law), *_origin()]


def _rules(law: ControlLaw) -> Iterator[WeakFact]:
    for rule in law.rules:
        first = rule.sources[0]
        weak = all(s.evidence in WEAK or s.confidence == "low" for s in rule.sources)
        if weak or rule.doubt:
            note = rule.doubt or first.note
            yield WeakFact(
                "controls", rule.id, rule.citation, first.evidence, first.confidence, note
            )


def _rows(law: ControlLaw) -> Iterator[WeakFact]:
    tables: dict[str, list[tuple[str, str, Provenance]]] = {
        "listings": [(f"{r.party} {r.list_name}", r.citation, r) for r in law.listings],
        "groups": [(f"{r.group} {r.country}", "", r) for r in law.memberships],
        "customers": [(r.id, r.node, r) for r in law.customers.values()],
        "tool classes": [(r.id, r.name, r) for r in law.classes.values()],
    }
    for table, rows in tables.items():
        for key, value, row in rows:
            if row.evidence in WEAK or row.confidence == "low":
                yield WeakFact(table, key, value, row.evidence, row.confidence, row.note)


def _origin() -> Iterator[WeakFact]:
    rows, _ = declared_rows(standing([LAW_FOLDER], "origin.csv"))
    for row in rows:
        grade, sure, value = row.text("evidence"), row.text("confidence"), row.text("value")
        if grade in WEAK or sure == "low":
            low, high = row.text("low"), row.text("high")
            span = f"{value} ({low} to {high})" if low else value
            yield WeakFact("origin", row.text("key"), span, grade, sure, row.text("note"))
