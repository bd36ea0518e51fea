"""What an answer is about: the changes that are large beside what there is of their kind."""

from __future__ import annotations

from dataclasses import dataclass

from sim.results.answer.measures import GOODS_UNIT, MONEY_UNIT, VEHICLES_UNIT, Measured
from sim.results.answer.totals import Total

LEAST = 2e-4
"""Part of the world's output (or sales of chip tools) below which a change is no news."""
LEAST_MONEY = 0.01
"""Part of its base by which duty, profit or refused orders must change to be told."""
LEAST_PART = 0.05
"""Part of the leading change below which a destination, a firm or a place is not named."""
LEAST_PLACE = 0.2
"""The same for the places whose output changes."""
TOOLS = (
    "tool_sales_so_far", "tools_refused", "tools_waiting", "tools_diverted", "chinese_tools",
)  # fmt: skip
"""What of chip tools is told beside their sales in China."""
TRACE = 10.0
"""How many times a change of the sales of chip tools must exceed that of other goods to be news."""
NAMED = 3
"""Places and firms that a sentence names."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One change that is worth a clause.

    ``lead`` is its total, ``parts`` the totals that tell it apart by place, ``firms`` by firm, both
    by falling size; ``weight`` is its part of the world's.
    """

    kind: str
    lead: Total
    parts: tuple[Total, ...]
    firms: tuple[Total, ...]
    weight: float


def subjects(found: Measured) -> list[Subject]:
    """Every change worth telling: what moved first, then by falling weight."""
    told = [_moved(found, VEHICLES_UNIT), _moved(found, GOODS_UNIT)]
    told += [_output(found, VEHICLES_UNIT), _output(found, GOODS_UNIT), _tools(found)]
    kept = [one for one in told if one is not None and one.weight >= LEAST]
    return sorted(kept, key=lambda one: (one.kind != "moved", -one.weight))


def _moved(found: Measured, unit: str) -> Subject | None:
    """The place that most production leaves under one policy only."""
    left = [one for one in found.of("moved_out", unit) if max(one.level, one.base) > 0]
    world = found.world("output", unit)
    if not left or not left[0].difference or world <= 0:
        return None
    lead = left[0]
    key = {"from_country": lead.from_country}
    return Subject(
        "moved",
        lead,
        _weighty(found.of("moved", unit, **key), lead),
        _weighty(found.of("moved_by_firm", unit, **key), lead),
        abs(lead.difference) / world,
    )


def _output(found: Measured, unit: str) -> Subject | None:
    """The places whose output changes most."""
    places = [one for one in found.of("output", unit) if one.difference]
    world = found.world("output", unit)
    if not places or world <= 0:
        return None
    lead = places[0]
    least = LEAST_PLACE * abs(lead.difference)
    others = [one for one in places[:NAMED] if abs(one.difference) >= least]
    return Subject("output", lead, tuple(others), (), abs(lead.difference) / world)


def _tools(found: Measured) -> Subject | None:
    """What export controls change: sales in China first, then orders and who else sells.

    Tariffs move all of it by a trace: it is news from a fifth of a per cent of all sales on.
    """
    world = found.world("tool_sales", MONEY_UNIT)
    told = [*found.of("tool_sales", MONEY_UNIT, country="CN")]
    told += [one for measure in TOOLS for one in found.of(measure, MONEY_UNIT)]
    kept = [one for one in told if abs(one.difference) >= LEAST * TRACE * world > 0.0]
    if not kept:
        return None
    lead = kept[0] if kept[0].measure.startswith("tool_sales") else max(kept, key=_size)
    parts = sorted((one for one in kept if one is not lead), key=_size, reverse=True)
    makers = found.of("tool_sales_by_firm", MONEY_UNIT) if lead.measure == "tool_sales" else []
    weight = _size(lead) / world / TRACE
    return Subject("tools", lead, tuple(parts[:NAMED]), _weighty(makers, lead), weight)


def _size(total: Total) -> float:
    return abs(total.difference)


def _weighty(totals: list[Total], lead: Total) -> tuple[Total, ...]:
    """The first few with the sign of the lead and enough of it."""
    kept = [
        one
        for one in totals
        if one.difference * lead.difference > 0
        and abs(one.difference) >= LEAST_PART * abs(lead.difference)
    ]
    return tuple(kept[:NAMED])
