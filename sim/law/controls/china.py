"""China's counter-controls on materials and dual-use items; every rule that is met counts.

Export Control Law; announcements of the Ministry of Commerce. The floor of Announcement 61 works
the other way round than the US threshold: at or above it a foreign item is caught.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sim.errors import Fault, LawError
from sim.law.controls.case import limb_of
from sim.law.controls.codes import strictest
from sim.law.controls.law import ControlLaw
from sim.law.controls.query import Limb, MaterialQuery
from sim.law.controls.rules import Rule
from sim.law.controls.switches import Switches


@dataclass(frozen=True, slots=True)
class MaterialCase:
    """A settled material query on a day under switches."""

    law: ControlLaw
    query: MaterialQuery
    on: date
    switches: Switches


def decide_china(case: MaterialCase) -> tuple[str, str, list[Limb]]:
    """China's answer, the decisive finding, and every limb.

    Raises
    ------
    LawError
        When a rule in force turns on the rare-earth share and the query does not give it.
    """
    if case.query.to == case.query.shipped_from:
        return "CN_NONE", "crosses no border", []
    limbs = list(_limbs(case))
    codes = tuple(limb.code for limb in limbs if limb.applied and limb.code)
    if not codes:
        return "CN_NONE", _why_none(limbs), limbs
    code = strictest(codes)
    return code, next(limb.finding for limb in limbs if limb.code == code), limbs


def asked_share(
    law: ControlLaw, place: str, node: str, on: date, switches: Switches
) -> tuple[float, str]:
    """Share of Chinese tools that China asks of a chip maker at a place, and by which rule.

    0 and an empty name where it asks for none.
    """
    asked = [
        (rule.where.threshold_share or 0.0, rule.id)
        for rule in law.of("CN", "local_content")
        if rule.in_force(on, switches)
        and (not rule.where.to or place in rule.where.to)
        and (not rule.where.nodes or node in rule.where.nodes)
    ]
    return max(asked, default=(0.0, ""))


def _why_none(limbs: list[Limb]) -> str:
    close = [limb for limb in limbs if "floor" in limb.finding or "suspended" in limb.finding]
    return close[0].finding if close else "no Chinese rule reaches it"


def _limbs(case: MaterialCase) -> Iterator[Limb]:
    for rule in case.law.of("CN", "china"):
        unmet = _unmet(case, rule)
        if unmet:
            yield limb_of(rule, unmet, applied=False)
        else:
            finding = f"{rule.title} ({rule.citation.split(';')[0]})"
            yield limb_of(rule, finding, applied=True, code=rule.code)


def _unmet(case: MaterialCase, rule: Rule) -> str:
    """The first condition that fails, in words; empty when all are met."""
    query, where = case.query, rule.where
    item = case.law.materials[query.item]
    if where.items and query.item not in where.items:
        return f"does not list {query.item}"
    if where.families and item.family not in where.families:
        return f"does not list {query.item}"
    if where.controlled and not item.controlled:
        return f"{query.item} is on no list"
    if where.to and query.to not in where.to:
        return f"does not reach {query.to}"
    if where.to_except and query.to in where.to_except:
        return "goes to China"
    return _unmet_reach(query, rule) or _unmet_user(case, rule) or _unmet_day(case, rule)


def _unmet_reach(query: MaterialQuery, rule: Rule) -> str:
    made, leaves = query.made == "CN", query.shipped_from == "CN"
    met = {
        "from_china": leaves,
        "chinese_origin": made or leaves,
        "re_export": made and not leaves,
        "foreign_made": not made and not leaves,
        None: True,
    }[rule.where.reach]
    return "" if met else "another movement than the rule's"


def _unmet_user(case: MaterialCase, rule: Rule) -> str:
    query, where = case.query, rule.where
    if where.military and not query.military:
        return "no military user or use known"
    if where.technology and not query.technology:
        return "no Chinese rare-earth technology known"
    if where.listed and not _listed(case, rule):
        return f"{query.party or 'the party'} is not on the list {where.listed}"
    return ""


def _listed(case: MaterialCase, rule: Rule) -> bool:
    name, query = str(rule.where.listed), case.query
    if case.law.listing(query.party, name, case.on) is not None:
        return True
    reaches = (
        rule.affiliates_share is not None and (query.owner_share or 0) >= rule.affiliates_share
    )
    return reaches and case.law.listing(query.owner, name, case.on) is not None


def _unmet_day(case: MaterialCase, rule: Rule) -> str:
    """Whether the rule sleeps on the day, and the floor of content, which needs the share."""
    query, floor = case.query, rule.where.threshold_share
    if not rule.in_force(case.on, case.switches):
        early = rule.announced is not None and case.on < rule.announced
        return "not in force" if early else "announced, not in force or suspended"
    if floor is None:
        return ""
    if query.content_share is None:
        cure = "give the value share of Chinese rare earths, 0.1 % is 0.001"
        raise LawError(Fault("", "content_share", f"{rule.citation} turns on it", cure))
    if query.content_share < floor:
        return f"{query.content_share:.2%} Chinese rare earths lie under the floor of {floor:.1%}"
    return ""
