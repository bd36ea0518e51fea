"""Run a block of lanes from the base year to the last month and return its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.axes import LANES
from sim.engine.assembly import build_simulation
from sim.engine.mechanism import Mechanism
from sim.engine.mechanisms import SHIPPED, inputs_of, with_parameters
from sim.engine.outcomes import OUTCOMES, with_theirs
from sim.engine.phases import step
from sim.engine.pieces import Held, Pieces, RunKey, beside, run_key, whole
from sim.engine.random_streams import Streams
from sim.engine.record import laws as law_tables
from sim.engine.record.considered import ConsideredRecorder
from sim.engine.record.detail import DetailRecorder
from sim.engine.record.options import OptionsRecorder
from sim.engine.record.outcome import Outcome
from sim.engine.record.recorder import OutcomeRecorder
from sim.engine.record.relocations import relocations
from sim.engine.route_duty import RouteDuty, route_duty
from sim.engine.simulation import Simulation
from sim.errors import Fault, InputError, nearest
from sim.law.controls.history import ControlHistory
from sim.tables import TABLES
from sim.world.chip_tools.controls import Controls, controls_of
from sim.world.layout import Layout, build_layout
from sim.world.narrowing import structural, structured
from sim.world.parameters import lane_values
from sim.world.world import World

if TYPE_CHECKING:
    from sim.engine.agents import Firm
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
    behaviours: Mapping[str, str] = field(default_factory=dict)
    """Firm id -> name of the class that decides for it."""

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
    """Exogenous inputs switched off (see :data:`sim.engine.mechanisms.INPUTS`); on by default."""


def run_block(
    world: World,
    duties: Sequence[MonthlyDuty],
    block: Block,
    controls: Controls | None = None,
    outcomes: Sequence[Outcome] = OUTCOMES,
    mechanisms: Sequence[Mechanism] = SHIPPED,
    firms: Mapping[str, type[Firm]] | None = None,
) -> dict[str, pd.DataFrame]:
    """Every table of :data:`sim.tables.TABLES` for the lanes of a block, each at once.

    The block is padded to its full width with copies of the last lane, whose results are dropped,
    so that no figure depends on how runs are packed. Detail tables hold the lanes that ask for it;
    ``duties`` and ``diplomacy`` are kept once a policy, with the detail lane of replication 0.
    ``controls`` holds one control law for each of ``duties``; the one as enacted by default.
    ``outcomes`` are what the table of that name holds: by default every one that ships.
    ``mechanisms`` take part with their parameters, hooks, outcomes and tables.
    Lanes whose structural parameters differ have other rows: each kind of world is run by itself.
    ``firms`` holds the classes that lanes' ``behaviours`` name.
    """
    made = block_tables(world, duties, block, controls, outcomes, mechanisms, firms)
    return {name: whole(table) for name, table in made.items()}


def block_tables(
    world: World,
    duties: Sequence[MonthlyDuty],
    block: Block,
    controls: Controls | None = None,
    outcomes: Sequence[Outcome] = OUTCOMES,
    mechanisms: Sequence[Mechanism] = SHIPPED,
    firms: Mapping[str, type[Firm]] | None = None,
    month_done: Callable[[], None] | None = None,
) -> dict[str, Held]:
    """Tables as :func:`run_block` gives them, the large ones lane by lane.

    ``month_done`` is called after every month of the block; where lanes are of different kinds of
    world, after every month of each kind.
    """
    world = with_parameters(world, mechanisms)
    duties, controls, block = _laws_used(duties, controls, block)
    made = []
    for structure, alike in alike_lanes(world, block):
        kind = structured(world, structure)
        simulation = _simulation(kind, duties, alike, controls, mechanisms)
        with _alive(simulation, duties, alike, firms or {}):
            made.append(
                _tables(simulation, duties, alike, outcomes, mechanisms, month_done or _nothing)
            )
    return {name: beside(name, [tables[name] for tables in made]) for name in made[0]}


def _laws_used(
    duties: Sequence[MonthlyDuty], controls: Controls | None, block: Block
) -> tuple[Sequence[MonthlyDuty], Controls | None, Block]:
    """The laws of the block's own policies: the others would take time and room."""
    used = sorted({lane.law for lane in block.lanes})
    if len(used) == len(duties):
        return duties, controls, block
    lanes = tuple(replace(lane, law=used.index(lane.law)) for lane in block.lanes)
    if controls is not None:
        controls = controls.of(used)
    return [duties[n] for n in used], controls, replace(block, lanes=lanes)


def _nothing() -> None:
    """Do nothing."""


