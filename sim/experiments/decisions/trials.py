"""What firms of the panel decide under many sets of parameters, simulated from 2017 to 2020.

A set is run with several seeds, the same for every set; the lanes of one block share a world that
is narrowed to the products of the panel. Only the log of decisions is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from multiprocessing import get_context

import numpy as np
import pandas as pd

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX, LANES, PRODUCTS, VEHICLES
from sim.data.shared_columns import ALL
from sim.engine.block import Block, Lane, assemble
from sim.engine.phases import step
from sim.engine.record.relocations import relocations
from sim.engine.route_duty import route_duty
from sim.experiments.decisions.panel import FIRST, HALVES, LAST, Case, half_of
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.world.build import load_world
from sim.world.layout import Layout, build_layout
from sim.world.narrowing import narrowed
from sim.world.parameter_table import split_key
from sim.world.world import World

Set = Mapping[str, float]
"""Parameter key (as in experiment files) -> value."""

SEED = 20180701
END = date(2020, 12, 1)
SURVEYED = pd.Timestamp(2019, 9, 1)
"""Month of the survey that tells how many affiliates had moved work out of China."""


@dataclass(frozen=True, slots=True)
class Chances:
    """What a set of parameters makes likely.

    ``decided``: by (C, cells), part of the seeds in which a case did so (cells as in
    :meth:`Case.observed`); what is missing to 1 was ordered before 2018. ``moved``: part of the
    seeds and lines made in China for the US in which work was ordered away by autumn 2019.
    """

    decided: Floats
    moved: float


@dataclass(frozen=True, eq=False)
class Trials:
    """The panel's cases under the law as enacted; every set runs ``seeds`` replications."""

    cases: tuple[Case, ...]
    seeds: int = 16
    workers: int = 1

    @cached_property
    def world(self) -> World:
        """The world to the end of 2020 without makers of vehicles and of chip tools."""
        world = load_world(last=END)
        left = {"chip_tools", *VEHICLES}
        return narrowed(world, {one.id for one in world.lines if one.product not in left})

    def chances(self, sets: Sequence[Set]) -> list[Chances]:
        """Chances of every set, in their order; the same whatever the number of workers."""
        at_once = max(1, LANES // self.seeds)
        parts = [sets[first : first + at_once] for first in range(0, len(sets), at_once)]
        if self.workers == 1:
            made = map(self._some, parts)
            return [one for part in made for one in part]
        alone = Trials(self.cases, self.seeds)
        with ProcessPoolExecutor(self.workers, mp_context=get_context("spawn")) as pool:
            return [one for part in pool.map(alone._some, parts) for one in part]

    @cached_property
    def _ground(self) -> tuple[Layout, object]:
        layout = build_layout(self.world)
        return layout, route_duty(self.world, layout, monthly(load_law(), self.world.months))

    def _some(self, sets: Sequence[Set]) -> list[Chances]:
        """Chances of as many sets as one block holds."""
        layout, law = self._ground
        known = {one.line_class for one in self.world.lines}
        lanes = tuple(
            Lane("law", f"s{number}", seed, 0, held(one, known))
            for number, one in enumerate(sets)
            for seed in range(self.seeds)
        )
        block = Block("decisions", SEED, lanes)
        simulation = assemble(self.world, layout, [law], block)  # type: ignore[list-item]
        for _ in self.world.months:
            step(simulation)
        keys = {row: lane.keys(block.experiment) for row, lane in enumerate(lanes)}
        moves = out_of_china(relocations(simulation, keys))
        exposed = exposed_lines(self.world, layout)
        return [
            self._counted(moves[moves["scenario"] == f"s{number}"], exposed)
            for number in range(len(sets))
        ]

    def _counted(self, moves: pd.DataFrame, exposed: Sequence[tuple[str, str]]) -> Chances:
        """Parts of the seeds: one set's moves."""
        by_line = dict(list(moves.groupby(["firm", "product"])))
        lines = {one.id: (one.firm, one.product) for one in self.world.lines}
        decided = [decision(by_line.get(lines[case.line]), self.seeds) for case in self.cases]
        early = moves[moves["announced_month"] <= SURVEYED]
        pairs = early.groupby(["firm", "product"])["replication"].nunique()
        share = sum(int(pairs.get(one, 0)) for one in exposed) / (len(exposed) * self.seeds)
        return Chances(np.stack(decided), share)


def held(one: Set, classes: set[str]) -> dict[str, float]:
    """Those of a set's keys whose scope the narrowed world has."""
    return {key: x for key, x in one.items() if split_key(key)[1] in classes | {ALL}}


def out_of_china(moves: pd.DataFrame) -> pd.DataFrame:
    """Orders that take work for the US out of China, the first of a line in a lane first."""
    left = moves[(moves["from_country"] == "CN") & (moves["market"] == "US")]
    return left[left["to_country"] != "CN"].sort_values("announced_month", kind="stable")


def exposed_lines(world: World, layout: Layout) -> list[tuple[str, str]]:
    """Firm and product of every line that makes programmes in China for the US."""
    route = layout.slice_route
    here = layout.route_origin[route] == COUNTRY_INDEX["CN"]
    here &= layout.route_market[route] == COUNTRY_INDEX["US"]
    rows = sorted(set(layout.slice_line[here].tolist()))
    return [(world.lines[n].firm, PRODUCTS[world.product_of_line[n]]) for n in rows]


def decision(moves: pd.DataFrame | None, seeds: int) -> Floats:
    """Part of the seeds by half-year of the first order and place, by (6 x I + 1).

    Work that a line orders to several places counts by its volume; a first order before 2018
    counts nowhere.
    """
    cells = np.zeros((len(HALVES), len(COUNTRIES)))
    if moves is None:
        return np.append(cells.ravel(), 1.0)
    for _, own in moves.groupby("replication"):
        month = own["announced_month"].iloc[0].date()
        if FIRST <= month <= LAST:
            places = own.groupby("to_country")["units"].sum() / own["units"].sum()
            for code, part in places.items():
                cells[half_of(month), COUNTRY_INDEX[str(code)]] += part
    moved = moves["replication"].nunique()
    return np.append(cells.ravel(), float(seeds - moved)) / seeds
