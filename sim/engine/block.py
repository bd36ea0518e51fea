"""Run a block of lanes from the base year to the last month and return its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.axes import LANES
from sim.engine.chip_tools.build import controls_of
from sim.engine.chip_tools.licences import LicenceRecorder
from sim.engine.chip_tools.state import Controls
from sim.engine.outcomes import OUTCOMES
from sim.engine.phases import step
from sim.engine.random_streams import Streams
from sim.engine.record import laws as law_tables
from sim.engine.record.detail import DetailRecorder
from sim.engine.record.outcome import Outcome
from sim.engine.record.recorder import OutcomeRecorder
from sim.engine.record.relocations import relocations
from sim.engine.route_duty import RouteDuty, route_duty
from sim.engine.simulation import INPUTS, Simulation, build_simulation
from sim.errors import Fault, InputError, nearest
from sim.law.controls.history import ControlHistory
from sim.tables import TABLES
from sim.world.layout import Layout, build_layout
from sim.world.parameters import lane_values
from sim.world.world import World

if TYPE_CHECKING:
    from sim.law.rates.monthly import MonthlyDuty


@dataclass(frozen=True, slots=True)
class Lane:
    """One run: a case (policy x scenario) in one replication."""

    policy: str
    scenario: str
    replication: int
    law: int
    """Index of the policy's duties."""
    overrides: Mapping[str, float] = field(default_factory=dict)
    """Parameter values of the scenario (see :func:`sim.world.parameters.lane_values`)."""
    detail: bool = False
    """Whether full monthly detail is kept."""

    def keys(self, experiment: str) -> dict[str, object]:
        """Run keys of every table."""
        return {
            "experiment": experiment,
            "policy": self.policy,
            "scenario": self.scenario,
            "replication": self.replication,
        }


@dataclass(frozen=True, slots=True)
class Block:
    """At most :data:`sim.axes.LANES` lanes that are stepped together."""

    experiment: str
    seed: int
    lanes: tuple[Lane, ...]
    inputs: Mapping[str, bool] = field(default_factory=dict)
    """Exogenous inputs switched off (see :data:`sim.engine.simulation.INPUTS`); on by default."""


def run_block(
    world: World,
    duties: Sequence[MonthlyDuty],
    block: Block,
    controls: Controls | None = None,
    outcomes: Sequence[Outcome] = OUTCOMES,
) -> dict[str, pd.DataFrame]:
    """Every table of :data:`sim.tables.TABLES` for the lanes of a block.

    The block is padded to its full width with copies of the last lane, whose results are dropped,
    so that no figure depends on how runs are packed. Detail tables hold the lanes that ask for it;
    ``duties`` and ``diplomacy`` are kept once a policy, with the detail lane of replication 0.
    ``controls`` holds one control law for each of ``duties``; the one as enacted by default.
    ``outcomes`` are what the table of that name holds: by default every one that ships.
    """
    layout = build_layout(world)
    laws = [route_duty(world, layout, duty) for duty in duties]
    simulation = assemble(world, layout, laws, block, controls)
    keys = {row: lane.keys(block.experiment) for row, lane in enumerate(block.lanes)}
    recorder = OutcomeRecorder(simulation, outcomes)
    detailed = {row: keys[row] for row, lane in enumerate(block.lanes) if lane.detail}
    detail, licences = DetailRecorder(simulation, detailed), LicenceRecorder(detailed)
    months = pd.DatetimeIndex(world.months)
    for _ in months:
        step(simulation)
        recorder.record(simulation)
        detail.record(simulation)
        licences.record(simulation)
    tables = detail.frames(simulation)
    tables["outcomes"] = recorder.frame(pd.DataFrame(list(keys.values())), months)
    tables["relocations"] = relocations(simulation, keys)
    tables |= _law_tables(world, layout, duties, block)
    tables["licences"] = licences.frame(simulation)
    return {name: tables[name] for name in TABLES}


def assemble(
    world: World,
    layout: Layout,
    laws: Sequence[RouteDuty],
    block: Block,
    controls: Controls | None = None,
) -> Simulation:
    """Simulation of a block at month 0."""
    unknown = [name for name in block.inputs if name not in INPUTS]
    if unknown:
        raise InputError(
            [
                Fault("", f"inputs.{name}", "unknown input", nearest(name, INPUTS))
                for name in unknown
            ]
        )
    lanes = [*block.lanes, *[block.lanes[-1]] * (LANES - len(block.lanes))]
    return build_simulation(
        world,
        layout,
        laws,
        np.array([lane.law for lane in lanes], dtype=np.int64),
        lane_values(world, [lane.overrides for lane in lanes]),
        Streams(block.seed, np.array([lane.replication for lane in lanes])),
        {name: block.inputs.get(name, True) for name in INPUTS},
        controls or controls_of(world, [ControlHistory()] * len(laws)),
    )


def _law_tables(
    world: World, layout: Layout, duties: Sequence[MonthlyDuty], block: Block
) -> dict[str, pd.DataFrame]:
    asked = [lane for lane in block.lanes if lane.detail and lane.replication == 0]
    made: dict[str, list[pd.DataFrame]] = {"duties": [], "diplomacy": []}
    for lane in asked:
        keys, duty = lane.keys(block.experiment), duties[lane.law]
        made["duties"].append(law_tables.duties(world, layout, duty, keys))
        made["diplomacy"].append(law_tables.diplomacy(world, duty, keys))
    return {
        name: pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=list(TABLES[name].names))
        for name, frames in made.items()
    }
