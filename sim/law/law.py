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

from sim.axes import COUNTRIES
from sim.errors import Fault, LawError, nearest
from sim.law.agreement import Agreement, BaseRate, Preference
from sim.law.files import LAW_FOLDER, shown
from sim.law.instrument import Instrument
from sim.law.reading.instruments import read_instrument
from sim.law.reading.orders import read_agreements, read_stacking
from sim.law.reading.rates import read_mfn, read_preferences
from sim.law.stacking import Stacking

_SHARED_FOLDERS = ("schedules", "reforms", "controls")


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

    @cached_property
    def digest(self) -> str:
        """Sha256 of the content, without file names: equal for equal law on any machine."""
        parts = (self.instruments, self.mfn, self.preferences, self.agreements, self.stacking)
        found = hashlib.sha256()
        for part in parts:
            found.update(repr(_nameless(part)).encode())
        return found.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Law) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __getstate__(self) -> dict[str, Any]:
        names = ("instruments", "mfn", "preferences", "agreements", "stacking", "digest")
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
            )
        return self._parts[importer]

    @cached_property
    def _parts(self) -> dict[str, Law]:
        return {}

    def instrument(self, identity: str) -> Instrument:
        """The instrument of that id; :class:`LawError` with the nearest id when there is none."""
        for found in self.instruments:
            if found.id == identity:
                return found
        cure = nearest(identity, [found.id for found in self.instruments])
        raise LawError(Fault("", "instrument", f"`{identity}` is unknown", cure))

    def agreement(self, identity: str) -> Agreement:
        """The agreement of that id or alias; :class:`LawError` with the nearest when none is."""
        wanted = self.claim(identity)
        for found in self.agreements:
            if found.id == wanted:
                return found
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
        found = self.claims.get(text.strip().lower())
        if found is None:
            cure = nearest(text, ["best", *(agreement.id for agreement in self.agreements)])
            raise LawError(Fault("", "claim", f"`{text}` is unknown", cure))
        return found


def load_law(folder: Path | str | None = None) -> Law:
    """The law in ``folder`` (by default the one that ships), read once.

    Raises :class:`LawError` with every fault of every file at once.
    """
    return _load(Path(folder) if folder is not None else LAW_FOLDER)


@lru_cache(maxsize=4)
def _load(folder: Path) -> Law:
    law, faults = read_law(folder)
    if faults:
        raise LawError(faults)
    return law


def read_law(folder: Path) -> tuple[Law, list[Fault]]:
    """The law in a folder as far as it can be read, and everything that is wrong with it."""
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        wrong = [Fault(shown(folder / name), "", "is missing", "restore it") for name in missing]
        return Law((), (), (), (), Stacking((), (), ())), wrong
    stacking, faults = read_stacking(*_named(folder / "stacking.yaml"))
    agreements, more = read_agreements(*_named(folder / "agreements.yaml"))
    ids = [agreement.id for agreement in agreements]
    mfn, mfn_faults = read_mfn(*_named(folder / "schedules" / "mfn.csv"))
    preferences, preference_faults = read_preferences(
        *_named(folder / "schedules" / "preferences.csv"), ids
    )
    instruments, instrument_faults = _instruments(folder, ids)
    faults += more + mfn_faults + preference_faults + instrument_faults
    faults += _unmatched(instruments, stacking)
    return Law(instruments, mfn, preferences, agreements, stacking), faults


_FILES = ("stacking.yaml", "agreements.yaml", "schedules/mfn.csv", "schedules/preferences.csv")


def _instruments(
    folder: Path, agreements: Sequence[str]
) -> tuple[tuple[Instrument, ...], list[Fault]]:
    found: list[Instrument] = []
    faults: list[Fault] = []
    for issuer in sorted(path for path in folder.iterdir() if path.is_dir()):
        if issuer.name in _SHARED_FOLDERS:
            continue
        if issuer.name.upper() not in COUNTRIES:
            cure = nearest(issuer.name, [code.lower() for code in COUNTRIES])
            faults.append(Fault(shown(issuer), "", "is no issuer's folder", cure))
            continue
        for path in sorted(issuer.glob("*.y*ml")):
            instrument, wrong = read_instrument(*_named(path), agreements)
            faults += wrong
            if instrument is not None:
                found.append(instrument)
    return tuple(found), faults


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


def _named(path: Path) -> tuple[Path, str]:
    return path, shown(path)


def _nameless(part: object) -> object:
    """The content without file names, which say where a law was read and not what it says."""
    if isinstance(part, tuple) and part and isinstance(part[0], Instrument | Agreement):
        return tuple(_without_file(item) for item in part)
    return part


def _without_file(item: object) -> tuple[object, ...]:
    names = [name for name in item.__dataclass_fields__ if name != "file"]  # type: ignore[attr-defined]  # dataclasses only
    return tuple(getattr(item, name) for name in names)
