"""United States: is the shipment subject to the EAR, and does it need a licence.

The limbs are tried in the order of ``united_states.yaml``: jurisdiction (origin, de minimis,
foreign direct product), authorisation, licence requirements. Every limb that is met counts and the
most restrictive wins. 15 CFR parts 734, 742, 744 and 748.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.law.controls.case import Case, limb_of
from sim.law.controls.codes import strictest
from sim.law.controls.conditions import exemption, unmet
from sim.law.controls.query import Limb
from sim.law.controls.rules import Rule
from sim.law.controls.tables import PolicyLine

EXEMPT = "EXEMPT_S4"


def decide_us(case: Case) -> tuple[str, str, list[Limb]]:
    """The US answer, the decisive finding, and every limb that was tried."""
    if case.query.to == "US":
        return "NLR", "the EAR do not govern what comes to the United States", []
    jurisdiction = list(_jurisdiction(case))
    limbs = [*jurisdiction, *_affiliates(case)]
    subject = any(limb.applied and limb.code != EXEMPT for limb in jurisdiction)
    codes = [limb.code for limb in limbs if limb.applied and limb.code]
    if subject:
        held = list(_authorisations(case))
        limbs += held
        granted = [limb.code for limb in held if limb.applied and limb.code]
        if granted:
            codes = [*(code for code in codes if code == EXEMPT), *granted]
        else:
            required = list(_requirements(case))
            limbs += required
            codes += [limb.code for limb in required if limb.applied and limb.code]
    code = strictest(tuple(codes)) if codes else "NLR"
    return code, _decisive(limbs, code, subject), limbs


def _decisive(limbs: list[Limb], code: str, subject: bool) -> str:
    if code != "NLR":
        return next(limb.finding for limb in limbs if limb.applied and limb.code == code)
    if subject:
        basis = next(limb.finding for limb in limbs if limb.applied)
        return f"subject to the EAR ({basis}) but no licence requirement applies"
    return "not subject to the EAR"


def _jurisdiction(case: Case) -> Iterator[Limb]:
    for rule in case.law.of("US", "origin", "de_minimis", "no_de_minimis", "direct_product"):
        missing = unmet(case, rule)
        if missing:
            yield limb_of(rule, missing, applied=False)
        elif rule.kind == "direct_product":
            yield _direct_product(case, rule)
        else:
            yield limb_of(rule, _basis(case, rule), applied=True)


def _basis(case: Case, rule: Rule) -> str:
    """Why the item is subject to the EAR, in words."""
    query, threshold = case.query, rule.where.threshold_share
    if rule.kind == "origin":
        return "made in the United States"
    if rule.kind == "de_minimis":
        return f"{query.us_content:.1%} controlled US content exceeds {threshold:.0%}"
    return f"no de minimis level for {query.tool_class}: {query.shipped_from} does not list it"


def _direct_product(case: Case, rule: Rule) -> Limb:
    reason = exemption(case, rule)
    if reason is None:
        code = _relieved(case, rule)
        return limb_of(rule, f"reached by the {_short(rule)}", applied=True, code=code)
    finding = f"{_short(rule)}: exempt as an export from {case.query.shipped_from} ({reason})"
    return limb_of(rule, finding, applied=True, code=EXEMPT)


def _short(rule: Rule) -> str:
    """Title and first citation of a rule."""
    return f"{rule.title} ({rule.citation.split(';')[0].split(',')[0]})"


def _affiliates(case: Case) -> Iterator[Limb]:
    query = case.query
    for rule in case.law.of("US", "affiliates"):
        least, share = rule.where.threshold_share or 0.0, query.owner_share
        if not rule.in_force(case.on, case.switches):
            yield limb_of(rule, "not in force", applied=False)
        elif query.owner is None or share is None:
            yield limb_of(rule, "no owner named", applied=False)
        elif share < least:
            finding = f"{query.owner} holds {share:.0%}, less than {least:.0%}"
            yield limb_of(rule, finding, applied=False)
        else:
            finding = f"takes over the listings of {query.owner}, which holds {share:.0%}"
            yield limb_of(rule, finding, applied=True)


def _authorisations(case: Case) -> Iterator[Limb]:
    for rule in case.law.of("US", "authorisation"):
        missing = unmet(case, rule)
        if not missing and case.listing("entity_list")[0] is not None:
            missing = "the customer stands on the Entity List"
        if missing:
            yield limb_of(rule, missing, applied=False)
        else:
            finding = f"{rule.title} for {case.query.customer}"
            yield limb_of(rule, finding, applied=True, code=rule.code)


def _requirements(case: Case) -> Iterator[Limb]:
    for rule in case.law.of("US", "entity_list", "list_control", "end_use", "person_limit"):
        missing = unmet(case, rule)
        if missing:
            yield limb_of(rule, missing, applied=False)
        elif rule.kind == "entity_list":
            yield _entity_list(case, rule)
        elif (reason := exemption(case, rule)) is not None:
            finding = f"{_short(rule)}: exempt ({reason})"
            yield limb_of(rule, finding, applied=True, code=EXEMPT)
        else:
            finding = f"{_short(rule)} covers {case.query.customer} in {case.query.to}"
            yield limb_of(rule, finding, applied=True, code=_relieved(case, rule))


def _entity_list(case: Case, rule: Rule) -> Limb:
    entry, party = case.listing("entity_list")
    if entry is None:
        return limb_of(rule, "not on the Entity List", applied=False)
    policy = case.law.policies[entry.policy]
    code = next(line.code for line in policy.lines if _fits(case, line))
    finding = f"{party} on the Entity List ({entry.citation}), policy: {policy.note}"
    return limb_of(rule, finding, applied=True, code=code)


def _fits(case: Case, line: PolicyLine) -> bool:
    query = case.query
    return (
        (not line.classes or query.tool_class in line.classes)
        and (not line.nodes or query.node in line.nodes)
        and (not line.wafer_mm or query.wafer_mm in line.wafer_mm)
    )


def _relieved(case: Case, rule: Rule) -> str | None:
    """The rule's answer, or the milder one for customers with allied headquarters."""
    if rule.hq_code is not None and case.within(case.headquarters, rule.hq_groups):
        return rule.hq_code
    return rule.code
