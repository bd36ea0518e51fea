"""Speed of the law: many rates in one call, and the monthly duties that a run consumes.

Absolute seconds on a shared machine are noisy; the ratio to one rate at a time is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from sim.axes import COUNTRIES, PRODUCTS, month_range
from sim.law.law import Law, load_law
from sim.law.rates.monthly import monthly
from sim.law.rates.schedule import rate
from sim.law.rates.tabular import rates

ROWS = 100_000
SINGLE = 500


def random_lanes(rows: int, seed: int = 1) -> pd.DataFrame:
    """Lanes and dates drawn evenly: ``exporter, importer, product, on``."""
    rng = np.random.default_rng(seed)
    places = np.array([code for code in COUNTRIES if code != "ROW"])
    first = date(2017, 1, 1)
    days = rng.integers(0, 3600, rows)
    return pd.DataFrame({
        "exporter": rng.choice(places, rows),
        "importer": rng.choice(places, rows),
        "product": rng.choice(np.array(PRODUCTS), rows),
        "on": [(first + timedelta(days=int(day))).isoformat() for day in days],
    })  # fmt: skip


def measure() -> list[tuple[str, str]]:
    """Rows of the table: what was timed, and the figure."""
    law = load_law()
    lanes = random_lanes(ROWS)
    rates(law, lanes.head(100))
    many = _seconds(lambda: rates(law, lanes))
    singles = _seconds(lambda: _one_by_one(law, lanes.head(SINGLE)))
    months = month_range(date(2017, 1, 1), date(2030, 12, 1))
    cube = _seconds(lambda: monthly(law, months))
    ratio = singles / SINGLE / (many / ROWS)
    return [
        (f"{ROWS:,} rates in one call", f"{many:.2f} s"),
        ("one rate at a time against one call", f"{ratio:,.0f} times"),
        ("duties of 168 months [J, I, K]", f"{cube:.2f} s"),
    ]


def _one_by_one(law: Law, lanes: pd.DataFrame) -> None:
    for row in lanes.itertuples(index=False):
        if row.exporter != row.importer:
            rate(law, row.exporter, row.importer, row.product, date.fromisoformat(row.on))


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    for what, figure in measure():
        print(f"{what:45} {figure}")


if __name__ == "__main__":
    main()
