"""Reading the schedules: ``mfn.csv`` and ``preferences.csv`` under ``sim/data/law/schedules``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sim.axes import COUNTRIES, LAW_COUNTRIES, PRODUCTS
from sim.data.columns import Field, Row, Spec
from sim.data.evidence import CONFIDENCE, EVIDENCE
from sim.data.reading import read_table
from sim.errors import Fault
from sim.law.agreement import BaseRate, Preference
from sim.law.files import shown
from sim.law.instrument import ONE_DAY, Provenance

SCHEDULE_START = date(2017, 1, 1)
"""No rate is known before this day."""

_HIGHEST_RATE = 4.0
_SHARES = ("rate_share", "low_share", "high_share")
_RATES = (
    Field("start", "day", required=False),
    Field("end", "day", required=False),
    *(Field(name, "number", low=0.0, high=_HIGHEST_RATE) for name in _SHARES),
    Field("source_url"),
    Field("note", required=False),
    Field("confidence", choices=CONFIDENCE),
    Field("evidence", choices=EVIDENCE),
)
_MFN = Spec(
    "mfn",
    (Field("importer", choices=tuple(COUNTRIES)), Field("product", choices=PRODUCTS), *_RATES),
    key=("importer", "product", "start"),
    ranges=(_SHARES,),
)


def read_mfn(paths: Sequence[Path]) -> tuple[tuple[BaseRate, ...], list[Fault]]:
    """MFN rates of the files, and faults: every importer and product must be covered on every day.

    A later file's row stands in the place of that of the same importer, product and start.
    """
    rows: dict[tuple[str, str, date], Row] = {}
    faults: list[Fault] = []
    for path in paths:
        listed, wrong = read_table(path, _MFN, shown(path))
        faults += wrong + list(_without_address(listed))
        rows |= {(r.text("importer"), r.text("product"), _start(r)): r for r in listed}
    rates = tuple(
        BaseRate(importer, product, start, row.day("end"), *_range(row), _provenance(row))
        for (importer, product, start), row in rows.items()
    )
    if not faults:
        faults += _uncovered(rows, shown(paths[-1]))
    return rates, faults


def _uncovered(rows: dict[tuple[str, str, date], Row], file: str) -> Iterator[Fault]:
    """Days of an importer and product with no rate, or with two."""
    flows: dict[tuple[str, str], list[tuple[date, Row]]] = {
        (importer, product): [] for importer in COUNTRIES for product in PRODUCTS
    }
    for importer, product, start in sorted(rows):
        flows[importer, product].append((start, rows[importer, product, start]))
    for (importer, product), listed in flows.items():
        yield from _gaps(f"{importer} {product}", listed, file)


def _gaps(flow: str, listed: Sequence[tuple[date, Row]], file: str) -> Iterator[Fault]:
    cure = "add a row; without a source, a declared estimate with a range"
    due: date | None = SCHEDULE_START
    for start, row in listed:
        file = row.file
        if due is None or start < due:
            yield Fault(file, flow, f"two rates on {start}", "end the earlier one", row.line)
        elif start > due:
            yield Fault(file, flow, f"no rate from {due}", cure, row.line)
        last = row.day("end")
        due = None if last is None else last + ONE_DAY
    if due is not None:
        yield Fault(file, flow, f"no rate from {due}", cure)


def read_preferences(
    paths: Sequence[Path], agreements: Iterable[str]
) -> tuple[tuple[Preference, ...], list[Fault]]:
    """Preferential rates of the files, and faults; a later start on a flow ends the rate before it.

    A later file's row stands in the place of what earlier files give on its flows under the same
    agreement from the same day.
    """
    spec = _preference_spec(tuple(agreements))
    preferences: list[Preference] = []
    faults: list[Fault] = []
    for path in paths:
        listed, wrong = read_table(path, spec, shown(path))
        faults += wrong + list(_without_address(listed)) + list(_given_twice(listed))
        new = [_preference(row) for row in listed]
        preferences = [kept for old in preferences for kept in _left(old, new)] + new
    return tuple(preferences), faults


def _preference_spec(agreements: tuple[str, ...]) -> Spec:
    return Spec(
        "preferences",
        (
            Field("agreement", choices=agreements),
            Field("importer", choices=tuple(COUNTRIES)),
            Field("exporters", "words", choices=tuple(LAW_COUNTRIES)),
            Field("products", "words", choices=PRODUCTS),
            *_RATES,
        ),
        ranges=(_SHARES,),
    )


def _preference(row: Row) -> Preference:
    return Preference(
        row.text("agreement"),
        row.text("importer"),
        row.words("exporters"),
        row.words("products"),
        _start(row),
        row.day("end"),
        *_range(row),
        _provenance(row),
    )


def _left(old: Preference, new: Sequence[Preference]) -> list[Preference]:
    """What is left of a rate where later ones of the same day take flows away from it."""
    left = [old]
    for row in new:
        if (row.agreement, row.importer, row.start) == (old.agreement, old.importer, old.start):
            left = [part for one in left for part in _off_flows(one, row)]
    return left


def _off_flows(old: Preference, row: Preference) -> Iterator[Preference]:
    """The exporters that ``row`` does not name, and on the others the products it does not name."""
    shared = tuple(code for code in old.exporters if code in row.exporters)
    apart = tuple(code for code in old.exporters if code not in row.exporters)
    products = tuple(code for code in old.products if code not in row.products)
    if apart:
        yield replace(old, exporters=apart)
    if shared and products:
        yield replace(old, exporters=shared, products=products)


def _given_twice(rows: Sequence[Row]) -> Iterator[Fault]:
    """Rows that give a flow two rates from one day, or name the importer as exporter."""
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        importer = row.text("importer")
        if importer in row.words("exporters"):
            wrong = f"`{importer}` is the importer itself"
            yield Fault(row.file, "exporters", wrong, "leave it out", row.line)
        flows = [(e, k) for e in row.words("exporters") for k in row.words("products")]
        for exporter, product in flows:
            key = (row.text("agreement"), importer, exporter, product, _start(row))
            if first.setdefault(key, row.line) != row.line:
                wrong = f"{exporter} {product} has a rate from {_start(row)} in line {first[key]}"
                yield Fault(row.file, "exporters", wrong, "drop one", row.line)


def _start(row: Row) -> date:
    return row.day("start") or SCHEDULE_START


def _range(row: Row) -> tuple[float, float, float]:
    rate, low, high = (row.number(name) for name in _SHARES)
    return rate, low, high


def _provenance(row: Row) -> Provenance:
    cells = [row.text(name) for name in ("source_url", "confidence", "evidence", "note")]
    return Provenance(*cells)


def _without_address(rows: Sequence[Row]) -> Iterator[Fault]:
    for row in rows:
        if not row.text("source_url").startswith(("http://", "https://")):
            cure = "give the address of the page that says so"
            yield Fault(row.file, "source_url", "no source", cure, row.line)
