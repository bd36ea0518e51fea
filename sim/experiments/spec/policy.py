"""A policy: a named set of reforms of the law, its own and those it takes over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from sim.law.controls.reforms import ControlReform, load_reform, shipped_reforms
from sim.law.reforms.schema import Reform, named_reforms, seed_reforms

NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
"""Names of experiments and policies: ``snake_case``."""

Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=60)]


def _side(value: object) -> str:
    """Which law a reform edits: that of export control holds a list of `changes`."""
    of_controls = isinstance(value, ControlReform) or (
        isinstance(value, Mapping) and "changes" in value
    )
    return "controls" if of_controls else "duties"


AnyReform = Annotated[
    Annotated[Reform, Tag("duties")] | Annotated[ControlReform, Tag("controls")],
    Discriminator(_side),
]
"""A reform of the duties (it has an `op`) or of export control (it has `changes`)."""


class Policy(BaseModel):
    """What is changed in the law as enacted; nothing, when no reform is named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(default="", description="What figures and reports call this policy.")
    extends: Name | None = Field(
        default=None, description="Another policy of this file whose reforms come first."
    )
    use: tuple[str, ...] = Field(
        default=(), description="Reforms that ship with Kyoten, by name; they come second."
    )
    reforms: tuple[AnyReform, ...] = Field(
        default=(), description="Edits of the law, applied in this order after the others."
    )
    behaviours: dict[str, str] = Field(
        default_factory=dict,
        description="Firm: class of an extension that decides for it under this policy.",
    )


def ancestry(name: str, extends: Mapping[str, str | None]) -> tuple[str, ...]:
    """``name`` and the policies that it extends, nearest first; a circle ends where it closes.

    >>> ancestry("c", {"a": None, "b": "a", "c": "b"})
    ('c', 'b', 'a')
    """
    line: list[str] = []
    following: str | None = name
    while following is not None and following in extends and following not in line:
        line.append(following)
        following = extends[following]
    return tuple(line)


def reforms_of(
    name: str, policies: Mapping[str, Policy], overlays: Sequence[Path] = ()
) -> tuple[Reform, ...]:
    """All reforms of the duties in the order in which they are applied, eldest ancestor first."""
    every = _gathered(name, policies, overlays)
    return tuple(one for one in every if not isinstance(one, ControlReform))


def control_reforms_of(
    name: str, policies: Mapping[str, Policy], overlays: Sequence[Path] = ()
) -> tuple[ControlReform, ...]:
    """All reforms of export control in the order in which they are applied, likewise."""
    return tuple(
        one for one in _gathered(name, policies, overlays) if isinstance(one, ControlReform)
    )


def _gathered(
    name: str, policies: Mapping[str, Policy], overlays: Sequence[Path]
) -> tuple[Reform | ControlReform, ...]:
    parents = {key: policy.extends for key, policy in policies.items()}
    gathered: list[Reform | ControlReform] = []
    for ancestor in reversed(ancestry(name, parents)):
        policy = policies[ancestor]
        for used in policy.use:
            gathered.extend(used_reforms(used, overlays))
        gathered.extend(policy.reforms)
    return tuple(gathered)


def used_reforms(name: str, overlays: Sequence[Path] = ()) -> tuple[Reform | ControlReform, ...]:
    """Reforms of a name that ships or lies in an overlay, of the duties or of export control."""
    if name in seed_reforms(overlays) or name not in shipped_reforms(overlays):
        return named_reforms(name, overlays)
    return (load_reform(name, overlays),)


def days_of(
    reforms: Iterable[Reform | ControlReform],
) -> tuple[date | None, date | None]:
    """First day of the earliest (None: from the beginning), last of the latest (None: for good).

    >>> [str(day) for day in days_of(used_reforms("china_60"))]
    ['2025-02-01', 'None']
    """
    every = list(reforms)
    starts, ends = [one.start for one in every], [one.end for one in every]
    first = min((day for day in starts if day), default=None) if all(starts) else None
    return first, max((day for day in ends if day), default=None) if all(ends) else None


def days_told(days: tuple[date | None, date | None]) -> str:
    """The same in words.

    >>> days_told((date(2025, 2, 1), None)), days_told((None, date(2026, 1, 1)))
    ('from 2025-02-01', 'from the beginning to 2026-01-01')
    """
    first, last = days
    return f"from {first or 'the beginning'}" + (f" to {last}" if last else "")


def named_days(
    name: str, policies: Mapping[str, Policy], overlays: Sequence[Path] = ()
) -> dict[str, tuple[date | None, date | None]]:
    """Reform that a policy or its ancestors use by name -> its first and last day."""
    line = reversed(ancestry(name, {key: policy.extends for key, policy in policies.items()}))
    used = [one for ancestor in line for one in policies[ancestor].use]
    return {one: days_of(used_reforms(one, overlays)) for one in used}
