"""Rates of many flows and days in one call, and what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import COUNTRIES, LAW_COUNTRIES, PRODUCTS
from sim.errors import Fault, LawError
from sim.law.law import Law
from sim.law.rates.calendar import Calendar, calendar
from sim.law.rates.components import DIGITS, components
from sim.law.rates.stack import NOTHING
from sim.law.reading.rates import SCHEDULE_START
from sim.spelling import COUNTRY, PRODUCT, Spellings

COLUMNS = ("exporter", "importer", "product", "on")
_EPOCH = date(1970, 1, 1).toordinal()
_SHOWN_FAULTS = 20


@dataclass(frozen=True, eq=False)
class _Cases:
    """Rows as codes: exporter, importer and product places, ordinals, claims, content shares."""

    exporter: NDArray[np.int64]
    importer: NDArray[np.int64]
    product: NDArray[np.int64]
    day: NDArray[np.int64]
    claim: NDArray[np.object_]
    us_content: Floats


def rates(law: Law, table: pd.DataFrame) -> Floats:
    """float64[rows]: the total of every row of ``exporter, importer, product, on`` and optional
    ``claim`` (empty, ``best`` or an agreement) and ``us_content`` (empty is 0).

    Raises :class:`LawError` naming every wrong cell (the first twenty).
    """  # noqa: D205  (one sentence)
    cases = _read(law, table)
    total = np.zeros(len(table))
    for rows, duties, spells, claimed in _batches(law, cases):
        flow = (spells, cases.exporter[rows], cases.product[rows])
        if claimed:
            total[rows] = duties.claimed[flow] - duties.content[flow] * cases.us_content[rows]
        else:
            total[rows] = duties.unclaimed[flow]
    return np.round(total, DIGITS)


def rate_components(law: Law, table: pd.DataFrame) -> list[str]:
    """For every row its parts as ``mfn:0.025+us_232_autos:0.25``; empty for domestic flows."""
    cases = _read(law, table)
    texts: list[str] = [""] * len(table)
    known: dict[tuple[object, ...], str] = {}
    for rows, duties, spells, claimed in _batches(law, cases):
        for row, spell in zip(rows.tolist(), spells.tolist(), strict=True):
            exporter, product = int(cases.exporter[row]), int(cases.product[row])
            if LAW_COUNTRIES[exporter] == duties.law.importer:
                continue
            content = float(cases.us_content[row])
            key = (id(duties), spell, exporter, product, claimed, content)
            if key not in known:
                parts = components(law, duties, spell, (exporter, product), claimed, content)
                known[key] = "+".join(f"{part.instrument}:{part.rate:.10g}" for part in parts)
            texts[row] = known[key]
    return texts


def _batches(
    law: Law, cases: _Cases
) -> Iterator[tuple[NDArray[np.int64], Calendar, NDArray[np.int64], bool]]:
    """Rows that share an importer and a claim, with their calendar and the spell of each."""
    for claim in sorted({str(claim) for claim in cases.claim}):
        claims = cases.claim == claim
        for importer in np.unique(cases.importer[claims]):
            rows = np.flatnonzero(claims & (cases.importer == importer))
            duties = calendar(law, COUNTRIES[importer], claim or "best")
            spells = np.searchsorted(duties.first, cases.day[rows], side="right") - 1
            yield rows, duties, spells, bool(claim)


def _read(law: Law, table: pd.DataFrame) -> _Cases:
    faults: list[Fault] = []
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise LawError([Fault("", column, "column is missing") for column in missing])
    blank = pd.Series("", index=table.index)
    claim = table.get("claim", blank).fillna("").astype(str)
    cases = _Cases(
        exporter=_codes(table["exporter"], COUNTRY, LAW_COUNTRIES, "exporter", faults),
        importer=_codes(table["importer"], COUNTRY, COUNTRIES, "importer", faults),
        product=_codes(table["product"], PRODUCT, PRODUCTS, "product", faults),
        day=_days(table["on"], faults),
        claim=_claims(law, claim, faults),
        us_content=_content(table.get("us_content", blank), faults),
    )
    if faults:
        raise LawError(faults[:_SHOWN_FAULTS])
    return cases


def _claims(law: Law, column: pd.Series, faults: list[Fault]) -> NDArray[np.object_]:
    """Canonical claims, empty where none is made."""
    known: dict[str, str] = {}
    for text in column.unique():
        try:
            known[text] = law.claim(text) or ""
        except LawError as error:
            rows = np.flatnonzero(column == text)[:_SHOWN_FAULTS]
            faults += [
                Fault("", f.key, f.wrong, f.cure, int(row) + 2)
                for f in error.faults
                for row in rows
            ]
    return column.map(known).to_numpy(object)


def _codes(
    column: pd.Series,
    spellings: Spellings,
    known: tuple[str, ...],
    name: str,
    faults: list[Fault],
) -> NDArray[np.int64]:
    """Place of every cell's code, written as a code or as a name, among those known."""
    words = column.astype(str)
    places = pd.Index(known).get_indexer(pd.Index(words.map(spellings.code)))
    for row in np.flatnonzero(places == NOTHING)[:_SHOWN_FAULTS]:
        word = str(column.iloc[row])
        faults.append(
            Fault("", name, f"`{word}` is unknown", spellings.cure(word, known), int(row) + 2)
        )
    return places.astype(np.int64)


def _days(column: pd.Series, faults: list[Fault]) -> NDArray[np.int64]:
    days = pd.to_datetime(column, errors="coerce", format="ISO8601")
    ordinals = days.to_numpy("datetime64[D]").astype(np.int64) + _EPOCH
    early = days.isna().to_numpy() | (ordinals < SCHEDULE_START.toordinal())
    for row in np.flatnonzero(early)[:_SHOWN_FAULTS]:
        wrong = f"`{column.iloc[row]}` is no day from {SCHEDULE_START} on"
        faults.append(Fault("", "on", wrong, "write YYYY-MM-DD", int(row) + 2))
    return ordinals


def _content(column: pd.Series, faults: list[Fault]) -> Floats:
    empty = column.isna() | (column.astype(str).str.strip() == "")
    shares = pd.to_numeric(column.where(~empty, 0.0), errors="coerce").to_numpy(float)
    for row in np.flatnonzero(~((shares >= 0.0) & (shares <= 1.0)))[:_SHOWN_FAULTS]:
        wrong = f"`{column.iloc[row]}` is no share"
        faults.append(Fault("", "us_content", wrong, "write 0..1", int(row) + 2))
    return shares
