"""Outcomes as an IAMC table, the wide CSV that pyam and scenario databases read.

One row is a model, a scenario (our policy), a region, a variable and a unit; one column a year.
Over runs a row holds the mean; two more rows hold the 2.5th and 97.5th percentile.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRY_NAMES
from sim.results.comparing.compare import present_outcomes
from sim.results.comparing.cube import cubes
from sim.results.comparing.pairs import Paired, paired
from sim.results.run_folder.files import write_text
from sim.results.run_folder.query import RunFolder
from sim.tables import Group, OutcomeMeaning

MODEL = "Kyoten"
COLUMNS = ("model", "scenario", "region", "variable", "unit")
STATISTICS = (("", None), ("|2.5th Percentile", 2.5), ("|97.5th Percentile", 97.5))


def export_iamc(
    run: RunFolder,
    path: str | Path,
    outcomes: Sequence[str] | None = None,
    policies: Sequence[str] | None = None,
) -> int:
    """Write yearly outcomes of every policy as an IAMC CSV; returns the number of rows.

    Where scenarios vary, an IAMC scenario is ``policy|scenario``.

    Raises
    ------
    QueryError
        An unknown policy or outcome.
    WriteError
        The file cannot be written.
    """
    names = [run.require_outcome(name).name for name in outcomes or present_outcomes(run)]
    chosen = [run.require_policy(policy) for policy in policies or run.policies]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *run.years])
    count = 0
    for policy in chosen:
        cubes(run, policy, names)
        for name in names:
            for row in _rows(policy, paired(run, policy, policy, name).yearly(), run.years):
                writer.writerow(row)
                count += 1
    write_text(Path(path), text.getvalue())
    return count


def _rows(policy: str, both: Paired, years: Sequence[int]) -> Iterator[list[object]]:
    held = (both.periods.astype("datetime64[Y]").astype(int) + 1970).tolist()
    for scenario in dict.fromkeys(scenario for scenario, _ in both.pairs):
        runs = [index for index, pair in enumerate(both.pairs) if pair[0] == scenario]
        label = policy if scenario == "base" else f"{policy}|{scenario}"
        for g, group in enumerate(both.groups):
            region, variable, unit = _names(both.outcome, group)
            for suffix, level in STATISTICS:
                values = dict(zip(held, _statistic(both.a[g][:, runs], level), strict=True))
                cells = [values.get(year) for year in years]
                told = ["" if v is None or np.isnan(v) else f"{v:.10g}" for v in cells]
                yield [MODEL, label, region, variable + suffix, unit, *told]


def _statistic(values: NDArray[np.float64], level: float | None) -> list[float]:
    """Mean or percentile over runs, by period."""
    found: NDArray[np.float64] = (
        values.mean(axis=1) if level is None else np.percentile(values, level, axis=1)
    )
    return [float(value) for value in found]


def _names(outcome: OutcomeMeaning, group: Group) -> tuple[str, str, str]:
    """Region, variable and unit of an outcome's group.

    >>> output = OutcomeMeaning("output", "units a month", "flow", ("product", "country"), "made")
    >>> _names(output, Group(product="cars", country="VN"))
    ('Vietnam', 'Output|Cars', 'vehicles/yr')
    """
    codes = group.told
    country = codes.pop("country", "")
    words = [outcome.name, *codes.values()]
    variable = "|".join(word.replace("_", " ").capitalize() for word in words)
    amount, per = outcome.unit_of("year", group.product)
    counted = amount.replace("USD of 2017", "USD_2017")
    region = COUNTRY_NAMES.get(country, country) or "World"
    return region, variable, f"{counted}/yr" if per else counted
