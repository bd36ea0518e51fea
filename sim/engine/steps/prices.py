"""Prices of the month: what consumers pay, what other makers charge, the customs value."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.decisions import pricing
from sim.engine.simulation import Simulation
from sim.engine.steps.economy import freight_index


def consumer_prices(s: Simulation) -> Floats:
    """What consumers pay at each outlet, float64[M, R]: it follows landed cost slowly."""
    state, month, p = s.state, s.month, s.parameters
    consumer = np.empty_like(state.consumer_price)
    pricing.consumer_prices(
        s.layout,
        share=state.share,
        full=month.full_cost,
        freight=s.base.freight,
        freight_index=freight_index(s),
        duty=month.duty,
        transfer_price=state.transfer_price,
        price=s.base.price,
        macro=month.macro,
        base_landed=s.base_landed,
        consumer_price=state.consumer_price,
        price_weight=p["price_weight"],
        adjustment=p["price_adjustment"],
        out=consumer,
    )
    return consumer


def market_prices(s: Simulation, consumer: Floats) -> None:
    """Price index of every market and what other makers charge there; they reply a little."""
    month, p = s.month, s.parameters
    pricing.market_prices(
        s.layout,
        market=s.market_row,
        part=s.market_part,
        consumer_price=consumer,
        reply=p["rival_reply"],
        rival_path=s.rival_path[:, s.state.month],
        index=month.market_price,
        rival=month.rival_price,
    )


def transfer_prices(s: Simulation, consumer: Floats, macro_before: Floats) -> None:
    """Related-party prices and their targets, which hold the landed price to a degree."""
    state, month, p = s.state, s.month, s.parameters
    target, price = np.empty_like(month.duty), np.empty_like(month.duty)
    pricing.transfer_prices(
        s.layout,
        consumer_price=consumer,
        macro=month.macro,
        macro_before=macro_before,
        duty=month.duty,
        base_duty=s.base_duty,
        full=month.full_cost,
        price=s.base.price,
        last_target=state.transfer_target,
        hold_degree=p["hold_degree"],
        hold_arm=p["hold_arm"],
        invoice_lag=p["invoice_lag"],
        maker_share=p["invoice_maker_share"],
        margin_floor=p["margin_floor"],
        target=target,
        out=price,
    )
    state.transfer_target, state.transfer_price = target, price
