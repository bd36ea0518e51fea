"""The checks of a world see what they are for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.arrays import Floats
from sim.axes import COUNTRY_INDEX
from sim.world.build import load_world
from sim.world.consistency import world_findings
from sim.world.world import World


def broken(world: World) -> set[str]:
    return {finding.name for finding in world_findings(world) if not finding.holds}


def at_home(flow: Floats) -> Floats:
    """What the United States make, three times over."""
    more = flow.copy()
    more[:, COUNTRY_INDEX["US"]] *= 3.0
    return more


@pytest.mark.parametrize(
    ("name", "spoil", "finding"),
    [
        ("base_flow", lambda flow: flow * 1.001, "output fitted"),
        ("base_capacity", lambda capacity: capacity * 0.8, "base use over its limit"),
        ("wage_index", lambda wages: wages - 1.0, "least path value"),
        ("parts_source", lambda parts: parts * 1.1, "parts shares"),
        ("freight_share", lambda freight: freight + 0.01, "freight at home"),
        ("candidate", np.zeros_like, "lines that may go nowhere"),
        ("price_usd", lambda price: price * 2.0, "JP-US cars, value"),
        ("base_flow", lambda flow: flow * 1.1, "flow over its trade"),
        ("base_flow", at_home, "output abroad: north_america"),
        ("parts_source", lambda parts: parts[..., ::-1], "parts bought in CN"),
    ],
)
def test_a_spoiled_world_is_found_out(name: str, spoil: object, finding: str) -> None:
    world = load_world()
    assert callable(spoil)
    assert finding in broken(replace(world, **{name: spoil(getattr(world, name))}))
