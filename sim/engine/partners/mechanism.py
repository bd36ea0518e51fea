"""Technology partners in China as a mechanism (``docs/model.md`` 8, Partners)."""

from __future__ import annotations

from typing import Any, ClassVar

from sim.arrays import Floats
from sim.decisions.proposal import SLICE, Listed
from sim.engine.mechanism import Hook, Mechanism, Setup, names
from sim.engine.partners.month import NAME, considered, pay_partners, review, widen_demand
from sim.engine.partners.outcomes import OUTCOMES
from sim.engine.partners.state import Partners, build_partners
from sim.engine.record.outcome import Outcome

_HOOKS: tuple[Hook, ...] = (
    Hook(
        "demand",
        widen_demand,
        reads=names(
            state="month",
            month="base_demand demand",
            partners="agreed product_reach line_reach offers terms",
        ),
        writes=names(month="base_demand demand", partners="factor given_up"),
    ),
    Hook(
        "investments",
        review,
        reads=names(
            state="month budget cash",
            month="base_demand",
            partners="agreed product_reach line_reach factor offers terms",
        ),
        writes=("events", *names(state="budget cash", partners="agreed proposals")),
    ),
    Hook(
        "books",
        pay_partners,
        "before",
        reads=names(month="sold line_cost", partners="given_up offers terms"),
        writes=names(month="line_cost"),
    ),
)


class TechnologyPartners(Mechanism):
    """Chinese partners: products of a line that win back part of what new kinds of cars took."""

    name: ClassVar[str] = NAME
    title: ClassVar[str] = "car lines may take Chinese technology partners"
    uses: ClassVar[tuple[str, ...]] = (
        "product_strength",
        "product_ramp_months",
        "rival_launch_pace",
        "partner_margin",
        "partner_sunk",
        "partner_cost_share",
    )
    outcomes: ClassVar[tuple[Outcome, ...]] = OUTCOMES
    kinds: ClassVar[tuple[str, ...]] = ("partner",)
    reasons: ClassVar[tuple[str, ...]] = ("demand", "uncertainty", "entry")

    def build(self, setup: Setup) -> Partners | None:
        """Offers to lines that sell in China, no agreement yet."""
        return build_partners(setup)

    def hooks(self) -> tuple[Hook, ...]:
        """Demand of the month, the partners' share of what it earns, and the quarterly review."""
        return _HOOKS

    def considered(self, s: Any, own: Partners, line: int, lane: int) -> Listed:
        """Every partner that a line could take."""
        return considered(s, own, line, lane)

    def counterparties(self, own: Partners, proposal: Floats) -> list[str]:
        """Name of the partner of each proposal."""
        return [own.rows[int(row)].partner for row in proposal[:, SLICE]]
