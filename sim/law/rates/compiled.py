"""The law of one importer as arrays: what applies on a day, and the days on which that changes.

Exporters here run over :data:`sim.axes.LAW_COUNTRIES` (axis ``L``), whose first places are those
of :data:`sim.axes.COUNTRIES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import BASIS_INDEX, LAW_COUNTRIES, PRODUCT_INDEX, PRODUCTS
from sim.law.agreement import Preference
from sim.law.instrument import FOREVER, ONE_DAY, Carve, Instrument, Value
from sim.law.law import Law
from sim.law.reading.rates import SCHEDULE_START
from sim.law.stacking import Displacement

Mask = NDArray[np.bool_]

EXPORTER_INDEX: dict[str, int] = {code: place for place, code in enumerate(LAW_COUNTRIES)}
SHAPE = (len(LAW_COUNTRIES), len(PRODUCTS))
"""Exporters x products: the flows of one importer."""


def flows(exporters: Iterable[str], products: Iterable[str]) -> Mask:
    """bool[X, K]: true on every named exporter x product."""
    mask = np.zeros(SHAPE, bool)
    rows = [EXPORTER_INDEX[code] for code in exporters]
    columns = [PRODUCT_INDEX[code] for code in products]
    mask[np.ix_(rows, columns)] = True
    return mask


@dataclass(frozen=True, eq=False)
class Charge:
    """One value of one instrument, ready for stacking; ``group`` counts the importer's groups."""

    instrument: Instrument
    value: Value
    first: date
    last: date
    group: int
    basis: int
    place: int

    def covers(self, on: date) -> bool:
        """Whether the value is in force on that day."""
        return self.first <= on <= self.last

    @cached_property
    def scope(self) -> Mask:
        """bool[X, K]: flows that the instrument names, before exceptions."""
        return flows(self.instrument.exporters, self.instrument.products)

    @cached_property
    def _exceptions(self) -> tuple[tuple[Carve, Mask], ...]:
        return tuple(
            (carve, flows(carve.exporters or LAW_COUNTRIES, carve.products or PRODUCTS))
            for carve in self.instrument.excludes
        )

    def flows(self, on: date) -> Mask:
        """bool[X, K]: flows that pay it on that day, exceptions taken out."""
        mask = self.scope
        for carve, excepted in self._exceptions:
            if carve.covers(on):
                mask = mask & ~excepted
        return mask


@dataclass(frozen=True, eq=False)
class ImporterLaw:
    """Everything that decides what goods pay when they enter one country."""

    importer: str
    groups: tuple[str, ...]
    agreements: tuple[str, ...]
    charges: tuple[Charge, ...]
    displacements: tuple[Displacement, ...]
    mfn_days: NDArray[np.int64]
    """int64[rows, 3]: first day, last day (ordinals) and product of every MFN rate."""
    mfn_rates: Floats
    preference_days: NDArray[np.int64]
    """int64[rows, 5]: first day, last day, agreement, exporter and product."""
    preference_rates: Floats

    def base(self, on: date) -> Floats:
        """float64[X, K]: the MFN rate, or what an instrument puts in its place."""
        day = on.toordinal()
        held = (self.mfn_days[:, 0] <= day) & (day <= self.mfn_days[:, 1])
        base = np.zeros(SHAPE)
        base[:, self.mfn_days[held, 2]] = self.mfn_rates[held]
        for charge in self.charges:
            if charge.value.kind == "replaces_mfn" and charge.covers(on):
                base[charge.flows(on)] = charge.value.rate or 0.0
        if self.importer in EXPORTER_INDEX:
            base[EXPORTER_INDEX[self.importer]] = 0.0
        return base

    def preferences(self, on: date) -> Iterator[tuple[int, Floats]]:
        """Agreement in force and its rates float64[X, K], NaN on flows that it leaves out."""
        day = on.toordinal()
        days = self.preference_days
        held = (days[:, 0] <= day) & (day <= days[:, 1])
        for agreement in np.unique(days[held, 2]):
            mine = held & (days[:, 2] == agreement)
            rates = np.full(SHAPE, np.nan)
            rates[days[mine, 3], days[mine, 4]] = self.preference_rates[mine]
            yield int(agreement), rates

    def duties(self, on: date) -> list[Charge]:
        """Charges above the base rate that are in force on that day."""
        kinds = ("additional", "all_in_ceiling")
        return [c for c in self.charges if c.value.kind in kinds and c.covers(on)]

    def changes(self) -> tuple[date, ...]:
        """Every day from the start of the schedules on which the law of this importer changes."""
        days = {SCHEDULE_START}
        spells = [(c.first, c.last) for c in self.charges]
        spells += [(r.start, r.end) for r in self.displacements]
        for instrument in {id(c.instrument): c.instrument for c in self.charges}.values():
            spells += [(carve.start, carve.end) for carve in instrument.excludes]
            spells += [(relief.start, relief.end) for relief in instrument.relief]
            spells += [(instrument.covers_from, FOREVER)] if instrument.covers_from else []
        for table in (self.mfn_days, self.preference_days):
            spells += [(date.fromordinal(a), date.fromordinal(b)) for a, b in table[:, :2].tolist()]
        for first, last in spells:
            days.add(first)
            days.add(last + ONE_DAY if last < FOREVER else first)
        return tuple(sorted(day for day in days if day >= SCHEDULE_START))


