"""One lane of a block as a Mesa model: its agents are views of the arrays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import mesa
import networkx as nx
import numpy as np

from sim.axes import MONTHS_PER_YEAR, PLACES
from sim.engine.agents import Firm, Government, Plant
from sim.engine.phases import PHASES
from sim.engine.simulation import Simulation
from sim.errors import Fault, InputError, nearest
from sim.law.rates.monthly import MonthlyDuty
from sim.spelling import Spellings
from sim.world.graph import trade_graph

OWN_PHASE = "agents"
"""Phase in which agents step that name no other."""


class LaneModel(mesa.Model):
    """One lane of a simulation, its firms, plants and governments alive.

    Reading and writing an agent's attributes reads and writes the lane's arrays. ``firms`` maps a
    firm id to a subclass of :class:`~sim.engine.agents.Firm`. Agents of any other type may be made
    for the model: those with a ``step`` of their own are stepped in the phase that their attribute
    ``phase`` names, ``agents`` by default. ``random`` and ``rng`` follow from seed and replication,
    so that policies share them.
    """

    def __init__(
        self,
        simulation: Simulation,
        lane: int,
        duties: MonthlyDuty,
        seed: int,
        firms: Mapping[str, type[Firm]],
    ) -> None:
        _refuse(simulation, firms)
        replication = int(simulation.streams.replications[lane])
        drawn = np.random.SeedSequence([seed, replication]).generate_state(1)
        super().__init__(rng=int(drawn[0]))
        self.simulation, self.lane, self.duties = simulation, lane, duties
        self.acting = False
        """Whether an agent acts within a month that is being simulated."""
        world, plants = simulation.world, simulation.layout.plant_line
        self.firms = [firms.get(firm.id, Firm)(self, row) for row, firm in enumerate(world.firms)]
        self.plants = [Plant(self, row) for row in range(len(plants))]
        self.governments = [Government(self, one.code) for one in PLACES if one.government]

    def close(self) -> None:
        """Let go of the model: Mesa counts agents by model and would keep it for good."""
        self.remove_all_agents()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    @property
    def month_index(self) -> int:
        """Index of the month that is being simulated, between steps of the one that was last."""
        month = self.simulation.state.month
        return month if self.acting else max(0, month - 1)

    @property
    def month(self) -> date:
        """First day of that month."""
        return self.simulation.world.months[self.month_index]

    def register(self, agent: mesa.Agent, phase: str = OWN_PHASE) -> None:
        """Have an agent of this model stepped in a phase of the month, after what happens there.

        Raises
        ------
        InputError
            No such phase, or the agent belongs to another model.
        """
        if agent.model is not self:
            wrong = "belongs to another model"
            raise InputError(Fault("", type(agent).__name__, wrong, "make it with this model"))
        agent.phase = phase
        _phase_of(agent)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take an agent in, as Mesa does when it is made; its phase must be one of the month."""
        _phase_of(agent)
        super().register_agent(agent)

    def agents_of(self, phase: str) -> list[mesa.Agent]:
        """Agents with a ``step`` of their own in this phase, in the order they were made."""
        kinds = [kind for kind in self.agent_types if kind.step is not mesa.Agent.step]
        acting = [one for kind in kinds for one in self.agents_by_type[kind]]
        return sorted((one for one in acting if _phase_of(one) == phase), key=lambda a: a.unique_id)

    def trade_graph(self) -> nx.MultiDiGraph[str]:
        """Flows and duties of the last month as a graph (yearly units, shares)."""
        s, r = self.simulation, self.lane
        flow, duty = np.zeros_like(s.world.base_flow), np.zeros_like(s.world.base_flow)
        capacity = np.zeros_like(s.world.base_capacity)
        at = (s.layout.route_line, s.layout.route_origin, s.layout.route_market)
        flow[at], duty[at] = MONTHS_PER_YEAR * s.month.flow[:, r], s.month.duty[:, r]
        capacity[s.layout.plant_line, s.layout.plant_country] = s.state.capacity[:, r]
        return trade_graph(s.world, flow=flow, duty=duty, capacity=capacity)


def _refuse(s: Simulation, firms: Mapping[str, type[Firm]]) -> None:
    """Refuse firms that the world does not have, and classes that are none of a firm's."""
    known = Spellings({firm.id: (firm.name,) for firm in s.world.firms})
    faults = [
        Fault("", f"firms.{name}", "no such firm", known.cure(name))
        for name in firms
        if name not in known.names
    ]
    kinds: Mapping[str, object] = firms
    faults += [
        Fault(
            "", f"firms.{name}", f"`{kind}` is no kind of Firm", "subclass sim.engine.agents.Firm"
        )
        for name, kind in kinds.items()
        if not (isinstance(kind, type) and issubclass(kind, Firm))
    ]
    if faults:
        raise InputError(faults)


def _phase_of(agent: mesa.Agent) -> str:
    """Phase in which an agent steps."""
    phase: str = getattr(agent, "phase", OWN_PHASE)
    names = [one.name for one in PHASES]
    if phase not in names:
        key = f"{type(agent).__name__}.phase"
        raise InputError(Fault("", key, f"no phase `{phase}`", nearest(str(phase), names)))
    return phase
