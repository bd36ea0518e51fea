"""United States: is the shipment subject to the EAR, and if so, does it need a licence?

The limbs are tried in the order of ``united_states.yaml``: jurisdiction (origin, de minimis, foreign
direct product), authorisation, licence requirements. Every limb that is met counts and the most
restrictive wins. 15 CFR parts 734, 742, 744 and 748.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sim.law.controls.codes import strictest
from sim.law.controls.law import ControlLaw
from sim.law.controls.query import Limb, Query
from sim.law.controls.rules import Rule
from sim.law.controls.switches import Switches
from sim.law.controls.tables import Listing

EXEMPT = "EXEMPT_S4"
INHERITED = frozenset({"entity_list", "footnote_1", "footnote_4", "footnote_5"})
"""Lists that reach an owner's half-owned companies under the affiliates rule."""


@dataclass(frozen=True, slots=True)
class Case:
    """A settled query on a day under switches."""

    law: ControlLaw
    query: Query
    on: date
    switches: Switches

    @property
    def headquarters(self) -> str | None:
        """Country of the customer's headquarters; an unlisted customer's is the destination."""
        return self.law.customers[self.query.customer].headquarters or self.query.to

    def within(self, country: str | None, groups: tuple[str, ...]) -> bool:
        """Whether a country is, or belongs to, any of ``groups`` on the day."""
        return any(self.law.in_group(country, group, self.on) for group in groups)

    def listing(self, name: str) -> tuple[Listing | None, str]:
        """The customer's own entry on a list, else its owner's under the affiliates rule."""
        query = self.query
        own = self.law.listing(query.customer, name, self.on)
        if own is not None or self.law.listing(query.customer, "entity_list", self.on):
            return own, query.customer
        if name not in INHERITED or self.affiliate_rule() is None:
            return None, query.customer
        return self.law.listing(query.owner, name, self.on), str(query.owner)

    def affiliate_rule(self) -> Rule | None:
        """The affiliates rule in force, when the owner's share reaches its threshold."""
        share = self.query.owner_share
        for rule in self.law.of("US", "affiliates"):
            enough = share is not None and share >= (rule.where.threshold_share or 0.0)
            if enough and rule.in_force(self.on, self.switches):
                return rule
        return None


def decide_us(case: Case) -> tuple[str, str, list[Limb]]:
    """The US answer, the decisive finding, and every limb that was tried."""
    if case.query.to == "US":
        return "NLR", "the EAR do not govern what comes to the United States", []
    limbs = [*_jurisdiction(case), *_affiliates(case)]
    subject = any(limb.applied and limb.code != EXEMPT for limb in limbs if _settles(case, limb))
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


def _settles(case: Case, limb: Limb) -> bool:
    return case.law.rule(limb.rule).kind not in {"affiliates", "person_limit"}


def _decisive(limbs: list[Limb], code: str, subject: bool) -> str:
    if code != "NLR":
        return next(limb.finding for limb in limbs if limb.applied and limb.code == code)
    if subject:
        basis = next(limb.finding for limb in limbs if limb.applied)
        return f"subject to the EAR ({basis}) but no licence requirement applies"
    return "not subject to the EAR"


def _jurisdiction(case: Case) -> Iterator[Limb]:
    for rule in case.law.of("US", "origin", "de_minimis", "no_de_minimis", "direct_product"):
        unmet = _unmet(case, rule)
        if unmet:
            yield _limb(rule, False, unmet)
        elif rule.kind == "direct_product":
            yield _direct_product(case, rule)
        else:
            yield _limb(rule, True, _JURISDICTION[rule.kind].format(q=case.query, rule=rule))


_JURISDICTION = {
    "origin": "made in the United States",
    "de_minimis": "{q.us_content:.1%} controlled US content exceeds {rule.where.threshold_share:.0%}",
    "no_de_minimis": "no de minimis level for {q.tool_class} and advanced logic, and {q.shipped_from}"
    " has no such list",
}


def _direct_product(case: Case, rule: Rule) -> Limb:
    group = _exemption(case, rule)
    if group is not None:
        found = f"reached by {rule.citation.split(';')[0]}, exempt as an export from {case.query.shipped_from}"
        return _limb(rule, True, f"{found} ({group})", EXEMPT)
    return _limb(rule, True, f"{rule.title} reaches it", _relieved(case, rule))


def _exemption(case: Case, rule: Rule) -> str | None:
    """Why the country of export frees a foreign-made item from the rule, or None."""
    query, group = case.query, rule.exempt_exporters
    if group is None or query.made == "US" or _lost_by_headquarters(case, rule):
        return None
    since = rule.since(case.on, case.switches)
    if rule.grace_days is not None and since is not None:
        if case.on < since + timedelta(days=rule.grace_days):
            return "grace period" if case.within(query.shipped_from, (group,)) else None
        aligned = case.switches.countries(rule.exempt_after_grace_switch or "")
        return "aligned country" if query.shipped_from in aligned else None
    if case.within(query.shipped_from, (group,)):
        return "Supplement 4 to Part 742" if group == "SUPP4" else group
    joined = case.switches.korea_in_supp4
    if group == "SUPP4" and query.shipped_from == "KR" and joined is not None and joined <= case.on:
        return "Supplement 4 to Part 742 with South Korea"
    return None


def _lost_by_headquarters(case: Case, rule: Rule) -> bool:
    limit = rule.exempt_not_if_hq
    if limit is None or case.query.tool_class not in limit.classes:
        return False
    return case.within(case.query.exporter_hq, limit.groups)


