"""One export-control law seen from the buyers of a world: what it says of every kind of shipment.

Answers do not depend on the lane but through the US content and the Chinese rare earths of a tool:
they are asked once for each band between the thresholds of the law, and lanes pick their band.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.law.controls import MaterialQuery, Query, decide, decide_material
from sim.law.controls.china import asked_share
from sim.law.controls.codes import CHINA_CODES
from sim.law.controls.history import ControlHistory
from sim.law.controls.law import ControlLaw
from sim.law.controls.switches import Switches
from sim.world.chip_tools.answers import Asked, Said
from sim.world.chip_tools.queries import (
    DAY,
    home_mix,
    middles,
    origins,
    plants,
    shipments,
    thresholds,
    with_content,
)
from sim.world.chip_tools.reach import Reach, reach
from sim.world.customers import SERVICE_CLASS, ToolMarket
from sim.world.world import World

Codes = NDArray[np.int8]
Shorts = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class ToolLaw:
    """Answers by month; queries (Q) pair a kind of shipment and a buyer, B are bands of content."""

    digest: str
    row: NDArray[np.int64]
    """int64[U, Z, I]: query of a tool made and shipped in a place, -1 where nobody ships it."""
    row_by_home: NDArray[np.int64]
    """int64[U, Z, I]: query of the same tool shipped by way of Japan."""
    us: Codes
    """int8[T, Y, bands]: places in :data:`sim.law.controls.codes.US_CODES`."""
    own: Codes
    """int8[T, Y]: licence of the exporting country's own list: none, a bulk one, an individual."""
    said: Shorts
    """int16[T, Y, bands]: place in :attr:`reasons`, 0 for nothing told."""
    reasons: tuple[Said, ...]
    content: tuple[float, ...]
    """Thresholds of US content: a tool above one lies in the next band; infinite for a band that no
    tool lies in."""
    earths: tuple[float, ...]
    """Thresholds of Chinese rare earths: a tool at or above one lies in the next band."""
    china: Codes
    """int8[T, I, J, earth_bands]: China's answer on a tool by place made, market, rare earths."""
    material: Codes
    """int8[T, materials, I]: China's answer on a material by place of use."""
    banned: Shorts
    """int16[T, materials, I]: months for which a material has been banned there."""
    listed: NDArray[np.bool_]
    """bool[T, U]: buyers on the Entity List or under footnote 5."""
    exempt: NDArray[np.bool_]
    """bool[T, I]: places of manufacture whose exports some American rule in force spares."""
    floor: Floats
    """float64[T, U]: share of Chinese tools that China asks of a buyer."""
    floor_rule: str
    """The rule that asks for it, empty where none ever does."""
    reach: Reach
    """What rules in force, and those announced, reach of each maker's sales to each buyer."""


def tool_laws(world: World, histories: Sequence[ControlHistory]) -> tuple[ToolLaw, ...]:
    """The laws of a run, with equally many bands, so that they stand beside each other in arrays.

    Each keeps its own thresholds: what a law says does not depend on the laws beside it.
    """
    laws = [tool_law(world, history) for history in histories]
    content = max(len(law.content) for law in laws)
    earths = max(len(law.earths) for law in laws)
    return tuple(_widened(law, content, earths) for law in laws)


def _widened(law: ToolLaw, content: int, earths: int) -> ToolLaw:
    """The same law with so many thresholds; beyond its own lie bands that no tool reaches."""
    bands, floors = content - len(law.content), earths - len(law.earths)

    def padded(answers: NDArray[Any], more: int) -> NDArray[Any]:
        return np.pad(answers, [(0, 0)] * (answers.ndim - 1) + [(0, more)], mode="edge")

    known = law.reach
    return replace(
        law, us=padded(law.us, bands), said=padded(law.said, bands),
        china=padded(law.china, floors),
        content=(*law.content, *[np.inf] * bands), earths=(*law.earths, *[np.inf] * floors),
        reach=replace(
            known, in_force=padded(known.in_force, bands), announced=padded(known.announced, bands)
        ),
    )  # fmt: skip


def tool_law(world: World, history: ControlHistory, switches: Switches | None = None) -> ToolLaw:
    """The law of a history on the buyers of a world; made once for equal arguments.

    Raises
    ------
    LawError
        A buyer of the world is not in the law's table, or a reform is wrong.
    """
    return _made(_Key(world, history, switches or history.enacted.defaults))


@dataclass(frozen=True, slots=True)
class _Key:
    """Arguments that compare by what they say and not by what they are."""

    world: World
    history: ControlHistory
    switches: Switches

    def _content(self) -> tuple[object, ...]:
        tools = self.world.tools
        last = self.world.months[-1]
        places = tuple(origins(self.world).items())
        return (id(tools), last, self.history.digest, self.switches, places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())


@lru_cache(maxsize=16)
def _made(key: _Key) -> ToolLaw:
    world, law, switches = key.world, key.history.law, key.switches
    market = world.tools
    if market is None:
        raise ValueError("the world has no makers of chip tools")
    days = [month.replace(day=DAY) for month in world.months]
    places = [one.place for one in market.customers]
    content = thresholds(law, "US", "de_minimis", places)
    earths = thresholds(law, "CN", "china", places)
    queries, row, by_home = shipments(world, market)
    us, own, said, reasons = _answers(Asked(law, switches), queries, days, content)
    floor, floor_rule = _floors(law, switches, market, days)
    material = _materials(law, switches, market, days, plants(world))
    return ToolLaw(
        digest=key.history.digest, row=row, row_by_home=by_home,
        us=us, own=own, said=said, reasons=reasons, content=content, earths=earths,
        china=_china(law, switches, market, days, plants(world), earths),
        material=material, banned=_spells(material == CHINA_CODES.index("CN_BAN")),
        listed=_listed(law, market, days), exempt=_exempt(law, switches, days, plants(world)),
        floor=floor, floor_rule=floor_rule,
        reach=reach(market, home_mix(world, market), key.history, switches, days, content),
    )  # fmt: skip


