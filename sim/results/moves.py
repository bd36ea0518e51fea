"""Relocations that a policy gains, loses or shifts in time against another, run by run.

An event is a firm's move of a product from one country to another for a market by a kind; when a
run has the same event twice, the first is matched with the first. *Gained* events happen only under
the policy, *lost* ones only under the other, *kept* ones under both (perhaps at another date).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.results.bootstrap import mean_interval
from sim.results.pairs import Pair, common_pairs
from sim.results.query import RunFolder

EVENT = ("firm", "product", "from_country", "to_country", "market", "kind")
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
    "change", *EVENT, "reason", "decisions", "low", "high", "units", "announced_month",
    "months_later",
)  # fmt: skip


def relocation_changes(run: RunFolder, policy: str, against: str) -> pd.DataFrame:
    """Relocations gained, lost and kept, most frequent first.

    Columns :data:`COLUMNS`: ``decisions`` is the mean number a run (with its 95 % interval ``low``,
    ``high``), ``units`` the mean yearly units a run, ``announced_month`` the median month,
    ``months_later`` the mean delay of kept ones under ``policy`` (NaN for the others).
    """
    pairs = common_pairs(run, policy, against)
    events = matched_events(run, policy, against)
    if events.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    by = ["change", *EVENT, "reason"]
    grouped = events.groupby(by, sort=True, observed=True)
    frame = grouped.agg(
        units=("units", "sum"),
        announced_month=("announced_month", lambda m: m.quantile(0.5, interpolation="lower")),
        months_later=("months_later", "mean"),
    ).reset_index()
    frame["units"] /= len(pairs)
    counts = per_pair(events, np.asarray(grouped.ngroup(), dtype=np.int64), len(frame), pairs)
    frame["decisions"], frame["low"], frame["high"] = mean_interval(counts)
    frame = frame.sort_values(["change", "decisions"], ascending=[True, False], kind="stable")
    return frame[list(COLUMNS)].reset_index(drop=True)


def matched_events(run: RunFolder, policy: str, against: str) -> pd.DataFrame:
    """Every event of the runs that both policies share, with its ``change``."""
    event = ", ".join(EVENT)
    both = {"policy": policy, "against": against}
    events = run.sql(_MATCHED.format(event=event), both)
    shared = pd.MultiIndex.from_tuples(common_pairs(run, policy, against))
    own = pd.MultiIndex.from_frame(events[["scenario", "replication"]])
    return events[own.isin(shared)].reset_index(drop=True)


def per_pair(
    events: pd.DataFrame,
    series: NDArray[np.int64],
    length: int,
    pairs: tuple[Pair, ...],
    column: str | None = None,
) -> NDArray[np.float64]:
    """Count (or sum of ``column``) of events by series and pair, float64[series, R]."""
    index = pd.MultiIndex.from_tuples(pairs)
    r = index.get_indexer(pd.MultiIndex.from_frame(events[["scenario", "replication"]]))
    weights = None if column is None else events[column].to_numpy(np.float64)
    cells = np.bincount(series * len(pairs) + r, weights=weights, minlength=length * len(pairs))
    return cells.reshape(length, len(pairs)).astype(np.float64)
