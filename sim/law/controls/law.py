"""The export-control law as one value: rules, listings and groups of any date, with a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

from sim.data.key_paths import undotted
from sim.errors import Fault, LawError, nearest
from sim.law.controls import tables
from sim.law.controls.files import Reading
from sim.law.controls.rules import ONE_DAY, Rule
from sim.law.controls.switches import Declaration, Switches, defaults, read_declarations
from sim.law.files import LAW_FOLDER, Stamp, stamp, strange_files

Named = Mapping[str, tuple[Iterable[str], Iterable[str]]]
"""Key of a rule or entry -> the words that it uses, and the words that are known."""

RULE_FILES = ("united_states.yaml", "japan.yaml", "netherlands.yaml", "china.yaml")


@dataclass(frozen=True, eq=False)
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
    declared: Mapping[str, Declaration] = field(repr=False)
    """Open legal questions, each with its default."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the law's content: equal for equal law, wherever its files lie."""
        rows = (*self.rules, *self.listings, *self.memberships)
        content = [*(row.model_dump(mode="json") for row in rows), self.tables_digest]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @cached_property
    def tables_digest(self) -> str:
        """SHA-256 of what rules and entries refer to, which no reform changes."""
        tables = (
            self.customers,
            self.parties,
            self.classes,
            self.materials,
            self.policies,
            self.declared,
        )
        rows = [row.model_dump(mode="json") for table in tables for row in table.values()]
        content = [*rows, dict(self.countries)]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ControlLaw) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def defaults(self) -> Switches:
        """The declared answers to the open legal questions."""
        return defaults(self.declared)

    def rule(self, name: str) -> Rule:
        """The rule with that id.

        Raises
        ------
        LawError
            When there is none; with the nearest spelling.
        """
        for rule in self.rules:
            if rule.id == name:
                return rule
        known = (rule.id for rule in self.rules)
        raise LawError(Fault("", name, "no such rule", nearest(name, known)))

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
        members: dict[tuple[str, str], list[tables.Membership]] = {}
        for row in self.memberships:
            members.setdefault((row.group, row.country), []).append(row)
        return members

    @cached_property
    def _entries(self) -> dict[tuple[str | None, str], list[tables.Listing]]:
        entries: dict[tuple[str | None, str], list[tables.Listing]] = {}
        for row in self.listings:
            entries.setdefault((row.party, row.list_name), []).append(row)
        return entries


def enacted(overlays: Sequence[Path] = ()) -> ControlLaw:
    """The law of ``sim/data/law/controls`` with folders laid over it, in the forms of the law.

    What an overlay holds is added, or stands in the place of what has the same key: rules,
    policies, customers, parties, classes and materials by id, entries by party, list and first day,
    groups by country and first day, switches by name. Read once for equal files.

    Raises
    ------
    LawError
        Every fault of every file at once, under the overlay's own path: what is wrong in itself,
        and what names a class, group, list or switch that is not there.
    """
    folders = tuple(Path(folder) for folder in overlays)
    return _enacted(folders, stamp(folders))


@lru_cache(maxsize=8)
def _enacted(overlays: tuple[Path, ...], _: Stamp) -> ControlLaw:
    faults = [fault for folder in overlays for fault in strange_files(folder)]
    reading = Reading((LAW_FOLDER, *overlays), faults)
    law = _read(reading)
    if not reading.faults:
        for fault in broken_names(law):
            name, key = fault.key.split(".", 1)
            reading.note(name, undotted(key), fault.wrong, fault.cure)
    if reading.faults:
        raise LawError(reading.faults)
    return law


def _read(reading: Reading) -> ControlLaw:
    rows = reading.rows
    return ControlLaw(
        rules=tuple(reading.listed(Rule, [f"controls/{name}" for name in RULE_FILES])),
        listings=tuple(rows(tables.Listing, "controls/listings.csv", "party", "list", "from")),
        memberships=tuple(
            rows(tables.Membership, "controls/groups.csv", "group", "country", "from")
        ),
        customers=_by_id(rows(tables.Customer, "controls/customers.csv", "id")),
        parties=_by_id(rows(tables.Party, "controls/parties.csv", "id")),
        classes=_by_id(rows(tables.ToolClass, "controls/items.csv", "id")),
        materials=_by_id(rows(tables.Material, "controls/materials.csv", "id")),
        policies=_by_id(reading.named(tables.Policy, "controls/policies.yaml", "id")),
        countries={
            row.code: row.name for row in rows(tables.Country, "controls/countries.csv", "code")
        },
        declared=read_declarations(reading),
    )


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


Entry = TypeVar("Entry", bound=_WithId)


def _by_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.id: entry for entry in entries}


def broken_names(law: ControlLaw) -> Iterator[Fault]:
    """Every name in a rule or listing that stands for nothing."""
    places = {*law.countries, *(row.group for row in law.memberships)}
    for rule in law.rules:
        yield from _unknown(rule.id, _named_by(rule, law, places))
    known = (*law.customers, *law.parties)
    for row in law.listings:
        needs = (row.policy,) if row.policy or row.list_name == "entity_list" else ()
        named: Named = {
            "party": ((row.party,), known),
            "list": ((row.list_name,), tables.LISTS),
            "policy": (needs, law.policies),
        }
        first = [row.party, row.list_name, *([row.start.isoformat()] if row.start else [])]
        yield from _unknown(" ".join(first), named)


def _named_by(rule: Rule, law: ControlLaw, places: Iterable[str]) -> Named:
    """The words of a rule that must stand for something, and what each may stand for."""
    where = rule.where
    return {
        "where.classes": (where.classes, law.classes),
        "where.items": (where.items, law.materials),
        "where.to": (where.to, places),
        "where.to_except": (where.to_except, places),
        "where.made": (where.made, law.countries),
        "where.families": (where.families, {m.family for m in law.materials.values()}),
        "where.list": ((where.listed,) if where.listed else (), tables.LISTS),
        "exempt_exporters": ((rule.exempt_exporters,) if rule.exempt_exporters else (), places),
        "hq_groups": (rule.hq_groups, places),
        "windows.switch": (_switches_of(rule), law.declared),
    }


def _switches_of(rule: Rule) -> list[str]:
    names = [name for w in rule.windows for name in (w.switch, w.from_switch)]
    return [name for name in (*names, rule.exempt_after_grace_switch) if name]


def _unknown(first: str, named: Named) -> Iterator[Fault]:
    for key, (used, known) in named.items():
        for word in used:
            if word not in known:
                yield Fault("", f"{first}.{key}", f"`{word}` is not known", nearest(word, known))
