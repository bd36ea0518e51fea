"""Technology partners of car lines in China (section 8 of docs/model.md, Partners)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.axes import COUNTRY_INDEX
from sim.tables import DRIVERS
from sim.world.world import World
from tests.reference.beliefs import diffusion_hurdle
from tests.reference.rows import Line, Outlet, Partner
from tests.reference.scene import Scene
from tests.reference.why import Event, finish

CHINA = COUNTRY_INDEX["CN"]


@dataclass
class Offer:
    """A partner that a line could take now, USD a year and USD."""

    line: Line
    outlet: Outlet
    name: str
    gain: float
    benefit: float
    cost: float
    outlay: float

    def net(self) -> float:
        """Yearly value over its cost with the hurdle."""
        return self.benefit - self.cost


def partner_factor(line: Line, outlet: Outlet, world: World, month: int) -> float:
    """partner_m: what the partners of a line add to its demand by now."""
    if not outlet.partners:
        return 1.0
    added = sum(
        partner.gain * min(1.0, (month - partner.since) / line.par.partner_months)
        for partner in outlet.partners
    )
    return 1 + electric(world, month) * min(line.par.partner_cap, added)
