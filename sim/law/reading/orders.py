"""Reading ``stacking.yaml`` and ``agreements.yaml``: how duties combine, what agreements exist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sim.axes import COUNTRIES, LAW_COUNTRIES, PRODUCTS
from sim.data.entries import Entry, Page
from sim.errors import Fault
from sim.law.agreement import Agreement, OriginRule
from sim.law.files import shown
from sim.law.instrument import FOREVER
from sim.law.reading.instruments import provenance
from sim.law.stacking import Displacement, Group, Stacking, Termination

_PROVENANCE = ("source", "confidence", "evidence")
_METHODS = ("build_down", "build_up", "net_cost", "focused", "value_added")
_SHIFTS = ("CC", "CTH", "CTSH")


def read_stacking(paths: Sequence[Path]) -> tuple[Stacking, list[Fault]]:
    """The order of stacking of the files, and everything that is wrong with them.

    A later file's group or termination stands in the place of that of the same id, its displacement
    in that of the one with the same ``by``, ``when`` and ``from``; a new one comes last.
    """
    groups: dict[str, Group] = {}
    displacements: list[Displacement] = []
    terminations: dict[str, Termination] = {}
    faults: list[Fault] = []
    for path in paths:
        page = Page(path, shown(path))
        if page.clean:
            needed = () if groups else ("groups",)
            page.root.keys(needed, ("groups", "displacements", "terminations"))
        groups |= {key: _group(key, entry) for key, entry in _below(page.root, "groups")}
        known = tuple(groups)
        listed = page.root.get("displacements")
        new = [_displacement(entry, known) for entry in (listed.list() if listed else ())]
        replaced = {_rule_key(rule) for rule in new}
        displacements = [r for r in displacements if _rule_key(r) not in replaced] + new
        terminations |= {
            key: _termination(key, entry, known) for key, entry in _below(page.root, "terminations")
        }
        faults += page.all_faults()
    return Stacking(
        tuple(groups.values()), tuple(displacements), tuple(terminations.values())
    ), faults


def _rule_key(rule: Displacement) -> tuple[str, bool, date]:
    return rule.by, rule.scheduled, rule.start


def read_agreements(paths: Sequence[Path]) -> tuple[tuple[Agreement, ...], list[Fault]]:
    """The agreements of the files, a later one in the place of that of the same id, and faults."""
    agreements: dict[str, Agreement] = {}
    faults: list[Fault] = []
    for path in paths:
        page = Page(path, shown(path))
        if page.clean:
            agreements |= {
                key: _agreement(key, entry, page.name) for key, entry in page.root.items()
            }
        faults += page.all_faults()
    return tuple(agreements.values()), faults


def _below(root: Entry, key: str) -> list[tuple[str, Entry]]:
    entry = root.get(key)
    return entry.items() if entry else []


def _group(key: str, entry: Entry) -> Group:
    entry.keys(("importer", "title"))
    importer = entry.get("importer")
    return Group(key, importer.word(COUNTRIES) if importer else "", _text(entry, "title"))


def _displacement(entry: Entry, groups: tuple[str, ...]) -> Displacement:
    entry.keys(("by", "drops", "when", *_PROVENANCE), ("from", "to", "note"))
    by, drops, when = entry.get("by"), entry.get("drops"), entry.get("when")
    return Displacement(
        by=by.word(groups) if by else "",
        drops=drops.words(groups) if drops else (),
        scheduled=bool(when and when.word(("scheduled", "charged")) == "scheduled"),
        start=_day(entry, "from", date.min),
        end=_day(entry, "to", FOREVER),
        provenance=provenance(entry),
    )


def _termination(key: str, entry: Entry, groups: tuple[str, ...]) -> Termination:
    entry.keys(("title", "groups", "last", *_PROVENANCE), ("announced", "note", "record"))
    ended = entry.get("groups")
    announced = entry.get("announced")
    return Termination(
        id=key,
        title=_text(entry, "title"),
        groups=ended.words(groups) if ended else (),
        last=_day(entry, "last", FOREVER),
        announced=announced.day() if announced else None,
        provenance=provenance(entry),
    )


def _agreement(key: str, entry: Entry, file: str) -> Agreement:
    entry.keys(
        ("title", "in_force", "rules", *_PROVENANCE), ("aliases", "end", "cumulation", "note")
    )
    members = tuple((code, item.day()) for code, item in _below(entry, "in_force"))
    for code, _ in members:
        if code not in LAW_COUNTRIES:
            entry.note(f"member `{code}` is no country of the law")
    cumulation, rules = entry.get("cumulation"), entry.get("rules")
    aliases = entry.get("aliases")
    return Agreement(
        id=key,
        title=_text(entry, "title"),
        members=members,
        end=_day(entry, "end", FOREVER),
        cumulation=cumulation.words(LAW_COUNTRIES)
        if cumulation
        else tuple(code for code, _ in members),
        rules=tuple(_rule(item) for item in (rules.list() if rules else ())),
        provenance=provenance(entry),
        aliases=tuple(item.text() for item in (aliases.list() if aliases else ())),
        file=file,
    )


def _rule(entry: Entry) -> OriginRule:
    entry.keys(
        ("products", *_PROVENANCE),
        ("from", "to", "value_content", "method", "tariff_shift", "combine",
         "labour_value_content", "note"),
    )  # fmt: skip
    products, shift = entry.get("products"), entry.get("tariff_shift")
    method, combine = entry.get("method"), entry.get("combine")
    content = _share(entry, "value_content")
    if content is None and shift is None:
        entry.note("a rule needs `value_content` or `tariff_shift`")
    return OriginRule(
        products=products.words(PRODUCTS) if products else (),
        start=_day(entry, "from", date.min),
        end=_day(entry, "to", FOREVER),
        value_content=content,
        method=method.word(_METHODS) if method else "",
        tariff_shift=shift.word(_SHIFTS) if shift else "",
        combine=combine.word(("either", "both")) if combine else "either",
        labour_value_content=_share(entry, "labour_value_content"),
        provenance=provenance(entry),
    )


def _share(entry: Entry, key: str) -> float | None:
    share = entry.get(key)
    return share.number(0.0, 1.0, "a share, 0.4 for 40 %") if share else None


def _day(entry: Entry, key: str, absent: date) -> date:
    day = entry.get(key)
    return day.day() if day else absent


def _text(entry: Entry, key: str) -> str:
    text = entry.get(key)
    return text.text() if text else ""
