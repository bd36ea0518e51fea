"""What-if edits of the export-control law: a reform is a list of changes with a start and an end.

Nothing enacted is overwritten: a change cuts or adds windows, entries and memberships, so that
every day outside the reform's span keeps its law. Reforms compose in the order they are given in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from pydantic import Field, model_validator

from sim.data.models import Day
from sim.errors import Fault, LawError, nearest
from sim.law.controls.changes import Change
from sim.law.controls.files import Frozen, load_model, models
from sim.law.controls.law import ControlLaw, broken_names
from sim.law.files import reform_files

REFORMS = "reforms/controls"
"""Where reforms of the export-control law lie in a folder of law."""


class ControlReform(Frozen):
    """A named what-if edit of the export-control law.

    ``start`` and ``end`` are the first and last day of every change; an empty end is open.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    source: str
    note: str = ""
    start: Day
    end: Day | None = None
    changes: tuple[Change, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> ControlReform:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"the reform ends on {self.end}, before it starts on {self.start}")
        return self

    def during(self, start: date | None = None, end: date | None = None) -> ControlReform:
        """The same reform in another span.

        Raises
        ------
        LawError
            When the end lies before the start.
        """
        data = self.model_dump(by_alias=True) | {
            "end": end or self.end,
            "start": start or self.start,
        }
        return models(ControlReform, self.name, [data])[0]

    def enact(self, law: ControlLaw) -> ControlLaw:
        """``law`` with every change made.

        Raises
        ------
        LawError
            When a change names what is not there, or changes nothing.
        """
        for number, change in enumerate(self.changes, start=1):
            changed = change.enact(law, (self.start, self.end))
            if _same(changed, law):
                wrong = "changes nothing in its span"
                raise LawError(
                    Fault("", f"{self.name}.changes[{number}]", wrong, "move its start or drop it")
                )
            law = changed
        faults = list(broken_names(law))
        if faults:
            raise LawError(faults)
        return law


def enact_reforms(law: ControlLaw, reforms: Iterable[ControlReform]) -> ControlLaw:
    """``law`` with the reforms made, in their order.

    Raises
    ------
    LawError
        When a reform names what is not there or touches nothing.
    """
    for reform in reforms:
        law = reform.enact(law)
    return law


def load_reform(name: str | Path, overlays: Sequence[Path] = ()) -> ControlReform:
    """A reform that ships or lies in an overlay by its name, or the reform in a YAML file.

    Raises
    ------
    LawError
        When there is none of that name (with the nearest), or the file is wrong.

    >>> load_reform("japan_loses_supplement_4").changes[0].act
    'regroup'
    """
    path = Path(name)
    if path.suffix not in {".yaml", ".yml"}:
        known = reform_files(overlays, REFORMS)
        if str(name) not in known:
            raise LawError(Fault("", str(name), "no such reform", nearest(str(name), known)))
        path = known[str(name)]
    return load_model(ControlReform, path)


def shipped_reforms(overlays: Sequence[Path] = ()) -> tuple[str, ...]:
    """Names of the reforms that come with the package, and with overlays."""
    return tuple(sorted(reform_files(overlays, REFORMS)))


def _same(one: ControlLaw, other: ControlLaw) -> bool:
    """Whether two laws agree in all that a change can touch."""
    return (one.rules, one.listings, one.memberships) == (
        other.rules,
        other.listings,
        other.memberships,
    )