def _affiliates(case: Case) -> Iterator[Limb]:
    query = case.query
    for rule in case.law.of("US", "affiliates"):
        if not rule.in_force(case.on, case.switches):
            yield _limb(rule, False, "not in force")
        elif query.owner is None or query.owner_share is None:
            yield _limb(rule, False, "no owner named")
        elif query.owner_share < (rule.where.threshold_share or 0.0):
            yield _limb(rule, False, f"{query.owner} holds {query.owner_share:.0%}, less than half")
        else:
            yield _limb(
                rule, True, f"inherits the listings of {query.owner} ({query.owner_share:.0%})"
            )


def _authorisations(case: Case) -> Iterator[Limb]:
    for rule in case.law.of("US", "authorisation"):
        unmet = _unmet(case, rule)
        if not unmet and case.listing("entity_list")[0] is not None:
            unmet = "the customer stands on the Entity List"
        found = unmet or f"{rule.title}: {case.query.customer}"
        yield _limb(rule, not unmet, found, None if unmet else rule.code)


def _requirements(case: Case) -> Iterator[Limb]:
    for rule in case.law.of("US", "entity_list", "list_control", "end_use", "person_limit"):
        unmet = _unmet(case, rule)
        if unmet:
            yield _limb(rule, False, unmet)
        elif rule.kind == "entity_list":
            yield _entity_list(case, rule)
        elif (group := _exemption(case, rule)) is not None:
            yield _limb(rule, True, f"{rule.title}: exempt ({group})", EXEMPT)
        else:
            yield _limb(rule, True, _with_place(case, rule), _relieved(case, rule))


def _with_place(case: Case, rule: Rule) -> str:
    return f"{rule.title} ({case.query.customer}, {case.query.node}, {case.query.to})"


def _entity_list(case: Case, rule: Rule) -> Limb:
    entry, party = case.listing("entity_list")
    policy = case.law.policies[entry.policy] if entry else None
    assert entry is not None and policy is not None  # noqa: S101 - `_unmet` saw the entry
    query = case.query
    for line in policy.lines:
        fits = (
            (not line.classes or query.tool_class in line.classes)
            and (not line.nodes or query.node in line.nodes)
            and (not line.wafer_mm or query.wafer_mm in line.wafer_mm)
        )
        if fits:
            return _limb(
                rule,
                True,
                f"{party} on the Entity List ({entry.citation}): {policy.note}",
                line.code,
            )
    return _limb(rule, False, f"no line of the policy {policy.id} fits")


def _relieved(case: Case, rule: Rule) -> str | None:
    """The rule's answer, or the milder one for customers with allied headquarters."""
    if rule.hq_code is not None and case.within(case.headquarters, rule.hq_groups):
        return rule.hq_code
    return rule.code


def _unmet(case: Case, rule: Rule) -> str:
    """The first condition that fails, in words; empty when all are met."""
    query, where = case.query, rule.where
    if not rule.in_force(case.on, case.switches):
        return "not in force"
    if where.classes and query.tool_class not in where.classes:
        return f"does not cover the class {query.tool_class}"
    if where.made and query.made not in where.made:
        return f"made in {query.made}"
    if where.to and not case.within(query.to, where.to):
        return f"does not reach {query.to}"
    if where.to_except and case.within(query.to, where.to_except):
        return f"another threshold holds for {query.to}"
    return _unmet_of_customer(case, rule) or _unmet_of_item(case, rule)


def _unmet_of_customer(case: Case, rule: Rule) -> str:
    query, where = case.query, rule.where
    customer = case.law.customers[query.customer]
    if where.nodes and query.node not in where.nodes:
        return f"node {query.node} is outside"
    if where.roles and customer.role not in where.roles:
        return f"{query.customer} is no {where.roles[0]}"
    if where.listed and case.listing(where.listed)[0] is None:
        return f"{query.customer} is not on the list {where.listed}"
    if where.match_named and not _match_named(case):
        return f"{query.customer} is not named"
    if where.military and not query.military:
        return "no military end use known"
    return ""


def _match_named(case: Case) -> bool:
    names = [case.query.customer, *([case.query.owner] if case.query.owner else [])]
    return any(case.law.customers[name].match_named for name in names)


def _unmet_of_item(case: Case, rule: Rule) -> str:
    query, where = case.query, rule.where
    if where.product is not None:
        direct = query.direct_product
        if direct is None:
            direct = case.switches.fn1_tools_are_direct_products
        contains = where.product == "direct_or_contains" and query.contains_ic
        if not (direct or contains):
            return "neither a direct product of listed US technology nor with a chip that counts"
    if rule.kind == "de_minimis" and query.us_content <= (where.threshold_share or 0.0):
        return f"{query.us_content:.1%} controlled US content does not exceed {where.threshold_share:.0%}"
    if rule.waived_where_listed and _on_export_list(case):
        return f"{query.shipped_from} has the item on its own export list"
    return ""


def _on_export_list(case: Case) -> bool:
    return any(
        case.query.tool_class in rule.where.classes and rule.in_force(case.on, case.switches)
        for rule in case.law.of(case.query.shipped_from, "export_list")
    )


def _limb(rule: Rule, applied: bool, finding: str, code: str | None = None) -> Limb:
    return Limb(rule.id, rule.authority, rule.citation, applied, finding, code, rule.url)
