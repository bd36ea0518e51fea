"""Export-control laws of a run as the buyers of a world see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.law.controls.history import ControlHistory
from sim.world.chip_tools.queries import origins
from sim.world.chip_tools.rulings import ToolLaw, tool_law, tool_laws
from sim.world.world import World


@dataclass(frozen=True, slots=True)
class Controls:
    """Control laws of a run, one for each law index, and the one that recorded billings knew."""

    laws: tuple[ToolLaw, ...]
    record: ToolLaw
    histories: tuple[ControlHistory, ...]
    """What the laws were read from."""
    origins: Mapping[int, tuple[str, ...]]
    """Places of each line of chip tools that the laws were asked about."""

    def seen_from(self, world: World) -> Controls:
        """The laws for a world whose programmes may go elsewhere; these where they may not."""
        found = None if self.origins == origins(world) else controls_of(world, self.histories)
        return found or self


def controls_of(world: World, histories: Sequence[ControlHistory]) -> Controls | None:
    """The control laws of these histories; None in a world without chip tools."""
    if world.tools is None:
        return None
    return Controls(
        laws=tool_laws(world, histories),
        record=tool_law(world, ControlHistory(enacted=histories[0].enacted)),
        histories=tuple(histories),
        origins=origins(world),
    )
