"""Chip tools under two policies: China's part of sales, orders lost, who gains; paired by run.

Money is nominal USD; flows are sums of a calendar year, what waits is December's (the run's last
month in its last year). Shares are 0..1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sim.arrays import Floats
from sim.results.comparing.bootstrap import mean_interval
from sim.results.comparing.cube import cubes
from sim.results.comparing.futures import spreads
from sim.results.comparing.headline import last_whole_year
from sim.results.comparing.pairs import Paired, paired
from sim.results.names import firm_names
from sim.results.run_folder.query import RunFolder

Both = tuple[Floats, Floats]

PEAK = 2023
"""Year of China's greatest purchases on record, shown beside the last one."""
TOGETHER = "Japanese makers together"
ROWS = {
    "lost": "orders refused or withdrawn",
    "turned": "turned away beyond the law",
    "waiting": "waiting at the year's end",
    "diverted": "taken over from US makers",
    "japanese": "Japanese sales in China",
    "chinese": "Chinese makers' sales",
    "local": "Chinese part of purchases",
}
"""Rows of :attr:`ToolTables.orders` and what they tell; all USD but ``local``, a share."""
LEAST_USD, LEAST_SHARE = 1e7, 1e-3
"""Differences below these count as none: ten million USD a year, a tenth of a point."""

_FLOWS = {"lost": "denied_usd", "turned": "turned_away_usd", "diverted": "diverted_usd"}
_OUTCOMES = (
    "tool_sales_usd",
    *_FLOWS.values(),
    "backlog_usd",
    "chinese_tools_usd",
    "localisation_share",
    "china_share",
)


@dataclass(frozen=True, slots=True, eq=False)
class ToolTables:
    """Chip tools of one policy beside another, in the years told.

    ``shares`` has ``maker, year`` and ``orders`` has ``row, year`` (keys of :data:`ROWS`), each
    with ``base`` (the other policy), ``level`` and
    :data:`sim.results.comparing.futures.SPREAD` over paired runs. Makers stand by falling sales,
    all together last.
    """

    policy: str
    against: str
    years: tuple[int, ...]
    runs: int
    shares: pd.DataFrame
    orders: pd.DataFrame

    @property
    def differ(self) -> bool:
        """Whether the policies differ in what export controls do, by more than a trace.

        Japanese sales in China alone do not count: tariffs move them a little, too.
        """
        usd = ~self.orders["row"].isin(["local", "japanese"])
        local = self.orders["row"] == "local"
        money = self.orders.loc[usd, "difference"].abs().max()
        shares = pd.concat([self.shares, self.orders[local]])["difference"].abs().max()
        return bool(money >= LEAST_USD or shares >= LEAST_SHARE)


def tool_tables(
    run: RunFolder, policy: str, against: str | None = None, year: int | None = None
) -> ToolTables | None:
    """Compare chip tools in 2023, if the run has it, and in ``year`` (the last whole one).

    None when the run holds no chip tools.

    Raises
    ------
    QueryError
        An unknown policy, a year outside the run, or no run that both policies have finished.
    """
    other = run.require_policy(run.baseline if against is None else against)
    if not sells_tools(run):
        return None
    for name in (run.require_policy(policy), other):
        cubes(run, name, _OUTCOMES)  # one pass over the files, figures' shares included
    sales = paired(run, policy, other, "tool_sales_usd").yearly()
    held = (sales.periods.astype("datetime64[Y]").astype(int) + 1970).tolist()
    last = last_whole_year(run) if year is None else run.require_year(year)
    years = tuple(sorted({one for one in (PEAK, last) if one in held}))
    at = [held.index(one) for one in years]
    pairs = _pairs(run, policy, other, sales)
    return ToolTables(
        policy=policy,
        against=other,
        years=years,
        runs=len(sales.pairs),
        shares=_shares(run, sales, years, at),
        orders=pd.concat(
            [_rows("row", row, years, a[at], b[at]) for row, (a, b) in pairs.items()],
            ignore_index=True,
        ),
    )


def sells_tools(run: RunFolder) -> bool:
    """Whether the run holds sales of chip tools."""
    query = "SELECT 1 FROM outcomes WHERE outcome = 'tool_sales_usd' AND value > 0 LIMIT 1"
    return not run.sql(query).empty


def makers_by_sales(run: RunFolder) -> list[str]:
    """Makers of chip tools (ids) by falling sales under the baseline, over the whole run.

    One order holds for every policy of a run, so that colours and places do not change.
    """
    rows = run.sql(
        """SELECT firm, sum(value) AS value FROM outcomes
        WHERE policy = $policy AND outcome = 'tool_sales_usd'
        GROUP BY firm ORDER BY value DESC, firm""",
        {"policy": run.baseline},
    )
    return [str(firm) for firm in rows["firm"]]


def _shares(run: RunFolder, sales: Paired, years: Sequence[int], at: Sequence[int]) -> pd.DataFrame:
    """China's part of the yearly sales of every maker, and of all together."""
    firm, names = sales.group_codes("firm"), firm_names(run)
    china = sales.group_codes("country") == "CN"
    own = {names.get(code, code): firm == code for code in makers_by_sales(run)}
    own[TOGETHER] = np.ones(len(firm), dtype=bool)
    found = []
    for maker, rows in own.items():
        a, b = (_ratio(v[rows & china].sum(0), v[rows].sum(0))[at] for v in (sales.a, sales.b))
        found.append(_rows("maker", maker, years, a, b))
    return pd.concat(found, ignore_index=True)


def _pairs(run: RunFolder, policy: str, against: str, sales: Paired) -> dict[str, Both]:
    """Every row of :data:`ROWS` under both policies, float64[years, R] each."""
    china = sales.group_codes("country") == "CN"
    chinese, local, waiting = (
        paired(run, policy, against, name)
        for name in ("chinese_tools_usd", "localisation_share", "backlog_usd")
    )
    found = {
        row: _whole(paired(run, policy, against, name).yearly()) for row, name in _FLOWS.items()
    }
    found["waiting"] = _whole(waiting.yearly())
    found["japanese"] = (sales.a[china].sum(0), sales.b[china].sum(0))
    found["chinese"] = _whole(chinese.yearly())
    found["local"] = _local_part(chinese, local)
    return {row: found[row] for row in ROWS}


def _whole(both: Paired) -> Both:
    """Sum over groups."""
    return both.a.sum(0), both.b.sum(0)


def _local_part(chinese: Paired, local: Paired) -> Both:
    """Chinese makers' part of the purchases of all Chinese buyers, by year.

    A buyer's purchases are what it takes from Chinese makers over their part of it.
    """
    parts = []
    for made, share in ((chinese.a, local.a), (chinese.b, local.b)):
        bought = _ratio(made, share)
        years = [
            replace(chinese, a=values, b=values).yearly().a.sum(0)
            for values in (made, np.nan_to_num(bought))
        ]
        parts.append(_ratio(years[0], years[1]))
    return parts[0], parts[1]


def _ratio(over: Floats, under: Floats) -> Floats:
    """Ratio, NaN where there is nothing to divide by."""
    none = np.full(over.shape, np.nan)
    ratio: Floats = np.divide(over, under, out=none, where=under > 0.0)
    return ratio


def _rows(key: str, name: str, years: Sequence[int], a: Floats, b: Floats) -> pd.DataFrame:
    """Levels and the paired difference of float64[years, R]."""
    return pd.DataFrame(
        {
            key: name,
            "year": list(years),
            "base": mean_interval(b)[0],
            "level": mean_interval(a)[0],
        }
        | spreads(a - b)
    )