def alike_lanes(world: World, block: Block) -> Iterator[tuple[Mapping[str, float], Block]]:
    """Structural overrides and the lanes that share them, without these overrides."""
    groups: dict[tuple[tuple[str, float], ...], list[Lane]] = {}
    for lane in block.lanes:
        structure = structural(world, lane.overrides)
        rest = {key: value for key, value in lane.overrides.items() if key not in structure}
        groups.setdefault(tuple(sorted(structure.items())), []).append(
            replace(lane, overrides=rest) if structure else lane
        )
    for key, lanes in groups.items():
        yield dict(key), replace(block, lanes=tuple(lanes))


def _simulation(
    world: World,
    duties: Sequence[MonthlyDuty],
    block: Block,
    controls: Controls | None,
    mechanisms: Sequence[Mechanism],
) -> Simulation:
    """Lanes that have the same rows, at month 0."""
    layout = build_layout(world)
    laws = [route_duty(world, layout, duty) for duty in duties]
    return assemble(world, layout, laws, block, controls, mechanisms)


@contextmanager
def _alive(
    s: Simulation, duties: Sequence[MonthlyDuty], block: Block, firms: Mapping[str, type[Firm]]
) -> Iterator[None]:
    """While a block runs, firms with a behaviour of their own are alive in their lanes."""
    own = {
        row: {firm: firms[name] for firm, name in lane.behaviours.items()}
        for row, lane in enumerate(block.lanes)
        if lane.behaviours
    }
    if not own:
        yield
        return
    from sim.engine.deciding.live import LiveAgents  # noqa: PLC0415 -- Mesa takes a while, most runs need none
    from sim.engine.lane_model import LaneModel  # noqa: PLC0415 -- likewise

    s.agents = LiveAgents(
        [
            LaneModel(s, row, duties[block.lanes[row].law], block.seed, kinds)
            for row, kinds in own.items()
        ]
    )
    try:
        yield
    finally:
        for model in s.agents.models:
            model.close()


def _tables(
    simulation: Simulation,
    duties: Sequence[MonthlyDuty],
    block: Block,
    outcomes: Sequence[Outcome],
    mechanisms: Sequence[Mechanism],
    month_done: Callable[[], None],
) -> dict[str, Held]:
    """Step a block through all months and return its tables."""
    world, layout = simulation.world, simulation.layout
    keys = {row: lane.keys(block.experiment) for row, lane in enumerate(block.lanes)}
    kept = OutcomeRecorder(simulation, with_theirs(outcomes, mechanisms))
    detailed = {row: keys[row] for row, lane in enumerate(block.lanes) if lane.detail}
    detail = DetailRecorder(simulation, detailed)
    considered, options = ConsideredRecorder(detailed), OptionsRecorder(detailed)
    simulation.watches = (considered, options) if detailed else ()
    recorders = {k: v for one in mechanisms for k, v in one.recorders(detailed).items()}
    months = pd.DatetimeIndex(world.months)
    for _ in months:
        step(simulation)
        kept.record(simulation)
        detail.record(simulation)
        for recorder in recorders.values():
            recorder.record(simulation)
        month_done()
    tables: dict[str, Held] = {**detail.tables(simulation), **kept.tables(keys, months)}
    tables["relocations"] = relocations(simulation, keys)
    tables["considered"] = considered.frame(simulation)
    tables["options"] = options.frame(simulation)
    tables |= _law_tables(world, layout, duties, block)
    tables |= {name: recorder.frame(simulation) for name, recorder in recorders.items()}
    return {name: tables[name] if name in tables else _empty(name) for name in TABLES}


def _empty(table: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(TABLES[table].names))


def assemble(
    world: World,
    layout: Layout,
    laws: Sequence[RouteDuty],
    block: Block,
    controls: Controls | None = None,
    mechanisms: Sequence[Mechanism] = SHIPPED,
) -> Simulation:
    """Simulation of a block at month 0."""
    inputs = inputs_of(mechanisms)
    unknown = [name for name in block.inputs if name not in inputs]
    if unknown:
        raise InputError(
            [
                Fault("", f"inputs.{name}", "unknown input", nearest(name, inputs))
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
        {name: block.inputs.get(name, True) for name in inputs},
        controls or controls_of(world, [ControlHistory()] * len(laws)),
        mechanisms,
    )


def _law_tables(
    world: World, layout: Layout, duties: Sequence[MonthlyDuty], block: Block
) -> dict[str, Pieces]:
    asked = [lane for lane in block.lanes if lane.detail and lane.replication == 0]
    made: dict[str, list[tuple[RunKey, Callable[[], pd.DataFrame]]]] = {
        "duties": [],
        "diplomacy": [],
    }
    for lane in asked:
        keys, duty = lane.keys(block.experiment), duties[lane.law]
        made["duties"].append(
            (run_key(keys), partial(law_tables.duties, world, layout, duty, keys))
        )
        made["diplomacy"].append((run_key(keys), partial(law_tables.diplomacy, world, duty, keys)))
    return {name: Pieces(name, tuple(parts)) for name, parts in made.items()}
