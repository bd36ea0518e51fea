"""The duties of one importer through time: one spell for every stretch in which nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import LAW_COUNTRIES, PRODUCTS
from sim.errors import Fault, LawError
from sim.law.law import Law
from sim.law.rates.compiled import SHAPE, ImporterLaw, compile_importer
from sim.law.rates.stack import NOTHING, Claim, Stacked, stack

HIGHEST_TOTAL = 4.0
"""A total above this share is a mistake in the law at hand, not a duty anybody charges."""

_EVEN = 1e-12


@dataclass(frozen=True, eq=False)
class Calendar:
    """Duties of one importer by stretch of days (S), exporter (X) and product (K).

    ``first`` int64[S] holds the ordinal of each spell's first day. ``mfn`` and ``preference`` are
    base rates; ``extra`` and ``extra_claimed`` [S, X, K, B] what stands above them by legal basis;
    ``content`` [S, X, K] what US content relieves of the claimed rate; ``agreement`` int16[S, X, K]
    the agreement of the best claim, -1 where claiming gives nothing; ``winner`` int16[S,
    stacking_groups, X, K].
    """

    law: ImporterLaw
    first: NDArray[np.int64]
    mfn: Floats
    preference: Floats
    extra: Floats
    extra_claimed: Floats
    content: Floats
    agreement: NDArray[np.int16]
    winner: NDArray[np.int16]
    winner_claimed: NDArray[np.int16]

    @property
    def unclaimed(self) -> Floats:
        """float64[S, X, K]: total without any preference."""
        total: Floats = self.mfn + self.extra.sum(axis=-1)
        return total

    @property
    def claimed(self) -> Floats:
        """float64[S, X, K]: total with the best preference in force, US content not counted."""
        total: Floats = self.preference + self.extra_claimed.sum(axis=-1)
        return total

    def spell(self, on: date) -> int:
        """Place of the spell that holds a day."""
        return int(np.searchsorted(self.first, on.toordinal(), side="right")) - 1


def calendar(law: Law, importer: str, claim: str = "best") -> Calendar:
    """The importer's calendar; ``claim`` is ``best`` or the one agreement that is claimed.

    Made once for every law that holds the same for this importer. Raises :class:`LawError` when a
    total is negative or above 400 %.
    """
    return _calendar(law.part(importer), importer, claim)


@lru_cache(maxsize=192)
def _calendar(part: Law, importer: str, claim: str) -> Calendar:
    compiled = compile_importer(part, importer)
    days = compiled.changes()
    spells = [_spell(compiled, day, claim) for day in days]
    made = Calendar(
        compiled,
        np.array([day.toordinal() for day in days], np.int64),
        *(np.array(part) for part in zip(*spells, strict=True)),
    )
    _refuse_absurd(made)
    return made


def _spell(law: ImporterLaw, on: date, claim: str) -> tuple[Floats | NDArray[np.int16], ...]:
    mfn = law.base(on)
    charges = law.duties(on)
    plain = stack(law, charges, mfn, on)
    best = _Best(mfn, plain)
    for place, rates in law.preferences(on):
        identity = law.agreements[place]
        if claim not in ("best", identity):
            continue
        available = ~np.isnan(rates)
        base = np.where(available, np.minimum(rates, mfn), mfn)
        stacked = stack(law, charges, base, on, Claim(identity, available)) if charges else plain
        best.offer(place, base, stacked, available, forced=claim == identity)
    return (
        mfn,
        best.base,
        plain.extra,
        best.extra,
        best.content,
        best.agreement,
        plain.winner,
        best.winner,
    )


class _Best:
    """The lowest claimed total on every flow; US content breaks a tie."""

    def __init__(self, mfn: Floats, plain: Stacked) -> None:
        self.base = mfn.copy()
        self.extra = plain.extra.copy()
        self.content = plain.content.copy()
        self.winner = plain.winner.copy()
        self.agreement = np.full(SHAPE, NOTHING, np.int16)

    def offer(
        self, place: int, base: Floats, stacked: Stacked, available: NDArray[np.bool_], forced: bool
    ) -> None:
        """Take an agreement where it costs less, or wherever it is available when forced."""
        saving = (self.base + self.extra.sum(-1)) - (base + stacked.extra.sum(-1))
        better = (saving > _EVEN) | ((saving > -_EVEN) & (stacked.content > self.content + _EVEN))
        take = available & (better | forced)
        self.base[take] = base[take]
        self.extra[take] = stacked.extra[take]
        self.content[take] = stacked.content[take]
        self.agreement[take] = place
        self.winner[:, take] = stacked.winner[:, take]


def _refuse_absurd(made: Calendar) -> None:
    totals = np.stack([made.unclaimed, made.claimed])
    wrong = (totals < -_EVEN) | (totals > HIGHEST_TOTAL + _EVEN)
    if not wrong.any():
        return
    faults = []
    for _, spell, exporter, product in np.argwhere(wrong)[:10]:
        flow = f"{LAW_COUNTRIES[exporter]} {made.law.importer} {PRODUCTS[product]}"
        total = totals[:, spell, exporter, product].max()
        day = date.fromordinal(int(made.first[spell]))
        cure = "totals run from 0 to 400 %: lower the rates that meet here"
        faults.append(Fault("", flow, f"the total on {day} is {total:.1%}", cure))
    raise LawError(faults)
