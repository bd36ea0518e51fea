"""What an answer measures: production moved, output, duty, profit and chip tools of one year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import COUNTRIES, VEHICLES
from sim.results.answer.totals import Total
from sim.results.comparing.cube import Pair, cubes
from sim.results.comparing.pairs import Paired, common_pairs, paired
from sim.results.run_folder.query import RunFolder
from sim.units import unit

VEHICLES_UNIT, GOODS_UNIT = unit(VEHICLES[0]), unit("")
MONEY_UNIT = "USD"

MEASURES: dict[str, str] = {
    "moved_out": "production moved out, less what came back",
    "moved": "production moved from one place to another, less what came back",
    "moved_by_firm": "production that a firm moved out, less what it brought back",
    "output": "output of a year, without chip tools",
    "duty": "duty paid at a border in a year",
    "profit": "operating profit of all firms in a year",
    "tool_sales": "sales of Japanese chip tools in a year",
    "tool_sales_by_firm": "a maker's sales of chip tools in China in a year",
    "tool_sales_so_far": "sales of Japanese chip tools in China from the run's first month on",
    "tools_refused": "chip-tool orders refused or withdrawn in a year",
    "tools_waiting": "chip-tool orders that wait for a licence at the end of a year",
    "tools_diverted": "chip-tool orders in a year that came over from American makers",
    "chinese_tools": "sales of Chinese makers of chip tools in a year",
}
"""Measure -> what it is. Goods other than vehicles count in USD at 2017 prices, duty, profit and
chip-tool orders in nominal USD."""

_MOVED = f"""
SELECT scenario, replication, firm, from_country, to_country,
    product IN ({", ".join(f"'{code}'" for code in VEHICLES)}) AS vehicles, sum(units) AS units
FROM relocations
WHERE policy = $policy AND from_country <> '' AND to_country <> ''
    AND year(operating_month) <= $year
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Every total of two policies in one year, and the paired runs behind them."""

    policy: str
    against: str
    year: int
    pairs: tuple[Pair, ...]
    totals: tuple[Total, ...]

    def of(self, measure: str, unit: str = "", **codes: str) -> list[Total]:
        """Totals of a measure, largest change first; ``unit`` and ``codes`` keep those alone."""
        found = [
            total
            for total in self.totals
            if total.measure == measure
            and unit in ("", total.unit)
            and all(getattr(total, key) == code for key, code in codes.items())
        ]
        return sorted(found, key=lambda total: -abs(total.difference))

    def world(self, measure: str, unit: str) -> float:
        """Sum of a measure over places under the policy that is compared with."""
        return sum(total.base for total in self.of(measure, unit))


def measured(run: RunFolder, policy: str, against: str, year: int) -> Measured:
    """Measure everything that an answer may tell.

    Raises
    ------
    QueryError
        An unknown policy, a year outside the run, or no run that both policies have finished.
    """
    pairs = common_pairs(run, run.require_policy(policy), run.require_policy(against))
    shown = run.require_year(year)
    held = [name for name in _MEASURED if name in run.outcomes]
    for name in (policy, against):
        cubes(run, name, held)
    totals = list(_moved(run, (policy, against), shown, pairs))
    for name in held:
        totals += _of_outcome(run, (policy, against), name, shown)
    return Measured(policy, against, shown, pairs, tuple(totals))


@dataclass(frozen=True, slots=True, eq=False)
class _Year:
    """One outcome's year by group and run: float64[G, R] under each policy, and the codes."""

    under: Floats
    without: Floats
    country: NDArray[np.str_]
    product: NDArray[np.str_]
    firm: NDArray[np.str_]

    def total(self, measure: str, unit: str, mask: NDArray[np.bool_], **codes: str) -> Total:
        """Sum of the groups of a mask."""
        return Total(measure, unit, self.under[mask].sum(0), self.without[mask].sum(0), **codes)

    def by_place(self, measure: str, unit: str, mask: NDArray[np.bool_]) -> Iterator[Total]:
        """One total a place."""
        present = set(self.country[mask])
        for code in (code for code in COUNTRIES if code in present):
            yield self.total(measure, unit, mask & (self.country == code), country=code)


def _of_outcome(run: RunFolder, both: tuple[str, str], name: str, year: int) -> Iterator[Total]:
    found = paired(run, *both, name)
    if not found.groups:
        return
    yearly = found.yearly()
    at = np.flatnonzero(yearly.periods.astype("datetime64[Y]").astype(int) + 1970 == year)
    under, without = (np.nan_to_num(values[:, at].sum(1)) for values in (yearly.a, yearly.b))
    codes = [yearly.group_codes(key) for key in ("country", "product", "firm")]
    yield from _MEASURED[name](_Year(under, without, *codes))
    if name == "tool_sales_usd":
        yield _so_far(yearly, year)


