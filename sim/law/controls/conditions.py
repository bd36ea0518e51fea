"""Whether a case meets a US rule, and whether its country of export frees it."""

from __future__ import annotations

from datetime import timedelta

from sim.law.controls.case import Case
from sim.law.controls.rules import Rule


def unmet(case: Case, rule: Rule) -> str:
    """The first condition that fails, in words; empty when all are met."""
    query, where = case.query, rule.where
    if where.classes and query.tool_class not in where.classes:
        return f"does not cover the class {query.tool_class}"
    if where.made and query.made not in where.made:
        return f"made in {query.made}"
    if not rule.in_force(case.on, case.switches):
        return "not in force"
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
        least = where.threshold_share
        return f"{query.us_content:.1%} controlled US content does not exceed {least:.0%}"
    if rule.waived_where_listed and _on_export_list(case):
        return f"{query.shipped_from} has the item on its own export list"
    return ""


def _on_export_list(case: Case) -> bool:
    return any(
        case.query.tool_class in rule.where.classes and rule.in_force(case.on, case.switches)
        for rule in case.law.of(case.query.shipped_from, "export_list")
    )


def exemption(case: Case, rule: Rule) -> str | None:
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
