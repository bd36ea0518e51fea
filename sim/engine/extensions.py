"""What Python files of a user bring to the engine: mechanisms and outcomes, checked.

A file lists objects in ``MECHANISMS`` and ``OUTCOMES``; :mod:`sim.extensions` loads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.data.kinds import KINDS, SETTLED
from sim.engine.mechanism import Mechanism
from sim.engine.mechanisms import INPUTS, SHIPPED
from sim.engine.outcomes import OUTCOMES, with_theirs
from sim.engine.phases import PHASES
from sim.engine.record.outcome import Outcome
from sim.errors import Fault, InputError, nearest
from sim.extensions import ExtensionFile, line_of, listed, load, told_at
from sim.world.parameter_table import Parameter


@dataclass(frozen=True, slots=True)
class Brought:
    """Mechanisms and outcomes of a user's files, in the order of the files."""

    mechanisms: tuple[Mechanism, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    @property
    def every_mechanism(self) -> tuple[Mechanism, ...]:
        """Those that ship, then these."""
        return (*SHIPPED, *self.mechanisms)

    @property
    def every_outcome(self) -> tuple[Outcome, ...]:
        """Those that ship, then these and those of these mechanisms."""
        return with_theirs((*OUTCOMES, *self.outcomes), self.mechanisms)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Rows that the mechanisms add to the parameters."""
        return tuple(row for one in self.mechanisms for row in one.parameters)

    @property
    def inputs(self) -> dict[str, str]:
        """Names by which the mechanisms are switched off, and what each does."""
        return {one.name: one.title for one in self.mechanisms}


def brought(extensions: Iterable[ExtensionFile], taken: Iterable[str] = ()) -> Brought:
    """Mechanisms and outcomes that the files list; ``taken`` are names of parameters that ship.

    Raises
    ------
    InputError
        A file cannot be read or run, or every entry that cannot take part: wrong type, a name that
        is there already, a phase that there is not, a parameter without a meaning.
    """
    files = tuple(extensions)
    shipped = {one.name for one in OUTCOMES}
    with told_at(files):
        mechanisms = listed(files, "MECHANISMS", Mechanism, INPUTS)  # type: ignore[type-abstract]  # objects of its kinds are meant
        outcomes = listed(files, "OUTCOMES", Outcome, shipped)
        theirs = [it for one in mechanisms.values() for it in one.outcomes]
        faults = [*_unfit(files, mechanisms, set(taken)), *_same(files, outcomes, theirs, shipped)]
    if faults:
        raise InputError(faults)
    return Brought(tuple(mechanisms.values()), tuple(outcomes.values()))


def _unfit(
    files: tuple[ExtensionFile, ...], mechanisms: Mapping[str, Mechanism], taken: set[str]
) -> Iterator[Fault]:
    """Titles that lack, phases that there are not, parameters without a meaning."""
    phases = [phase.name for phase in PHASES]
    for one in mechanisms.values():
        file, line = _place(files, type(one))
        if not isinstance(getattr(one, "title", None), str):
            yield Fault(file, one.name, "has no `title`", "say in a clause what it does", line)
        for hook in one.hooks():
            if hook.phase not in phases:
                cure = nearest(hook.phase, phases)
                yield Fault(file, one.name, f"no phase `{hook.phase}`", cure, line)
        for row in one.parameters:
            for wrong, cure in _unmeant(row, taken):
                yield Fault(file, f"{one.name}.{row.name}", wrong, cure, line)
        taken |= {row.name for row in one.parameters}


def _unmeant(row: Parameter, taken: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the row of a parameter, and how to mend it."""
    if row.name in taken:
        yield "is a parameter already", "rename it"
    if row.kind not in KINDS:
        yield f"kind `{row.kind}` is not known", nearest(row.kind, KINDS)
    elif not KINDS[row.kind].holds(row.value):
        yield f"{row.value} has no meaning for {KINDS[row.kind].what}", KINDS[row.kind].cure
    if not row.low <= row.value <= row.high:
        yield f"{row.value} is outside its own range {row.low}..{row.high}", "widen the range"
    if row.settled not in SETTLED[:1]:
        yield f"cannot be settled by `{row.settled}`", f"write `{SETTLED[0]}`"


def _same(
    files: tuple[ExtensionFile, ...],
    outcomes: Mapping[str, Outcome],
    theirs: list[Outcome],
    shipped: set[str],
) -> Iterator[Fault]:
    """Outcomes of mechanisms whose names another outcome has."""
    seen = dict(outcomes)
    for one in theirs:
        if one.name in shipped or seen.setdefault(one.name, one) is not one:
            wrong = f"outcome `{one.name}` of a mechanism is there already"
            file = files[0].file if files else ""
            yield Fault(file, one.name, wrong, "give it another name")


def _place(files: tuple[ExtensionFile, ...], kind: type) -> tuple[str, int | None]:
    """File and line of a class."""
    for file in files:
        if load(file).__name__ == kind.__module__:
            return file.file, line_of(file, kind.__name__)
    return "", None
