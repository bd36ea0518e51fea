"""The mechanisms that ship. To add one, write its class and name it here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim.engine.chip_tools.mechanism import ChipTools
from sim.engine.materials.mechanism import MaterialControls
from sim.engine.mechanism import Hook, Mechanism
from sim.engine.partners.mechanism import TechnologyPartners
from sim.engine.simulation import EXOGENOUS
from sim.errors import Fault, InputError
from sim.world.parameters import line_values
from sim.world.world import World

SHIPPED: tuple[Mechanism, ...] = (TechnologyPartners(), ChipTools(), MaterialControls())
"""In the order in which they act where they join one phase at one moment."""


def inputs_of(mechanisms: Sequence[Mechanism]) -> dict[str, str]:
    """Everything that may be switched off by name, and what it is."""
    return EXOGENOUS | {one.name: one.title for one in mechanisms}


INPUTS: dict[str, str] = inputs_of(SHIPPED)
"""What every experiment may switch off."""


def hooks_of(phase: str, mechanisms: Sequence[Mechanism] = SHIPPED) -> list[tuple[str, Hook]]:
    """Hooks that join a phase with the name of their mechanism, in the order of the mechanisms."""
    return [(one.name, hook) for one in mechanisms for hook in one.hooks() if hook.phase == phase]


def with_parameters(world: World, mechanisms: Sequence[Mechanism]) -> World:
    """The world with the parameters that mechanisms bring.

    Raises
    ------
    InputError
        Every name that is a parameter already.
    """
    rows = [row for one in mechanisms for row in one.parameters]
    if not rows:
        return world
    taken = sorted({row.name for row in rows} & set(world.parameters))
    if taken:
        raise InputError([Fault("", name, "is a parameter already", "rename it") for name in taken])
    return replace(
        world,
        parameters={**world.parameters, **line_values(world.lines, rows)},
        parameter_rows=(*world.parameter_rows, *rows),
    )
