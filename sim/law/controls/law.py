"""The export-control law as one value: rules, listings and groups of any date, with a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from sim.errors import Fault, LawError, nearest
from sim.law.controls import tables
from sim.law.controls.files import models, read_yaml
from sim.law.controls.rules import ONE_DAY, Rule
from sim.law.controls.switches import Switches, declarations

RULE_FILES = ("united_states.yaml", "japan.yaml", "netherlands.yaml", "china.yaml")


@dataclass(frozen=True)
class ControlLaw:
    """All rules of export control and the tables they refer to; made by :func:`enacted`.

    Equal laws have equal ``digest``. Never edited:
    :func:`sim.law.controls.reforms.enact_reforms` gives a new law.
    """

    rules: tuple[Rule, ...]
    listings: tuple[tables.Listing, ...]
    memberships: tuple[tables.Membership, ...]
    customers: Mapping[str, tables.Customer] = field(repr=False)
    parties: Mapping[str, tables.Party] = field(repr=False)
    classes: Mapping[str, tables.ToolClass] = field(repr=False)
    materials: Mapping[str, tables.Material] = field(repr=False)
    policies: Mapping[str, tables.Policy] = field(repr=False)
    countries: Mapping[str, str] = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the law's content."""
        content = [
            *(rule.model_dump(mode="json") for rule in self.rules),
            *(row.model_dump(mode="json") for row in self.listings),
            *(row.model_dump(mode="json") for row in self.memberships),
            *(row.model_dump(mode="json") for row in self.customers.values()),
            *(row.model_dump(mode="json") for row in self.policies.values()),
            *(row.model_dump(mode="json") for row in self.materials.values()),
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def rule(self, name: str) -> Rule:
        """The rule with that id.

        Raises
        ------
        LawError
            When there is none; with the nearest spelling.
        """
        found = next((rule for rule in self.rules if rule.id == name), None)
        if found is None:
            known = (rule.id for rule in self.rules)
            raise LawError(Fault("", name, "no such rule", nearest(name, known)))
        return found

    def of(self, authority: str, *kinds: str) -> Iterator[Rule]:
        """Rules of an authority, of some kinds or of all."""
        for rule in self._by_authority.get(authority, ()):
            if not kinds or rule.kind in kinds:
                yield rule

    def in_group(self, country: str | None, group: str, on: date) -> bool:
        """Whether ``country`` is ``group`` itself or a member of that group on that day."""
        if country is None:
            return False
        if country == group:
            return True
        return any(row.holds(on) for row in self._members.get((group, country), ()))

    def listing(self, party: str | None, name: str, on: date) -> tables.Listing | None:
        """The entry of ``party`` on a list that governs: the latest that has started."""
        standing = [row for row in self._entries.get((party, name), ()) if row.holds(on)]
        return max(standing, key=lambda row: row.start or date.min, default=None)

    def change_days(
        self,
        switches: Switches,
        authorities: Iterable[str] = ("US", "JP", "NL", "CN"),
        parties: Iterable[str | None] | None = None,
    ) -> tuple[date, ...]:
        """Every day on which an answer may change, in order.

        Only rules of ``authorities`` count, and only entries of ``parties`` when they are given.
        """
        known = None if parties is None else set(parties)
        rows: list[tables.Dated] = list(self.memberships)
        rows += [row for row in self.listings if known is None or row.party in known]
        days: set[date | None] = {switches.korea_in_supp4}
        for row in rows:
            days |= {row.start, row.until and row.until + ONE_DAY}
        for rule in (rule for name in authorities for rule in self.of(name)):
            for window in rule.windows:
                first = window.first_day(switches)
                days |= {first, window.until and window.until + ONE_DAY}
                if first is not None and rule.grace_days:
                    days.add(date.fromordinal(first.toordinal() + rule.grace_days))
        return tuple(sorted(day for day in days if day is not None and day > date.min))

    @cached_property
    def _by_authority(self) -> dict[str, tuple[Rule, ...]]:
        names = {rule.authority for rule in self.rules}
        return {name: tuple(r for r in self.rules if r.authority == name) for name in names}

    @cached_property
    def _members(self) -> dict[tuple[str, str], list[tables.Membership]]:
        found: dict[tuple[str, str], list[tables.Membership]] = {}
        for row in self.memberships:
            found.setdefault((row.group, row.country), []).append(row)
        return found

    @cached_property
    def _entries(self) -> dict[tuple[str | None, str], list[tables.Listing]]:
        found: dict[tuple[str | None, str], list[tables.Listing]] = {}
        for row in self.listings:
            found.setdefault((row.party, row.list_name), []).append(row)
        return found


@cache
def enacted() -> ControlLaw:
    """The law of ``sim/data/law/controls``, read once and checked.

    Raises
    ------
    LawError
        When a file is wrong or a rule names a class, group, list or switch that is not there.
    """
    law = ControlLaw(
        rules=tuple(r for name in RULE_FILES for r in models(Rule, name, read_yaml(name))),
        listings=tables.listings(),
        memberships=tables.memberships(),
        customers=tables.customers(),
        parties=tables.parties(),
        classes=tables.tool_classes(),
        materials=tables.materials(),
        policies=_policies(),
        countries=tables.countries(),
    )
    faults = list(broken_names(law))
    if faults:
        raise LawError(faults)
    return law


def broken_names(law: ControlLaw) -> Iterator[Fault]:
    """Every name in a rule or listing that stands for nothing."""
    places = {*law.countries, *(row.group for row in law.memberships)}
    for rule in law.rules:
        where = rule.where
        named: dict[str, tuple[Iterable[str], Iterable[str]]] = {
            "where.classes": (where.classes, law.classes),
            "where.items": (where.items, law.materials),
            "where.to": (where.to, places),
            "where.to_except": (where.to_except, places),
            "where.made": (where.made, law.countries),
            "where.families": (where.families, {m.family for m in law.materials.values()}),
            "where.list": ((where.listed,) if where.listed else (), tables.LISTS),
            "exempt_exporters": ((rule.exempt_exporters,) if rule.exempt_exporters else (), places),
            "hq_groups": (rule.hq_groups, places),
            "windows.switch": (_switches_of(rule), declarations()),
        }
        yield from _unknown(rule.id, named)
    for row in law.listings:
        known = (*law.customers, *law.parties)
        needs = (row.policy,) if row.policy or row.list_name == "entity_list" else ()
        named = {
            "party": ((row.party,), known),
            "list": ((row.list_name,), tables.LISTS),
            "policy": (needs, law.policies),
        }
        yield from _unknown(row.party, named)


def _switches_of(rule: Rule) -> list[str]:
    names = [name for w in rule.windows for name in (w.switch, w.from_switch)]
    return [name for name in (*names, rule.exempt_after_grace_switch) if name]


def _unknown(
    first: str, named: Mapping[str, tuple[Iterable[str], Iterable[str]]]
) -> Iterator[Fault]:
    for key, (used, known) in named.items():
        for word in used:
            if word not in known:
                yield Fault("", f"{first}.{key}", f"`{word}` is not known", nearest(word, known))


def _policies() -> dict[str, tables.Policy]:
    raw = read_yaml("policies.yaml")
    rows = [{"id": name, **entry} for name, entry in raw.items()]
    return {row.id: row for row in models(tables.Policy, "policies.yaml", rows)}
