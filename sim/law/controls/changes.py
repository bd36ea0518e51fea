"""The single changes that a reform of the export-control law is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from sim.data.models import Day
from sim.errors import Fault, LawError, nearest
from sim.law.controls.files import Frozen, models
from sim.law.controls.law import ControlLaw
from sim.law.controls.rules import ONE_DAY, Rule, Window, cut, keep
from sim.law.controls.tables import LISTS, Listing, Membership

Span = tuple[date, date | None]
"""First and last day of a reform; an empty last day is open."""

Row = TypeVar("Row", Listing, Membership)


class Pick(Frozen):
    """Which rules a change is about: by id, or by authority, kind and day of announcement."""

    rules: tuple[str, ...] = ()
    authority: Literal["US", "JP", "NL", "CN"] | None = None
    kinds: tuple[str, ...] = ()
    announced_from: Day | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Pick:
        if not (self.rules or self.authority or self.kinds or self.announced_from):
            raise ValueError("name rules, an authority, kinds or a first day of announcement")
        return self

    def of(self, law: ControlLaw) -> set[str]:
        """Ids of the rules that are picked."""
        _known(self.rules, {rule.stem for rule in law.rules})
        return {rule.id for rule in law.rules if self._fits(rule)}

    def _fits(self, rule: Rule) -> bool:
        day = self.announced_from
        return (
            (not self.rules or rule.stem in self.rules)
            and (self.authority is None or rule.authority == self.authority)
            and (not self.kinds or rule.kind in self.kinds)
            and (day is None or (rule.announced is not None and rule.announced >= day))
        )


class Repeal(Frozen):
    """The picked rules are not in force during the reform (with an end: a suspension)."""

    act: Literal["repeal"]
    pick: Pick

    def enact(self, law: ControlLaw, span: Span) -> ControlLaw:
        """``law`` with the picked windows cut."""
        picked = self.pick.of(law)
        return _rules(law, lambda r: (_cut(r, span),) if r.id in picked else (r,))


class Enact(Frozen):
    """The named rules are in force during the reform, whatever their windows and switches say."""

    act: Literal["enact"]
    rules: tuple[str, ...] = Field(min_length=1)

    def enact(self, law: ControlLaw, span: Span) -> ControlLaw:
        """``law`` with a window for the span added to each rule."""
        _known(self.rules, {rule.stem for rule in law.rules})
        window = Window(start=span[0], until=span[1])
        return _rules(law, lambda r: (_with_window(r, window),) if r.stem in self.rules else (r,))


class Delay(Frozen):
    """The named rules start later than they did."""

    act: Literal["delay"]
    rules: tuple[str, ...] = Field(min_length=1)
    until: Day

    def enact(self, law: ControlLaw, span: Span) -> ControlLaw:
        """``law`` with the windows cut before ``until``."""
        _known(self.rules, {rule.stem for rule in law.rules})
        before = (span[0], self.until - ONE_DAY)
        return _rules(law, lambda r: (_cut(r, before),) if r.stem in self.rules else (r,))


class Alter(Frozen):
    """The named rules hold with other conditions, exemption or answers during the reform."""

    act: Literal["alter"]
    rules: tuple[str, ...] = Field(min_length=1)
    where: dict[str, object] = Field(default_factory=dict)
    exempt_exporters: str | None = None
    no_exemption: bool = False
    code: str | None = None
    hq_code: str | None = None

    def enact(self, law: ControlLaw, span: Span) -> ControlLaw:
        """``law`` with each rule split in the days outside and inside the span."""
        _known(self.rules, {rule.stem for rule in law.rules})
        return _rules(law, lambda r: self._split(r, span) if r.stem in self.rules else (r,))

    def _split(self, rule: Rule, span: Span) -> tuple[Rule, ...]:
        inside = keep(rule.windows, *span)
        if not inside:
            return (rule,)
        data = rule.model_dump(by_alias=True)
        data["where"] = {**rule.where.model_dump(by_alias=True), **self.where}
        given = {
            "exempt_exporters": self.exempt_exporters,
            "code": self.code,
            "hq_code": self.hq_code,
        }
        data |= {key: value for key, value in given.items() if value is not None}
        if self.no_exemption:
            data["exempt_exporters"] = None
        mark = f"{rule.id}_altered_{span[0]:%Y%m%d}"
        data |= {"id": mark, "windows": inside}
        changed = models(Rule, "reform", [data])[0]
        outside = cut(rule.windows, *span)
        return (rule.model_copy(update={"windows": outside}), changed) if outside else (changed,)


class Add(Frozen):
    """A new rule; its windows are cut to the span of the reform."""

    act: Literal["add"]
    rule: Rule

    def enact(self, law: ControlLaw, span: Span) -> ControlLaw:
        """``law`` with the rule."""
        if any(rule.id == self.rule.id for rule in law.rules):
            raise LawError(Fault("", self.rule.id, "a rule of that id exists", "use `alter`"))
        windows = keep(self.rule.windows, *span)
        return replace(law, rules=(*law.rules, self.rule.model_copy(update={"windows": windows})))


class Enlist(Frozen):
    """Parties stand on a list during the reform."""

    act: Literal["enlist"]
    parties: tuple[str, ...] = Field(min_length=1)
    listed: str = Field(alias="list")
    policy: str = ""

    def enact(self, law: ControlLaw, span: Span) -> ControlLaw:
        """``law`` with the entries."""
        new = tuple(
            Listing.model_validate(
                {
                    "party": party,
                    "list": self.listed,
                    "from": span[0],
                    "until": span[1],
                    "policy": self.policy,
                    "citation": "reform",
                    "source_url": "declared",
                    "confidence": "high",
                    "evidence": "estimated",
                }
            )
            for party in self.parties
        )
        return replace(law, listings=(*law.listings, *new))


class Delist(Frozen):
    """Entries that began on or after a day, or of some parties, do not stand during the reform."""

    act: Literal["delist"]
    parties: tuple[str, ...] = ()
    lists: tuple[str, ...] = Field(min_length=1)
    begun_from: Day | None = None

    def enact(self, law: ControlLaw, span: Span) -> ControlLaw:
        """``law`` with the entries cut; the entry that stood before governs again."""
        _known(self.lists, LISTS)
        _known(self.parties, {row.party for row in law.listings})

        def picked(row: Listing) -> bool:
            begun = self.begun_from is None or (row.start or date.min) >= self.begun_from
            return (
                begun
                and row.list_name in self.lists
                and (not self.parties or row.party in self.parties)
            )

        return replace(law, listings=_without(law.listings, picked, span))


class Regroup(Frozen):
    """Countries join or leave a group during the reform."""

    act: Literal["regroup"]
    group: str
    join: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()

    def enact(self, law: ControlLaw, span: Span) -> ControlLaw:
        """``law`` with the memberships."""
        _known((self.group,), {row.group for row in law.memberships})
        _known((*self.join, *self.leave), set(law.countries))
        rows = _without(
            law.memberships, lambda row: row.group == self.group and row.country in self.leave, span
        )
        new = tuple(
            Membership.model_validate(
                {
                    "group": self.group,
                    "country": country,
                    "from": span[0],
                    "until": span[1],
                    "source_url": "declared",
                    "confidence": "high",
                    "evidence": "estimated",
                }
            )
            for country in self.join
        )
        return replace(law, memberships=(*rows, *new))


Change = Annotated[
    Repeal | Enact | Delay | Alter | Add | Enlist | Delist | Regroup, Field(discriminator="act")
]


def _rules(law: ControlLaw, change: Callable[[Rule], tuple[Rule, ...]]) -> ControlLaw:
    return replace(law, rules=tuple(new for rule in law.rules for new in change(rule)))


def _cut(rule: Rule, span: Span) -> Rule:
    return rule.model_copy(update={"windows": cut(rule.windows, *span)})


def _with_window(rule: Rule, window: Window) -> Rule:
    return rule.model_copy(
        update={"windows": (*cut(rule.windows, window.start or date.min, window.until), window)}
    )


def _without(rows: tuple[Row, ...], picked: Callable[[Row], bool], span: Span) -> tuple[Row, ...]:
    """``rows`` with the picked ones cut out of the span."""
    kept: list[Row] = []
    for row in rows:
        if not picked(row):
            kept.append(row)
            continue
        left = cut((Window(start=row.start, until=row.until),), *span)
        kept += [row.model_copy(update={"start": w.start, "until": w.until}) for w in left]
    return tuple(kept)


def _known(words: Iterable[str], known: Iterable[str]) -> None:
    names = sorted(set(known))
    faults = [
        Fault("", word, "is not known", nearest(word, names)) for word in words if word not in names
    ]
    if faults:
        raise LawError(faults)
