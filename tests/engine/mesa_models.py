"""Models as users of Mesa write them, at the top of a module: other processes import them."""

from __future__ import annotations

from typing import Any

import mesa

from sim.engine.model import RelocationModel


def shipped(model: RelocationModel) -> float:
    """Units shipped in the last month."""
    return float(model.simulation.month.flow.sum())


class Bank(mesa.Agent):
    """Lends when the books are closed, and keeps what it saw in which month."""

    phase = "books"

    def __init__(self, model: RelocationModel) -> None:
        super().__init__(model)
        self.seen: list[tuple[str, bool]] = []

    def step(self) -> None:
        """Look at the month and at whether its books are there."""
        assert isinstance(self.model, RelocationModel)
        self.seen.append((f"{self.model.month:%Y-%m}", self.model.simulation.books is not None))


class Collecting(RelocationModel):
    """Collects a figure of the model and one of every agent after each month."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.datacollector = mesa.DataCollector(
            model_reporters={"shipped": shipped},
            agenttype_reporters={},
            agent_reporters={"country": lambda agent: getattr(agent, "country", "")},
        )

    def step(self) -> None:
        """A month, then the collector."""
        super().step()
        self.datacollector.collect(self)


class Counting(RelocationModel):
    """Collects one figure of the model."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.datacollector = mesa.DataCollector(model_reporters={"shipped": shipped})

    def step(self) -> None:
        """A month, then the collector."""
        super().step()
        self.datacollector.collect(self)
