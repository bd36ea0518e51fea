"""Many sets of parameters judged at once: their lanes share blocks, each ask reads its own set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sim.axes import LANES
from sim.data.shared_columns import ALL
from sim.engine.block import Block, Lane, run_block
from sim.experiments.running.chunk import Setting
from sim.experiments.running.setting import build_setting
from sim.experiments.spec.config import ExperimentConfig
from sim.results.scoring.in_memory import InMemory
from sim.results.scoring.score import Verdict, judge
from sim.results.scoring.targets import Target
from sim.tables import TABLES
from sim.world.narrowing import narrowed
from sim.world.parameter_table import split_key
from sim.world.world import World

Set = Mapping[str, float]
"""Parameter key (as in experiment files) -> value."""

MOVER = "ricoh_printers"
"""A line that moves programmes: with it a world of cars alone still has slices of trade."""
_IN_FULL = ("flows", "ledger", "plants", "licences", "duties", "firms", "fx")
"""Tables that are kept only for lanes recorded in full."""


@dataclass(frozen=True)
class Bench:
    """One experiment, the targets asked of it, and the lines that they look at.

    ``products`` narrows the world to lines of these products (all lines when empty). The
    experiment's own ``parameters`` go before those of a set. Every set runs the same seeds.
    """

    config: ExperimentConfig
    targets: tuple[Target, ...]
    products: tuple[str, ...] = ()
    replications: int = 2

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Result tables that the asks name."""
        asks = " ".join(target.ask for target in self.targets)
        return tuple(name for name in TABLES if re.search(rf"\b(base_)?{name}\b", asks))

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """Policies that the targets look at, in the experiment's order."""
        wanted = {name for one in self.targets for name in (one.policy, one.against) if name}
        return tuple(name for name in self.config.policies if name in wanted)

    @cached_property
    def setting(self) -> Setting:
        """World and law of the policies looked at, built once."""
        whole = build_setting(self.config)
        kept = [list(self.config.policies).index(name) for name in self.policies]
        world, controls = self._narrow(whole.world), None
        if world.tools is not None and whole.controls is not None:
            laws = tuple(whole.controls.laws[k] for k in kept)
            controls = replace(whole.controls, laws=laws)
        return Setting(world, tuple(whole.duties[k] for k in kept), controls)

    def _narrow(self, world: World) -> World:
        if not self.products:
            return world
        lines = {line.id for line in world.lines if line.product in self.products} | {MOVER}
        return narrowed(world, lines)

    def judge(self, sets: Sequence[Set]) -> list[dict[str, Verdict]]:
        """Verdict of every target under every set, by the target's id."""
        found: list[dict[str, Verdict]] = []
        at_once = max(1, LANES // (len(self.policies) * self.replications))
        for first in range(0, len(sets), at_once):
            found += self._judge_some(sets[first : first + at_once])
        return found

    def _judge_some(self, sets: Sequence[Set]) -> list[dict[str, Verdict]]:
        lanes = tuple(self._lanes(sets))
        block = Block(
            self.config.experiment, self.config.seed, lanes, self.config.inputs.model_dump()
        )
        setting = self.setting
        frames = run_block(setting.world, setting.duties, block, setting.controls)
        told: list[dict[str, Verdict]] = []
        with InMemory(frames, self.tables) as shown:
            for number in range(len(sets)):
                verdicts = {}
                for target in self.targets:
                    shown.show(target.policy, target.against, _name(number))
                    verdicts[target.id] = judge(shown, target)
                told.append(verdicts)
        return told

    def _lanes(self, sets: Sequence[Set]) -> Iterator[Lane]:
        full = any(name in _IN_FULL for name in self.tables)
        here = {line.line_class for line in self.setting.world.lines}
        for law, policy in enumerate(self.policies):
            for number, one in enumerate(sets):
                wanted = {**one, **self.config.parameters}
                overrides = {key: x for key, x in wanted.items() if _scope(key) in here | {ALL}}
                for replication in range(self.replications):
                    yield Lane(policy, _name(number), replication, law, overrides, full)


def _scope(key: str) -> str:
    return split_key(key)[1]


def _name(number: int) -> str:
    return f"s{number:04d}"
