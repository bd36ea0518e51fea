"""The month, phase by phase, in order. Read this first.

Each phase is one function of the :class:`~sim.engine.simulation.Simulation`; it calls kernels of
:mod:`sim.decisions` and assigns what they return. Mechanisms join phases with hooks of their own.
State is written in this module, in :mod:`sim.engine.steps`, by mechanisms in their hooks and, on
the Mesa face, by :mod:`sim.engine.agents`; nothing else writes it, which a test shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.axes import MONTHS_PER_YEAR
from sim.engine.mechanism import first_line, names
from sim.engine.route_duty import duty_of_month
from sim.engine.simulation import Simulation
from sim.engine.steps import construction, hosts, ledger, places, reviews, stockpile, suppliers
from sim.engine.steps.costs import costs_view, unit_costs
from sim.engine.steps.economy import (
    plan_freight,
    step_demand_noise,
    step_exchange_rates,
    step_prices,
)
from sim.engine.steps.flows import make, outlet_demand, place_orders, ship_and_sell
from sim.engine.steps.outlook import outlook_view
from sim.engine.steps.prices import consumer_prices, market_prices, transfer_prices
from sim.engine.steps.sourcing import delivered_costs, share_targets, step_shares


def news(s: Simulation) -> None:
    """Wages, prices, exchange rates and noise step on; projects that are ready start."""
    step_exchange_rates(s)
    step_demand_noise(s)
    step_prices(s)
    s.month.duty = duty_of_month(s.layout, s.laws, s.law, s.parameters, s.state.month)
    s.month.line_cost[:] = 0.0
    s.month.controls[:] = 0.0
    construction.finish(s)
    hosts.fill_hosts(s)


def beliefs(s: Simulation) -> None:
    """What each duty will be worth, and the alarm that acts against a place raise."""
    places.raise_alarm(s)
    if s.is_review:
        s.month.outlook = outlook_view(s)


def costs(s: Simulation) -> None:
    """Unit cost by plant, in full for the books and damped for planning."""
    suppliers.source_parts(s)
    unit_costs(s)
    plan_freight(s)


def prices(s: Simulation) -> None:
    """The slow consumer price, rivals' reply, the related-party transfer price (customs value)."""
    state = s.state
    before, state.macro = state.macro, s.month.macro
    if state.month > 0:
        consumer = consumer_prices(s)
        market_prices(s, consumer)
        transfer_prices(s, consumer, before)
        state.consumer_price = consumer


def sourcing_shares(s: Simulation) -> None:
    """Which plant serves which market: a part of the range is up, after a retooling lag."""
    state = s.state
    delivered_costs(s)
    target = share_targets(s)
    if state.month > 0:
        step_shares(s, target)
    state.share_target = np.concatenate([target[None], state.share_target[:-1]])


def demand(s: Simulation) -> None:
    """What buyers want of every outlet, and by which shares and capacity it may be served."""
    state, month = s.state, s.month
    outlet_demand(s)
    suppliers.follow_assemblers(s)
    month.share, month.capacity = state.share.copy(), state.capacity.copy()
    month.usable = np.maximum(0.0, state.capacity - state.mothballed) / MONTHS_PER_YEAR


def flows(s: Simulation) -> None:
    """Orders for the month, and what each plant makes under its capacity."""
    place_orders(s)
    make(s)


def deliveries(s: Simulation) -> None:
    """Goods leave, sea voyages end, duty is due, customers buy."""
    stockpile.ship_ahead(s)
    ship_and_sell(s)


def investments(s: Simulation) -> None:
    """Each quarter: programmes and returns under the capital budget, then room built or shed."""
    reviews.average_use(s)
    outlook = s.month.outlook
    if s.is_review and outlook is not None:
        view = costs_view(s)
        reviews.review_programmes(s, outlook, view)
        reviews.review_plants(s, outlook, view)


def books(s: Simulation) -> None:
    """Revenue, cost, duty and profit by firm and segment; cash."""
    s.books = ledger.close_month(s)
    s.state.cash = s.state.cash + s.books.profit


def agents(s: Simulation) -> None:
    """Agents that a user added act, unless they name another phase."""
    # `run_phase` steps them, here as after any other phase.


@dataclass(frozen=True, slots=True)
class Phase:
    """One line of the month: its name, what it does, the kernels' module, the function."""

    name: str
    title: str
    kernel: str
    run: Callable[[Simulation], None]
    reads: tuple[str, ...] = ()
    """Fields of the state and of the month whose content it uses; a test holds it to them."""
    writes: tuple[str, ...] = ()
    """Those that it changes; what is not also read is filled anew."""

    @property
    def description(self) -> str:
        """First line of the function's docstring."""
        return first_line(self.run)


