"""Moves of plants and programmes, summarised over replications for maps, tables and pages.

A *move* is a row of ``relocations`` that leaves one country for another; capacity that is built or
closed without a counterpart is not a move. Quantities are yearly. A sum is taken within each lane
(scenario, replication) first, zero where nothing moved, and summarised over lanes after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.style import SECTOR_OF
from sim.arrays import Floats
from sim.axes import VEHICLES
from sim.errors import Fault, QueryError
from sim.results.comparing.pairs import paired
from sim.results.run_folder.query import RunFolder
from sim.tables import DRIVERS

DRIVER_COLUMNS: tuple[str, ...] = tuple(f"driver_{name}_usd" for name in DRIVERS)
MOVE_KEYS: tuple[str, ...] = ("firm", "product", "from_country", "to_country", "market", "kind")
"""What makes two moves of different replications the same move."""

_FIRST_YEAR = "month < (SELECT min(month) FROM flows) + INTERVAL 12 MONTH"


@dataclass(frozen=True, slots=True)
class Moves:
    """Every move of one policy: rows of ``relocations`` with ``lane``, ``sector``, ``value_usd``.

    ``lanes`` counts all finished lanes of the policy, also those in which nothing moved; ``last``
    is the last month of the run.
    """

    policy: str
    lanes: int
    table: pd.DataFrame
    last: pd.Timestamp = pd.Timestamp.max


def base_worth(run: RunFolder) -> pd.DataFrame:
    """Worth and price of the first year's shipments, mean over the lanes that keep their flows.

    Returns
    -------
    DataFrame
        ``firm``, ``product``, ``origin``, ``units`` and ``value_usd`` at transfer prices.
    """
    return run.sql(
        f"""SELECT firm, product, origin, sum(units) / n AS units,
                   sum(customs_value_usd) / n AS value_usd
            FROM flows, (SELECT count(DISTINCT (policy, scenario, replication)) AS n FROM flows)
            WHERE {_FIRST_YEAR} GROUP BY firm, product, origin, n ORDER BY firm, product, origin"""
    )


def load_moves(run: RunFolder, policy: str, base: pd.DataFrame) -> Moves:
    """Every move of ``policy`` with its worth at base-year transfer prices.

    ``base`` is :func:`base_worth`. Goods are counted in USD at 2017 prices already; vehicles are
    worth the firm's own mean transfer price of the first year, or their product's where the firm
    sold none.

    Raises
    ------
    QueryError
        The policy is not known or has no finished run.
    """
    finished = sorted(run.lanes().get(run.require_policy(policy), frozenset()))
    if not finished:
        wrong = f"`{policy}` has no finished run yet"
        raise QueryError(Fault(str(run.path), "", wrong, "finish it with --resume"))
    lanes = pd.DataFrame(finished, columns=["scenario", "replication"])
    lanes["lane"] = range(len(lanes))
    rows = run.sql(
        """SELECT * FROM relocations WHERE policy = $policy AND from_country <> ''
           AND to_country <> '' AND from_country <> to_country""",
        {"policy": policy},
    )
    table = rows.merge(lanes, on=["scenario", "replication"], how="inner")
    table["sector"] = table["product"].map(SECTOR_OF)
    table["value_usd"] = table["units"] * _unit_worth(table, base)
    return Moves(policy, len(lanes), table, pd.Timestamp(run.manifest.last_month))


def _unit_worth(table: pd.DataFrame, base: pd.DataFrame) -> pd.Series[float]:
    own = base.groupby(["firm", "product"])[["value_usd", "units"]].sum()
    typical = base.groupby("product")[["value_usd", "units"]].sum()
    lookup = table[["firm", "product"]]
    price = lookup.merge(
        (own["value_usd"] / own["units"]).rename("own").reset_index(), how="left"
    ).merge((typical["value_usd"] / typical["units"]).rename("typical").reset_index(), how="left")
    usd = price["own"].fillna(price["typical"])
    return usd.where(price["product"].isin(VEHICLES), 1.0).set_axis(table.index)


def over_lanes(moves: Moves, keys: list[str], table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Sum worth within each lane and summarise over all lanes of the policy.

    Returns
    -------
    DataFrame
        ``keys``; ``value_usd`` (mean), ``low``, ``median``, ``high`` (10, 50, 90 %), mean ``units``
        and mean number of ``moves``.
    """
    rows = moves.table if table is None else table
    grouped = rows.groupby(keys, sort=True, observed=True)
    found = grouped.size().rename("moves").reset_index()
    shape = (len(found), moves.lanes)
    cell = grouped.ngroup().to_numpy() * moves.lanes + rows["lane"].to_numpy()

    def summed(column: str) -> Floats:
        weights = rows[column].to_numpy(dtype=np.float64)
        total = np.bincount(cell, weights, minlength=shape[0] * shape[1])
        return total.astype(np.float64).reshape(shape)

    worth = summed("value_usd")
    found["value_usd"] = worth.mean(axis=1)
    found["low"], found["median"], found["high"] = np.quantile(worth, [0.1, 0.5, 0.9], axis=1)
    found["units"] = summed("units").mean(axis=1)
    found["moves"] = found["moves"] / moves.lanes
    return found


