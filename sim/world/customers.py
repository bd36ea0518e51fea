"""Chip makers as buyers of tools: who buys what, where, of which classes, and from whom else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.data.schema import NODE_GROUPS
from sim.world.paths import BASE_YEAR, RECORD_ENDS, yearly_path

if TYPE_CHECKING:
    from sim.world.lines import Line


SERVICE_CLASS = "3B991"
"""Class of parts and service: specially designed parts of tools are in no stricter entry."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A chip maker, or what the named ones of a market leave.

    ``market`` is a simulated place, ``place`` the country that the law is asked for, ``control``
    the buyer in the law's table, ``node_group`` one of :data:`sim.data.schema.NODE_GROUPS`.
    """

    id: str
    name: str
    market: str
    place: str
    control: str
    node_group: str


@dataclass(frozen=True, slots=True, eq=False)
class ToolMarket:
    """Demand side of chip tools; by customer (U), tool class (Z) and node group."""

    customers: tuple[Customer, ...]
    classes: tuple[str, ...]
    """Tool classes (Z) in alphabetical order; parts and service come under 3B991."""
    rivals: tuple[str, ...]
    """Countries of foreign makers outside Japan, as the law knows them."""
    materials: tuple[str, ...]
    """Materials of the law that tools need."""
    spending: Floats
    """float64[U, T]: share of the market's purchases; 1 in sum over a market's customers."""
    mix: Floats
    """float64[N, node_groups, Z]: classes of a line's tools by the buyer's nodes; 0 elsewhere."""
    rival_mix: Floats
    """float64[rivals, node_groups, Z]: the same for the makers of :attr:`rivals`."""
    contested: Floats
    """float64[N]: share of the line that US makers compete for."""
    material_cost: Floats
    """float64[materials]: share of a material in unit cost."""
    material_stop: Floats
    """float64[materials]: share of output that cannot do without it."""
    billings: Floats
    """float64[J]: purchases of tools of all makers in 2017, USD; 0 where no record stands alone."""
    recorded: int
    """Months for which billings are the record."""

    @property
    def market(self) -> Ints:
        """int64[U]: market of every customer."""
        return np.array([COUNTRY_INDEX[one.market] for one in self.customers], dtype=np.int64)

    @property
    def group(self) -> Ints:
        """int64[U]: node group of every customer."""
        return np.array([NODE_GROUPS.index(one.node_group) for one in self.customers])


def tool_market(data: Dataset, lines: Sequence[Line], months: Sequence[date]) -> ToolMarket | None:
    """The market of chip tools; None in a world without makers of them.

    >>> from sim.world.build import load_world
    >>> market = load_world().tools
    >>> [one.id for one in market.customers][:4], market.spending.shape
    (['smic', 'smic_mature', 'smic_jv', 'cxmt'], (35, 168))
    """
    if not any(line.product == "chip_tools" for line in lines):
        return None
    customers = _customers(data)
    mixes = [*data["tool_mix"], *data["tool_rivals"]]
    classes = tuple(sorted({SERVICE_CLASS, *(row.text("tool_class") for row in mixes)}))
    rivals = tuple(sorted({row.text("maker") for row in data["tool_rivals"]}))
    billings, recorded = _billings(data, months)
    contested = {row.text("line"): row.number("contested_share") for row in data["tool_lines"]}
    market = ToolMarket(
        customers=customers, classes=classes, rivals=rivals,
        materials=tuple(row.text("material") for row in data["tool_materials"]),
        spending=_spending(data, customers, months),
        mix=_mix(data, "tool_mix", "line", [line.id for line in lines], classes),
        rival_mix=_mix(data, "tool_rivals", "maker", list(rivals), classes),
        contested=np.array([contested.get(line.id, 0.0) for line in lines]),
        material_cost=np.array([row.number("cost_share") for row in data["tool_materials"]]),
        material_stop=np.array([row.number("stop_share") for row in data["tool_materials"]]),
        billings=billings, recorded=recorded,
    )  # fmt: skip
    for field in fields(market):
        value = getattr(market, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return market


def _customers(data: Dataset) -> tuple[Customer, ...]:
    columns = ["customer" if field.name == "id" else field.name for field in fields(Customer)]
    return tuple(Customer(*(row.text(name) for name in columns)) for row in data["customers"])


def _spending(data: Dataset, customers: Sequence[Customer], months: Sequence[date]) -> Floats:
    """Shares by customer and month, float64[U, T]; who has no rows takes what is left."""
    known: dict[str, dict[int, float]] = defaultdict(dict)
    for row in data["customer_spending"]:
        known[row.text("customer")][row.integer("year")] = row.number("share")
    share = np.zeros((len(customers), len(months)))
    for u, one in enumerate(customers):
        if one.id in known:
            share[u] = yearly_path(months, known[one.id])
    for u, one in enumerate(customers):
        if one.id not in known:
            fellows = [v for v, other in enumerate(customers) if other.market == one.market]
            share[u] = 1.0 - share[fellows].sum(axis=0)
    return share


def _mix(
    data: Dataset, table: str, column: str, rows: Sequence[str], classes: Sequence[str]
) -> Floats:
    mix = np.zeros((len(rows), len(NODE_GROUPS), len(classes)))
    for row in data[table]:
        place = (rows.index(row.text(column)), NODE_GROUPS.index(row.text("node_group")))
        mix[(*place, classes.index(row.text("tool_class")))] = row.number("share")
    return mix


def _billings(data: Dataset, months: Sequence[date]) -> tuple[Floats, int]:
    """Purchases of 2017 by market in USD, and the number of months of the record."""
    total = np.zeros(len(COUNTRIES))
    for row in data["equipment_billings"]:
        if row.text("quarter").startswith(str(BASE_YEAR)):
            total[COUNTRY_INDEX[row.text("region")]] += 1e9 * row.number("billings_usd_bn")
    return total, sum(1 for month in months if month <= RECORD_ENDS)
