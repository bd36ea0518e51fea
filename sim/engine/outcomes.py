"""Every outcome that ships, in the order in which documents and pages name them."""

from __future__ import annotations

from collections.abc import Sequence

from sim.engine.mechanism import Mechanism
from sim.engine.mechanisms import SHIPPED
from sim.engine.record.outcome import Outcome
from sim.engine.record.outcomes import CORE


def with_theirs(
    outcomes: Sequence[Outcome], mechanisms: Sequence[Mechanism]
) -> tuple[Outcome, ...]:
    """These outcomes and those that the mechanisms bring, each once."""
    return tuple(dict.fromkeys([*outcomes, *(it for one in mechanisms for it in one.outcomes)]))


OUTCOMES: tuple[Outcome, ...] = with_theirs(CORE, SHIPPED)