PHASES: tuple[Phase, ...] = (
    Phase(
        "news",
        "News",
        "engine.random_streams",
        news,
        reads=names(
            state="""month fx_log demand_noise ramp cash projects capacity capacity_base
                    mothballed volume kernel_base share share_target moved ordered returned
                    gap_paid shipped output_average""",
            month="followed",
        ),
        writes=names(
            month="""macro wage energy macro_at_base_fx wage_at_base_fx
                     energy_at_base_fx duty line_cost controls crowding host_wage""",
            state="""fx_log demand_noise ramp cash projects.months capacity capacity_base
                     mothballed volume kernel_base share share_target moved ordered returned
                     gap_paid""",
        ),
    ),
    Phase(
        "beliefs",
        "Beliefs",
        "decisions.expectations",
        beliefs,
        reads=names(state="month alarm"),
        writes=names(state="alarm", month="outlook"),
    ),
    Phase(
        "costs",
        "Cost",
        "decisions.cost",
        costs,
        reads=names(
            state="month ramp capacity parts_mix freight_plan",
            month="macro wage energy macro_at_base_fx wage_at_base_fx energy_at_base_fx",
        ),
        writes=names(
            state="parts_mix freight_plan",
            month="factor full_cost plan_cost plan_at_base_fx parts_rate parts_duty",
        ),
    ),
    Phase(
        "prices",
        "Pricing",
        "decisions.pricing",
        prices,
        reads=names(
            month="macro full_cost duty",
            state="month macro share consumer_price transfer_price transfer_target",
        ),
        writes=names(
            state="macro consumer_price transfer_price transfer_target",
            month="market_price rival_price",
        ),
    ),
    Phase(
        "sourcing",
        "Sourcing",
        "decisions.sourcing",
        sourcing_shares,
        reads=names(
            month="plan_cost factor duty",
            state="""month freight_plan transfer_price kernel_base capacity capacity_base
                    share share_target""",
        ),
        writes=names(state="share share_target", month="delivered column"),
    ),
    Phase(
        "demand",
        "Demand",
        "decisions.shipping",
        demand,
        reads=names(
            month="market_price followed",
            state="""month demand_noise consumer_price shipped output_average share
                    capacity mothballed""",
        ),
        writes=names(month="index base_demand demand share capacity usable column followed"),
    ),
    Phase(
        "flows",
        "Flows",
        "decisions.sourcing",
        flows,
        reads=names(month="demand share usable", state="shipped stock ahead"),
        writes=names(month="orders flow output column", state="shadow"),
    ),
    Phase(
        "deliveries",
        "Shipping",
        "decisions.shipping",
        deliveries,
        reads=names(month="demand usable flow output", state="month share ahead shipped stock"),
        writes=names(month="flow output arrived sold", state="ahead shipped stock"),
    ),
    Phase(
        "investments",
        "Investment",
        "decisions.investment",
        investments,
        reads=names(
            month="""outlook orders base_demand demand flow output usable share lawful factor
                    plan_cost plan_at_base_fx parts_duty controls duty crowding
                    followed spare elsewhere room_worth""",
            state="""month demand_noise market_average shadow alarm freight_plan
                    transfer_price kernel_base share share_target capacity
                    capacity_base mothballed taken_on rent_average output_average
                    idle_months last_programme ordered moved returned gap_paid budget cash
                    projects""",
        ),
        writes=(
            "events",
            *names(
                month="proposals capacity_proposals column spare elsewhere room_worth",
                state="""market_average rent_average output_average idle_months
                last_programme taken_on ordered returned budget cash projects capacity
                capacity_base mothballed kernel_base share
                share_target""",
            ),
        ),
    ),
    Phase(
        "books",
        "Books",
        "engine.steps.ledger",
        books,
        reads=names(
            month="""arrived sold flow output usable macro duty full_cost parts_rate
                    line_cost""",
            state="""month capacity mothballed consumer_price transfer_price parts_mix
                    moved gap_paid cash""",
        ),
        writes=("books", *names(state="cash")),
    ),
    Phase("agents", "Agents", "engine.lane_model", agents),
)


def run_phase(s: Simulation, phase: Phase) -> None:
    """Run one phase with the hooks of the mechanisms that join it, then its agents."""
    for name, hook in s.hooks.get((phase.name, "before"), ()):
        hook.run(s, s.own[name])
    phase.run(s)
    for name, hook in s.hooks.get((phase.name, "after"), ()):
        hook.run(s, s.own[name])
    if s.agents is not None:
        s.agents.act(phase.name)


def step(s: Simulation) -> None:
    """Run every phase of one month and move the clock."""
    for phase in PHASES:
        run_phase(s, phase)
    s.state.month += 1
