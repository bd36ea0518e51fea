"""Rivals' reply and demand by nested CES; invoices in the maker's currency."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.decisions import pricing, shipping
from sim.world.layout import Layout, build_layout
from tests.reference import tiny

JP = COUNTRY_INDEX["JP"]


@pytest.fixture(scope="module")
def layout() -> Layout:
    return build_layout(tiny.world())


def indices(
    layout: Layout,
    prices: dict[int, float],
    part: float = 0.1,
    reply: float = 0.5,
    path: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Log index and rivals' log price of one market that holds every outlet of the world."""
    outlets = len(layout.outlet_line)
    consumer = np.ones((outlets, 1))
    for m, price in prices.items():
        consumer[m] = price
    index, rival = np.empty((outlets, 1)), np.empty((outlets, 1))
    pricing.market_prices(
        layout,
        market=np.zeros(outlets, dtype=np.int64),
        part=np.full((outlets, 1), part),
        consumer_price=consumer,
        reply=np.full((2, 1), reply),
        rival_path=np.full(outlets, path),
        index=index,
        rival=rival,
    )
    return index[:, 0], rival[:, 0]


def demand(layout: Layout, price: float, index: float, market_elasticity: float) -> float:
    """Demand of one outlet over that at base prices, at an own elasticity of 3."""
    shape = (len(layout.outlet_line), 1)
    at_base, out = np.empty(shape), np.empty(shape)
    shipping.demand(
        layout,
        base_demand=np.ones(shape[0]),
        index=np.ones(shape),
        noise=np.zeros(shape),
        consumer_price=np.full(shape, price),
        market_price=np.full(shape, index),
        eta=np.full((2, 1), 3.0),
        market_elasticity=np.full((2, 1), market_elasticity),
        at_base_price=at_base,
        out=out,
    )
    return float((out / at_base)[0, 0])


def test_at_base_prices_the_market_is_at_base(layout: Layout) -> None:
    index, rival = indices(layout, {})
    assert not index.any()
    assert not rival.any()


def test_rivals_follow_the_weighted_price_in_part(layout: Layout) -> None:
    index, rival = indices(layout, {0: 1.2, 3: 1.1})
    own = 0.1 * (math.log(1.2) + math.log(1.1))
    held = 0.1 * len(layout.outlet_line)
    np.testing.assert_allclose(rival, 0.5 * own)
    np.testing.assert_allclose(index, own + (1.0 - held) * 0.5 * own)


def test_rivals_own_prices_count_with_their_part_of_the_market(layout: Layout) -> None:
    """Others that charge a tenth less lower the index by what they have of the market."""
    index, rival = indices(layout, {}, part=0.05, path=math.log(0.9))
    held = 0.05 * len(layout.outlet_line)
    np.testing.assert_allclose(rival, math.log(0.9))
    np.testing.assert_allclose(index, (1.0 - held) * math.log(0.9))


def test_rivals_that_do_not_reply_stay_at_base(layout: Layout) -> None:
    index, rival = indices(layout, {0: 1.2}, reply=0.0)
    assert not rival.any()
    np.testing.assert_allclose(index, 0.1 * math.log(1.2))


def test_markets_do_not_mix(layout: Layout) -> None:
    outlets = len(layout.outlet_line)
    consumer = np.ones((outlets, 1))
    consumer[0] = 1.3
    index, rival = np.empty((outlets, 1)), np.empty((outlets, 1))
    pricing.market_prices(
        layout,
        market=np.arange(outlets),
        part=np.full((outlets, 1), 0.2),
        consumer_price=consumer,
        reply=np.full((2, 1), 0.5),
        rival_path=np.zeros(outlets),
        index=index,
        rival=rival,
    )
    assert index[0, 0] > 0.0
    assert not index[1:].any()


def test_a_brand_gains_when_its_market_is_dearer(layout: Layout) -> None:
    assert demand(layout, 1.1, 0.05, 1.0) > demand(layout, 1.1, 0.0, 1.0)
    assert demand(layout, 1.0, 0.05, 1.0) == pytest.approx(math.exp(2.0 * 0.05))


def test_where_all_prices_rise_alike_only_the_market_shrinks(layout: Layout) -> None:
    assert demand(layout, 1.2, math.log(1.2), 1.0) == pytest.approx(1.0 / 1.2)


def test_a_market_as_elastic_as_the_brand_has_no_reply_in_demand(layout: Layout) -> None:
    assert demand(layout, 1.1, 0.4, 3.0) == pytest.approx(1.1**-3.0)


def invoiced(layout: Layout, rise: float, maker_share: float, lag: float = 1.0) -> np.ndarray:
    """Transfer prices in the month in which Japan's currency rises, last month's being 2."""
    routes, one = len(layout.route_line), np.ones((2, 1))
    before = np.ones((len(COUNTRY_INDEX), 1))
    macro = before.copy()
    macro[JP] = rise
    target, price = np.empty((routes, 1)), np.empty((routes, 1))
    free = np.zeros((routes, 1))
    pricing.transfer_prices(
        layout,
        consumer_price=np.ones((len(layout.outlet_line), 1)),
        macro=macro,
        macro_before=before,
        duty=free,
        base_duty=free,
        full=np.zeros((len(layout.plant_line), 1)),
        price=np.ones(2),
        last_target=np.full((routes, 1), 2.0),
        hold_degree=one,
        hold_arm=one,
        invoice_lag=lag * one,
        maker_share=maker_share * one,
        margin_floor=0.0 * one,
        target=target,
        out=price,
    )
    return price[:, 0]


def test_invoices_at_the_old_price_move_with_the_makers_currency(layout: Layout) -> None:
    price = invoiced(layout, 1.1, 0.3)
    japanese = layout.route_origin == JP
    np.testing.assert_allclose(price[japanese], 2.0 * 1.1**0.3)
    np.testing.assert_array_equal(price[~japanese], 2.0)


@pytest.mark.parametrize(("rise", "share"), [(1.0, 0.3), (1.1, 0.0)])
def test_without_a_move_or_a_share_invoices_stay(layout: Layout, rise: float, share: float) -> None:
    np.testing.assert_array_equal(invoiced(layout, rise, share), 2.0)


def test_only_the_lagging_part_is_invoiced_in_the_past(layout: Layout) -> None:
    away = (layout.route_origin == JP) & (layout.route_market != JP)
    np.testing.assert_allclose(invoiced(layout, 1.1, 0.3, lag=0.0)[away], 1.0)
