"""Export-control laws of a run as the buyers of a world see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.law.controls.history import ControlHistory
from sim.world.chip_tools.rulings import ToolLaw, tool_law, tool_laws
from sim.world.world import World


@dataclass(frozen=True, slots=True)
class Controls:
    """Control laws of a run, one for each law index, and the one that recorded billings knew."""

    laws: tuple[ToolLaw, ...]
    record: ToolLaw


def controls_of(world: World, histories: Sequence[ControlHistory]) -> Controls | None:
    """The control laws of these histories; None in a world without chip tools."""
    if world.tools is None:
        return None
    return Controls(tool_laws(world, histories), tool_law(world, ControlHistory()))
