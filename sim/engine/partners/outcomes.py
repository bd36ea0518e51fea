"""Outcome of technology partners: how many a carmaker has in China."""

from __future__ import annotations

from sim.engine.partners.month import agreements, offered
from sim.engine.record.grouping import Grouping, group_rows
from sim.engine.record.outcome import Outcome
from sim.engine.simulation import Simulation


def _firms_with_offers(s: Simulation) -> Grouping | None:
    """Lines that partners are on offer to, by firm."""
    if s.partners is None:
        return None
    return group_rows({"firm": [s.world.firms[f].id for f in s.world.firm_of_line]}, offered(s))


OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        "china_partners", "partners", "stock", ("firm",),
        "technology partners that a carmaker has in China",
        _firms_with_offers, lambda s, group: group.sum(agreements(s)),
    ),
)  # fmt: skip
