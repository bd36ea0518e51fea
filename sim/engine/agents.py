"""Live Mesa agents over one lane of the state: reading and writing them reads and writes arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCT_INDEX, PRODUCTS
from sim.decisions import proposal as field
from sim.tables import DRIVERS, RELOCATION_KINDS

if TYPE_CHECKING:
    from sim.engine.model import RelocationModel


@dataclass(frozen=True, slots=True)
class Option:
    """Something a firm could order this quarter, with what it is worth a year and why."""

    kind: str
    line: str
    product: str
    country: str
    """Destination, or the country that loses capacity."""
    units: float
    value_usd: float
    """Yearly value over holding, net of the hurdle (real 2017 USD)."""
    sunk_cost_usd: float
    lead_months: int
    drivers: dict[str, float]
    partner: str = ""
    """Technology partner that would be taken; empty for other kinds."""


class Plant(mesa.Agent):
    """Capacity of one line in one country."""

    model: RelocationModel

    def __init__(self, model: RelocationModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        layout, world = model.simulation.layout, model.simulation.world
        self.line = world.lines[layout.plant_line[row]].id
        self.firm = world.lines[layout.plant_line[row]].firm
        self.product = world.lines[layout.plant_line[row]].product
        self.country = COUNTRIES[layout.plant_country[row]]

    @property
    def capacity(self) -> float:
        """Capacity, units a year."""
        return float(self.model.simulation.state.capacity[self.row, 0] * 12.0)

    @capacity.setter
    def capacity(self, units: float) -> None:
        if units < 0.0:
            message = f"capacity is a yearly quantity of units and cannot be {units}"
            raise ValueError(message)
        state, row = self.model.simulation.state, self.row
        state.capacity[row, 0] = units / 12.0
        state.mothballed[row, 0] = min(state.mothballed[row, 0], state.capacity[row, 0])

    @property
    def output(self) -> float:
        """Output of the last month, units."""
        return float(self.model.simulation.month.output[self.row, 0])

    @property
    def utilisation(self) -> float:
        """Output over capacity in the last month, 0 where there is no capacity."""
        return self.output * 12.0 / self.capacity if self.capacity > 0.0 else 0.0

    @property
    def unit_cost(self) -> float:
        """Full unit cost of the last month, real 2017 USD."""
        return float(self.model.simulation.month.full_cost[self.row, 0])


class Firm(mesa.Agent):
    """A named firm; override :meth:`decide` to make it choose for itself."""

    model: RelocationModel

    def __init__(self, model: RelocationModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        firm = model.simulation.world.firms[row]
        self.id, self.name, self.sector = firm.id, firm.name, firm.sector

    @property
    def cash(self) -> float:
        """Profit less investment since the start, real 2017 USD."""
        return float(self.model.simulation.state.cash[self.row, 0])

    @property
    def budget(self) -> float:
        """Capital budget at hand, real 2017 USD."""
        return float(self.model.simulation.state.budget[self.row, 0])

    @property
    def plants(self) -> list[Plant]:
        """The firm's plants with capacity."""
        return [
            plant for plant in self.model.plants if plant.firm == self.id and plant.capacity > 0.0
        ]

    @property
    def profit(self) -> float:
        """Operating profit of the last month, real 2017 USD."""
        books = self.model.simulation.books
        return 0.0 if books is None else float(books.profit[self.row, 0])

    def output(self, country: str | None = None) -> float:
        """Output of the last month in units, in one country or all."""
        return sum(p.output for p in self.plants if country in (None, p.country))

    def decide(self, options: list[Option]) -> list[Option]:
        """Options that the firm orders this quarter, out of those its kernel found worth it.

        The default is never called: firms of this class keep to the fast path, which decides with
        the probability of ``parameters.csv``. A subclass that overrides it leaves that path.
        """
        return options


class Government(mesa.Agent):
    """A government as the law of the lane shows it."""

    model: RelocationModel

    def __init__(self, model: RelocationModel, country: str) -> None:
        super().__init__(model)
        self.country = country

    def duty(self, exporter: str, product: str) -> float:
        """Duty of the month in hand without preference, a share."""
        at = (self.model.month_index, COUNTRY_INDEX[self.country], COUNTRY_INDEX[exporter])
        duties, k = self.model.duties, PRODUCT_INDEX[product]
        return float(duties.mfn[at][k] + duties.extra[at][k].sum())

    @property
    def revenue(self) -> float:
        """Duty collected from the firms in the last month, real 2017 USD."""
        books, layout = self.model.simulation.books, self.model.simulation.layout
        if books is None:
            return 0.0
        return float(books.duty[layout.route_market == COUNTRY_INDEX[self.country], 0].sum())


def option(model: RelocationModel, line: int, proposal: np.ndarray) -> Option:
    """A proposal of the kernels as an option."""
    world = model.simulation.world
    drivers = proposal[field.FIRST_DRIVER :]
    [partner] = model.simulation.counterparties(proposal[None])
    return Option(
        kind=RELOCATION_KINDS[int(proposal[field.KIND])],
        line=world.lines[line].id,
        product=PRODUCTS[world.product_of_line[line]],
        country=COUNTRIES[int(proposal[field.COUNTRY])],
        units=float(proposal[field.VOLUME]),
        value_usd=float(proposal[field.NET]),
        sunk_cost_usd=float(proposal[field.SUNK]),
        lead_months=int(proposal[field.LEAD]),
        drivers=dict(zip(DRIVERS, (float(value) for value in drivers), strict=True)),
        partner=partner,
    )
