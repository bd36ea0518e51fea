"""Relocations that a policy gains, loses or shifts in time against another, run by run.

An event is a firm's move of a product from one country to another for a market by a kind, or its
agreement with a technology partner; when a run has the same event twice, the first is matched with
the first. *Gained* events happen only under the policy, *lost* ones only under the other, *kept*
ones under both (perhaps at another date). Why it is decided does not tell events apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.typing import DataFrameGroupBy

from sim.results.comparing.bootstrap import mean_interval
from sim.results.comparing.pairs import common_pairs
from sim.results.run_folder.query import RunFolder

EVENT = ("firm", "product", "from_country", "to_country", "market", "kind", "partner")
"""Columns that say that two events of two policies are the same."""

_MATCHED = """
WITH numbered AS (
    SELECT *, row_number() OVER (
        PARTITION BY policy, scenario, replication, {event}
        ORDER BY announced_month, units
    ) AS turn
    FROM relocations WHERE policy IN ($policy, $against)
),
a AS (SELECT * FROM numbered WHERE policy = $policy),
b AS (SELECT * FROM numbered WHERE policy = $against)
SELECT
    CASE WHEN b.turn IS NULL THEN 'gained' WHEN a.turn IS NULL THEN 'lost' ELSE 'kept' END
        AS change,
    scenario, replication, {event},
    coalesce(a.reason, b.reason) AS reason,
    coalesce(a.units, b.units) AS units,
    coalesce(a.announced_month, b.announced_month) AS announced_month,
    date_diff('month', b.announced_month, a.announced_month) AS months_later
FROM a FULL JOIN b USING (scenario, replication, {event}, turn)
ORDER BY ALL
"""

COLUMNS = (
    "change",
    *EVENT,
    "reason",
    "decisions",
    "low",
    "high",
    "units",
    "announced_month",
    "months_later",
)


def relocation_changes(run: RunFolder, policy: str, against: str) -> pd.DataFrame:
    """Relocations gained, lost and kept, most frequent first.

    What some runs gain and others lose is one row, gained or lost by what remains; nothing is told
    where nothing remains. Columns :data:`COLUMNS`: ``reason`` is the most frequent one,
    ``decisions`` the mean number a run (with its precision ``low``, ``high``), ``units`` the mean
    yearly units a run, ``announced_month`` the median month, ``months_later`` the mean delay of
    kept ones under ``policy`` (NaN for the others).
    """
    pairs = common_pairs(run, policy, against)
    events = _net(matched_events(run, policy, against))
    if events.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    by = ["change", *EVENT]
    grouped = events.groupby(by, sort=True, observed=True)
    counts = per_pair(events, _series(grouped), grouped.ngroups, len(pairs), "sign")
    told = events[events["sign"] > 0].groupby(by, sort=True, observed=True)
    frame = told.agg(
        reason=("reason", _most_frequent), months_later=("months_later", "mean")
    ).reset_index()
    frame["units"] = grouped["net_units"].sum().to_numpy() / len(pairs)
    months = events.loc[events["sign"] > 0, "announced_month"].to_numpy()
    frame["announced_month"] = _medians(_series(told), months)
    frame["decisions"], frame["low"], frame["high"] = mean_interval(counts)
    frame = frame.sort_values(["change", "decisions"], ascending=[True, False], kind="stable")
    return frame[list(COLUMNS)].reset_index(drop=True)


def _net(events: pd.DataFrame) -> pd.DataFrame:
    """Events with the ``change`` that remains over all runs, and ``sign`` -1 where a row's differs.

    ``net_units`` are its units with that sign.
    """
    signed = events["change"].map({"gained": 1.0, "lost": -1.0, "kept": 0.0}).astype(float)
    keys = [events[name] for name in EVENT]
    remains = signed.groupby(keys, sort=False).transform("sum")
    kept = events["change"] == "kept"
    change = np.where(kept, "kept", np.where(remains > 0, "gained", "lost"))
    sign = np.where(change == events["change"], 1.0, -1.0)
    found = events.assign(change=change, sign=sign, net_units=sign * events["units"])
    return found[kept | (remains != 0)].reset_index(drop=True)


def _series(grouped: DataFrameGroupBy[Any, Any]) -> NDArray[np.int64]:
    return np.asarray(grouped.ngroup(), dtype=np.int64)


def _most_frequent(reasons: pd.Series) -> str:
    """The most frequent reason; of equally frequent ones the first by name."""
    counts = reasons.value_counts()
    return str(min(counts[counts == counts.max()].index))


def _medians(series: NDArray[np.int64], months: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Lower median of the months of every series."""
    order = np.lexsort((months, series))
    counts = np.bincount(series)
    first = np.cumsum(counts) - counts
    middle: NDArray[np.datetime64] = months[order[first + (counts - 1) // 2]]
    return middle


def matched_events(run: RunFolder, policy: str, against: str) -> pd.DataFrame:
    """Every event of the runs that both policies share, with its ``change``.

    ``pair`` is the run's place in :func:`sim.results.comparing.pairs.common_pairs`.
    """
    event = ", ".join(EVENT)
    both = {"policy": policy, "against": against}
    events = run.sql(_MATCHED.format(event=event), both)
    shared = pd.MultiIndex.from_tuples(common_pairs(run, policy, against))
    own = pd.MultiIndex.from_frame(events[["scenario", "replication"]])
    events["pair"] = shared.get_indexer(own)
    return events[events["pair"] >= 0].reset_index(drop=True)


def per_pair(
    events: pd.DataFrame,
    series: NDArray[np.int64],
    length: int,
    pairs: int,
    column: str | None = None,
) -> NDArray[np.float64]:
    """Count (or sum of ``column``) of events by series and pair, float64[series, R]."""
    cell = series * pairs + events["pair"].to_numpy(np.int64)
    weights = None if column is None else events[column].to_numpy(np.float64)
    cells = np.bincount(cell, weights=weights, minlength=length * pairs)
    return cells.reshape(length, pairs).astype(np.float64)
