"""Reforms that add: a new duty, an instrument's reach over further exporters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sim.axes import COUNTRY_WORDS, LAW_COUNTRIES, PRODUCT_NAMES, PRODUCTS
from sim.errors import Fault, LawError, nearest
from sim.law.instrument import FOREVER, ONE_DAY, Instrument, Provenance, Relief, Value
from sim.law.law import Law
from sim.law.reforms import windows
from sim.law.reforms.accession import accede
from sim.law.reforms.schema import Add, Extend
from sim.law.stacking import Group

_REFORM_SOURCE = Provenance("", "high", "estimated", "what-if")


def free_id(law: Law, identity: str) -> str:
    """``identity``, or the first numbered form of it that no instrument has."""
    taken = {instrument.id for instrument in law.instruments}
    names = [identity, *(f"{identity}_{count}" for count in range(2, 100))]
    return next(name for name in names if name not in taken)


def add(law: Law, reform: Add, where: str) -> Law:
    """The law with a new instrument, in a stacking group of its own unless one is named."""
    if reform.id in {instrument.id for instrument in law.instruments}:
        raise LawError(Fault("", f"{where}.id", f"`{reform.id}` exists", "choose another id"))
    for agreement in reform.spares:
        law.agreement(agreement)
    groups = _groups(law, reform, where)
    exporters = windows.all_exporters(reform.exporters) or LAW_COUNTRIES
    instrument = Instrument(
        id=reform.id,
        title=_title(reform),
        legal_basis="what-if",
        basis=reform.basis,
        importer=reform.importer,
        exporters=tuple(code for code in exporters if code != reform.importer),
        products=windows.all_products(reform.products) or PRODUCTS,
        partly=(),
        group=reform.stacking or reform.id,
        values=(_value(reform),),
        relief=tuple(Relief(a, "exempt", date.min, FOREVER) for a in reform.spares),
    )
    stacking = replace(law.stacking, groups=groups)
    return replace(law, instruments=(*law.instruments, instrument), stacking=stacking)


def _value(reform: Add) -> Value:
    """The rate of a new duty, in force or only threatened."""
    status = "threatened" if reform.withdrawn else "enacted"
    return Value(
        reform.start, reform.end, reform.rate, reform.kind, status, reform.announced,
        reform.withdrawn, False, _REFORM_SOURCE, stage=reform.stage,
    )  # fmt: skip


def _title(reform: Add) -> str:
    """What the new duty charges on whose goods: it has no title of its own."""
    exporters = windows.all_exporters(reform.exporters)
    products = windows.all_products(reform.products)
    goods = _few([PRODUCT_NAMES[code].lower() for code in products or ()], "goods", "products")
    places = _few([COUNTRY_WORDS[code] for code in exporters or ()], "everywhere", "places")
    importer = COUNTRY_WORDS[reform.importer]
    return f"What-if duty of {100.0 * reform.rate:g} % on {goods} from {places} to {importer}"


def _few(names: Sequence[str], every: str, kind: str) -> str:
    """Names, or how many of a kind beyond three; ``every`` where all are meant."""
    if not names:
        return every
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} {kind}"


def _groups(law: Law, reform: Add, where: str) -> tuple[Group, ...]:
    """The stacking groups with the one that the new duty belongs to."""
    known = [g.id for g in law.stacking.groups if g.importer == reform.importer]
    if reform.stacking is None:
        new = Group(reform.id, reform.importer, f"reform {reform.id}")
        return (*law.stacking.groups, new)
    if reform.stacking not in known:
        wrong, cure = f"`{reform.stacking}` is unknown", nearest(reform.stacking, known)
        raise LawError(Fault("", f"{where}.stacking", wrong, cure))
    return law.stacking.groups


def extend(law: Law, reform: Extend, where: str) -> Law:
    """The law in which an instrument, or an agreement, reaches further countries."""
    if reform.agreement is not None:
        return accede(law, reform, where)
    instrument = law.instrument(reform.instrument or "")
    new = tuple(
        code
        for code in windows.all_exporters(reform.to) or LAW_COUNTRIES
        if code not in instrument.exporters and code != instrument.importer
    )
    if not new:
        return law
    start, end = reform.start or date.min, reform.end or FOREVER
    part = replace(
        instrument, id=free_id(law, f"{instrument.id}.extended"), exporters=new, excludes=()
    )
    before = start - ONE_DAY if start > date.min else date.min
    if start > date.min:
        part = windows.edited(part, date.min, before, lambda _: None)
    if end < FOREVER:
        part = windows.edited(part, end + ONE_DAY, FOREVER, lambda _: None)
    return replace(law, instruments=(*law.instruments, part))
