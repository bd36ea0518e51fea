"""Every outcome that ships, in the order in which documents and pages name them."""

from __future__ import annotations

from sim.engine.chip_tools.outcomes import OUTCOMES as CHIP_TOOLS
from sim.engine.partners.outcomes import OUTCOMES as PARTNERS
from sim.engine.record.outcome import Outcome
from sim.engine.record.outcomes import CORE

OUTCOMES: tuple[Outcome, ...] = (*CORE, *PARTNERS, *CHIP_TOOLS)
