"""Editing the values of one instrument over a window of days, and splitting it by flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from sim.axes import LAW_COUNTRIES, PRODUCTS
from sim.law.instrument import FOREVER, ONE_DAY, Carve, Instrument, Span, Value

Edit = Callable[[Value], Value | None]
"""What becomes of a value inside the window; None takes it away."""


def edited(instrument: Instrument, start: date, end: date, edit: Edit) -> Instrument:
    """The instrument with ``edit`` applied to what is in force between two days, both included.

    Values in force across an edge are cut there; threats and announcements whose day lies in the
    window are edited as they are.
    """
    values: list[Value] = []
    for span in instrument.spans():
        values += _pieces(span, start, end, edit)
    for value in instrument.values:
        if value.status == "enacted":
            continue
        inside = start <= value.start <= end
        changed = edit(value) if inside else value
        if changed is not None:
            values.append(changed)
    after = instrument.with_values(tuple(values))
    return instrument if _same(instrument, after) else after


def _same(before: Instrument, after: Instrument) -> bool:
    """Whether two versions charge the same on every day and hold the same threats."""
    threats = [[v for v in i.values if v.status != "enacted"] for i in (before, after)]
    charged = [
        [(s.first, s.last, replace(s.value, end=None)) for s in i.spans()] for i in (before, after)
    ]
    return threats[0] == threats[1] and charged[0] == charged[1]


def _pieces(span: Span, start: date, end: date, edit: Edit) -> Iterable[Value]:
    value = span.value
    if span.last < start or span.first > end:
        yield replace(value, end=_open(span.last))
        return
    if span.first < start:
        yield replace(value, end=start - ONE_DAY)
    first, last = max(span.first, start), min(span.last, end)
    same_day = first == span.first
    inside = edit(replace(value, start=first, announced=value.announced if same_day else None))
    if inside is not None:
        kept_end = inside.end if inside.status != "enacted" else _open(last)
        yield replace(inside, end=kept_end)
    if span.last > end:
        yield replace(value, start=end + ONE_DAY, announced=None, end=_open(span.last))


def _open(last: date) -> date | None:
    return None if last == FOREVER else last


def without(start: date) -> Edit:
    """Take a value away; what was public before ``start`` stays on record as a threat dropped."""

    def edit(value: Value) -> Value | None:
        if value.announced is None or value.announced >= start or value.start < start:
            return None
        dropped = min(value.withdrawn or start, start)
        status = "threatened" if value.status == "enacted" else value.status
        return replace(value, status=status, withdrawn=dropped)

    return edit


def at_rate(rate: float) -> Edit:
    """Charge ``rate`` instead; threats keep theirs."""
    return lambda value: replace(value, rate=rate) if value.status == "enacted" else value


def at_most(rate: float) -> Edit:
    """Charge no more than ``rate``."""
    return lambda value: (
        value if value.rate is None or value.rate <= rate else replace(value, rate=rate)
    )


def split(
    instrument: Instrument, exporters: tuple[str, ...], products: tuple[str, ...], suffix: str
) -> tuple[Instrument | None, Instrument | None]:
    """The instrument off the named flows and on them (empty: all); None where nothing is left."""
    mine = tuple(code for code in instrument.exporters if not exporters or code in exporters)
    goods = tuple(code for code in instrument.products if not products or code in products)
    if not mine or (products and not goods):
        return instrument, None
    if mine == instrument.exporters and goods == instrument.products:
        return None, instrument
    carve = Carve(mine, goods, date.min, FOREVER, "edited by a reform")
    rest = replace(instrument, excludes=(*instrument.excludes, carve))
    part = replace(
        instrument, id=f"{instrument.id}.{suffix}", exporters=mine, products=goods, partly=()
    )
    return rest, part


def all_exporters(words: tuple[str, ...]) -> tuple[str, ...]:
    """Exporters of a reform: ALL means every one."""
    return () if set(words) & {"ALL"} or set(words) >= set(LAW_COUNTRIES) else words


def all_products(words: tuple[str, ...]) -> tuple[str, ...]:
    """Products of a reform: ALL means every one."""
    return () if set(words) & {"ALL"} or set(words) >= set(PRODUCTS) else words
