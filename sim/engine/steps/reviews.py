"""The quarterly review of a firm's plants, and the averages of every month that it looks at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.decisions import capacity, idleness, investment
from sim.decisions.views import Costs, Orders, Outlook
from sim.engine.simulation import Simulation
from sim.engine.steps import orders, shutdowns
from sim.engine.steps.places import peers_moving, places_view

Floats = NDArray[np.float64]


def average_use(s: Simulation) -> None:
    """Rent of full plants and idleness of the others, averaged."""
    state, month, p = s.state, s.month, s.parameters
    rent = np.empty_like(state.rent_average)
    capacity.rents(s.layout, month.orders, state.share, state.capacity, month.usable, s.base.lump,
                   state.shadow, p["eta"], p["theta"], month.column, rent)  # fmt: skip
    cost_of_line = s.base_cost[s.layout.plant_line]
    state.rent_average = state.rent_average + (rent * cost_of_line - state.rent_average) / 12.0
    average, idle = np.empty_like(state.output_average), np.empty_like(state.idle_months)
    idleness.idleness(s.layout, month.output, state.output_average, state.capacity, s.base.lump,
                      state.idle_months, average, idle)  # fmt: skip
    state.output_average, state.idle_months = average, idle


def review_programmes(s: Simulation, outlook: Outlook, costs: Costs) -> None:
    """Order programmes and returns; others of the class that have just moved make it likelier."""
    state, month = s.state, s.month
    investment.programmes(
        s.layout, costs, outlook, s.terms, places_view(s), s.world.contract_maker,
        s.base.slice_volume, s.base.programme_lump, state.capacity, state.ordered, state.moved,
        state.returned, state.gap_paid, month.proposals,
    )  # fmt: skip
    copied = 1.0 + s.parameters["imitation"] * peers_moving(s)
    draw = s.streams.uniform("decision", s.ids["line"], state.month)
    orders.place_programmes(s, draw < s.parameters["decision_probability"] * copied)


def review_plants(s: Simulation, outlook: Outlook, costs: Costs) -> None:
    """Expand full plants; lay up, restart or close idle ones."""
    state, month, base, view = s.state, s.month, s.base, orders_view(s)
    chance = s.parameters["decision_probability"][s.layout.plant_line]
    capacity.expansions(
        s.layout, costs, outlook, s.terms, view, base.lump, month.flow, state.rent_average,
        state.capacity, state.mothballed, month.capacity_proposals,
    )  # fmt: skip
    draw = s.streams.uniform("expansion", s.ids["plant"], state.month)
    orders.place_expansions(s, draw < chance)
    idleness.idle_steps(
        s.layout, costs, s.terms, view, base.lump, s.straight, state.output_average,
        state.idle_months, state.capacity, state.mothballed, month.capacity_proposals,
    )  # fmt: skip
    draw = s.streams.uniform("closure", s.ids["plant"], state.month)
    shutdowns.place_idle_steps(s, draw < chance)


def orders_view(s: Simulation) -> Orders:
    """Orders of the month as the kernels take them."""
    month = s.month
    cheaper = np.divide(
        month.base_demand, month.demand, out=np.zeros_like(month.demand), where=month.demand > 0.0
    )
    return Orders(
        placed=month.orders, at_base_prices=month.orders * cheaper, base_demand=s.base.demand,
        share=s.state.share, kernel_base=s.state.kernel_base, base_delivered=s.base_delivered,
        base_landed=s.base_landed,
    )  # fmt: skip
