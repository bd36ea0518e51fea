"""What one step of a month reads and writes: found by watching it and by spoiling its arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from sim.engine.phases import PHASES
from sim.engine.simulation import Simulation

WATCHED = ("state", "month")
"""Attributes of a simulation whose fields are named one by one."""
WHOLE = ("books", "events")
"""Attributes that have one name."""


class Watch:
    """Stands for an object and notes the names of fields that are read and set on it."""

    __slots__ = ("_notes", "_of", "_path")

    def __init__(self, of: Any, path: str, notes: Notes) -> None:
        for name, value in (("_of", of), ("_path", path), ("_notes", notes)):
            object.__setattr__(self, name, value)

    @property
    def __class__(self) -> Any:
        """The type of what is watched, so that `isinstance` sees it."""
        return type(self._of)

    def __getattr__(self, name: str) -> Any:
        own = vars(type(self._of)).get(name)
        if isinstance(own, property) and own.fget is not None:
            return own.fget(self)
        if isinstance(own, FunctionType):
            return MethodType(own, self)
        value = getattr(self._of, name)
        if not self._path and name not in (*WATCHED, *WHOLE, "own"):
            return value
        if name == "own" and not self._path:
            return {key: Watch(one, key, self._notes) for key, one in value.items()}
        path = f"{self._path}.{name}" if self._path else name
        if is_open(value) and name != "events":
            return Watch(value, path, self._notes)
        self._notes.read.add(path)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        self._notes.written.add(f"{self._path}.{name}" if self._path else name)
        setattr(self._of, name, value)


@dataclasses.dataclass(slots=True)
class Notes:
    """Names of fields that were looked at, and of those that were set."""

    read: set[str] = dataclasses.field(default_factory=set)
    written: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A phase's own function, or one hook of a mechanism."""

    name: str
    run: Callable[[Any], None]
    reads: tuple[str, ...]
    writes: tuple[str, ...]


def steps(s: Simulation) -> list[Step]:
    """Everything that a month runs, in its order."""
    found = []
    for phase in PHASES:
        for when in ("before", "after"):
            if when == "after":
                found.append(Step(phase.name, phase.run, phase.reads, phase.writes))
            for name, hook in s.hooks.get((phase.name, when), ()):
                found.append(
                    Step(
                        f"{name} {when} {phase.name}",
                        lambda s, name=name, hook=hook: hook.run(s, s.own[name]),
                        hook.reads,
                        hook.writes,
                    )
                )
    return found


def is_open(value: Any) -> bool:
    """Whether a value is a dataclass whose fields may be set."""
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return False
    return not type(value).__dataclass_params__.frozen  # type: ignore[attr-defined]


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any, Any, str]]:
    """Every field that may change: its name, its value, the object that has it, its attribute."""
    for one in dataclasses.fields(value):
        child = getattr(value, one.name)
        if is_open(child):
            yield from leaves(child, f"{path}.{one.name}")
        else:
            yield f"{path}.{one.name}", child, value, one.name


def all_leaves(s: Simulation) -> Iterator[tuple[str, Any, Any, str]]:
    """Fields of the state, the month and every mechanism's own state."""
    for name in WATCHED:
        yield from leaves(getattr(s, name), name)
    for name, own in s.own.items():
        yield from leaves(own, name)


def arrays(value: Any) -> list[np.ndarray]:
    """Arrays of a field: itself, or those of a bundle."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, tuple):
        return [array for one in value for array in arrays(one)]
    return []


def contents(s: Simulation) -> dict[str, bytes]:
    """What every field holds, to the last bit."""
    held = {
        name: b"".join(array.tobytes() for array in arrays(value))
        if arrays(value)
        else repr(value).encode()
        if isinstance(value, int | float | None)
        else b""
        for name, value, _, _ in all_leaves(s)
    }
    books = () if s.books is None else dataclasses.astuple(s.books)
    held["books"] = b"".join(np.asarray(one).tobytes() for one in books)
    held["events"] = repr(
        [s.events.month, s.events.line, s.events.operating, s.events.rule]
    ).encode()
    held["events"] += b"".join(one.tobytes() for one in s.events.proposal)
    return held


def copied(s: Simulation) -> Simulation:
    """A simulation that shares what is given and has its own state."""
    events = dataclasses.replace(
        s.events, **{one.name: list(getattr(s.events, one.name))
                     for one in dataclasses.fields(s.events)},
    )  # fmt: skip
    parts = {name: _copy(getattr(s, name)) for name in WATCHED}
    own = {name: _copy(one) for name, one in s.own.items()}
    return dataclasses.replace(s, events=events, own=own, **parts)


def _copy(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_copy(one) for one in value))
    if is_open(value):
        fields = {one.name: _copy(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value


def spoil(s: Simulation, name: str) -> None:
    """Fill the arrays of one field with what no run can have."""
    for path, value, _, _ in all_leaves(s):
        if covers((name,), path):
            for array in arrays(value):
                if array.dtype.kind == "f":
                    array.fill(np.nan)
                elif array.dtype.kind in "iu":
                    np.add(array, 1, out=array)
                else:
                    np.logical_not(array, out=array)


def covers(names: tuple[str, ...] | set[str], path: str) -> bool:
    """Whether a field, or what holds it, is among these names."""
    return any(path == name or path.startswith(f"{name}.") for name in names)


def watched(s: Simulation, step: Step) -> tuple[Notes, set[str]]:
    """Run one step; gives what it looked at and set, and what then held something else."""
    notes, before = Notes(), contents(s)
    step.run(Watch(s, "", notes))
    after = contents(s)
    return notes, {name for name in after if after[name] != before.get(name)}


def depends(s: Simulation, step: Step, names: set[str]) -> bool:
    """Whether a step comes to anything else when these fields held rubbish before it."""
    plain, spoiled = copied(s), copied(s)
    for name in names:
        spoil(spoiled, name)
    step.run(plain)
    with np.errstate(all="ignore"):
        try:
            step.run(spoiled)
        except (IndexError, ValueError):
            return True
    return contents(plain) != contents(spoiled)
