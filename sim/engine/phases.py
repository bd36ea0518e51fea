"""The month, phase by phase, in order. Read this first.

Each phase is one function of the :class:`~sim.engine.simulation.Simulation`; it calls kernels of
:mod:`sim.decisions` and assigns what they return. Nothing else in the package writes state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRY_INDEX
from sim.decisions import cost, pricing, shipping, sourcing
from sim.decisions.views import Costs
from sim.engine.chip_tools import makers as tool_makers
from sim.engine.chip_tools import month as tools
from sim.engine.chip_tools.state import Tools
from sim.engine.partners import month as partners
from sim.engine.simulation import Simulation, duty_of_month
from sim.engine.steps import construction, ledger, places, reviews, stockpile, suppliers
from sim.engine.steps.outlook import outlook_view

Floats = NDArray[np.float64]

REVIEW_EVERY = 3
"""Months between a firm's investment reviews."""
_NO_CURRENCY = [COUNTRY_INDEX["US"], COUNTRY_INDEX["ROW"]]


def news(s: Simulation) -> None:
    """Wages, prices, exchange rates and noise step on; projects that are ready start."""
    t, world, state, month = s.state.month, s.world, s.state, s.month
    _exchange_rates(s, t)
    if s.inputs["noise"] and t > 0:
        ar, sd = s.parameters["demand_noise_ar"], s.parameters["demand_noise_sd"]
        line = s.layout.outlet_line
        draw = s.streams.normal("demand", s.ids["outlet"], t)
        state.demand_noise = (
            ar[line] * state.demand_noise + (sd * np.sqrt(1.0 - ar**2))[line] * draw
        )
    prices = world.price_level[:, t] / world.price_level[COUNTRY_INDEX["US"], t]
    wages = world.wage_index[:, t] / world.price_level[COUNTRY_INDEX["US"], t]
    energy = world.energy_index[:, t] / world.price_level[COUNTRY_INDEX["US"], t]
    moves = s.inputs["macro"]
    flat = np.ones(len(prices))
    month.macro_at_base_fx[:] = (prices if moves else flat)[:, None]
    month.wage_at_base_fx[:] = (wages if moves else flat)[:, None]
    month.energy_at_base_fx[:] = (energy if moves else flat)[:, None]
    month.macro = month.macro_at_base_fx * np.exp(-state.fx_log)
    month.wage = month.wage_at_base_fx * np.exp(-state.fx_log)
    month.energy = month.energy_at_base_fx * np.exp(-state.fx_log)
    month.duty = duty_of_month(s.layout, s.laws, s.law, s.parameters, t)
    construction.finish(s)


def _exchange_rates(s: Simulation, t: int) -> None:
    """The record while it lasts, then a random walk; USD does not move against itself."""
    if not s.inputs["macro"] or t < 12:
        return
    fx = s.world.fx_per_usd
    if t < s.world.fx_known_months:
        s.state.fx_log[:] = np.log(fx[:, t] / fx[:, :12].mean(axis=1))[:, None]
    elif s.inputs["noise"]:
        step = s.parameters["fx_noise_sd"][0] * s.streams.normal("fx", s.ids["country"], t)
        step[_NO_CURRENCY] = 0.0
        s.state.fx_log = s.state.fx_log + step


def beliefs(s: Simulation) -> None:
    """What each duty will be worth, and the alarm that acts against a place raise."""
    places.raise_alarm(s)
    if _reviews(s.state.month):
        s.month.outlook = outlook_view(s)


def licences(s: Simulation) -> None:
    """The law on chip tools, and how their buyers answer it: stocks, other and local makers."""
    if s.tools is not None:
        tools.open_month(s.tools, s.state.month)


