"""One block of lanes: what is given, the state, the month in hand, its mechanisms.

:data:`sim.engine.phases.PHASES` says what happens in a month; this module only holds what the
phases read and write. :mod:`sim.engine.assembly` puts it together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Flags, Floats, Ints
from sim.axes import COUNTRY_INDEX
from sim.decisions.proposal import HOST, KIND, SHARED
from sim.decisions.views import Costs, Outlook, Places, Slices, Terms
from sim.engine.books import Books
from sim.engine.events import EventLog
from sim.engine.mechanism import Hook, Mechanism
from sim.engine.month import Month
from sim.engine.parameters import Beliefs
from sim.engine.random_streams import Streams
from sim.engine.route_duty import RouteDuty
from sim.engine.state import Base, State
from sim.tables import RELOCATION_KINDS
from sim.world.layout import Layout
from sim.world.world import World

Own = TypeVar("Own")

EXOGENOUS: dict[str, str] = {
    "market_size": "market sizes follow their record",
    "rivals": "Chinese rivals rise, segment by segment",
    "brand_trends": "brands follow their declared trends outside China",
    "macro": "wages, prices and exchange rates move",
    "freight": "ocean freight moves",
    "noise": "demand and, after the record, exchange rates are drawn",
}
"""Exogenous paths that an experiment may switch off; mechanisms add their own names."""


class Agents(Protocol):
    """Live agents of some lanes of the block."""

    def act(self, phase: str) -> None:
        """Step those that step in this phase."""

    def decide(self, s: Simulation, outlook: Outlook, costs: Costs) -> None:
        """Ask firms that decide for themselves what they order in this review."""

    def answer(self, step: str, proposals: Floats, line: Ints, chosen: Flags) -> Flags:
        """Rows that are ordered in a step of the review, bool[rows, R], with the firms' answers.

        ``proposals``: float64[rows, R, fields], overwritten where a firm chose another; ``line``:
        int64[rows]; ``chosen``: bool[rows, R], what the kernels chose.
        """
        ...


class Watch(Protocol):
    """Somebody who looks on while firms order programmes, and changes nothing."""

    def before_orders(
        self, s: Simulation, outlook: Outlook, costs: Costs, places: Places, slices: Slices
    ) -> None:
        """Look at what firms see when they decide."""

    def after_orders(self, s: Simulation, decided: Flags) -> None:
        """Look at what was ordered; ``decided``: bool[N, R], lines whose board took it up."""


@dataclass(slots=True, eq=False)
class Simulation:
    """A block of lanes through time."""

    world: World
    layout: Layout
    base: Base
    laws: Sequence[RouteDuty]
    law: Ints
    """int64[R]: law of every lane."""
    parameters: Mapping[str, Floats]
    """Parameter -> float64[N, R]."""
    terms: Terms
    beliefs: Beliefs
    streams: Streams
    inputs: Mapping[str, bool]
    state: State
    month: Month
    base_cost: Floats
    """float64[N, R], USD."""
    base_duty: Floats
    """float64[E, R]."""
    base_delivered: Floats
    """float64[E, R], USD: planning cost delivered in the base year."""
    base_landed: Floats
    """float64[M, R], USD: average landed cost in the base year."""
    wholesale: Floats
    """float64[M, R], USD: wholesale price in the base year."""
    demand_index: Floats
    """float64[M, T]."""
    market_path: Floats
    """float64[M, T]: log of the size of the outlet's market over 2017, without noise."""
    rival_path: Floats
    """float64[M, T]: log of what other makers charge there, before they reply."""
    market_part: Floats
    """float64[M, R]: the line's part of its market."""
    market_row: Ints
    """int64[M]: which market of a product the outlet belongs to."""
    straight: Floats
    """float64[P, R]: part of usable capacity that is used before overtime."""
    class_of_line: Ints
    """int64[N]: number of the line's class."""
    sector_of_line: Ints
    """int64[N]: number of the sector of the line's product."""
    group_of_line: Ints
    """int64[N]: number of the group of the line's firm."""
    ids: dict[str, NDArray[np.uint32]]
    events: EventLog = field(default_factory=EventLog)
    agents: Agents | None = None
    """Agents that act and decide in the month; None where the kernels decide for all firms."""
    watches: tuple[Watch, ...] = ()
    """Who looks on in reviews; nobody where no lane is kept in detail."""
    mechanisms: tuple[Mechanism, ...] = ()
    """Mechanisms that the run was given."""
    own: dict[str, Any] = field(default_factory=dict)
    """State of every mechanism that takes part, by its name."""
    hooks: Mapping[tuple[str, str], tuple[tuple[str, Hook], ...]] = field(default_factory=dict)
    """Hooks with the name of their mechanism, by phase and by when they run."""
    books: Books | None = None
    """Books of the month in hand."""

    @property
    def lanes(self) -> int:
        """Lanes of the block."""
        return len(self.law)

    @property
    def closed_books(self) -> Books:
        """Books of the month closed last."""
        if self.books is None:
            message = "no month has been closed yet"
            raise ValueError(message)
        return self.books

    @property
    def review_months(self) -> int:
        """Months between investment reviews, the same for all firms."""
        return max(1, round(float(self.world.parameters["review_months"][0])))

    @property
    def last_month(self) -> int:
        """Index of the month that was closed last."""
        return self.state.month - 1

    @property
    def nominal(self) -> float:
        """US price level of the month closed last, 2017 = 1: real to nominal USD."""
        level = self.world.price_level[COUNTRY_INDEX["US"], self.last_month]
        return float(level) if self.inputs["macro"] else 1.0

    def of(self, kind: type[Own]) -> Own | None:
        """State of the mechanism that allocates this type; None where it takes no part."""
        return next((own for own in self.own.values() if isinstance(own, kind)), None)

    @property
    def is_review(self) -> bool:
        """Whether firms review their programmes and plants in the month in hand."""
        return self.state.month > 0 and self.state.month % self.review_months == 0

    def counterparties(self, proposal: Floats) -> NDArray[np.object_]:
        """Whom each proposal, float64[rows, fields], takes on by name; empty where nobody.

        Of a plant that is shared, the firm whose it is.
        """
        names = np.full(len(proposal), "", dtype=object)
        shared = np.flatnonzero(proposal[:, KIND] == SHARED)
        host = self.layout.plant_line[proposal[shared, HOST].astype(np.int64)]
        firms = np.array([firm.name for firm in self.world.firms], dtype=object)
        names[shared] = firms[self.layout.line_firm[host]]
        for mechanism in self.mechanisms:
            codes = [RELOCATION_KINDS.index(kind) for kind in mechanism.kinds]
            rows = np.flatnonzero(np.isin(proposal[:, KIND], codes))
            if mechanism.name in self.own and rows.size:
                own = self.own[mechanism.name]
                names[rows] = mechanism.counterparties(own, proposal[rows])
        return names