def arcs(moves: Moves, every: str = "year") -> pd.DataFrame:
    """Worth that moved from country to country, by sector and period of first output.

    Moves that are decided but open after the run has ended are left out.

    Returns
    -------
    DataFrame
        ``period`` (first day of the ``month`` or ``year``), ``from_country``, ``to_country``,
        ``sector`` and the columns of :func:`over_lanes`.
    """
    opened = pd.to_datetime(moves.table["operating_month"])
    starts = opened if every == "month" else opened.dt.to_period("Y").dt.start_time
    rows = moves.table.assign(period=starts)[opened <= moves.last]
    return over_lanes(moves, ["period", "from_country", "to_country", "sector"], rows)


def left_behind(run: RunFolder, policy: str, base: pd.DataFrame, year: int) -> pd.DataFrame:
    """Programmes moved out of China that are in force at the end of ``year``.

    ``base`` is :func:`base_worth`.

    Returns
    -------
    DataFrame
        ``product``, ``country`` (where they went; ``all`` for the sum), ``value_usd`` (mean over
        runs, USD of yearly output at base-year transfer prices), ``low`` and ``high`` (10-90 %).
        Largest products first.
    """
    both = paired(run, policy, policy, "programmes_from_china").yearly()
    t = np.flatnonzero(both.periods.astype("datetime64[Y]").astype(int) + 1970 == year)
    codes = pd.DataFrame(
        {"firm": "", "product": both.group_codes("product"), "country": both.group_codes("country")}
    )
    worth = both.a[:, t[-1]] * _unit_worth(codes, base).to_numpy()[:, None]
    whole = pd.DataFrame(worth).groupby(codes["product"]).sum()
    rows = pd.concat([codes, pd.DataFrame({"product": whole.index, "country": "all"})])
    found = rows[["product", "country"]].reset_index(drop=True)
    values = np.vstack([worth, whole.to_numpy()])
    found["value_usd"] = values.mean(axis=1)
    found["low"], found["high"] = np.quantile(values, [0.1, 0.9], axis=1)
    rank = found["product"].map(whole.mean(axis=1))
    return found.loc[rank.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def move_table(moves: Moves, against: Moves | None = None) -> pd.DataFrame:
    """Every distinct move (:data:`MOVE_KEYS`), how often it happens and why.

    Returns
    -------
    DataFrame
        The identifying columns; ``share`` of lanes in which it happens, ``share_against`` under
        the other policy (NaN without one); means over its occurrences of ``value_usd``, ``units``,
        ``sunk_cost_usd``, ``option_value_usd``, ``hurdle`` and every driver in USD a year; median
        ``announced_month`` and ``operating_month``; the most frequent ``reason``. By falling
        expected worth.
    """
    keys = list(MOVE_KEYS)
    numbers = ["value_usd", "units", "sunk_cost_usd", "option_value_usd", "hurdle"]
    groups = moves.table.groupby(keys, observed=True)
    found = groups[[*numbers, *DRIVER_COLUMNS]].mean()
    found["share"] = groups["lane"].nunique() / max(moves.lanes, 1)
    for month in ("announced_month", "operating_month"):
        middle = groups[month].quantile(0.5, interpolation="lower")
        found[month] = pd.to_datetime(middle)
    found["reason"] = groups["reason"].agg(lambda words: words.mode().iloc[0])
    found["share_against"] = float("nan")
    if against is not None:
        other = against.table.groupby(keys, observed=True)["lane"].nunique()
        found["share_against"] = (other / max(against.lanes, 1)).reindex(found.index).fillna(0.0)
    order = (found["value_usd"] * found["share"]).sort_values(ascending=False, kind="stable")
    return found.loc[order.index].reset_index()


def reasons(moves: Moves) -> pd.DataFrame:
    """Worth that moved by sector and main reason, and what each driver adds to the moves' value.

    Returns
    -------
    DataFrame
        ``sector``, ``reason``, ``value_usd`` (USD of yearly output), number of ``moves`` and each
        driver's USD a year: sums over moves, means over lanes.
    """
    rows = moves.table.assign(moves=1.0)
    numbers = ["value_usd", "moves", *DRIVER_COLUMNS]
    found = rows.groupby(["sector", "reason"], observed=True)[numbers].sum()
    return (found / max(moves.lanes, 1)).reset_index()
