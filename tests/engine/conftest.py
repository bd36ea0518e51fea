"""A small block on the hand-made world: the laws are tested on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from sim.engine.assembly import build_simulation
from sim.engine.mechanism import Mechanism
from sim.engine.mechanisms import INPUTS, SHIPPED
from sim.engine.outcomes import OUTCOMES
from sim.engine.phases import step
from sim.engine.random_streams import Streams
from sim.engine.route_duty import route_duty
from sim.engine.simulation import Simulation
from sim.world.layout import build_layout
from sim.world.world import World
from tests.reference import tiny

QUIET: Mapping[str, bool] = dict.fromkeys(INPUTS, False)
LOUD: Mapping[str, bool] = dict.fromkeys(INPUTS, True)


def simulation(
    world: World,
    duties: Any,
    lanes: int = 2,
    inputs: Mapping[str, bool] = LOUD,
    seed: int = 1,
    mechanisms: Sequence[Mechanism] = SHIPPED,
) -> Simulation:
    """Simulation of ``lanes`` replications under one law."""
    layout = build_layout(world)
    parameters = {
        name: np.repeat(v[:, None], lanes, axis=1) for name, v in world.parameters.items()
    }
    return build_simulation(
        world, layout, [route_duty(world, layout, duties)], np.zeros(lanes, dtype=np.int64),
        parameters, Streams(seed, np.arange(lanes)), inputs, mechanisms=mechanisms,
    )  # fmt: skip


def run(
    s: Simulation, months: int, watch: Callable[[Simulation], None] | None = None
) -> Simulation:
    """Step so many months, looking at each."""
    for _ in range(months):
        step(s)
        if watch is not None:
            watch(s)
    return s


def measured(s: Simulation, name: str) -> tuple[Any, Any]:
    """Groups of an outcome and their values in the month just closed."""
    outcome = next(one for one in OUTCOMES if one.name == name)
    group = outcome.grouping(s)
    return group, None if group is None else outcome.measure(s, group)


@pytest.fixture
def tariffs() -> Any:
    """Five years of duties with two new tariffs."""
    return tiny.duties(60)
