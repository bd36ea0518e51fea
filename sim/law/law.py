"""The law as a whole: every instrument, schedule and agreement at hand, and its digest.

>>> from sim.law.law import load_law
>>> load_law().instrument("us_232_autos").basis
'section_232'
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sim.errors import Fault, LawError, nearest
from sim.law.agreement import Agreement, BaseRate, Preference
from sim.law.files import DUTY_FILES, LAW_FOLDER, Stamp, shown, stamp, standing, strange_files
from sim.law.instrument import Instrument
from sim.law.origin.declared import Declared, declared, read_declared
from sim.law.reading.instruments import read_instruments
from sim.law.reading.orders import read_agreements, read_stacking
from sim.law.reading.rates import read_mfn, read_preferences
from sim.law.stacking import Stacking
from sim.law.subsidies.act import Subsidy
from sim.law.subsidies.reading import read_subsidies

_CONTENT = (
    "instruments", "mfn", "preferences", "agreements", "stacking", "declared", "subsidies",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Law:
    """All instruments, schedules and agreements. Equal when the content is (see :attr:`digest`).

    Never edited: :func:`sim.law.reforms.edits.apply_reforms` gives a new law.
    """

    instruments: tuple[Instrument, ...]
    mfn: tuple[BaseRate, ...]
    preferences: tuple[Preference, ...]
    agreements: tuple[Agreement, ...]
    stacking: Stacking
    declared: Declared
    """What rules of origin need and trade data cannot tell."""
    subsidies: tuple[Subsidy, ...] = ()
    """Acts that pay firms for making goods in a place."""

    @cached_property
    def digest(self) -> str:
        """Sha256 of the content, without file names: equal for equal law on any machine."""
        digest = hashlib.sha256()
        for name in _CONTENT:
            digest.update(repr(_nameless(getattr(self, name))).encode())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Law) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __getstate__(self) -> dict[str, Any]:
        names = (*_CONTENT, "digest")
        return {name: self.__dict__[name] for name in names if name in self.__dict__}

    def part(self, importer: str) -> Law:
        """What concerns one importer: equal for two laws that differ elsewhere only."""
        if importer not in self._parts:
            groups = tuple(g for g in self.stacking.groups if g.importer == importer)
            ids = {group.id for group in groups}
            stacking = Stacking(
                groups,
                tuple(d for d in self.stacking.displacements if d.by in ids),
                tuple(t for t in self.stacking.terminations if ids.intersection(t.groups)),
            )
            self._parts[importer] = Law(
                tuple(i for i in self.instruments if i.importer == importer),
                tuple(row for row in self.mfn if row.importer == importer),
                tuple(row for row in self.preferences if row.importer == importer),
                self.agreements,
                stacking,
                self.declared,
            )  # subsidies never enter a rate
        return self._parts[importer]

    @cached_property
    def _parts(self) -> dict[str, Law]:
        return {}

    def instrument(self, identity: str) -> Instrument:
        """The instrument of that id; :class:`LawError` with the nearest id when there is none."""
        for instrument in self.instruments:
            if instrument.id == identity:
                return instrument
        cure = nearest(identity, [instrument.id for instrument in self.instruments])
        raise LawError(Fault("", "instrument", f"`{identity}` is unknown", cure))

    def subsidy(self, identity: str) -> Subsidy:
        """The act of that id; :class:`LawError` with the nearest id when there is none."""
        for act in self.subsidies:
            if act.id == identity:
                return act
        cure = nearest(identity, [act.id for act in self.subsidies])
        raise LawError(Fault("", "subsidy", f"`{identity}` is unknown", cure))

    def agreement(self, identity: str) -> Agreement:
        """The agreement of that id or alias; :class:`LawError` with the nearest when none is."""
        wanted = self.claim(identity)
        for agreement in self.agreements:
            if agreement.id == wanted:
                return agreement
        raise LawError(Fault("", "agreement", f"`{identity}` is no agreement"))

    @cached_property
    def claims(self) -> dict[str, str]:
        """Every way to write a claim, in lower case -> ``best`` or the agreement's id."""
        known = {"best": "best"}
        for agreement in self.agreements:
            known |= {name.lower(): agreement.id for name in (agreement.id, *agreement.aliases)}
        return known

    def claim(self, text: str | None) -> str | None:
        """A claim as its canonical name: None, ``best`` or an agreement's id.

        Raises :class:`LawError` with the nearest name.
        """
        if text is None or text.strip().lower() in {"", "none"}:
            return None
        claim = self.claims.get(text.strip().lower())
        if claim is None:
            cure = nearest(text, ["best", *(agreement.id for agreement in self.agreements)])
            raise LawError(Fault("", "claim", f"`{text}` is unknown", cure))
        return claim


