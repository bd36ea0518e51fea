"""Reforms of agreements: a country joins, or preferences end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sim.axes import COUNTRIES
from sim.errors import Fault, LawError
from sim.law.agreement import Preference
from sim.law.instrument import FOREVER, ONE_DAY, Provenance
from sim.law.law import Law
from sim.law.reforms import windows
from sim.law.reforms.schema import Extend

_ACCESSION = Provenance("", "high", "estimated", "what-if: accession")


def accede(law: Law, reform: Extend, where: str) -> Law:
    """The law in which ``reform.to`` joins the agreement on ``reform.start``.

    Every member and the newcomer lower their rates to each other from the MFN rate of that day in
    ``years`` equal yearly steps, the first on the day of accession.
    """
    agreement = law.agreement(reform.agreement or "")
    start = reform.start or date.min
    members = [code for code, _ in agreement.members]
    new = [code for code in windows.all_exporters(reform.to) if code not in members]
    unknown = [code for code in new if code not in COUNTRIES]
    if unknown:
        wrong = f"`{unknown[0]}` has no tariff schedule here"
        raise LawError(Fault("", f"{where}.to", wrong, "choose a simulated country"))
    preferences: list[Preference] = []
    for newcomer in new:
        partners = [code for code in members if code in COUNTRIES]
        for partner in partners:
            for importer, exporter in ((partner, newcomer), (newcomer, partner)):
                preferences += _path(law, reform, importer, exporter, start)
        members.append(newcomer)
    joined = replace(
        agreement,
        members=(*agreement.members, *((code, start) for code in new)),
        cumulation=(*agreement.cumulation, *new),
    )
    agreements = tuple(joined if a.id == agreement.id else a for a in law.agreements)
    return replace(law, agreements=agreements, preferences=(*law.preferences, *preferences))


def _path(law: Law, reform: Extend, importer: str, exporter: str, start: date) -> list[Preference]:
    """Yearly steps from MFN to zero for every product of one importer."""
    left_out = set(reform.except_products)
    steps = []
    for row in law.mfn:
        if row.importer != importer or not row.covers(start) or row.product in left_out:
            continue
        for step in range(1, max(reform.years, 1) + 1):
            rate = round(row.rate * (1 - step / max(reform.years, 1)), 6)
            day = start if step == 1 else date(start.year + step - 1, 1, 1)
            flow = (reform.agreement or "", importer, (exporter,), (row.product,))
            steps.append(Preference(*flow, day, reform.end, rate, rate, rate, _ACCESSION))
    return steps


def end_agreement(law: Law, identity: str, start: date) -> Law:
    """The law without the agreement's preferences from ``start`` on."""
    law.agreement(identity)
    if start <= date(2017, 1, 1):
        kept = tuple(p for p in law.preferences if p.agreement != identity)
        return replace(law, preferences=kept)
    last = start - ONE_DAY
    kept = tuple(
        replace(p, end=min(p.end or FOREVER, last)) if p.agreement == identity else p
        for p in law.preferences
        if p.agreement != identity or p.start < start
    )
    agreements = tuple(
        replace(a, end=min(a.end, last)) if a.id == identity else a for a in law.agreements
    )
    return replace(law, preferences=kept, agreements=agreements)
