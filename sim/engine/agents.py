"""Live Mesa agents over one lane of the state: reading and writing them reads and writes arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.axes import COUNTRIES, COUNTRY_INDEX, COUNTRY_NAMES, MONTHS_PER_YEAR, PRODUCT_INDEX
from sim.engine.options import Option, affordable, best_options

if TYPE_CHECKING:  # types only: Mesa's own shape, a model makes its agents and they look at it
    from sim.engine.lane_model import LaneModel

__all__ = ["Firm", "Government", "Option", "Plant", "affordable", "best_options"]


class Plant(mesa.Agent):
    """Capacity of one line in one country; a place where a line may go has a plant of none."""

    model: LaneModel

    def __init__(self, model: LaneModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        """Row of the plant in the arrays."""
        layout, world = model.simulation.layout, model.simulation.world
        self.line = world.lines[layout.plant_line[row]].id
        self.firm = world.lines[layout.plant_line[row]].firm
        self.product = world.lines[layout.plant_line[row]].product
        self.country = COUNTRIES[layout.plant_country[row]]

    def __repr__(self) -> str:
        of = f"{self.line} in {self.country}: {self.capacity:,.0f} units a year"
        stepped = self.model.simulation.state.month > 0 and self.capacity > 0.0
        used = f", {100.0 * self.utilisation:.0f} % used" if stepped else ""
        return f"<{type(self).__name__} {of}{used}>"

    @property
    def capacity(self) -> float:
        """Capacity, units a year."""
        return float(self.model.simulation.state.capacity[self.row, self.model.lane])

    @capacity.setter
    def capacity(self, units: float) -> None:
        if not 0.0 <= units < np.inf:
            message = f"capacity is a yearly quantity of units and cannot be {units}"
            raise ValueError(message)
        state, at = self.model.simulation.state, (self.row, self.model.lane)
        state.capacity[at] = units
        state.mothballed[at] = min(state.mothballed[at], state.capacity[at])

    @property
    def mothballed(self) -> float:
        """What of the capacity is laid up, units a year."""
        return float(self.model.simulation.state.mothballed[self.row, self.model.lane])

    @property
    def output(self) -> float:
        """Output of the last month, units."""
        return float(self.model.simulation.month.output[self.row, self.model.lane])

    @property
    def utilisation(self) -> float:
        """Output over capacity in the last month, 0 where there is no capacity."""
        return self.output * MONTHS_PER_YEAR / self.capacity if self.capacity > 0.0 else 0.0

    @property
    def unit_cost(self) -> float:
        """Full unit cost of the last month, real 2017 USD."""
        return float(self.model.simulation.month.full_cost[self.row, self.model.lane])


class Firm(mesa.Agent):
    """A named firm; override :meth:`decide` to make it choose for itself."""

    model: LaneModel

    def __init__(self, model: LaneModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        """Row of the firm in the arrays."""
        firm = model.simulation.world.firms[row]
        self.id, self.name, self.sector = firm.id, firm.name, firm.sector

    def __repr__(self) -> str:
        plants = self.plants
        made = dict.fromkeys(one.product for one in plants)
        places = dict.fromkeys(one.country for one in plants)
        return (
            f"<{type(self).__name__} {self.name}: {len(plants)} plants, {', '.join(made)},"
            f" in {', '.join(places)}>"
        )

    @property
    def cash(self) -> float:
        """Profit less investment since the start, real 2017 USD."""
        return float(self.model.simulation.state.cash[self.row, self.model.lane])

    @property
    def budget(self) -> float:
        """Capital budget at hand, real 2017 USD; in ``decide`` with what this quarter adds."""
        return float(self.model.simulation.state.budget[self.row, self.model.lane])

    @property
    def lines(self) -> list[str]:
        """Ids of the firm's product lines."""
        return [line.id for line in self.model.simulation.world.lines if line.firm == self.id]

    @property
    def plants(self) -> list[Plant]:
        """The firm's plants with capacity."""
        return [one for one in self.model.plants if one.firm == self.id and one.capacity > 0.0]

    @property
    def profit(self) -> float:
        """Operating profit of the month closed last, real 2017 USD."""
        books = self.model.simulation.books
        return 0.0 if books is None else float(books.profit[self.row, self.model.lane])

    def output(self, country: str | None = None) -> float:
        """Output of the last month in units, in one country or all."""
        return sum(p.output for p in self.plants if country in (None, p.country))

    @property
    def decides_for_itself(self) -> bool:
        """Whether its class overrides :meth:`decide` and so leaves the fast path."""
        return type(self).decide is not Firm.decide

    def decide(self, options: list[Option]) -> list[Option]:
        """Options that the firm orders in this review, out of all that it considered.

        Firms of this class keep to the kernels' fast path; this is what those do: of each line and
        plant the best that is worth it, where the quarter's draw lets it decide, as far as the
        budget goes. A subclass returns any of ``options``: one programme or return a
        line, one expansion and one step with idle room a plant, one partner a line, within
        :attr:`budget`.
        """
        decided = [option for option in best_options(options) if option.drawn]
        return affordable(decided, self.budget)


class Government(mesa.Agent):
    """A government as the law of the lane shows it."""

    model: LaneModel

    def __init__(self, model: LaneModel, country: str) -> None:
        super().__init__(model)
        self.country = country
        """Code of :data:`sim.axes.COUNTRIES`."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {COUNTRY_NAMES[self.country]}>"

    def duty(self, exporter: str, product: str) -> float:
        """Duty of the month in hand without preference, a share of the customs value."""
        at = (self.model.month_index, COUNTRY_INDEX[self.country], COUNTRY_INDEX[exporter])
        duties, k = self.model.duties, PRODUCT_INDEX[product]
        return float(duties.mfn[at][k] + duties.extra[at][k].sum())

    @property
    def revenue(self) -> float:
        """Duty collected from the firms in the month closed last, real 2017 USD."""
        books, layout = self.model.simulation.books, self.model.simulation.layout
        if books is None:
            return 0.0
        here = layout.route_market == COUNTRY_INDEX[self.country]
        return float(books.duty[here, self.model.lane].sum())
