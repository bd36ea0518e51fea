"""The Mesa face: one replication, stepped by hand, its agents alive.

>>> from sim.engine.model import RelocationModel
>>> model = RelocationModel(seed=7, last="2017-12")  # doctest: +SKIP
>>> model.step()  # doctest: +SKIP
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import mesa
import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.axes import PLACES
from sim.decisions import proposal as field
from sim.engine.agents import Firm, Government, Option, Plant, option
from sim.engine.assembly import build_simulation
from sim.engine.mechanism import Mechanism
from sim.engine.mechanisms import SHIPPED, inputs_of, with_parameters
from sim.engine.phases import step
from sim.engine.random_streams import Streams
from sim.engine.record.relocations import relocations
from sim.engine.route_duty import route_duty
from sim.engine.simulation import Simulation
from sim.errors import OutsideRangeWarning
from sim.law.controls.history import ControlHistory
from sim.law.controls.reforms import ControlReform
from sim.law.law import Law, load_law
from sim.law.rates.monthly import MonthlyDuty, monthly
from sim.world.build import load_world
from sim.world.chip_tools.controls import controls_of
from sim.world.graph import trade_graph
from sim.world.layout import build_layout
from sim.world.narrowing import structural, structured
from sim.world.parameters import lane_values, parameter_table
from sim.world.world import World


class RelocationModel(mesa.Model):
    """One lane of the simulation as a Mesa model.

    ``law`` defaults to the law as enacted; ``parameters`` override ``parameters.csv`` by the names
    of :func:`sim.world.parameters.lane_values`, with a warning where one leaves its range;
    ``firms`` maps a firm id to a subclass of :class:`~sim.engine.agents.Firm` whose ``decide``
    replaces the fast path for that firm; ``controls`` are reforms of the export-control law;
    ``mechanisms`` are those that take part;
    ``data`` are folders of tables laid over those that ship (without a ``world`` of one's own).
    The same seed and replication give the same figures as the batch runner.
    """

    def __init__(
        self,
        seed: int = 20170101,
        replication: int = 0,
        law: Law | None = None,
        world: World | None = None,
        last: str = "2030-12",
        parameters: Mapping[str, float] | None = None,
        inputs: Mapping[str, bool] | None = None,
        firms: Mapping[str, type[Firm]] | None = None,
        controls: Sequence[ControlReform] = (),
        mechanisms: Sequence[Mechanism] = SHIPPED,
        data: Sequence[Path | str] = (),
    ) -> None:
        super().__init__(rng=seed)
        overrides = dict(parameters or {})
        year, month = (int(part) for part in last.split("-")[:2])
        plain = with_parameters(
            world or load_world(last=date(year, month, 1), overlays=data), mechanisms
        )
        world, fixed = structured(plain, overrides), structural(plain, overrides)
        rest = {key: value for key, value in overrides.items() if key not in fixed}
        for doubt in parameter_table(world).outside(overrides):
            warnings.warn(str(doubt), OutsideRangeWarning, stacklevel=2)
        self.law = law or load_law()
        self.duties: MonthlyDuty = monthly(self.law, world.months)
        layout = build_layout(world)
        self.simulation: Simulation = build_simulation(
            world, layout, [route_duty(world, layout, self.duties)], np.zeros(1, dtype=np.int64),
            lane_values(world, [rest]), Streams(seed, np.array([replication])),
            {name: (inputs or {}).get(name, True) for name in inputs_of(mechanisms)},
            controls_of(world, [ControlHistory(tuple(controls))]), mechanisms,
        )  # fmt: skip
        kinds = dict(firms or {})
        self.firms = [kinds.get(firm.id, Firm)(self, row) for row, firm in enumerate(world.firms)]
        self.plants = [Plant(self, row) for row in range(len(layout.plant_line))]
        self.governments = [Government(self, one.code) for one in PLACES if one.government]
        own = {firm.row for firm in self.firms if type(firm).decide is not Firm.decide}
        if own:
            self.simulation.choose = lambda proposals, line, decided: self._choose(
                own, proposals, line, decided
            )

    @property
    def month_index(self) -> int:
        """Index of the last month that was simulated (0 before the first step)."""
        return max(0, self.simulation.state.month - 1)

    @property
    def month(self) -> date:
        """The last month that was simulated."""
        return self.simulation.world.months[self.month_index]

    def step(self) -> None:
        """Run the phases of one month."""
        if self.simulation.state.month >= len(self.simulation.world.months):
            self.running = False
            return
        step(self.simulation)

    def run_until(self, last: str) -> None:
        """Step until the month ``last`` (``YYYY-MM``) has been simulated."""
        while self.running and (self.simulation.state.month == 0 or str(self.month)[:7] < last):
            self.step()

    @property
    def relocations(self) -> pd.DataFrame:
        """Decisions so far, columns of the ``relocations`` table."""
        keys = {"experiment": "notebook", "policy": "law", "scenario": "base", "replication": 0}
        return relocations(self.simulation, {0: keys})

    def trade_graph(self) -> nx.MultiDiGraph[str]:
        """Flows and duties of the last month as a graph (yearly units, shares)."""
        s = self.simulation
        flow, duty = np.zeros_like(s.world.base_flow), np.zeros_like(s.world.base_flow)
        capacity = np.zeros_like(s.world.base_capacity)
        at = (s.layout.route_line, s.layout.route_origin, s.layout.route_market)
        flow[at], duty[at] = 12.0 * s.month.flow[:, 0], s.month.duty[:, 0]
        capacity[s.layout.plant_line, s.layout.plant_country] = 12.0 * s.state.capacity[:, 0]
        return trade_graph(s.world, flow=flow, duty=duty, capacity=capacity)

    def _choose(
        self,
        own: set[int],
        proposals: NDArray[np.float64],
        line_of_row: NDArray[np.int64],
        decided: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        """Ask firms with a ``decide`` of their own; the others keep the draw."""
        firm_of_row = self.simulation.layout.line_firm[line_of_row]
        for row in own:
            rows = np.flatnonzero((firm_of_row == row) & (proposals[:, 0, field.VOLUME] > 0.0))
            options: dict[int, Option] = {
                int(k): option(self, int(line_of_row[k]), proposals[k, 0]) for k in rows
            }
            chosen = self.firms[row].decide(list(options.values())) if options else []
            decided[firm_of_row == row, 0] = False
            for k, one in options.items():
                decided[k, 0] = any(one is wanted for wanted in chosen)
        return decided