def _so_far(yearly: Paired, year: int) -> Total:
    """Sales of chip tools in China up to the end of a year."""
    china = yearly.group_codes("country") == "CN"
    past = yearly.periods.astype("datetime64[Y]").astype(int) + 1970 <= year
    under, without = (
        np.nan_to_num(values[china][:, past]).sum((0, 1)) for values in (yearly.a, yearly.b)
    )
    return Total("tool_sales_so_far", MONEY_UNIT, under, without, country="CN")


def _output(year: _Year) -> Iterator[Total]:
    vehicles = np.isin(year.product, VEHICLES)
    yield from year.by_place("output", VEHICLES_UNIT, vehicles)
    yield from year.by_place("output", GOODS_UNIT, ~vehicles & (year.product != "chip_tools"))


def _duty(year: _Year) -> Iterator[Total]:
    return year.by_place("duty", MONEY_UNIT, np.ones(len(year.under), dtype=bool))


def _whole(measure: str) -> Callable[[_Year], Iterator[Total]]:
    def found(year: _Year) -> Iterator[Total]:
        yield year.total(measure, MONEY_UNIT, np.ones(len(year.under), dtype=bool))

    return found


def _tool_sales(year: _Year) -> Iterator[Total]:
    china = year.country == "CN"
    yield from year.by_place("tool_sales", MONEY_UNIT, np.ones(len(china), dtype=bool))
    for maker in dict.fromkeys(year.firm[china]):
        codes = {"country": "CN", "firm": str(maker)}
        mask = china & (year.firm == maker)
        yield year.total("tool_sales_by_firm", MONEY_UNIT, mask, **codes)


_MEASURED: dict[str, Callable[[_Year], Iterator[Total]]] = {
    "output": _output,
    "duty_usd": _duty,
    "operating_profit_usd": _whole("profit"),
    "tool_sales_usd": _tool_sales,
    "denied_usd": _whole("tools_refused"),
    "backlog_usd": _whole("tools_waiting"),
    "diverted_usd": _whole("tools_diverted"),
    "chinese_tools_usd": _whole("chinese_tools"),
}
"""Outcome -> the totals that are made of it."""


def _moved(
    run: RunFolder, both: tuple[str, str], year: int, pairs: tuple[Pair, ...]
) -> Iterator[Total]:
    """Net moves that operate by the end of ``year``: by place left, by route and by firm."""
    frames = [_moves(run, policy, year, pairs) for policy in both]
    for counted in (VEHICLES_UNIT, GOODS_UNIT):
        own = [frame[frame["vehicles"] == (counted == VEHICLES_UNIT)] for frame in frames]
        every = pd.concat(own)
        left = sorted({*every["from_country"], *every["to_country"]})
        for origin in left:
            codes = {"from_country": origin}
            yield Total("moved_out", counted, *_net(own, pairs, codes), **codes)
            for place in left:
                if place != origin and _met(every, origin, place):
                    way = codes | {"country": place}
                    yield Total("moved", counted, *_net(own, pairs, way), **way)
            for firm in sorted(set(every.loc[every["from_country"] == origin, "firm"])):
                mine = codes | {"firm": firm}
                yield Total("moved_by_firm", counted, *_net(own, pairs, mine), **mine)


def _moves(run: RunFolder, policy: str, year: int, pairs: tuple[Pair, ...]) -> pd.DataFrame:
    rows = run.sql(_MOVED, {"policy": policy, "year": year})
    shared = pd.MultiIndex.from_tuples(pairs)
    own = pd.MultiIndex.from_frame(rows[["scenario", "replication"]])
    rows["pair"] = shared.get_indexer(own)
    return rows[rows["pair"] >= 0]


def _met(moves: pd.DataFrame, one: str, other: str) -> bool:
    ends = moves["from_country"].isin([one, other]) & moves["to_country"].isin([one, other])
    return bool(ends.any())


def _net(
    frames: list[pd.DataFrame], pairs: tuple[Pair, ...], codes: dict[str, str]
) -> tuple[Floats, Floats]:
    """What left a place, less what came back to it, float64[R] under each policy."""
    found = []
    origin, place, firm = (codes.get(key) for key in ("from_country", "country", "firm"))
    for frame in frames:
        own = frame if firm is None else frame[frame["firm"] == firm]
        there = own["to_country"] == place if place else True
        back = own["from_country"] == place if place else True
        sign = ((own["from_country"] == origin) & there).astype(float)
        sign -= ((own["to_country"] == origin) & back).astype(float)
        weight = (sign * own["units"]).to_numpy(np.float64)
        found.append(np.bincount(own["pair"], weight, len(pairs)).astype(np.float64))
    return found[0], found[1]