def _answers(
    asked: Asked, queries: Sequence[Query], days: Sequence[date], content: Sequence[float]
) -> tuple[Codes, Codes, Shorts, tuple[Said, ...]]:
    shares, (queries, place) = middles(content), asked.distinct(queries)
    us = np.zeros((len(days), len(queries), len(shares)), dtype=np.int8)
    own = np.zeros((len(days), len(queries)), dtype=np.int8)
    told = np.zeros(us.shape, dtype=np.int16)
    known: dict[Said, int] = {Said(): 0}
    for b, share in enumerate(shares):
        questions = [with_content(query, share) for query in queries]
        for t, day in enumerate(days):
            if t and asked.same(days[t - 1], day):
                us[t, :, b], own[t], told[t, :, b] = us[t - 1, :, b], own[t - 1], told[t - 1, :, b]
                continue
            answers = asked.answers(questions, day)
            us[t, :, b] = [answer.us for answer in answers]
            own[t] = [answer.own for answer in answers]
            told[t, :, b] = [known.setdefault(answer.said, len(known)) for answer in answers]
    return us[:, place], own[:, place], told[:, place], tuple(known)


def _china(
    law: ControlLaw,
    switches: Switches,
    market: ToolMarket,
    days: Sequence[date],
    makers: Sequence[str],
    earths: Sequence[float],
) -> Codes:
    codes = np.zeros((len(days), len(COUNTRIES), len(COUNTRIES), len(earths) + 1), dtype=np.int8)
    places = {one.market: one.place for one in market.customers}
    changes = law.change_days(switches, ("CN",))
    known: dict[tuple[str, str, float, int], str] = {}
    for t, day in enumerate(days):
        for made in makers:
            for j, to in places.items():
                for d, share in enumerate(middles(earths)):
                    key = (made, to, share, bisect_right(changes, day))
                    if key not in known:
                        tool = Query(SERVICE_CLASS, 0.0, made, made, to, "unlisted",
                                     rare_earth_share=share)  # fmt: skip
                        known[key] = decide(tool, day, switches, law).china
                    at = (t, COUNTRY_INDEX[made], COUNTRY_INDEX[j], d)
                    codes[at] = CHINA_CODES.index(known[key])
    return codes


def _materials(
    law: ControlLaw,
    switches: Switches,
    market: ToolMarket,
    days: Sequence[date],
    makers: Sequence[str],
) -> Codes:
    codes = np.zeros((len(days), len(market.materials), len(COUNTRIES)), dtype=np.int8)
    changes = law.change_days(switches, ("CN",))
    known: dict[tuple[str, str, int], str] = {}
    for t, day in enumerate(days):
        for h, item in enumerate(market.materials):
            for place in makers:
                key = (item, place, bisect_right(changes, day))
                if place != "CN" and key not in known:
                    asked = MaterialQuery(item, "CN", "CN", place)
                    known[key] = decide_material(asked, day, switches, law).china
                code = CHINA_CODES.index(known.get(key, "CN_NONE"))
                codes[t, h, COUNTRY_INDEX[place]] = code
    return codes


def _spells(flags: NDArray[np.bool_]) -> Shorts:
    """Months for which a flag has stood without a break, the present one counted."""
    spells = np.zeros(flags.shape, dtype=np.int16)
    for t in range(len(flags)):
        spells[t] = np.where(flags[t], (spells[t - 1] if t else 0) + 1, 0)
    return spells


def _exempt(
    law: ControlLaw, switches: Switches, days: Sequence[date], makers: Sequence[str]
) -> NDArray[np.bool_]:
    exempt = np.zeros((len(days), len(COUNTRIES)), dtype=np.bool_)
    korea = switches.korea_in_supp4
    for t, day in enumerate(days):
        groups = {
            rule.exempt_exporters
            for rule in law.of("US")
            if rule.exempt_exporters and rule.in_force(day, switches)
        }
        for place in makers if groups else ():
            spared = any(law.in_group(place, group, day) for group in groups if group)
            joined = place == "KR" and korea is not None and korea <= day
            exempt[t, COUNTRY_INDEX[place]] = spared or joined
    return exempt


def _floors(
    law: ControlLaw, switches: Switches, market: ToolMarket, days: Sequence[date]
) -> tuple[Floats, str]:
    """Share of Chinese tools asked of each buyer on each day, and a rule that asks for it."""
    asked = [
        [asked_share(law, one.place, law.customers[one.control].node, day, switches)
         for one in market.customers]
        for day in days
    ]  # fmt: skip
    names = {name for row in asked for _, name in row} - {""}
    return np.array([[share for share, _ in row] for row in asked]), min(names, default="")


def _listed(law: ControlLaw, market: ToolMarket, days: Sequence[date]) -> NDArray[np.bool_]:
    lists = ("entity_list", "footnote_5")
    return np.array([
        [any(law.listing(one.control, name, day) is not None for name in lists)
         for one in market.customers]
        for day in days
    ])  # fmt: skip
