"""Answers of the law on many shipments, asked once for each state that the law is ever in.

Most days of most reformed laws are days like others: an answer is kept under the rules in force,
the memberships and the buyer's own entries, and is found again whatever law and day they belong to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.axes import COUNTRIES
from sim.law.controls import Query, decide
from sim.law.controls.codes import FREE_CODES, US_CODES
from sim.law.controls.law import ControlLaw
from sim.law.controls.query import Decision
from sim.law.controls.rules import Rule
from sim.law.controls.switches import Switches
from sim.world.chip_tools.queries import own_list

Codes = NDArray[np.int8]
State = tuple[object, ...]

AUTHORITIES = ("US", "JP", "NL")
ALONE = (*AUTHORITIES, "CN", "KR")
"""Places with rules of their own, and one that a switch may exempt: like no other place."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the law told of a shipment: rule, authority, code and the reason in words."""

    rule: str = ""
    authority: str = ""
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """US answer as a place in ``US_CODES``, kind of licence of the own list, and what was said."""

    us: int
    own: int
    said: Said


_KEPT: LRUCache[tuple[object, ...], Answer] = LRUCache(maxsize=2**18)
"""Answers by state, entries and query, some thousand a law; beyond hundreds the oldest go."""


class Asked:
    """One law under switches, asked day by day."""

    def __init__(self, law: ControlLaw, switches: Switches) -> None:
        self.law, self.switches = law, switches
        self._states: dict[tuple[date, str, str], str] = {}
        self._rules: dict[date, list[tuple[Rule, bool]]] = {}
        self._known: dict[str, object] = {}

    def answers(self, queries: Sequence[Query], day: date) -> list[Answer]:
        """Answers on every query, on one day."""
        entries: dict[str, object] = {}
        found = []
        for query in queries:
            if query.customer not in entries:
                entries[query.customer] = self._entries(query.customer, day)
            state = self.state(day, query.shipped_from, query.to)
            key = (state, entries[query.customer], query)
            if key not in _KEPT:
                _KEPT[key] = _answer(self.law, decide(query, day, self.switches, self.law), query)
            found.append(_KEPT[key])
        return found

    def distinct(self, queries: Sequence[Query]) -> tuple[list[Query], Ints]:
        """Queries that the law may tell apart, and where each given one stands among them.

        Places of manufacture and of export are alike where they are in the same groups of countries
        on the same days, no rule names them, and they have no list of their own.
        """
        kept: dict[tuple[object, ...], int] = {}
        found: list[Query] = []
        place = np.zeros(len(queries), dtype=np.int64)
        for k, query in enumerate(queries):
            ways = (query.made, query.shipped_from, query.exporter_hq or "")
            kin = [self._kin(code) if code != query.to else code for code in ways]
            key = (query.tool_class, query.to, query.customer, *kin)
            place[k] = kept.setdefault(key, len(found))
            if place[k] == len(found):
                found.append(query)
        return found, place

    def _kin(self, place: str) -> object:
        """What the law knows of a place: itself, or the groups that it is or will be in."""
        if not self._known:
            named = {str(code) for rule in self.law.rules for code in _named(rule)}
            exempt = {rule.exempt_exporters for rule in self.law.rules} - {None}
            rows: dict[str, list[tuple[str, date | None, date | None]]] = {}
            for row in self.law.memberships:
                rows.setdefault(row.country, []).append((row.group, row.start, row.until))
            for code in COUNTRIES:
                groups = rows.get(code, [])
                alone = code in named or code in ALONE or any(one[0] in exempt for one in groups)
                self._known[code] = code if alone else frozenset(groups)
        return self._known.get(place, place)

    def same(self, one: date, other: date) -> bool:
        """Whether no rule, membership or entry differs between two days."""
        rules = [[(id(rule), grace) for rule, grace in self._bound(day)] for day in (one, other)]
        rows = (*self.law.listings, *self.law.memberships)
        korea = self.switches.korea_in_supp4
        joined = korea is not None and one < korea <= other
        return rules[0] == rules[1] and not joined and all(
            row.holds(one) == row.holds(other) for row in rows
        )  # fmt: skip

    def state(self, day: date, source: str, to: str) -> str:
        """Digest of the state of the law on a day for what goes from a place to another.

        Equal states of any two laws share it. Rules that cannot bear on the way, and those that
        bind persons alone, do not count.
        """
        key = (day, source, to)
        if key not in self._states:
            korea = self.switches.korea_in_supp4
            content: State = (
                self.law.tables_digest,
                tuple(
                    (_content(rule), grace)
                    for rule, grace in self._bound(day)
                    if rule.authority in {"US", source} and self._reaches(rule, to, day)
                ),
                sorted({(r.group, r.country) for r in self.law.memberships if r.holds(day)}),
                self.switches.fn1_tools_are_direct_products,
                self.switches.match_act_aligned,
                korea is not None and korea <= day,
            )
            self._states[key] = hashlib.sha256(repr(content).encode()).hexdigest()
        return self._states[key]

    def _bound(self, day: date) -> list[tuple[Rule, bool]]:
        """Rules on goods in force on a day, and whether each is in its grace period."""
        if day not in self._rules:
            self._rules[day] = [
                (rule, self._in_grace(rule, day))
                for rule in self.law.rules
                if rule.authority in AUTHORITIES
                and rule.kind != "person_limit"
                and rule.in_force(day, self.switches)
            ]
        return self._rules[day]

    def _reaches(self, rule: Rule, to: str, day: date) -> bool:
        where = rule.where
        return not where.to or any(self.law.in_group(to, place, day) for place in where.to)

    def _in_grace(self, rule: Rule, day: date) -> bool:
        since = rule.since(day, self.switches) if rule.grace_days is not None else None
        return since is not None and day < since + timedelta(days=rule.grace_days or 0)

    def _entries(self, customer: str, day: date) -> State:
        """Entries that stand for a buyer and its owner."""
        owner = self.law.customers[customer].owner
        return tuple(
            (party, row.list_name, row.policy, row.citation)
            for party in (customer, owner)
            if party is not None
            for row in self.law.listings
            if row.party == party and self.law.listing(party, row.list_name, day) is row
        )


def _answer(law: ControlLaw, decision: Decision, query: Query) -> Answer:
    return Answer(US_CODES.index(decision.us), own_list(law, decision, query.to), said(decision))


def said(decision: Decision) -> Said:
    """The limb that decided: of the more restrictive authority, or what set the shipment free."""
    authority, code = "US", decision.us
    if decision.us in FREE_CODES and decision.japan not in FREE_CODES:
        authority, code = "JP", decision.japan
    for limb in decision.limbs:
        if limb.authority == authority and limb.applied and limb.code == code:
            return Said(limb.rule, authority, code, limb.finding)
    return Said()


def _named(rule: Rule) -> Iterator[str]:
    """Places and groups that a rule names."""
    where = rule.where
    yield from (*where.made, *where.to, *where.to_except, *rule.hq_groups)


def _content(rule: Rule) -> str:
    """What a rule says, apart from its days."""
    kept = _CONTENTS.get(id(rule))
    if kept is None:
        text = rule.model_dump_json(exclude={"windows", "announced", "sources", "doubt"})
        _CONTENTS[id(rule)] = kept = (rule, text)
    return kept[1]


_CONTENTS: LRUCache[int, tuple[Rule, str]] = LRUCache(maxsize=2**14)
"""Rule by its identity, held so that the identity is not given away; some hundred a law."""
