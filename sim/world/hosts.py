"""What a country has to offer plants: what its workers earn, how many there are, how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.world.paths import BASE_YEAR, yearly_path
from sim.world.transport import sailing_days

RESIDUAL = "ROW"
"""No plant of a programme goes there, and no host is known of it."""
_MILLION = 1e6


def host_values(data: Dataset, measure: str) -> Floats:
    """A measure of ``hosts.csv`` in 2017, float64[I]; NaN for the rest of the world."""
    values = np.full(len(COUNTRIES), np.nan)
    for row in data.where("hosts", measure=measure):
        if row.integer("year") == BASE_YEAR:
            values[COUNTRY_INDEX[row.text("country")]] = row.number("value")
    return values


def workforces(data: Dataset, months: Sequence[date]) -> Floats:
    """People at work in manufacturing, float64[I, T]; NaN for the rest of the world."""
    people = np.full((len(COUNTRIES), len(months)), np.nan)
    for i, code in enumerate(COUNTRIES):
        if code != RESIDUAL:
            rows = data.where("hosts", measure="workforce", country=code)
            years = {row.integer("year"): _MILLION * row.number("value") for row in rows}
            people[i] = yearly_path(months, years, log=True)
    return people


def days_from_japan(data: Dataset) -> Floats:
    """Days at sea from headquarters, float64[I]; 0 in Japan."""
    return np.asarray(sailing_days(data)[COUNTRY_INDEX["JP"]])
