"""What a policy changes in a maker's sales of chip tools on balance, over every future of a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.arrays import Flags, Floats
from sim.results.answer.speech import listed, quoted
from sim.results.comparing.chip_tools import sells_tools
from sim.results.comparing.futures import spreads
from sim.results.comparing.pairs import Paired, paired
from sim.results.numbers import between, money
from sim.results.run_folder.query import RunFolder

WORDS = {
    "diverted_usd": "come over from American makers who were refused",
    "denied_usd": "are refused or withdrawn",
    "turned_away_usd": "are turned away beyond the law",
    "backlog_usd": "wait at the end",
}
"""Outcome that moves sales -> what becomes of the orders."""
LEAST_PART = 0.01
"""Part of the change of sales from which one of :data:`WORDS` is told."""


@dataclass(frozen=True, slots=True)
class SalesChange:
    """Sales of a maker since the policies differ; nominal USD, means over all paired futures.

    ``china`` and ``world`` hold ``level`` and ``base`` (the other policy) with
    :data:`sim.results.comparing.futures.SPREAD`; ``parts`` the differences of :data:`WORDS`.
    """

    first: str
    last: str
    futures: int
    china: dict[str, float]
    world: dict[str, float]
    parts: dict[str, float]

    def row(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        return asdict(self)

    def sentence(self, firm: str, under: str, other: str) -> str:
        """Tell it in words: ``firm`` is a name, ``under`` and ``other`` are titles."""
        change = abs(self.china["difference"])
        parts = [
            f"{money(abs(value))} {'more' if value > 0 else 'less'} {WORDS[name]}"
            for name, value in self.parts.items()
            if value and abs(value) >= LEAST_PART * change
        ]
        because = f" Of the orders, {listed(parts)}." if parts else ""
        return (
            f"{firm} sells {_told(self.china)} in China under {quoted(under)} than under"
            f" {quoted(other)}, {self.first[:7]} to {self.last[:7]}, and {_told(self.world)} in"
            f" all.{because} China: {_spread(self.china)}; all: {_spread(self.world)}"
            f" ({_all(self.futures)})."
        )


def _all(futures: int) -> str:
    return "the one future that both policies have" if futures == 1 else f"all {futures} futures"


def _told(change: dict[str, float]) -> str:
    more = "more" if change["difference"] >= 0 else "less"
    return f"{money(abs(change['difference']))} {more}"


def _spread(change: dict[str, float]) -> str:
    told = f"{money(change['level'])} against {money(change['base'])}"
    future = between(change["futures_low"], change["futures_high"])
    mean = between(change["low"], change["high"])
    if not future or not mean:
        return told
    return f"{told}, range of futures {future} USD, precision of the mean {mean} USD"


def sales_change(run: RunFolder, firm: str, policy: str, against: str) -> SalesChange | None:
    """Compare the sales of a maker (by id); None for one without tools, or where nothing differs.

    Raises
    ------
    QueryError
        No such policy in this run, or no future that both policies have finished.
    """
    if policy == against or not sells_tools(run):
        return None
    sales = paired(run, policy, against, "tool_sales_usd")
    own = sales.group_codes("firm") == firm
    differs = np.flatnonzero((sales.difference[own] != 0.0).any(axis=(0, 2)))
    if not differs.size:
        return None
    first = int(differs[0])
    china = own & (sales.group_codes("country") == "CN")
    parts = {name: paired(run, policy, against, name) for name in WORDS}
    months = sales.periods.astype("datetime64[D]").astype(str)
    return SalesChange(
        first=str(months[first]),
        last=str(months[-1]),
        futures=len(sales.pairs),
        china=_change(sales, china, first),
        world=_change(sales, own, first),
        parts={name: _part(one, firm, sales.periods[first]) for name, one in parts.items()},
    )


def _change(sales: Paired, chosen: Flags, first: int) -> dict[str, float]:
    ours, theirs = (side[chosen, first:].sum(axis=(0, 1)) for side in (sales.a, sales.b))
    told = {name: float(value) for name, value in spreads(ours - theirs).items()}
    return {"level": float(ours.mean()), "base": float(theirs.mean())} | told


def _part(one: Paired, firm: str, first: np.datetime64) -> float:
    """Mean difference of an outcome since a month: sum of a flow, last month of a stock."""
    own = one.difference[one.group_codes("firm") == firm]
    kept: Floats = own[:, -1:] if one.outcome.is_stock else own[:, one.periods >= first]
    return float(kept.sum(axis=(0, 1)).mean())
