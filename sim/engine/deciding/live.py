"""Live agents at work in a block: they decide where they have a mind of their own, and step.

A firm whose class overrides ``decide`` leaves the fast path, in every lane by itself; all others
keep to the kernels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.decisions.views import Costs, Outlook
from sim.engine.agents import Firm
from sim.engine.deciding.answer import checked
from sim.engine.deciding.considered import Considered, Review
from sim.engine.deciding.fault import told
from sim.engine.lane_model import LaneModel
from sim.engine.simulation import Simulation


class LiveAgents:
    """Agents of the lanes that have any, one model a lane."""

    def __init__(self, models: Sequence[LaneModel]) -> None:
        self.models = list(models)
        first = models[0].simulation
        self._own: Flags = np.zeros((len(first.world.firms), first.lanes), dtype=np.bool_)
        for model in models:
            for firm in model.firms:
                self._own[firm.row, model.lane] = firm.decides_for_itself
        self._answers: dict[str, list[tuple[int, int, Floats]]] = {}

    def act(self, phase: str) -> None:
        """Step the agents of this phase, lane by lane, in the order in which they were made."""
        for model in self.models:
            for agent in model.agents_of(phase):
                with _in_hand(model):
                    told(agent, agent.step, "step")

    def decide(self, s: Simulation, outlook: Outlook, costs: Costs) -> None:
        """Ask every firm with a ``decide`` of its own what it orders in this review."""
        self._answers = {}
        if not self._own.any():
            return
        review = Review(s, outlook, costs)
        for model in self.models:
            for firm in model.firms:
                if firm.decides_for_itself:
                    self._ask(model, firm, review.considered(firm.row, model.lane))

    def answer(self, step: str, proposals: Floats, line: Ints, chosen: Flags) -> Flags:
        """Proposals that are ordered in a step, bool[rows, R]: firms' own choices take over theirs.

        ``proposals``: float64[rows, R, fields], filled with what firms chose; ``line``: line of
        each row; ``chosen``: bool[rows, R], choices of the fast path.
        """
        chosen = chosen & ~self._own[self.models[0].simulation.layout.line_firm[line]]
        for row, lane, proposal in self._answers.get(step, ()):
            proposals[row, lane] = proposal
            chosen[row, lane] = True
        return chosen

    def _ask(self, model: LaneModel, firm: Firm, considered: Considered) -> None:
        """Keep what a firm chooses among what it considered, if that can be done."""
        options = list(considered.options)
        with _in_hand(model):
            chosen = told(firm, lambda: firm.decide(options), "decide")
            places = checked(firm, considered.options, chosen)
        for k in places:
            option = considered.options[k]
            answers = self._answers.setdefault(option.step, [])
            answers.append((option.row, model.lane, considered.proposals[k]))


@contextmanager
def _in_hand(model: LaneModel) -> Iterator[None]:
    """While an agent acts, the model's month is the one that is being simulated."""
    model.acting = True
    try:
        yield
    finally:
        model.acting = False
