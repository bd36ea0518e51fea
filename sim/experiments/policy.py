"""A policy: a named set of reforms of the law, its own and those it takes over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sim.law.reform import Reform, named_reforms

NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
"""Names of experiments and policies: ``snake_case``."""

Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=60)]


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
    reforms: tuple[Reform, ...] = Field(
        default=(), description="Edits of the law, applied in this order after the others."
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


def reforms_of(name: str, policies: Mapping[str, Policy]) -> tuple[Reform, ...]:
    """All reforms of a policy in the order in which they are applied, eldest ancestor first."""
    parents = {key: policy.extends for key, policy in policies.items()}
    gathered: list[Reform] = []
    for ancestor in reversed(ancestry(name, parents)):
        policy = policies[ancestor]
        for used in policy.use:
            gathered.extend(named_reforms(used))
        gathered.extend(policy.reforms)
    return tuple(gathered)
