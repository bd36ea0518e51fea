"""From ``subsidies/<giver>/<id>.yaml`` of a law to a :class:`~sim.law.subsidies.act.Subsidy`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sim.axes import COUNTRIES, PRODUCTS
from sim.data.entries import Entry, Page
from sim.errors import Fault
from sim.law.files import shown, subsidy_files
from sim.law.instrument import ALL
from sim.law.reading.instruments import provenance
from sim.law.subsidies.act import KINDS, Grant, Subsidy

_REQUIRED = ("id", "title", "legal_basis", "giver", "products", "kind")
_OPTIONAL = ("places", "firms", "chance", "conditions", "recipients", "silent", "note", "values")
_VALUE = ("size", "source", "confidence", "evidence")
_VALUE_OPTIONAL = ("end", "announced", "years", "note", "record")
_LIMITS = {
    "share_of_outlay": (0.0, 1.0, "a share of the outlay, 0.25 for 25 %"),
    "share_of_price": (0.0, 1.0, "a share of the price, 0.05 for 5 %"),
    "usd_per_unit": (0.0, 100_000.0, "USD a unit"),
    "profit_tax": (-1.0, 1.0, "points of tax as a share, 0.14 for 14 points spared"),
}


def read_subsidies(folders: Sequence[Path]) -> tuple[tuple[Subsidy, ...], list[Fault]]:
    """Acts of the folders, a later one's in the place of that of the same id, and faults."""
    read: dict[str, Subsidy] = {}
    faults: list[Fault] = []
    for folder in folders:
        for path in subsidy_files(folder):
            page = Page(path, shown(path))
            act = _act(page) if page.clean else None
            faults += page.all_faults()
            if act is not None and page.clean:
                read[act.id] = act
    return tuple(read.values()), faults


def _act(page: Page) -> Subsidy | None:
    root = page.root
    if not root.keys(_REQUIRED, _OPTIONAL) or any(root.get(key) is None for key in _REQUIRED):
        return None
    giver, kind = _word(root, "giver", COUNTRIES), _word(root, "kind", KINDS)
    identity = _identity(page, giver)
    grants = _grants(root, kind)
    if not grants and not _text(root, "silent"):
        page.note(("values",), "an act that counts needs a size", "give `values` or say `silent`")
    firms, chance, places = (root.get(key) for key in ("firms", "chance", "places"))
    return Subsidy(
        id=identity,
        title=_text(root, "title"),
        legal_basis=_text(root, "legal_basis"),
        giver=giver,
        places=places.words(COUNTRIES) if places is not None else (giver,),
        products=_products(root),
        firms=tuple(one.text() for one in firms.list()) if firms is not None else (),
        kind=kind,
        grants=grants,
        chance=chance.number(0.0, 1.0, "a share") if chance is not None else 1.0,
        **{key: _text(root, key) for key in ("conditions", "recipients", "silent", "note")},
        file=page.name,
    )


def _identity(page: Page, giver: str) -> str:
    """Id of the act, which is the name of its file in the folder of the giver."""
    identity = _text(page.root, "id")
    if identity != page.path.stem or page.path.parent.name != giver.lower():
        wrong = f"`{identity}` of {giver} lies in `{page.path.parent.name}/{page.path.name}`"
        page.note(("id",), wrong, f"name the file `{giver.lower()}/{identity}.yaml`")
    return identity


def _grants(root: Entry, kind: str) -> tuple[Grant, ...]:
    """Dated sizes, ordered by their first day, then by the years in which they are paid."""
    values, found = root.get("values"), []
    for key, listed in values.items() if values is not None else ():
        try:
            start = date.fromisoformat(key)
        except ValueError:
            listed.note(f"`{key}` is not a date", "key each size by its first day, YYYY-MM-DD")
            continue
        steps = listed.list() if isinstance(listed.data, list) else [listed]
        found += [_grant(one, start, kind) for one in steps]
    return tuple(sorted(found, key=lambda one: (one.start, one.years or (0.0, 0.0))))


def _grant(entry: Entry, start: date, kind: str) -> Grant:
    entry.keys(_VALUE, _VALUE_OPTIONAL)
    size, end, announced = entry.get("size"), entry.get("end"), entry.get("announced")
    last = end.day() if end is not None else None
    if end is not None and last is not None and last < start:
        end.note(f"{last} is before the start {start}", "`end` is the last day in force")
    public = announced.day() if announced is not None else None
    if announced is not None and public is not None and public > start:
        announced.note(f"{public} is after the start {start}", "give the day of publication")
    low, high, unit = _LIMITS.get(kind, (0.0, 1.0, "a share"))
    return Grant(
        start=start,
        end=last,
        size=size.number(low, high, unit) if size is not None else 0.0,
        announced=public,
        years=_years(entry),
        provenance=provenance(entry),
    )


def _years(entry: Entry) -> tuple[float, float] | None:
    years = entry.get("years")
    if years is None:
        return None
    span = [one.number(0.0, 60.0, "years of a project") for one in years.list()]
    if len(span) != 2 or not span[0] < span[1]:
        years.note("is no span of years", "write the first and the last year, as [0, 8]")
        return None
    return span[0], span[1]


def _products(root: Entry) -> tuple[str, ...]:
    entry = root.get("products")
    words = entry.words((*PRODUCTS, ALL)) if entry is not None else ()
    return PRODUCTS if ALL in words else words


def _word(root: Entry, key: str, known: Sequence[str]) -> str:
    entry = root.get(key)
    return entry.word(known) if entry is not None else ""


def _text(root: Entry, key: str) -> str:
    entry = root.get(key)
    return entry.text() if entry is not None else ""
