"""Who is simulated: firms, their product lines, and the technology partners lines may take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Firm:
    """A named Japanese firm."""

    id: str
    name: str
    sector: str
    fiscal_year_start: int
    """Month of the year in which its plans for a year begin, 1..12."""
    group: str = ""
    """Group whose firms know what the others know abroad; empty where it stands alone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One product line of one firm: the unit of decision.

    ``line_class`` selects its row of every class parameter; ``evidence`` grades its base data
    (``read``, ``cited``, ``derived``, ``recalled``, ``estimated``: the weakest that weighs).
    """

    id: str
    firm: str
    product: str
    line_class: str
    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PlantPartners:
    """Two firms that capital or production ties from a month on: they share plants sooner."""

    firms: frozenset[str]
    since: date


@dataclass(frozen=True, slots=True)
class Partnership:
    """A technology partner that a line may take in China, and the product launched with it.

    ``field`` is one of ``PARTNER_FIELDS``, ``kind`` one of ``PARTNER_KINDS``
    (:mod:`sim.data.demand_tables`); ``offered`` is the first month.
    """

    line: str
    partner: str
    field: str
    offered: date
    kind: str
    content: float
    """The partner's share of the value of the product."""
    appeal: float
    """Part of what rivals have over other makers that the product has too."""
    lead_months: int
    """Months from the agreement to the launch."""
