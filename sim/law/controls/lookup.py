"""From the words of a query to the entries of the tables; all mistakes of a query at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Protocol, TypeVar, get_args

from sim.errors import Fault, LawError, nearest
from sim.law.controls.law import ControlLaw
from sim.law.controls.query import MaterialQuery, Query
from sim.law.controls.rules import Node
from sim.spelling import COUNTRY, Spellings

_PLACES = ("made", "shipped_from", "to", "exporter_hq")
NODES: tuple[str, ...] = get_args(Node)


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


Entry = TypeVar("Entry", bound=_Named)


def find(word: str | None, entries: Mapping[str, Entry]) -> Entry | None:
    """The entry whose id, name or alias is ``word``, whatever its case."""
    if word is None:
        return None
    if word in entries:
        return entries[word]
    low = word.strip().casefold()
    for entry in entries.values():
        if low in {known.casefold() for known in (entry.id, entry.name, *entry.aliases)}:
            return entry
    return None


def settle(law: ControlLaw, query: Query) -> Query:
    """``query`` in the tables' own ids, its node filled in from the customer's table.

    Raises
    ------
    LawError
        For every unknown class, country, customer, owner or node, and every share outside 0..1.
    """
    faults = list(faults_of(law, query))
    if faults:
        raise LawError(faults)
    tool, customer = find(query.tool_class, law.classes), find(query.customer, law.customers)
    owner = find(query.owner, law.customers)
    if tool is None or customer is None:
        raise LawError("the tool class or customer is not known")
    return replace(
        query,
        **_places(law, query, _PLACES),
        tool_class=tool.id,
        customer=customer.id,
        owner=owner.id if owner else customer.owner,
        owner_share=query.owner_share if owner else customer.owner_share,
        node=query.node or customer.node,
    )


def faults_of(
    law: ControlLaw, query: Query, file: str = "", line: int | None = None
) -> Iterator[Fault]:
    """Every mistake of a query."""

    def fault(key: str, wrong: str, cure: str = "") -> Fault:
        return Fault(file, key, wrong, cure, line)

    if find(query.tool_class, law.classes) is None:
        yield fault(
            "tool_class", f"no tool class `{query.tool_class}`", near(query.tool_class, law.classes)
        )
    for key in ("customer", "owner"):
        word = getattr(query, key)
        if word is not None and find(word, law.customers) is None:
            yield fault(key, f"no customer `{word}`", near(word, law.customers))
    for key in _PLACES:
        yield from _place(law, fault, key, getattr(query, key))
    for key in ("us_content", "owner_share", "rare_earth_share"):
        yield from _share(fault, key, getattr(query, key))
    if query.node is not None and query.node not in NODES:
        yield fault("node", f"no node class `{query.node}`", nearest(query.node, NODES))
    if (query.owner is None) != (query.owner_share is None):
        yield fault("owner_share", "an owner and its share go together", "give both or neither")


def settle_material(law: ControlLaw, query: MaterialQuery) -> MaterialQuery:
    """A material query in the tables' own ids; a party on no list keeps its words.

    Raises
    ------
    LawError
        For every unknown item or country, every share outside 0..1, and a party that is nearly,
        but not quite, a listed one.
    """
    faults = list(faults_of_material(law, query))
    if faults:
        raise LawError(faults)
    item, party = find(query.item, law.materials), find(query.party, law.parties)
    owner = find(query.owner, law.parties)
    if item is None:
        raise LawError(f"no material `{query.item}`")
    return replace(
        query,
        **_places(law, query, _PLACES[:3]),
        item=item.id,
        party=party.id if party else query.party,
        owner=owner.id if owner else query.owner,
    )


def faults_of_material(
    law: ControlLaw, query: MaterialQuery, file: str = "", line: int | None = None
) -> Iterator[Fault]:
    """Every mistake of a material query."""

    def fault(key: str, wrong: str, cure: str = "") -> Fault:
        return Fault(file, key, wrong, cure, line)

    if find(query.item, law.materials) is None:
        yield fault("item", f"no material `{query.item}`", near(query.item, law.materials))
    for key in _PLACES[:3]:
        yield from _place(law, fault, key, getattr(query, key))
    for key in ("content_share", "owner_share"):
        yield from _share(fault, key, getattr(query, key))
    for key in ("party", "owner"):
        word = getattr(query, key)
        if word and find(word, law.parties) is None:
            close = get_close_matches(word.casefold(), list(_names(law.parties)), n=1, cutoff=0.85)
            if close:
                yield fault(key, f"no listed party `{word}`", f"did you mean `{close[0]}`?")


def near(word: str, entries: Mapping[str, Entry]) -> str:
    """Cure text: the nearest id, by id, name or alias, whatever its case."""
    by_name = _names(entries)
    close = get_close_matches(word.casefold(), list(by_name), n=1, cutoff=0.6)
    return f"did you mean `{by_name[close[0]]}`?" if close else nearest(word, entries)


def _names(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Every id, name and alias in lower case -> id."""
    return {
        known.casefold(): entry.id
        for entry in entries.values()
        for known in (*entry.aliases, entry.name, entry.id)
    }


class _MakeFault(Protocol):
    def __call__(self, key: str, wrong: str, cure: str = "") -> Fault: ...


def _spellings(law: ControlLaw) -> Spellings:
    """What people write for the countries that this law knows."""
    return Spellings(
        {code: (name, *COUNTRY.names.get(code, ())[1:]) for code, name in law.countries.items()}
    )


def _places(law: ControlLaw, query: Query | MaterialQuery, keys: Iterable[str]) -> dict[str, Any]:
    """Countries of a query that were written by name, as codes."""
    written = {key: getattr(query, key) for key in keys}
    named = {k: word for k, word in written.items() if word and word not in law.countries}
    return {key: _spellings(law).code(word) for key, word in named.items()}


def _place(law: ControlLaw, fault: _MakeFault, key: str, word: str | None) -> Iterable[Fault]:
    if word is None or word in law.countries:
        return
    spellings = _spellings(law)
    if spellings.code(word) not in law.countries:
        yield fault(key, f"no country `{word}`", spellings.cure(word))


def _share(fault: _MakeFault, key: str, share: float | None) -> Iterable[Fault]:
    if share is not None and not (math.isfinite(share) and 0.0 <= share <= 1.0):
        yield fault(key, f"{share:g} is no share between 0 and 1", "5 % is 0.05")
