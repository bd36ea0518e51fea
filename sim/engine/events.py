"""The log of decisions: one row for every relocation ordered, by lane."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.arrays import Floats


@dataclass(slots=True)
class EventLog:
    """Orders placed, in the order of month, firm and lane: proposal vectors with their place."""

    month: list[int] = field(default_factory=list)
    lane: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    proposal: list[Floats] = field(default_factory=list)
    operating: list[int] = field(default_factory=list)
    """Month in which the work is done: planned months stay in the proposal."""
    rule: list[str] = field(default_factory=list)
    """Export rule that weighed most in it, as a mechanism names it; empty where none."""

    def add(self, month: int, lane: int, line: int, proposal: Floats, operating: int) -> None:
        """Log one order; the proposal is copied."""
        self.month.append(month)
        self.lane.append(lane)
        self.line.append(line)
        self.proposal.append(proposal.copy())
        self.operating.append(operating)
        self.rule.append("")
