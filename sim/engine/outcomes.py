"""Every outcome that ships, in the order in which documents and pages name them."""

from __future__ import annotations

from sim.engine.mechanisms import SHIPPED
from sim.engine.record.outcome import Outcome
from sim.engine.record.outcomes import CORE

OUTCOMES: tuple[Outcome, ...] = (*CORE, *(outcome for one in SHIPPED for outcome in one.outcomes))
