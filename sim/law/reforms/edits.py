"""Applying reforms: one function per operation, each from a law to a law."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from sim.axes import COUNTRIES
from sim.errors import Fault, LawError, nearest
from sim.law.instrument import ALL, FOREVER, ONE_DAY, Carve, Instrument, Value
from sim.law.law import Law
from sim.law.reforms import windows
from sim.law.reforms.accession import end_agreement
from sim.law.reforms.additions import add, extend, free_id
from sim.law.reforms.schema import (
    Add,
    Cap,
    Delay,
    Extend,
    Freeze,
    Reform,
    Repeal,
    Selection,
    Set,
    Suspend,
)
from sim.law.reforms.subsidies import edit_named, subsidise
from sim.law.reforms.window import Subsidise

_DUTIES = ("additional", "all_in_ceiling")


def apply_reforms(law: Law, reforms: Reform | Iterable[Reform]) -> Law:
    """A new law with every reform applied in order.

    Raises :class:`LawError` for a reform that names something unknown or touches nothing.
    """
    listed = [reforms] if isinstance(reforms, BaseModel) else list(reforms)
    for place, reform in enumerate(listed):
        changed = _apply(law, reform, f"reforms[{place}]")
        if changed.digest == law.digest:
            raise LawError(_untouched(law, reform, f"reforms[{place}]"))
        law = changed
    return law


def _apply(law: Law, reform: Reform, where: str) -> Law:
    if isinstance(reform, Add):
        return add(law, reform, where)
    if isinstance(reform, Subsidise):
        return subsidise(law, reform, where)
    if isinstance(reform, Extend):
        return extend(law, reform, where)
    if isinstance(reform, Repeal) and reform.agreement is not None:
        return end_agreement(law, reform.agreement, reform.start or date.min)
    _refuse_unknown(law, reform, where)
    return _EDITORS[type(reform)](edit_named(law, reform), reform)


def _set(law: Law, reform: Set) -> Law:
    if reform.by_flow_only:
        return _set_flows(law, reform)
    start, end = _window(reform)

    def edit(instrument: Instrument) -> Instrument:
        if not reform.instrument:
            return windows.edited(instrument, start, end, windows.at_rate(reform.rate))
        return _replaced(instrument, start, end, reform)

    return _each(law, reform, edit)


def _replaced(instrument: Instrument, start: date, end: date, reform: Set) -> Instrument:
    """A named instrument at one rate through the window, whether or not it was in force."""
    first = instrument.values[0]
    start = max(start, first.start) if reform.start is None else start
    emptied = windows.edited(instrument, start, end, lambda v: None if v.status == "enacted" else v)
    value = replace(
        first,
        start=start,
        end=None if end == FOREVER else end,
        rate=reform.rate,
        status="enacted",
        announced=reform.announced,
        withdrawn=None,
        sunset=False,
    )
    return emptied.with_values((*emptied.values, value))


def _set_flows(law: Law, reform: Set) -> Law:
    start, end = _window(reform)
    emptied = _each(law, reform, lambda i: windows.edited(i, start, end, lambda _: None), _DUTIES)
    for importer in reform.importer or COUNTRIES:
        identity = (
            f"set_{importer.lower()}_{'_'.join(c.lower() for c in reform.exporters) or 'all'}"
        )
        added = Add(
            op="add",
            id=free_id(emptied, identity),
            importer=importer,
            rate=reform.rate,
            exporters=reform.exporters or (ALL,),
            products=reform.products or (ALL,),
            start=max(start, _FIRST),
            end=reform.end,
            basis=reform.new_basis,
            announced=reform.announced,
        )
        emptied = add(emptied, added, "")
    return emptied


_FIRST = date(2017, 1, 1)


def _cap(law: Law, reform: Cap) -> Law:
    start, end = _window(reform)
    cap = windows.at_most(reform.rate)
    return _each(law, reform, lambda i: windows.edited(i, start, end, cap))


def _repeal(law: Law, reform: Repeal | Suspend) -> Law:
    start, end = _window(reform)
    ended = _each(law, reform, lambda i: windows.edited(i, start, end, windows.without(start)))
    kept = tuple(t for t in law.stacking.terminations if t.id not in reform.instrument)
    return replace(ended, stacking=replace(ended.stacking, terminations=kept))


def _delay(law: Law, reform: Delay) -> Law:
    start, end = _window(reform)

    def later(day: date) -> date:
        if reform.until:
            return max(day, reform.until)
        return day + relativedelta(months=reform.months or 0)

    def edit(instrument: Instrument) -> Instrument:
        fixed = [v for v in instrument.values if not start <= v.start <= end]
        moved = [
            replace(v, start=later(v.start))
            for v in instrument.values
            if v not in fixed and not _overtaken(v, later(v.start), fixed)
        ]
        return instrument.with_values((*fixed, *moved))

    moved = tuple(
        replace(t, last=later(t.last + ONE_DAY) - ONE_DAY) if t.id in reform.instrument else t
        for t in law.stacking.terminations
    )
    law = replace(law, stacking=replace(law.stacking, terminations=moved))
    return _each(law, reform, edit)


def _overtaken(value: Value, start: date, fixed: Iterable[Value]) -> bool:
    """Whether a value moved to ``start`` is over by then, or another has taken its place."""
    if value.end is not None and value.end < start:
        return True
    return any(v.status == "enacted" and value.start < v.start <= start for v in fixed)


def _freeze(law: Law, reform: Freeze) -> Law:
    start = reform.start
    drop = windows.without(start)

    def value(v: Value) -> Value | None:
        if v.start >= start:
            return drop(v)
        ends_later = v.end is not None and v.end >= start and not v.sunset
        return replace(v, end=None) if ends_later else v

    def edit(instrument: Instrument) -> Instrument:
        kept = tuple(kept for v in instrument.values if (kept := value(v)) is not None)
        carves = tuple(_frozen(c, start) for c in instrument.excludes if c.start < start)
        return replace(instrument, values=kept, excludes=carves)

    frozen = _each(law, reform, edit)
    if not reform.by_flow_only or reform.importer or reform.exporters or reform.products:
        return frozen
    ended = tuple(t for t in law.stacking.terminations if t.last < start)
    return replace(frozen, stacking=replace(frozen.stacking, terminations=ended))


def _frozen(carve: Carve, start: date) -> Carve:
    return replace(carve, end=FOREVER) if carve.end >= start else carve


def _each(
    law: Law,
    reform: Selection,
    edit: Callable[[Instrument], Instrument],
    kinds: tuple[str, ...] = (),
) -> Law:
    """Edit every selected instrument, cut out to the selected flows where flows are named."""
    kinds = kinds or reform.kind
    if reform.by_flow_only and not isinstance(reform, Freeze):
        kinds = kinds or _DUTIES
    edited: list[Instrument] = []
    for instrument in law.instruments:
        if _selected(instrument, reform, kinds):
            edited += _cut_and_edited(law, instrument, reform, edit)
        else:
            edited.append(instrument)
    return replace(law, instruments=tuple(edited))


def _cut_and_edited(
    law: Law, instrument: Instrument, reform: Selection, edit: Callable[[Instrument], Instrument]
) -> list[Instrument]:
    """What becomes of one instrument: the flows left alone and the flows that changed."""
    suffix = f"reform{sum(i.id.startswith(instrument.id + '.') for i in law.instruments) + 1}"
    exporters, products = (
        windows.all_exporters(reform.exporters),
        windows.all_products(reform.products),
    )
    rest, part = windows.split(instrument, exporters, products, suffix)
    if part is None or (changed := edit(part)) == part:
        return [instrument]
    return ([rest] if rest is not None else []) + ([changed] if changed.values else [])


def _selected(instrument: Instrument, reform: Selection, kinds: tuple[str, ...]) -> bool:
    own_kinds = {value.kind for value in instrument.values}
    return (
        (not reform.instrument or instrument.id in reform.instrument)
        and (not reform.group or instrument.group in reform.group)
        and (not reform.basis or instrument.basis in reform.basis)
        and (not reform.importer or instrument.importer in reform.importer)
        and (not kinds or bool(own_kinds & set(kinds)))
    )


def _window(reform: Selection) -> tuple[date, date]:
    return reform.start or date.min, reform.end or FOREVER


def _refuse_unknown(law: Law, reform: Selection, where: str) -> None:
    acts = [t.id for t in law.stacking.terminations]
    known = [i.id for i in law.instruments] + acts + [act.id for act in law.subsidies]
    groups = [g.id for g in law.stacking.groups]
    faults = [
        Fault("", f"{where}.{key}", f"`{word}` is unknown", nearest(word, words))
        for key, given, words in (
            ("instrument", reform.instrument, known),
            ("group", reform.group, groups),
        )
        for word in given
        if word not in words
    ]
    if faults:
        raise LawError(faults)


def _untouched(law: Law, reform: Reform, where: str) -> Fault:
    """Say what there is instead: a measure's dates, or who charges duties at all."""
    given = [getattr(reform, key, None) or () for key in ("instrument", "group")]
    named = [word for one in given for word in ((one,) if isinstance(one, str) else one)]
    if named:
        window = f"from {reform.start or 'the beginning'} to {reform.end or 'the end'}"
        return Fault(
            "",
            where,
            f"`{reform.op}` touches nothing of {', '.join(named)} {window}",
            "look at its dates with `kyoten law show`",
        )
    issuers = sorted({i.importer for i in law.instruments if i.products and i.group})
    cure = f"duties that can be edited are charged by {', '.join(issuers)}"
    return Fault("", where, f"`{reform.op}` touches nothing", cure)


_EDITORS: dict[type, Callable[..., Law]] = {
    Set: _set,
    Cap: _cap,
    Repeal: _repeal,
    Suspend: _repeal,
    Delay: _delay,
    Freeze: _freeze,
}
