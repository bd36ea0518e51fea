"""Japan and the Netherlands: lists of what needs a licence to leave, whatever its US content."""

from __future__ import annotations

from collections.abc import Iterator

from sim.law.controls.case import Case, limb_of
from sim.law.controls.query import Limb
from sim.law.controls.rules import Rule

OUTSIDE = {"JP": "NOT_JP", "NL": "NOT_NL"}
FREE = {"JP": "JP_NONE", "NL": "NL_NONE"}
NAMES = {"JP": "Japan", "NL": "the Netherlands"}


def decide_export_list(case: Case, authority: str) -> tuple[str, str, list[Limb]]:
    """Answer of Japan (``JP``) or the Netherlands (``NL``), its finding, and its limbs.

    Foreign Exchange and Foreign Trade Act art. 48; Regeling geavanceerde productieapparatuur.
    """
    query = case.query
    if query.shipped_from != authority:
        return OUTSIDE[authority], f"not an export from {NAMES[authority]}", []
    if query.to == authority:
        return FREE[authority], f"stays in {NAMES[authority]}", []
    limbs = list(_limbs(case, authority))
    met = [limb for limb in limbs if limb.applied and limb.code]
    if met:
        return str(met[0].code), met[0].finding, limbs
    return FREE[authority], f"on no list of {NAMES[authority]}", limbs


def _limbs(case: Case, authority: str) -> Iterator[Limb]:
    for rule in case.law.of(authority):
        if rule.kind == "person_limit":
            yield limb_of(rule, "not decided by the class of the tool", applied=False)
        elif not rule.in_force(case.on, case.switches):
            yield limb_of(rule, "not in force", applied=False)
        elif not _listed(case, rule):
            finding = f"does not list the class {case.query.tool_class}"
            yield limb_of(rule, finding, applied=False)
        else:
            yield limb_of(rule, _finding(case, rule), applied=True, code=rule.code)


def _listed(case: Case, rule: Rule) -> bool:
    """Whether the list has the class; a query may say so of its own tool for the newest list."""
    if rule.bulk_group is not None and case.query.jp_listed is not None:
        return case.query.jp_listed
    return case.query.tool_class in rule.where.classes


def _finding(case: Case, rule: Rule) -> str:
    listed = f"on the list “{rule.title}”"
    if rule.bulk_group is None:
        return listed
    bulk = case.within(case.query.to, (rule.bulk_group,))
    ways = "a general bulk licence can cover it" if bulk else "individual or special bulk licence"
    return f"{listed}, {ways}"
