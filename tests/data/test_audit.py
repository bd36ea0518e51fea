"""The audit lists what was not read in its source, and nothing else."""

from __future__ import annotations

from sim.data.audit import evidence_counts, weak_evidence
from sim.data.dataset import load_dataset


def test_the_audit_lists_every_weak_row_and_no_strong_one() -> None:
    data = load_dataset()
    weak = weak_evidence(data)
    counts = evidence_counts(data)
    expected = sum(
        n
        for table in counts.values()
        for grade, n in table.items()
        if grade not in {"read", "cited"}
    )
    assert len(weak) == expected
    assert {fact.evidence for fact in weak} == {"derived", "recalled", "estimated"}


def test_a_weak_fact_carries_its_range_and_place() -> None:
    fact = next(f for f in weak_evidence(load_dataset()) if f.table == "parameters")
    assert fact.key.startswith("theta_slice")
    assert float(fact.low) <= float(fact.value) <= float(fact.high)
    assert fact.line > 1
