"""Duties as dated steps and the instruments behind them, from the run's own tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.arrays import Floats
from sim.axes import COUNTRIES, PRODUCTS
from sim.results.run_folder.query import RunFolder

_LANE = """policy = $policy AND (scenario, replication) = (
    SELECT (scenario, replication) FROM duties WHERE policy = $policy
    ORDER BY scenario, replication LIMIT 1)"""
"""Duties belong to a policy, not to a seed: one lane tells them all."""


SAME = 1e-9
"""Duties nearer than this are one duty: day-weighting leaves rounding in the last digits."""


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


def changing_exporters(steps: pd.DataFrame, count: int = 6) -> dict[str, list[str]]:
    """Find exporters whose duty changes, those that change most, at most ``count``.

    Returns
    -------
    dict
        Exporter, in the order of the axis, to the others that see its duty in every month: they
        are told once, by the first of them.
    """
    known = steps[steps["exporter"].isin(COUNTRIES)]
    wide = known.pivot_table(index="exporter", columns="month", values="rate_share")
    rates = wide.loc[sorted(wide.index, key=COUNTRIES.index)]
    values = rates.to_numpy(dtype=np.float64)
    spread = np.round(values.max(axis=1) - values.min(axis=1), 6)
    found: dict[str, list[str]] = {}
    row_of: dict[str, int] = {}
    for n in np.argsort(-spread, kind="stable"):
        if spread[n] <= SAME:
            continue
        code = str(rates.index[n])
        twin = next((c for c, m in row_of.items() if _same(values[n], values[m])), None)
        if twin is not None:
            found[twin].append(code)
        elif len(found) < count:
            found[code], row_of[code] = [], n
    return {code: sorted(found[code]) for code in sorted(found, key=COUNTRIES.index)}


def _same(one: Floats, other: Floats) -> bool:
    return bool((np.abs(one - other) <= SAME).all())


def instrument_spans(steps: pd.DataFrame) -> pd.DataFrame:
    """Months in which each instrument bears on a duty.

    Returns
    -------
    DataFrame
        ``instrument``, ``start`` and ``end`` (first day of the first month and of the month after
        the last), ``exporters`` (codes, joined by spaces); one row an unbroken span.
    """
    months = pd.DatetimeIndex(steps["month"])
    numbers = months.year * 12 + months.month - 1
    seen: dict[str, dict[int, set[str]]] = {}
    for number, exporter, told in zip(
        numbers, steps["exporter"], steps["instruments"], strict=True
    ):
        for code in filter(None, str(told or "").split(";")):
            seen.setdefault(code, {}).setdefault(number, set()).add(exporter)
    rows = [
        (code, _first(held[0]), _first(held[-1] + 1), " ".join(sorted(_joint(by, held))))
        for code, by in sorted(seen.items())
        for held in _unbroken(sorted(by))
    ]
    return pd.DataFrame(rows, columns=["instrument", "start", "end", "exporters"])


def _unbroken(numbers: list[int]) -> list[list[int]]:
    """Split rising numbers where one is missing."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _joint(by: dict[int, set[str]], numbers: list[int]) -> set[str]:
    return {exporter for number in numbers for exporter in by[number]}


def _first(number: int) -> pd.Timestamp:
    return pd.Timestamp(number // 12, number % 12 + 1, 1)


def rate_steps(steps: pd.DataFrame) -> pd.DataFrame:
    """Keep only the months in which an exporter's duty changes, and its last month."""
    rate = steps.groupby("exporter")["rate_share"]
    changed = ~(rate.diff().abs() <= SAME)
    return steps[changed | (rate.cumcount(ascending=False) == 0)]
