"""What the reference writes down of a month."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Flow:
    """One route's month: units shipped, real and nominal transfer price, duty paid at entry."""

    units: float
    price: float
    price_usd: float
    customs_value_usd: float
    value_usd: float
    duty_usd: float


@dataclass
class PlantMonth:
    """One plant's month: yearly capacity, output of the month."""

    capacity_units: float
    output_units: float


@dataclass
class OutletMonth:
    """One outlet's month: consumer price (2017 = 1), demand, sales and stock at its end."""

    price: float
    demand: float
    sales: float
    stock: float


@dataclass
class FirmMonth:
    """One firm's month in nominal USD: revenue, operating profit, cash so far."""

    revenue_usd: float
    profit_usd: float
    cash_usd: float


@dataclass
class Record:
    """What the tables are compared with; keys are line id and country codes."""

    flows: dict[tuple[str, str, str], Flow] = field(default_factory=dict)
    plants: dict[tuple[str, str], PlantMonth] = field(default_factory=dict)
    firms: dict[str, FirmMonth] = field(default_factory=dict)
    outlets: dict[tuple[str, str], OutletMonth] = field(default_factory=dict)
