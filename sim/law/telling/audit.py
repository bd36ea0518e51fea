"""What in the law rests on weak evidence: for ``kyoten check --audit``."""

from __future__ import annotations

from collections.abc import Iterator

from sim.law.agreement import Agreement, BaseRate, Preference
from sim.law.instrument import Instrument, Provenance
from sim.law.law import Law, load_law

Fact = dict[str, object]
"""``line`` (which measure or flow), ``key`` (since when), ``value``, ``low``, ``high``,
``evidence``, ``confidence``, ``source``, ``note``."""


def weak_evidence(law: Law | None = None) -> list[Fact]:
    """Every figure that is recalled, estimated or of low confidence, with its range where one is.

    >>> weak_evidence()[0]["evidence"] in ("recalled", "estimated", "read", "cited", "derived")
    True
    """
    law = law if law is not None else load_law()
    facts = [fact for row in law.mfn for fact in _base_rate(row)]
    facts += [fact for row in law.preferences for fact in _preference(row)]
    facts += [fact for agreement in law.agreements for fact in _rules(agreement)]
    facts += [fact for instrument in law.instruments for fact in _values(instrument)]
    return facts


def _base_rate(row: BaseRate) -> Iterator[Fact]:
    if row.provenance.weak:
        line = f"mfn {row.importer} {row.product}"
        yield _fact(line, row.start.isoformat(), row.rate, row.low, row.high, row.provenance)


def _preference(row: Preference) -> Iterator[Fact]:
    if row.provenance.weak:
        flows = f"{row.agreement} {','.join(row.exporters)}>{row.importer} {','.join(row.products)}"
        yield _fact(flows, row.start.isoformat(), row.rate, row.low, row.high, row.provenance)


def _rules(agreement: Agreement) -> Iterator[Fact]:
    for rule in agreement.rules:
        if rule.provenance.weak:
            line = f"{agreement.id} origin {','.join(rule.products)}"
            share = rule.value_content
            yield _fact(line, "value_content", share, None, None, rule.provenance)


def _values(instrument: Instrument) -> Iterator[Fact]:
    for value in instrument.values:
        if value.provenance.weak:
            key = f"{value.start.isoformat()} {value.status}"
            yield _fact(instrument.id, key, value.rate, None, None, value.provenance)


def _fact(
    line: str,
    key: str,
    value: float | None,
    low: float | None,
    high: float | None,
    known: Provenance,
) -> Fact:
    return {
        "line": line,
        "key": key,
        "value": value,
        "low": low,
        "high": high,
        "evidence": known.evidence,
        "confidence": known.confidence,
        "source": known.source,
        "note": known.note,
    }
