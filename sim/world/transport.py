"""Freight, months at sea and claims of trade preferences, by route."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX, VEHICLES
from sim.data.dataset import Dataset
from sim.world.footprint import preference_group
from sim.world.lines import Line

DAYS_A_MONTH = 365.25 / 12.0
MOST_MONTHS = 2


def freight_rates(data: Dataset) -> dict[str, float]:
    """Rates of ``freight_rates.csv`` by name."""
    return {row.text("rate"): row.number("value") for row in data["freight_rates"]}


def sailing_days(data: Dataset) -> Floats:
    """Days at sea, float64[I, J]; NaN over land, 0 at home."""
    days = np.zeros((len(COUNTRIES), len(COUNTRIES)))
    for row in data["connections"]:
        one, other = COUNTRY_INDEX[row.text("origin")], COUNTRY_INDEX[row.text("market")]
        value = np.nan if row.text("mode") == "land" else row.number("sailing_days")
        days[one, other] = days[other, one] = value
    return days


def sea_months(data: Dataset) -> NDArray[np.int64]:
    """Whole months from plant to stock, int64[I, J], 0..2: sailing and port days, rounded."""
    days, rates = sailing_days(data), freight_rates(data)
    at_sea = np.isfinite(days) & (days > 0.0)
    months = np.where(at_sea, np.rint((days + rates["port_days"]) / DAYS_A_MONTH), 0.0)
    return np.minimum(months, MOST_MONTHS).astype(np.int64)


def freight_shares(data: Dataset, lines: tuple[Line, ...]) -> Floats:
    """Freight over ex-works price in 2017, float64[N, I, J]; 0 at home.

    Vehicles pay by the piece; other goods share a 40-foot box of the class's cargo value.
    """
    days, rates = sailing_days(data), freight_rates(data)
    price = {row.text("id"): row.number("price_usd") for row in data["lines"]}
    cargo = {row.text("id"): row.number("cargo_value_usd") for row in data["line_classes"]}
    shares = np.empty((len(lines), *days.shape))
    for n, line in enumerate(lines):
        kind = "car" if line.product in VEHICLES else "box"
        worth = price[line.id] if kind == "car" else cargo[line.line_class]
        sea = rates[f"{kind}_sea_fixed_usd"] + rates[f"{kind}_sea_usd_per_day"] * days
        cost = np.where(np.isnan(days), rates[f"{kind}_land_usd"], sea)
        np.fill_diagonal(cost, 0.0)
        shares[n] = cost / worth
    return shares


def preference_shares(data: Dataset, lines: tuple[Line, ...]) -> Floats:
    """Share of the flow that claims the best preference, float64[N, I, J]; 0 without agreement."""
    groups: dict[str, Floats] = {}
    for row in data["preference_shares"]:
        table = groups.setdefault(row.text("group"), np.zeros((len(COUNTRIES), len(COUNTRIES))))
        cell = COUNTRY_INDEX[row.text("origin")], COUNTRY_INDEX[row.text("market")]
        table[cell] = row.number("share")
    return np.stack([groups[preference_group(line.line_class)] for line in lines])