def costs(s: Simulation) -> None:
    """Unit cost by plant, in full for the books and damped for planning."""
    suppliers.source_parts(s)
    month, p = s.month, s.parameters
    labour, parts = p["labour_share"], p["parts_share"]
    wage_exponent, macro_exponent = p["wage_exponent"], p["macro_exponent"]
    unused = np.empty_like(month.full_cost)
    cost.plant_factors(s.layout, s.state.ramp, s.state.capacity, s.base.reference_capacity,
                       p["scale_elasticity"], month.factor)  # fmt: skip
    for macro, wage, energy, full, plan in (
        (month.macro_at_base_fx, month.wage_at_base_fx, month.energy_at_base_fx, unused,
         month.plan_at_base_fx),
        (month.macro, month.wage, month.energy, month.full_cost, month.plan_cost),
    ):  # fmt: skip
        cost.unit_costs(
            s.layout, macro, wage, energy, month.parts_duty, s.state.parts_mix, s.base.output,
            s.base_cost, month.factor, labour, parts, p["energy_share"], wage_exponent,
            macro_exponent, full, plan,
        )  # fmt: skip
    if s.tools is not None:
        tool_makers.raise_costs(
            s.tools, s.layout, s.state.month, month.full_cost, month.plan_cost,
            month.plan_at_base_fx,
        )  # fmt: skip
    if s.inputs["freight"]:
        keep = 0.5 ** (1.0 / s.parameters["freight_half_life_months"][0])
        s.state.freight_plan = keep * s.state.freight_plan + (1.0 - keep) * freight_index(s)


def freight_index(s: Simulation) -> float:
    """Ocean freight of the month over 2017."""
    return float(s.world.freight_index[s.state.month]) if s.inputs["freight"] else 1.0


def prices(s: Simulation) -> None:
    """The slow consumer price, rivals' reply, the related-party transfer price (customs value)."""
    state, month, p = s.state, s.month, s.parameters
    before, state.macro = state.macro, month.macro
    if state.month == 0:
        return
    consumer = np.empty_like(state.consumer_price)
    pricing.consumer_prices(
        s.layout, state.share, month.full_cost, s.base.freight, freight_index(s), month.duty,
        state.transfer_price, s.base.price, month.macro, s.base_landed, state.consumer_price,
        p["price_weight"], p["price_adjustment"], consumer,
    )  # fmt: skip
    pricing.market_prices(s.layout, s.market_row, s.market_part, consumer, p["rival_reply"],
                          month.market_price, month.rival_price)  # fmt: skip
    target, price = np.empty_like(month.duty), np.empty_like(month.duty)
    pricing.transfer_prices(
        s.layout, consumer, month.macro, before, month.duty, s.base_duty, month.full_cost,
        s.base.price, state.transfer_target, p["hold_degree"], p["hold_arm"], p["invoice_lag"],
        p["invoice_maker_share"], p["margin_floor"], target, price,
    )  # fmt: skip
    state.consumer_price, state.transfer_target, state.transfer_price = consumer, target, price


def sourcing_shares(s: Simulation) -> None:
    """Which plant serves which market: a part of the range is up, after a retooling lag."""
    state, month, p = s.state, s.month, s.parameters
    sourcing.delivered_costs(
        s.layout, month.plan_cost, month.factor, s.base.freight, state.freight_plan, month.duty,
        state.transfer_price, s.base.price, month.delivered,
    )  # fmt: skip
    target, share = np.empty_like(state.share), np.empty_like(state.share)
    sourcing.share_targets(
        s.layout, month.delivered, s.base_delivered, state.kernel_base, state.capacity,
        state.capacity_base, state.month / 12.0, p["china_drift_per_year"], p["theta"],
        month.column, target,
    )  # fmt: skip
    if state.month > 0:
        sourcing.shares(s.layout, state.share, target, state.share_target,
                        p["reallocation_share"], p["retooling_lag_months"], share)  # fmt: skip
        state.share = share
    state.share_target = np.concatenate([target[None], state.share_target[:-1]])


def flows(s: Simulation) -> None:
    """Demand, orders and what each plant makes under its capacity."""
    state, month, p = s.state, s.month, s.parameters
    shipping.demand(s.layout, s.base.demand, s.demand_index[:, state.month], state.demand_noise,
                    state.consumer_price, month.market_price, p["eta"], p["market_elasticity"],
                    month.base_demand, month.demand)  # fmt: skip
    if state.month > 0:
        shipping.favour_local(s.layout, state.shipped[0], s.base.share, p["local_appeal"],
                              month.column, month.base_demand, month.demand)  # fmt: skip
    partners.widen_demand(s)
    suppliers.follow_assemblers(s)
    share, usable = state.share, np.maximum(0.0, state.capacity - state.mothballed)
    if s.tools is not None:
        share, usable = _under_licence(s, s.tools, usable)
    shipping.orders(s.layout, month.demand, share, state.shipped, state.stock, state.ahead,
                    p["inventory_months"], month.orders)  # fmt: skip
    month.capacity, month.usable = state.capacity.copy(), usable
    sourcing.transport(s.layout, month.orders, share, usable, s.straight, p["overtime_premium"],
                       p["eta"], p["theta"], month.flow, state.shadow, month.output, month.column,
                       np.empty_like(state.shadow))  # fmt: skip


