"""Export-control laws of a run as the firms and buyers of a world see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sim.law.controls.history import ControlHistory
from sim.world.chip_tools.queries import origins
from sim.world.chip_tools.rulings import ToolLaw, tool_law, tool_laws
from sim.world.world import World


@dataclass(frozen=True, slots=True)
class Controls:
    """Control laws of a run, one for each law index."""

    laws: tuple[ToolLaw, ...]
    """What buyers of chip tools see; none in a world without their market."""
    record: tuple[ToolLaw, ...]
    """The law that recorded billings knew; none likewise."""
    histories: tuple[ControlHistory, ...]
    """What the laws were read from, which materials are asked of."""
    origins: Mapping[int, tuple[str, ...]]
    """Places of each line of chip tools that the laws were asked about."""

    def seen_from(self, world: World) -> Controls:
        """The laws for a world whose programmes may go elsewhere; these where they may not."""
        return self if self.origins == origins(world) else controls_of(world, self.histories)

    def of(self, used: Sequence[int]) -> Controls:
        """Those of some law indices."""
        laws = tuple(self.laws[n] for n in used) if self.laws else ()
        return replace(self, laws=laws, histories=tuple(self.histories[n] for n in used))


def controls_of(world: World, histories: Sequence[ControlHistory]) -> Controls:
    """The control laws of these histories."""
    tools = world.tools is not None
    return Controls(
        laws=tool_laws(world, histories) if tools else (),
        record=(tool_law(world, ControlHistory(enacted=histories[0].enacted)),) if tools else (),
        histories=tuple(histories),
        origins=origins(world) if tools else {},
    )
