"""Reforms of subsidies: an act ends, pauses or pays something else, or a new one is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from sim.axes import COUNTRIES, PRODUCTS
from sim.errors import Fault, LawError
from sim.law.instrument import FOREVER, ONE_DAY, Provenance
from sim.law.law import Law
from sim.law.reforms import windows
from sim.law.reforms.schema import Repeal, Selection, Set, Suspend
from sim.law.reforms.window import Subsidise
from sim.law.subsidies.act import Grant, Subsidy

_SOURCE = Provenance("", "high", "estimated", "what-if")
Edit = Callable[[Grant], Grant | None]


def edit_named(law: Law, reform: Selection) -> Law:
    """The law with the subsidies that a reform names repealed, suspended or set to another size."""
    named = {act.id for act in law.subsidies} & set(reform.instrument)
    if not named or not isinstance(reform, Repeal | Suspend | Set):
        return law
    start, end = reform.start or date.min, reform.end or FOREVER
    size = reform.rate if isinstance(reform, Set) else None

    def edit(grant: Grant) -> Grant | None:
        return None if size is None else replace(grant, size=size)

    acts = tuple(
        _edited(act, start, end, edit) if act.id in named else act for act in law.subsidies
    )
    return replace(law, subsidies=acts)


def _edited(act: Subsidy, start: date, end: date, edit: Edit) -> Subsidy:
    pieces = (piece for grant in act.grants for piece in _pieces(grant, start, end, edit))
    return replace(act, grants=tuple(pieces))


def _pieces(grant: Grant, start: date, end: date, edit: Edit) -> Iterator[Grant]:
    """A grant outside the window as it is, and inside as edited."""
    if grant.last < start or grant.start > end:
        yield grant
        return
    if grant.start < start:
        yield replace(grant, end=start - ONE_DAY)
    inside = edit(replace(grant, start=max(grant.start, start), end=_open(min(grant.last, end))))
    if inside is not None:
        yield inside
    if grant.last > end:
        yield replace(grant, start=end + ONE_DAY, announced=None)


def _open(last: date) -> date | None:
    return None if last == FOREVER else last


def subsidise(law: Law, reform: Subsidise, where: str) -> Law:
    """The law with a new act."""
    taken = {act.id for act in law.subsidies} | {one.id for one in law.instruments}
    if reform.id in taken:
        raise LawError(Fault("", f"{where}.id", f"`{reform.id}` exists", "choose another id"))
    grant = Grant(
        reform.start, reform.end, reform.size, reform.announced, reform.years, _SOURCE,
    )  # fmt: skip
    places = reform.places or COUNTRIES
    act = Subsidy(
        id=reform.id,
        title=f"What-if subsidy: {reform.kind.replace('_', ' ')} {reform.size:g}",
        legal_basis="what-if",
        giver=places[0],
        places=places,
        products=windows.all_products(reform.products) or PRODUCTS,
        firms=reform.firms,
        kind=reform.kind,
        grants=(grant,),
    )
    return replace(law, subsidies=(*law.subsidies, act))
