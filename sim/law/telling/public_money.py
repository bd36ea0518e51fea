"""Subsidies through time and between laws: where each starts, ends or pays something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sim.law.instrument import FOREVER, ONE_DAY
from sim.law.law import Law
from sim.law.subsidies.act import Subsidy

Years = tuple[float, float] | None
"""Years of a project in which a size is paid; None for what is paid on calendar days."""
_TERMS = ("giver", "places", "products", "firms", "kind", "chance", "silent")


@dataclass(frozen=True, slots=True)
class ActSpell:
    """Days, both included, on which an act pays the same; ``end`` None where none is set."""

    subsidy: str
    title: str
    giver: str
    places: tuple[str, ...]
    kind: str
    years: Years
    start: date
    end: date | None
    size: float
    silent: str = ""
    """Why it moves nothing in this model; empty where it counts."""


@dataclass(frozen=True, slots=True)
class ActChange:
    """An act that pays something else before and after, or under A and B; None where nothing.

    ``start`` and ``end`` are the days (both included) on which it differs, as those of
    :class:`sim.law.telling.difference.Change`. ``terms`` names what differs besides the size.
    """

    subsidy: str
    title: str
    giver: str
    places: tuple[str, ...]
    products: tuple[str, ...]
    kind: str
    years: Years
    start: date
    end: date
    first: float | None
    second: float | None
    terms: tuple[str, ...] = ()


def act_spells(acts: Iterable[Subsidy]) -> tuple[ActSpell, ...]:
    """What every act pays through time, by act, years of a project and first day.

    >>> from sim.law.law import load_law
    >>> [(str(one.end), one.size) for one in act_spells([load_law().subsidy("us_45x")])][:2]
    [('2029-12-31', 0.25), ('2030-12-31', 0.19)]
    """
    found: list[ActSpell] = []
    for act in acts:
        for years in _spans(act):
            days = [*_days([act], date.min, FOREVER), FOREVER]
            for first, after in zip(days, [*days[1:], FOREVER], strict=True):
                size = _size(act, years, first)
                if size is not None and first < after:
                    end = None if after == FOREVER else after - ONE_DAY
                    found.append(
                        ActSpell(
                            act.id, act.title, act.giver, act.places, act.kind, years, first, end,
                            size, act.silent,
                        )
                    )  # fmt: skip
    return tuple(found)


def acts_for(law: Law, product: str) -> tuple[Subsidy, ...]:
    """Acts that pay for making a product, wherever."""
    return tuple(act for act in law.subsidies if product in act.products)


def acts_between_laws(law: Law, other: Law, start: date, end: date) -> tuple[ActChange, ...]:
    """Every act and stretch of days on which two laws pay something else, in ``start``..``end``."""
    found: list[ActChange] = []
    for one, two in _pairs(law, other):
        terms = _terms(one, two)
        for years in dict.fromkeys(years for act in (one, two) if act for years in _spans(act)):
            days = _days([act for act in (one, two) if act], start, end)
            sizes = [(_size(one, years, day), _size(two, years, day)) for day in days]
            found += _stretches(one or two, years, days, end, sizes, terms)
    return tuple(found)


def acts_between_days(law: Law, first: date, second: date) -> tuple[ActChange, ...]:
    """Every act that pays something else on two days of one law."""
    return tuple(
        _change(act, years, (first, second), sizes, ())
        for act in law.subsidies
        for years in _spans(act)
        if (sizes := (_size(act, years, first), _size(act, years, second)))[0] != sizes[1]
    )


def _pairs(law: Law, other: Law) -> Iterator[tuple[Subsidy | None, Subsidy | None]]:
    """Acts of two laws by id, None where a law has none."""
    one, two = ({act.id: act for act in each.subsidies} for each in (law, other))
    for identity in sorted({*one, *two}):
        pair = one.get(identity), two.get(identity)
        if pair[0] != pair[1]:
            yield pair


def _terms(one: Subsidy | None, two: Subsidy | None) -> tuple[str, ...]:
    if one is None or two is None:
        return ()
    return tuple(name for name in _TERMS if getattr(one, name) != getattr(two, name))


def _spans(act: Subsidy) -> list[Years]:
    return list(dict.fromkeys(grant.years for grant in act.grants))


def _days(acts: Iterable[Subsidy], start: date, end: date) -> list[date]:
    """``start``, where it is a day, and every later day up to ``end`` on which an act changes."""
    grants = [grant for act in acts for grant in act.grants]
    days = {grant.start for grant in grants}
    days |= {grant.end + ONE_DAY for grant in grants if grant.end is not None}
    inside = sorted(day for day in days if start < day <= end)
    return inside if start == date.min else [start, *inside]


def _size(act: Subsidy | None, years: Years, on: date) -> float | None:
    """What an act gives to work ordered on a day; None where nothing."""
    if act is None:
        return None
    sizes = [grant.size for grant in act.in_force(on) if grant.years == years]
    return sum(sizes) if sizes else None


def _stretches(
    act: Subsidy | None,
    years: Years,
    days: list[date],
    end: date,
    sizes: list[tuple[float | None, float | None]],
    terms: tuple[str, ...],
) -> Iterator[ActChange]:
    """Runs of days on which the pair of sizes stays as it is and differs."""
    edges, begin = [*days[1:], end + ONE_DAY], 0
    for place, pair in enumerate(sizes):
        if place + 1 == len(sizes) or sizes[place + 1] != pair:
            apart = pair[0] != pair[1] or (terms and pair != (None, None))
            if act is not None and apart:
                yield _change(act, years, (days[begin], edges[place] - ONE_DAY), pair, terms)
            begin = place + 1


def _change(
    act: Subsidy,
    years: Years,
    days: tuple[date, date],
    sizes: tuple[float | None, float | None],
    terms: tuple[str, ...],
) -> ActChange:
    return ActChange(
        act.id, act.title, act.giver, act.places, act.products, act.kind, years, *days, *sizes,
        terms,
    )  # fmt: skip