def load_law(overlays: Sequence[Path] = ()) -> Law:
    """The law that ships, with folders laid over it, each in the forms of ``sim/data/law``.

    What an overlay holds is added, or stands in the place of what has the same key; a later overlay
    lies on top. Read once for equal files.

    Raises
    ------
    LawError
        Every fault of every file at once, under the overlay's own path.
    """
    folders = tuple(Path(folder) for folder in overlays)
    return _load(folders, stamp(folders))


@lru_cache(maxsize=8)
def _load(overlays: tuple[Path, ...], _: Stamp) -> Law:
    law, faults = read_law((LAW_FOLDER, *overlays))
    if faults:
        raise LawError(faults)
    return law


def read_law(folders: Sequence[Path]) -> tuple[Law, list[Fault]]:
    """The law of a folder and its overlays as far as it can be read, and all that is wrong."""
    faults = [fault for folder in folders for fault in strange_files(folder)]
    missing = [folders[0] / name for name in DUTY_FILES if not (folders[0] / name).is_file()]
    if missing:
        faults = [Fault(shown(path), "", "is missing", "restore it") for path in missing] + faults
        return Law((), (), (), (), Stacking((), (), ()), declared()), faults
    stacking, stacking_faults = read_stacking(standing(folders, "stacking.yaml"))
    agreements, agreement_faults = read_agreements(standing(folders, "agreements.yaml"))
    ids = [agreement.id for agreement in agreements]
    mfn, mfn_faults = read_mfn(standing(folders, "schedules/mfn.csv"))
    preferences, preference_faults = read_preferences(
        standing(folders, "schedules/preferences.csv"), ids
    )
    known, declared_faults = read_declared(standing(folders, "origin.csv"))
    instruments, instrument_faults = read_instruments(folders, ids)
    faults += stacking_faults + agreement_faults + mfn_faults + preference_faults
    faults += declared_faults + instrument_faults + _unmatched(instruments, stacking)
    subsidies, subsidy_faults = read_subsidies(folders)
    faults += subsidy_faults
    law = Law(instruments, mfn, preferences, agreements, stacking, known or declared(), subsidies)
    return law, faults


def _unmatched(instruments: Iterable[Instrument], stacking: Stacking) -> list[Fault]:
    """Instruments whose stacking group is not declared, or belongs to another importer."""
    importer_of = {group.id: group.importer for group in stacking.groups}
    faults = []
    for instrument in instruments:
        owner = importer_of.get(instrument.group)
        if owner is None:
            wrong = f"group `{instrument.group}` is not in stacking.yaml"
            faults.append(
                Fault(instrument.file, "stacking", wrong, nearest(instrument.group, importer_of))
            )
        elif owner != instrument.importer:
            wrong = f"group `{instrument.group}` belongs to {owner}"
            faults.append(
                Fault(instrument.file, "stacking", wrong, "choose a group of the importer")
            )
    return faults


def _nameless(part: object) -> object:
    """The content without file names, which say where a law was read and not what it says."""
    if isinstance(part, tuple) and part and isinstance(part[0], Instrument | Agreement | Subsidy):
        return tuple(_without_file(item) for item in part)
    return part


def _without_file(item: object) -> tuple[object, ...]:
    names = [name for name in item.__dataclass_fields__ if name != "file"]  # type: ignore[attr-defined]  # dataclasses only
    return tuple(getattr(item, name) for name in names)
