"""A policy: a named set of reforms of the law, its own and those it takes over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
