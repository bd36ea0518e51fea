"""A mechanism: one class that brings a behaviour into the month, with all that belongs to it.

A class says its name and parameters, allocates its state, names the phases that it joins, its
outcomes and the reasons that it can give. An instance is listed in
:data:`sim.engine.mechanisms.SHIPPED`, or handed to :func:`sim.engine.block.run_block`; nothing else
in the engine knows it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from sim.arrays import Floats, Ints
from sim.decisions.proposal import Listed
from sim.engine.pieces import Held
from sim.engine.state import Base
from sim.world.chip_tools.controls import Controls
from sim.world.layout import Layout
from sim.world.parameter_table import Parameter
from sim.world.world import World

Keys = Mapping[int, Mapping[str, Any]]
"""Lane -> its run keys."""


def names(**groups: str) -> tuple[str, ...]:
    """Names of what a phase reads or writes, group by group.

    >>> names(state="share stock", month="duty")
    ('state.share', 'state.stock', 'month.duty')
    """
    return tuple(f"{group}.{name}" for group, text in groups.items() for name in text.split())


@dataclass(frozen=True, slots=True)
class Hook:
    """A function of a mechanism that runs with a phase of the month."""

    phase: str
    """Name of the phase, one of :data:`sim.engine.phases.PHASES`."""
    run: Callable[[Any, Any], None]
    """Takes the :class:`~sim.engine.simulation.Simulation`, which holds its mechanisms and so
    cannot be named here, and the mechanism's own state."""
    when: Literal["before", "after"] = "after"
    """Before or after the phase's own function."""
    reads: tuple[str, ...] = ()
    """Fields of the state, the month and the mechanism's own state whose content it uses."""
    writes: tuple[str, ...] = ()
    """Those that it changes; what is not also read is filled anew."""

    @property
    def description(self) -> str:
        """First line of the function's docstring."""
        return first_line(self.run)


def first_line(function: Callable[..., None]) -> str:
    """First line of a function's docstring, empty where it has none."""
    return (function.__doc__ or "").strip().partition("\n")[0]


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """What a block is made of; a mechanism allocates its state from it."""

    world: World
    layout: Layout
    base: Base
    law: Ints
    """int64[R]: law of every lane."""
    parameters: Mapping[str, Floats]
    """Parameter -> float64[N, R]."""
    controls: Controls | None
    """Export-control law by law index, as buyers see it; None where nothing is controlled."""

    @property
    def lanes(self) -> int:
        """Lanes of the block."""
        return len(self.law)


class Recorder(Protocol):
    """Keeps rows of a table month by month."""

    def record(self, s: Any) -> None:
        """Copy the month just closed."""

    def frame(self, s: Any) -> Held:
        """The table, columns as :data:`sim.tables.TABLES` orders them; a large one in pieces."""


class Mechanism(ABC):
    """Root of all mechanisms; a subclass overrides what it has."""

    name: ClassVar[str]
    """Its key under ``inputs`` of an experiment, by which it is switched off."""
    title: ClassVar[str]
    """What it does, a clause without a full stop."""
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    """Rows that it adds to those of ``parameters.csv``."""
    uses: ClassVar[tuple[str, ...]] = ()
    """Parameters of ``parameters.csv`` that are its own."""
    outcomes: ClassVar[tuple[Any, ...]] = ()
    """Objects of :class:`sim.engine.record.outcome.Outcome`, whose measures take the simulation."""
    kinds: ClassVar[tuple[str, ...]] = ()
    """Kinds of :data:`sim.tables.RELOCATION_KINDS` that it alone proposes."""
    reasons: ClassVar[tuple[str, ...]] = ()
    """Drivers of :data:`sim.tables.DRIVERS` that its proposals can have."""

    @abstractmethod
    def build(self, setup: Setup) -> Any:
        """Its state at month 0, a dataclass; None where the world has nothing of the kind."""

    def hooks(self) -> tuple[Hook, ...]:
        """Functions that run in the month; those of one phase and moment in this order."""
        return ()

    def considered(
        self,
        s: Any,  # noqa: ARG002 - one that proposes looks at the simulation,
        own: Any,  # noqa: ARG002 - at its state
        line: int,  # noqa: ARG002 - and at what it could do for this line
        lane: int,  # noqa: ARG002 - in this lane
    ) -> Listed | None:
        """Every proposal that it could make for a line, for firms that decide for themselves.

        What they choose comes back as the answer to a step of its :attr:`name`
        (:meth:`sim.engine.simulation.Agents.answer`).
        """
        return None

    def counterparties(
        self,
        own: Any,  # noqa: ARG002 - a mechanism that proposes looks at its state
        proposal: Floats,
    ) -> Sequence[str]:
        """Name of whom each of its proposals takes on, one text a row of float64[.., fields]."""
        return [""] * len(proposal)

    def recorders(
        self,
        lanes: Keys,  # noqa: ARG002 - a mechanism that keeps a table does so for these
    ) -> Mapping[str, Recorder]:
        """Table of :data:`sim.tables.TABLES` -> what keeps its rows, for lanes in full detail."""
        return {}