def _under_licence(s: Simulation, block: Tools, usable: Floats) -> tuple[Floats, Floats]:
    """Demand of tool outlets becomes what may leave; sourcing shares and capacity likewise."""
    t, month = s.state.month, s.month
    factor = tools.fill(block, s.streams, t, s.demand_index[:, t], s.base.demand,
                        s.state.share, month.demand)  # fmt: skip
    rows = block.rows.outlet
    month.demand[rows] *= factor
    month.base_demand[rows] *= factor
    share = tools.shares(block, s.state.share, month.demand)
    return share, tool_makers.usable_capacity(block, s.layout, t, usable)


def deliveries(s: Simulation) -> None:
    """Goods leave, sea voyages end, duty is due, customers buy."""
    state, month = s.state, s.month
    stockpile.ship_ahead(s)
    state.shipped = np.concatenate([month.flow[None], state.shipped[:-1]])
    shipping.arrivals(s.layout, state.shipped, month.arrived)
    left = np.empty_like(state.stock)
    shipping.sales(s.layout, month.demand, month.arrived, state.stock, month.sold, left)
    state.stock = left


def investments(s: Simulation) -> None:
    """Each quarter: programmes and returns under the capital budget, then room built or shed."""
    reviews.average_use(s)
    outlook = s.month.outlook
    if not _reviews(s.state.month) or outlook is None:
        return
    view = costs_view(s)
    reviews.review_programmes(s, outlook, view)
    reviews.review_plants(s, outlook, view)
    partners.review(s)


def costs_view(s: Simulation) -> Costs:
    """Costs of the month as the investment kernels take them."""
    month = s.month
    return Costs(
        plan=month.plan_cost, plan_at_base_fx=month.plan_at_base_fx, factor=month.factor,
        parts_duty=month.parts_duty,
        base_cost=s.base_cost, duty=month.duty, base_duty=s.base_duty,
        transfer_price=s.state.transfer_price, freight=s.base.freight,
        freight_plan=s.state.freight_plan, price=s.base.price,
    )  # fmt: skip


def books(s: Simulation) -> None:
    """Revenue, cost, duty and profit by firm and segment; cash."""
    if s.tools is not None:
        tool_makers.settle(s.tools, s.state.month, s.parameters)
    s.books = ledger.close_month(s)
    s.state.cash = s.state.cash + s.books.profit


def _reviews(t: int) -> bool:
    return t > 0 and t % REVIEW_EVERY == 0


@dataclass(frozen=True, slots=True)
class Phase:
    """One line of the month: its name, what it does, the kernels' module, the function."""

    name: str
    title: str
    kernel: str
    run: Callable[[Simulation], None]

    @property
    def description(self) -> str:
        """First line of the function's docstring."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


PHASES: tuple[Phase, ...] = (
    Phase("news", "News", "engine.random_streams", news),
    Phase("beliefs", "Beliefs", "decisions.expectations", beliefs),
    Phase("licences", "Licences", "law.controls", licences),
    Phase("costs", "Cost", "decisions.cost", costs),
    Phase("prices", "Pricing", "decisions.pricing", prices),
    Phase("sourcing", "Sourcing", "decisions.sourcing", sourcing_shares),
    Phase("flows", "Flows", "decisions.sourcing", flows),
    Phase("deliveries", "Shipping", "decisions.shipping", deliveries),
    Phase("investments", "Investment", "decisions.investment", investments),
    Phase("books", "Books", "engine.steps.ledger", books),
)


def step(s: Simulation) -> None:
    """Run every phase of one month and move the clock."""
    for phase in PHASES:
        phase.run(s)
    s.state.month += 1
