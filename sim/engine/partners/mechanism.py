"""Technology partners in China as a mechanism (``docs/model.md`` 8, Partners)."""

from __future__ import annotations

from typing import Any, ClassVar

from sim.arrays import Floats
from sim.decisions.proposal import SLICE, Listed
from sim.engine.mechanism import Hook, Mechanism, Setup, names
from sim.engine.partners.month import NAME, considered, review, widen_demand
from sim.engine.partners.outcomes import OUTCOMES
from sim.engine.partners.state import Partners, build_partners
from sim.engine.record.outcome import Outcome


class TechnologyPartners(Mechanism):
    """Chinese partners that win back what battery-electric cars took from a line in China."""

    name: ClassVar[str] = NAME
    title: ClassVar[str] = "car lines may take Chinese technology partners"
    uses: ClassVar[tuple[str, ...]] = (
        "partner_gain",
        "partner_cap",
        "partner_months",
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
        """Demand of the month, and the quarterly review."""
        return (
            Hook(
                "demand",
                widen_demand,
                reads=names(
                    state="month", month="base_demand demand", partners="agreed bev offers terms"
                ),
                writes=names(month="base_demand demand", partners="factor"),
            ),
            Hook(
                "investments",
                review,
                reads=names(
                    state="month budget cash",
                    month="base_demand",
                    partners="agreed bev factor offers terms",
                ),
                writes=("events", *names(state="budget cash", partners="agreed proposals")),
            ),
        )

    def considered(self, s: Any, own: Partners, line: int, lane: int) -> Listed:
        """Every partner that a line could take."""
        return considered(s, own, line, lane)

    def counterparties(self, own: Partners, proposal: Floats) -> list[str]:
        """Name of the partner of each proposal."""
        return [own.rows[int(row)].partner for row in proposal[:, SLICE]]
