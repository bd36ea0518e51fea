"""Outcomes as an IAMC table, the wide form that pyam and scenario databases read.

One row is a model, a scenario (our policy), a region, a variable and a unit; one column a year. A
row holds the mean over runs; four more bound the two spreads, each named by what it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.arrays import Floats
from sim.axes import COUNTRY_NAMES
from sim.meanings import Group, OutcomeMeaning
from sim.results.comparing.pairs import Paired
from sim.results.exporting.spreads import Chosen, Spread, pairs_of, spread

MODEL = "Kyoten"
COLUMNS = ("model", "scenario", "region", "variable", "unit")
PRECISION = ("Precision of Mean|Low", "Precision of Mean|High")
FUTURES = ("10th Percentile", "90th Percentile")
"""Last parts of a variable: bounds of the mean's precision, and of the range of futures."""


def iamc_table(asked: Chosen) -> pd.DataFrame:
    """Yearly outcomes in the IAMC form; years are columns named by whole numbers.

    All runs stand under the policy's name, or under ``policy - against`` for differences (as
    pyam's ``subtract`` over scenarios would name them); where uncertainties vary, each of their
    draws stands under ``policy|draw`` beside them.
    """
    years = list(asked.run.years)
    rows = [
        [MODEL, *told, *(found.get(year, np.nan) for year in years)]
        for policy in asked.policies
        for both in pairs_of(asked, policy)
        for told, found in _rows(asked, policy, both)
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, *years])


def _rows(
    asked: Chosen, policy: str, both: Paired
) -> Iterator[tuple[tuple[str, str, str, str], dict[int, float]]]:
    """Scenario, region, variable and unit of every row, with its values by year."""
    draws = list(dict.fromkeys(draw for draw, _ in both.pairs))
    label = policy if asked.against is None else f"{policy} - {asked.against}"
    kept = {label: both.pairs}
    if len(draws) > 1:
        kept |= {f"{label}|{d}": tuple(pair for pair in both.pairs if pair[0] == d) for d in draws}
    for scenario, pairs in kept.items():
        found = spread(both, asked.against, pairs)
        years = (found.periods.astype("datetime64[Y]").astype(np.int64) + 1970).tolist()
        for g, group in enumerate(found.groups):
            region, variable, unit = _names(found.outcome, group)
            for suffix, values in _statistics(found):
                name = f"{variable}|{suffix}" if suffix else variable
                yield (
                    (scenario, region, name, unit),
                    dict(zip(years, values[g].tolist(), strict=True)),
                )


def _statistics(found: Spread) -> list[tuple[str, Floats]]:
    """What each row of a group holds; one run alone has a mean and no spread."""
    if found.runs < 2:
        return [("", found.mean)]
    return [
        ("", found.mean),
        *zip(PRECISION, found.precision, strict=True),
        *zip(FUTURES, found.futures, strict=True),
    ]


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
