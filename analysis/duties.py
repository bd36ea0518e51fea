"""Duties as dated steps and the instruments behind them, from the run's own tables."""

from __future__ import annotations

import pandas as pd

from sim.axes import COUNTRIES, PRODUCTS
from sim.results.query import RunFolder

_LANE = """policy = $policy AND (scenario, replication) = (
    SELECT (scenario, replication) FROM duties WHERE policy = $policy
    ORDER BY scenario, replication LIMIT 1)"""
"""Duties belong to a policy, not to a seed: one lane tells them all."""


SAME = 1e-9
"""Duties nearer than this are one duty: day-weighting leaves rounding in the last digits."""


def _equal(wide: pd.DataFrame, one: str, other: str) -> bool:
    """Whether two exporters (rows) see one duty in every month (columns)."""
    rates = wide.loc[[one, other]].to_numpy(dtype=float)
    return bool((abs(rates[0] - rates[1]) <= SAME).all())


def duty_lanes(run: RunFolder, policy: str) -> pd.DataFrame:
    """Which duties ever change: ``importer``, ``product``, number of ``exporters`` that see it.

    In the order of the axes.
    """
    found = run.sql(
        f"""SELECT importer, product, count(*) AS exporters FROM (
                SELECT importer, product, exporter FROM duties WHERE {_LANE}
                AND exporter <> importer GROUP BY ALL
                HAVING max(rate_share) - min(rate_share) > {SAME})
            GROUP BY importer, product""",
        {"policy": run.require_policy(policy)},
    )
    rank = found["importer"].map({c: i for i, c in enumerate(COUNTRIES)}) * len(PRODUCTS)
    rank += found["product"].map({p: k for k, p in enumerate(PRODUCTS)})
    return found.loc[rank.sort_values(kind="stable").index].reset_index(drop=True)


def duty_steps(run: RunFolder, policy: str, importer: str, product: str) -> pd.DataFrame:
    """Duty of every exporter month by month: ``month, exporter, rate_share, instruments``."""
    return run.sql(
        f"""SELECT month, exporter, rate_share, instruments FROM duties
            WHERE {_LANE} AND importer = $importer AND product = $product
              AND exporter <> importer ORDER BY exporter, month""",
        {"policy": run.require_policy(policy), "importer": importer, "product": product},
    )


def changing_exporters(steps: pd.DataFrame, count: int = 6) -> list[str]:
    """Find exporters whose duty changes, those that change most first, at most ``count``.

    Places that see the same duty in every month are told once, by the first of them.
    """
    spread = steps.groupby("exporter")["rate_share"].agg(lambda rate: rate.max() - rate.min())
    wide = steps.pivot_table(index="exporter", columns="month", values="rate_share")
    rank = {code: i for i, code in enumerate(COUNTRIES)}
    moving = [str(code) for code in spread[spread > SAME].index if code in rank]
    kept: list[str] = []
    for code in sorted(moving, key=lambda c: (-round(float(spread[c]), 6), rank[c])):
        if not any(_equal(wide, code, other) for other in kept):
            kept.append(code)
    return sorted(kept[:count], key=lambda c: rank[c])


def same_duty(steps: pd.DataFrame, code: str) -> list[str]:
    """Other exporters that see exactly the duty of ``code`` in every month."""
    wide = steps.pivot_table(index="exporter", columns="month", values="rate_share")
    return [
        str(other)
        for other in wide.index
        if other != code and other in COUNTRIES and _equal(wide, str(other), code)
    ]


def instrument_spans(steps: pd.DataFrame) -> pd.DataFrame:
    """Months in which each instrument bears on a duty.

    Returns
    -------
    DataFrame
        ``instrument``, ``start`` and ``end`` (first day of the first month and of the month after
        the last), ``exporters`` (codes, joined by spaces); one row an unbroken span.
    """
    rows = steps.assign(instrument=steps["instruments"].str.split(";")).explode("instrument")
    rows = rows[rows["instrument"].fillna("") != ""].sort_values(["instrument", "month"])
    month = pd.to_datetime(rows["month"]).dt.to_period("M")
    rows = rows.assign(number=month.dt.year * 12 + month.dt.month, start=month.dt.start_time)
    seen = rows.drop_duplicates(["instrument", "number"])
    broken = seen.groupby("instrument")["number"].diff().ne(1).cumsum()
    rows = rows.merge(seen.assign(span=broken)[["instrument", "number", "span"]])
    found = rows.groupby(["span", "instrument"], sort=True).agg(
        start=("start", "min"), last=("start", "max"),
        exporters=("exporter", lambda codes: " ".join(sorted(set(codes)))),
    )  # fmt: skip
    found["end"] = found.pop("last") + pd.DateOffset(months=1)
    return found.reset_index().drop(columns="span")


def rate_steps(steps: pd.DataFrame) -> pd.DataFrame:
    """Keep only the months in which an exporter's duty changes, and its last month."""
    rate = steps.groupby("exporter")["rate_share"]
    changed = ~(rate.diff().abs() <= SAME)
    return steps[changed | (rate.cumcount(ascending=False) == 0)]
