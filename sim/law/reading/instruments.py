"""From ``sim/data/law/<issuer>/<id>.yaml`` to an :class:`~sim.law.instrument.Instrument`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlparse

from sim.axes import COUNTRIES, LAW_COUNTRIES, LEGAL_BASES, PRODUCTS
from sim.data.entries import Entry, Page
from sim.data.evidence import CONFIDENCE, EVIDENCE
from sim.errors import Fault
from sim.law import instrument as ins
from sim.law.files import instrument_files, shown
from sim.law.instrument import Carve, Instrument, Provenance, Relief, Value

_REQUIRED = (
    "id",
    "title",
    "legal_basis",
    "basis",
    "importer",
    "exporters",
    "kind",
    "stacking",
    "status",
    "values",
)
_OPTIONAL = (
    "products",
    "partly",
    "excludes",
    "relief",
    "covers_from",
    "announced",
    "note",
    "proposes",
)
_VALUE_OPTIONAL = (
    "rate",
    "end",
    "sunset",
    "kind",
    "status",
    "announced",
    "withdrawn",
    "postponed",
    "stage",
    "note",
    "record",
)
_PROVENANCE = ("source", "confidence", "evidence")
_HIGHEST_RATE = 4.0


def read_instruments(
    folders: Sequence[Path], agreements: Iterable[str]
) -> tuple[tuple[Instrument, ...], list[Fault]]:
    """Instruments of the folders, a later one's in the place of those of the same id, and faults.

    ``agreements`` are the ids that relief may name.
    """
    read: dict[str, Instrument] = {}
    faults: list[Fault] = []
    for folder in folders:
        own: dict[str, Instrument] = {}
        for path in instrument_files(folder):
            instrument, wrong = read_instrument(path, agreements)
            faults += wrong
            if instrument is not None and instrument.id in own:
                wrong_id = f"`{instrument.id}` is also in {own[instrument.id].file}"
                faults.append(Fault(instrument.file, "id", wrong_id, "give each an id of its own"))
            elif instrument is not None:
                own[instrument.id] = instrument
        read |= own
    return tuple(read.values()), faults


def read_instrument(path: Path, agreements: Iterable[str]) -> tuple[Instrument | None, list[Fault]]:
    """The instrument in a file, or None, and everything that is wrong with the file."""
    page = Page(path, shown(path))
    instrument = _instrument(page, tuple(agreements)) if page.clean else None
    faults = page.all_faults()
    return (None if faults else instrument), faults


def _instrument(page: Page, agreements: tuple[str, ...]) -> Instrument | None:
    root = page.root
    if not root.keys(_REQUIRED, _OPTIONAL):
        return None
    for key in _REQUIRED:
        if root.get(key) is None:
            return None
    importer = _at(root, "importer").word(COUNTRIES)
    return Instrument(
        id=_identity(page, root, importer),
        title=_at(root, "title").text(),
        legal_basis=_at(root, "legal_basis").text(),
        basis=_at(root, "basis").word(LEGAL_BASES),
        importer=importer,
        exporters=_exporters(_at(root, "exporters"), importer),
        products=_products(root.get("products")),
        partly=_products(root.get("partly")),
        group=_at(root, "stacking").text(),
        values=_values(root),
        excludes=tuple(_carve(entry) for entry in _listed(root.get("excludes"))),
        relief=tuple(_relief(entry, agreements) for entry in _listed(root.get("relief"))),
        covers_from=_day(root.get("covers_from")),
        note=_text(root.get("note")),
        file=page.name,
        proposes=_text(root.get("proposes")),
    )


def _identity(page: Page, root: Entry, importer: str) -> str:
    entry = _at(root, "id")
    identity = entry.text()
    if identity != page.path.stem:
        entry.note(f"`{identity}` is not the name of the file", f"write `{page.path.stem}`")
    if page.path.parent.name != importer.lower():
        _at(root, "importer").note(
            f"the file lies in `{page.path.parent.name}/`", f"move it to `{importer.lower()}/`"
        )
    return identity


def _exporters(entry: Entry, importer: str) -> tuple[str, ...]:
    words = entry.words((*LAW_COUNTRIES, ins.ALL))
    if ins.ALL in words:
        return tuple(code for code in LAW_COUNTRIES if code != importer)
    if importer in words:
        entry.note(f"`{importer}` is the importer itself", "leave it out")
    return words


def _products(entry: Entry | None) -> tuple[str, ...]:
    if entry is None:
        return ()
    words = entry.words((*PRODUCTS, ins.ALL))
    return PRODUCTS if ins.ALL in words else words


def _values(root: Entry) -> tuple[Value, ...]:
    values = []
    for key, entry in _at(root, "values").items():
        try:
            start = date.fromisoformat(key)
        except ValueError:
            entry.note(f"`{key}` is not a date", "key each value by its first day, YYYY-MM-DD")
            continue
        values.append(_value(root, entry, start))
    values.sort(key=lambda value: value.start)
    _refuse_overlap(root, values)
    return tuple(values)


def _value(root: Entry, entry: Entry, start: date) -> Value:
    entry.keys(_PROVENANCE, _VALUE_OPTIONAL)
    kind = (entry.get("kind") or _at(root, "kind")).word(ins.KINDS)
    status = (entry.get("status") or _at(root, "status")).word(ins.STATUSES)
    rate, stage = entry.get("rate"), entry.get("stage")
    if rate is None and status == "enacted":
        entry.note("an enacted value needs its `rate`", "add `rate:` as a share, 0.25 for 25 %")
    low = -1.0 if kind == "output_credit" else 0.0
    return Value(
        start=start,
        end=_end(entry, start),
        rate=rate.number(low, _HIGHEST_RATE, "a share, 0.25 for 25 %") if rate else None,
        kind=kind,
        status=status,
        announced=_announced(entry.get("announced") or root.get("announced"), start),
        withdrawn=_day(entry.get("withdrawn")),
        sunset=_flag(entry.get("sunset")),
        provenance=provenance(entry),
        postponed=_flag(entry.get("postponed")),
        stage=stage.word(ins.STAGES) if stage else "ordered",
    )


def provenance(entry: Entry) -> Provenance:
    """Source (an address), confidence and evidence of a record."""
    source = entry.get("source")
    text = source.text() if source else ""
    if source and urlparse(text).scheme not in {"http", "https"}:
        source.note(f"`{text}` is not an address", "give the page's https:// address")
    confidence, evidence = entry.get("confidence"), entry.get("evidence")
    return Provenance(
        source=text,
        confidence=confidence.word(CONFIDENCE) if confidence else "",
        evidence=evidence.word(EVIDENCE) if evidence else "",
        note=_text(entry.get("note")),
        record=_text(entry.get("record")),
    )


def _end(entry: Entry, start: date) -> date | None:
    last = entry.get("end")
    day = _day(last)
    if last and day and day < start:
        last.note(f"{day} is before the start {start}", "`end` is the last day in force")
    return day


def _announced(entry: Entry | None, start: date) -> date | None:
    day = _day(entry)
    if entry and day and day > start and "values" in entry.where:
        entry.note(f"{day} is after the start {start}", "give the day on which it became public")
    return day if day is None or day <= start else None


def _refuse_overlap(root: Entry, values: list[Value]) -> None:
    enacted = [value for value in values if value.status == "enacted"]
    for value, following in pairwise(enacted):
        if value.end is not None and value.end >= following.start:
            root.page.note(
                ("values", value.start.isoformat()),
                f"ends {value.end}, after the next value has begun on {following.start}",
                "leave `end` out or set it before that day",
            )


def _carve(entry: Entry) -> Carve:
    entry.keys((), ("exporters", "products", "from", "to", "note"))
    exporters, products = entry.get("exporters"), entry.get("products")
    if exporters is None and products is None:
        entry.note("an exception needs `exporters` or `products`")
    return Carve(
        exporters=exporters.words(LAW_COUNTRIES) if exporters else (),
        products=_products(products),
        start=_day(entry.get("from")) or date.min,
        end=_day(entry.get("to")) or ins.FOREVER,
        note=_text(entry.get("note")),
    )


def _relief(entry: Entry, agreements: tuple[str, ...]) -> Relief:
    entry.keys(("agreement", "effect"), ("from", "to", "note", "share"))
    agreement, effect = entry.get("agreement"), entry.get("effect")
    share = entry.get("share")
    if (effect is not None and effect.data == "share") != (share is not None):
        entry.note("`effect: share` and `share` belong together", "give both, share as 0.15")
    return Relief(
        agreement=agreement.word(agreements) if agreement else "",
        effect=effect.word(ins.RELIEF_EFFECTS) if effect else "",
        start=_day(entry.get("from")) or date.min,
        end=_day(entry.get("to")) or ins.FOREVER,
        note=_text(entry.get("note")),
        share=share.number(0.0, 1.0, "a share, 0.15 for 15 %") if share is not None else 0.0,
    )


def _at(root: Entry, key: str) -> Entry:
    entry = root.get(key)
    return entry if entry is not None else Entry(root.page, (*root.where, key), "")


def _listed(entry: Entry | None) -> list[Entry]:
    return entry.list() if entry is not None else []


def _day(entry: Entry | None) -> date | None:
    return entry.day() if entry is not None else None


def _flag(entry: Entry | None) -> bool:
    return entry.flag() if entry is not None else False


def _text(entry: Entry | None) -> str:
    return entry.text() if entry is not None else ""
