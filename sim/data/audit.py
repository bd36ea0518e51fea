"""What rests on weak evidence: every figure that was not read in its source or cited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sim.data.dataset import Dataset
from sim.data.evidence import EVIDENCE, STRONG
from sim.data.schema import TABLES


@dataclass(frozen=True, slots=True)
class WeakFact:
    """A figure that was not read in its source."""

    table: str
    line: int
    key: str
    value: str
    low: str
    high: str
    evidence: str
    confidence: str
    source_url: str
    note: str


def weak_evidence(data: Dataset) -> tuple[WeakFact, ...]:
    """Every row whose evidence is not ``read`` or ``cited``, by table and line."""
    return tuple(
        WeakFact(
            table=spec.name,
            line=row.line,
            key=" ".join(row.text(name) for name in spec.key),
            value=row.text(spec.ranges[0][0]) if spec.ranges else "",
            low=row.text(spec.ranges[0][1]) if spec.ranges else "",
            high=row.text(spec.ranges[0][2]) if spec.ranges else "",
            evidence=row.text("evidence"),
            confidence=row.text("confidence"),
            source_url=row.text("source_url" if "source_url" in row.values else "source"),
            note=row.text("note"),
        )
        for spec in TABLES
        for row in data[spec.name]
        if "evidence" in row.values and row.text("evidence") not in STRONG
    )


def evidence_counts(data: Dataset) -> dict[str, dict[str, int]]:
    """Rows of every table by grade of evidence; ``firms`` holds names only and has none."""
    return {
        spec.name: _graded(row.text("evidence") for row in data[spec.name])
        for spec in TABLES
        if any(field.name == "evidence" for field in spec.fields)
    }


def _graded(grades: Iterable[str]) -> dict[str, int]:
    counts = Counter(grades)
    return {grade: counts[grade] for grade in EVIDENCE}
