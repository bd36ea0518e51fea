"""The shape of a month's books."""

from __future__ import annotations

from dataclasses import dataclass

from sim.arrays import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """Money of the month in real USD, lane last."""

    revenue: Floats
    """float64[M, R]: wholesale revenue."""
    production: Floats
    """float64[P, R]: cost of output."""
    freight: Floats
    """float64[E, R]: freight on what was shipped."""
    duty: Floats
    """float64[E, R]: duty on what arrived."""
    customs: Floats
    """float64[E, R]: customs value of what arrived."""
    programme: Floats
    """float64[N, R]: gaps and fees of moved programmes, what export licences cost."""
    idle: Floats
    """float64[P, R]: cost of idle capacity."""
    overtime: Floats
    """float64[P, R]: what overtime adds to the cost of output."""
    parts_duty: Floats
    """float64[P, R]: duty on bought parts, net of the credit; part of the cost of output."""
    support: Floats
    """float64[P, R]: what assemblers bear of the duty of their local suppliers."""
    subsidy: Floats
    """float64[P, R]: what acts pay for what is made."""
    service_duty: Floats
    """float64[M, R]: duty on service parts from Japan."""
    profit: Floats
    """float64[F, R]: operating profit, of joint ventures the firm's share."""
