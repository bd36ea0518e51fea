"""Stacking on one day for one importer: from charges to duty by legal basis.

In each group the highest rate counts; a ceiling overrides the group's additions and makes the
total max(base, ceiling), so that its own part is max(0, ceiling - base); groups add up; displaced
groups charge nothing. All duties are shares of the same customs value: nothing compounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import LEGAL_BASES
from sim.law.rates.compiled import SHAPE, Charge, ImporterLaw, Mask

NOTHING = -1


@dataclass(frozen=True, eq=False)
class Claim:
    """An agreement that is claimed on the flows where it gives a rate (``available``)."""

    agreement: str
    available: Mask


@dataclass(frozen=True, eq=False)
class Stacked:
    """What the flows pay above the base rate.

    ``extra`` float64[X, K, B] by legal basis; ``content`` float64[X, K] the part that approved US
    content relieves in proportion; ``winner`` int16[stacking_groups, X, K] the place of the charge
    that counts in each of the importer's groups, -1 where none does.
    """

    extra: Floats
    content: Floats
    winner: NDArray[np.int16]


class _Group:
    """The highest rate on every flow of one group while its charges are laid on."""

    def __init__(self) -> None:
        self.rate = np.zeros(SHAPE)
        self.ceiling = np.zeros(SHAPE, bool)
        self.content = np.zeros(SHAPE, bool)
        self.basis = np.zeros(SHAPE, np.int64)
        self.winner = np.full(SHAPE, NOTHING, np.int16)
        self.covered = np.zeros(SHAPE, bool)
        self.displaced = np.zeros(SHAPE, bool)

    def lay(self, charge: Charge, on: date, claim: Claim | None) -> None:
        """Let a charge count where it is the highest, or the first ceiling."""
        on = max(on, charge.first)
        named = charge.flows(on)
        self.covered |= named
        paid, rate, content = _relieved(charge, named, on, claim)
        higher = (self.winner == NOTHING) | (rate > self.rate)
        if charge.value.kind == "all_in_ceiling":
            take = paid & (~self.ceiling | higher)
            self.ceiling |= take
        else:
            take = paid & ~self.ceiling & higher
        self.rate[take] = rate[take] if isinstance(rate, np.ndarray) else rate
        self.content[take] = False if content is None else content[take]
        self.basis[take] = charge.basis
        self.winner[take] = charge.place

    def clear(self, where: Mask) -> None:
        """Charge nothing on these flows."""
        self.displaced |= where
        self.rate[where] = 0.0
        self.ceiling[where] = False
        self.content[where] = False
        self.winner[where] = NOTHING


def stack(
    law: ImporterLaw, charges: Sequence[Charge], base: Floats, on: date, claim: Claim | None = None
) -> Stacked:
    """What ``charges`` add to ``base`` float64[X, K] on a day, with or without a claim."""
    groups: dict[int, _Group] = {}
    for charge in charges:
        groups.setdefault(charge.group, _Group()).lay(charge, on, claim)
    if groups:
        _cover_scheduled(law, groups, on)
        _displace(law, groups, on)
    return _sum(groups, base, len(law.groups))


def _relieved(
    charge: Charge, named: Mask, on: date, claim: Claim | None
) -> tuple[Mask, float | Floats, Mask | None]:
    """Trade flows that pay, their rate, and those among them whose US content is let off."""
    rate: float | Floats = charge.value.rate or 0.0
    content: Mask | None = None
    for relief in charge.instrument.relief if claim is not None else ():
        if claim is None or relief.agreement != claim.agreement or not relief.covers(on):
            continue
        if relief.effect == "exempt":
            named = named & ~claim.available
        elif relief.effect == "content":
            content = named & claim.available
        else:
            rate = np.where(claim.available, rate * (1.0 - relief.share), rate)
    return named, rate, content


def _cover_scheduled(law: ImporterLaw, groups: dict[int, _Group], on: date) -> None:
    for charge in law.charges:
        named_from = charge.instrument.covers_from
        if named_from is not None and named_from <= on <= charge.last:
            groups.setdefault(charge.group, _Group()).covered |= charge.flows(on)


def _displace(law: ImporterLaw, groups: dict[int, _Group], on: date) -> None:
    place = {identity: index for index, identity in enumerate(law.groups)}
    for rule in law.displacements:
        if not rule.covers(on):
            continue
        by = groups.get(place[rule.by])
        if by is None:
            continue
        where = (by.covered if rule.scheduled else by.rate > 0.0) & ~by.displaced
        for dropped in rule.drops:
            if place[dropped] in groups:
                groups[place[dropped]].clear(where)


def _sum(groups: dict[int, _Group], base: Floats, count: int) -> Stacked:
    extra = np.zeros((*SHAPE, len(LEGAL_BASES)))
    content = np.zeros(SHAPE)
    winner = np.full((count, *SHAPE), NOTHING, np.int16)
    for place in sorted(groups):
        group = groups[place]
        above = np.where(group.ceiling, np.maximum(0.0, group.rate - base), group.rate)
        for basis in np.unique(group.basis[group.rate > 0.0]):
            extra[..., basis] += np.where(group.basis == basis, above, 0.0)
        content += np.where(group.content, above, 0.0)
        winner[place] = group.winner
    return Stacked(extra, content, winner)
