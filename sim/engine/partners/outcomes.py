"""Outcome of technology partners: how many a carmaker has in China."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.engine.partners.month import agreements, offered
from sim.engine.partners.state import Partners
from sim.engine.record.grouping import Grouping, group_rows
from sim.engine.record.outcome import Outcome
from sim.engine.simulation import Simulation


def _firms_with_offers(s: Simulation) -> Grouping | None:
    """Lines that partners are on offer to, by firm."""
    block = s.of(Partners)
    if block is None:
        return None
    firms = [s.world.firms[f].id for f in s.world.firm_of_line]
    return group_rows({"firm": firms}, offered(block))


def _partners(s: Simulation, group: Grouping) -> Floats:
    block = s.of(Partners)
    return np.zeros((0, s.lanes)) if block is None else group.sum(agreements(block))


OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        "china_partners",
        "partners",
        "stock",
        ("firm",),
        "technology partners that a carmaker has in China",
        _firms_with_offers,
        _partners,
    ),
)