def compile_importer(law: Law, importer: str) -> ImporterLaw:
    """The law of one importer as arrays."""
    groups = tuple(g.id for g in law.stacking.groups if g.importer == importer)
    agreements = tuple(agreement.id for agreement in law.agreements)
    ends = {agreement.id: agreement.end for agreement in law.agreements}
    rows = [rate for rate in law.mfn if rate.importer == importer]
    spells = _preference_spells([p for p in law.preferences if p.importer == importer], ends)
    places = {identity: place for place, identity in enumerate(agreements)}
    return ImporterLaw(
        importer=importer,
        groups=groups,
        agreements=agreements,
        charges=tuple(_charges(law, importer, groups)),
        displacements=tuple(d for d in law.stacking.displacements if d.by in groups),
        mfn_days=np.array(
            [
                (r.start.toordinal(), (r.end or FOREVER).toordinal(), PRODUCT_INDEX[r.product])
                for r in rows
            ],
            np.int64,
        ).reshape(-1, 3),
        mfn_rates=np.array([r.rate for r in rows]),
        preference_days=np.array(
            [(first, last, places[name], *flow) for first, last, name, *flow, _ in spells], np.int64
        ).reshape(-1, 5),
        preference_rates=np.array([spell[-1] for spell in spells]),
    )


def _charges(law: Law, importer: str, groups: tuple[str, ...]) -> Iterator[Charge]:
    place = 0
    for instrument in law.instruments:
        if instrument.importer != importer:
            continue
        last_day = law.stacking.last_day(instrument.group)
        for span in instrument.spans():
            last = min(span.last, last_day)
            if span.first <= last:
                yield Charge(
                    instrument,
                    span.value,
                    span.first,
                    last,
                    groups.index(instrument.group),
                    BASIS_INDEX[instrument.basis],
                    place,
                )
                place += 1


def _preference_spells(
    preferences: list[Preference], ends: dict[str, date]
) -> list[tuple[int, int, str, int, int, float]]:
    """Rates flow by flow, each ended by the next start of the same agreement on the flow."""
    flow_rates: dict[tuple[str, int, int], list[tuple[date, date, float]]] = {}
    for preference in preferences:
        last = min(preference.end or FOREVER, ends[preference.agreement])
        for exporter in preference.exporters:
            for product in preference.products:
                key = (preference.agreement, EXPORTER_INDEX[exporter], PRODUCT_INDEX[product])
                flow_rates.setdefault(key, []).append((preference.start, last, preference.rate))
    spells = []
    for (agreement, exporter_place, product_place), rates in flow_rates.items():
        rates.sort(key=lambda rate: rate[0])
        following = [start.toordinal() - 1 for start, _, _ in rates[1:]] + [FOREVER.toordinal()]
        for (start, last, rate), until in zip(rates, following, strict=True):
            end = min(last.toordinal(), until)
            spells.append((start.toordinal(), end, agreement, exporter_place, product_place, rate))
    return spells
