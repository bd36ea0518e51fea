"""Monthly paths from yearly and dated figures; 2017 is the base and stays at its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX, CURRENCIES
from sim.data.dataset import Dataset

BASE_YEAR = 2017
RECORD_ENDS = date(2020, 12, 1)
"""Last month of which sales by market are read where export controls had a part in them later."""
RECORD_CURRENCY = "JPY"
"""Its last known month ends the record of exchange rates."""
_MATCHES = 40


def position(month: date) -> float:
    """Middle of a month in years.

    >>> position(date(2017, 7, 1))
    2017.5416666666667
    """
    return month.year + (month.month - 0.5) / 12.0


def positions(months: Sequence[date]) -> Floats:
    """Middles of months in years, float64[T]."""
    return np.array([position(month) for month in months])


def yearly_path(months: Sequence[date], values: Mapping[int, float], log: bool = False) -> Floats:
    """Path through mid-year values, float64[T]; 2017 is flat, the last year is held.

    Parameters
    ----------
    months
        First days of months.
    values
        Year -> value; 2017 must be there and is the value of every month up to December 2017.
    log
        Interpolate in logarithms (values must be positive).
    """
    return yearly_at(positions(months), values, log)


def yearly_at(
    at: Sequence[float] | Floats, values: Mapping[int, float], log: bool = False
) -> Floats:
    """As :func:`yearly_path` at points in years; the value of a year is at its middle."""
    years = sorted(year for year in values if year > BASE_YEAR)
    knots = [BASE_YEAR + 1.0, *(year + 0.5 for year in years)]
    heights = np.array([values[BASE_YEAR], *(values[year] for year in years)])
    return _through(at, knots, heights, log)


def matched_path(months: Sequence[date], values: Mapping[int, float]) -> Floats:
    """As :func:`yearly_path`, with knots moved until the mean of every year is its value.

    >>> from sim.axes import month_range
    >>> year = month_range(date(2018, 1, 1), date(2018, 12, 1))
    >>> float(matched_path(year, {2017: 1.0, 2018: 1.2, 2019: 1.0}).mean().round(6))
    1.2
    """
    knots = dict(values)
    years = [year for year in sorted(values) if year > BASE_YEAR]
    calendar = {year: [date(year, m, 1) for m in range(1, 13)] for year in years}
    for _ in range(_MATCHES):
        misses = {
            year: values[year] - float(yearly_path(calendar[year], knots).mean()) for year in years
        }
        for year, miss in misses.items():
            knots[year] += miss
    return yearly_path(months, knots)


def dated_path(
    months: Sequence[date], dates: Sequence[date], values: Sequence[float], log: bool = False
) -> Floats:
    """Path through dated values, float64[T]; the first and the last are held outwards."""
    known = [position(day) for day in dates]
    return _through(positions(months), known, np.asarray(values), log)


def _through(
    at: Sequence[float] | Floats, knots: Sequence[float], heights: Floats, log: bool
) -> Floats:
    known = np.log(heights) if log else heights
    path = np.asarray(np.interp(at, knots, known), dtype=np.float64)
    return np.exp(path) if log else path


def exchange_rates(data: Dataset, months: Sequence[date]) -> tuple[Floats, int]:
    """Local currency per USD, float64[I, T], and the number of months that are the record.

    Months between known ones are interpolated, the last known one is held; USD is 1 throughout.
    """
    rates: dict[str, Floats] = {"USD": np.ones(len(months))}
    end = months[0]
    for currency in sorted(set(CURRENCIES.values()) - {"USD"}):
        rows = sorted(data.where("fx_monthly", currency=currency), key=lambda r: r.month("month"))
        dates = [row.month("month") for row in rows]
        rates[currency] = dated_path(months, dates, [row.number("units_per_usd") for row in rows])
        if currency == RECORD_CURRENCY:
            end = dates[-1]
    known = sum(1 for month in months if month <= end)
    return np.stack([rates[CURRENCIES[code]] for code in COUNTRIES]), known


def price_levels(data: Dataset, months: Sequence[date], growth_after: float) -> Floats:
    """Consumer prices over 2017, float64[I, T]; after the record they grow by ``growth_after``."""
    end = max(month.year for month in months)
    years = [_price_years(data, code, end, growth_after) for code in COUNTRIES]
    return np.stack([yearly_path(months, values, log=True) for values in years])


def _price_years(data: Dataset, code: str, end: int, growth_after: float) -> dict[int, float]:
    """Consumer prices of one country by year, to the year after ``end``."""
    values = {
        row.integer("year"): row.number("index_2017")
        for row in data.where("price_levels", country=code)
    }
    last = max(values)
    for year in range(last + 1, end + 2):
        values[year] = values[last] * (1.0 + growth_after) ** (year - last)
    return values


def energy_indices(data: Dataset, months: Sequence[date], growth_after: float) -> Floats:
    """Price of electricity for industry over 2017, local currency, float64[I, T].

    Yearly prices are joined geometrically; after the last one the price moves with the country's
    consumer prices.
    """
    at, end = positions(months), max(month.year for month in months)
    index = np.empty((len(COUNTRIES), len(months)))
    for i, code in enumerate(COUNTRIES):
        rows = data.where("energy_prices", country=code)
        prices = {row.integer("year"): row.number("price") for row in rows}
        known = {year: price / prices[BASE_YEAR] for year, price in prices.items()}
        levels = _price_years(data, code, end, growth_after)
        record = np.minimum(at, max(known) + 0.5)
        after = yearly_at(at, levels, log=True) / yearly_at(record, levels, log=True)
        index[i] = yearly_at(at, known, log=True) * after
    return index


def wage_indices(data: Dataset, months: Sequence[date]) -> Floats:
    """Manufacturing wages in local currency over 2017, float64[I, T]: growth compounds monthly."""
    ends = np.array([month.year + month.month / 12.0 for month in months])
    log = np.zeros((len(COUNTRIES), len(months)))
    for row in data["wage_growth"]:
        first = max(row.integer("from_year"), BASE_YEAR + 1)
        last = np.nan_to_num(row.number("to_year"), nan=np.inf) + 1.0
        years = np.clip(ends, first, max(first, last)) - first
        log[COUNTRY_INDEX[row.text("country")]] += years * np.log1p(row.number("growth_per_year"))
    return np.exp(log)


def freight_path(data: Dataset, months: Sequence[date]) -> Floats:
    """Ocean freight over 2017, float64[T]."""
    rows = data["freight_index"]
    dates = [row.month("month") for row in rows]
    return dated_path(months, dates, [row.number("index_2017") for row in rows], log=True)


def content_relief(data: Dataset, months: Sequence[date]) -> Floats:
    """Share of US-content claims that customs has accepted, float64[T]."""
    rows = data["content_relief"]
    return dated_path(
        months, [row.month("month") for row in rows], [row.number("share") for row in rows]
    )
