"""Rivals' reply and invoices in the maker's currency, in whole runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.axes import COUNTRY_INDEX
from sim.engine.simulation import Simulation
from tests.engine.conftest import LOUD, QUIET, measured, run, simulation
from tests.reference import tiny

US, JP = COUNTRY_INDEX["US"], COUNTRY_INDEX["JP"]


def in_america(s: Simulation) -> np.ndarray:
    return (s.layout.outlet_market == US) & (s.layout.outlet_line == 0)


def test_rivals_prices_are_at_base_until_something_moves() -> None:
    world = tiny.world(24, china_drift_per_year=0.0)
    s = run(simulation(world, tiny.duties(24, tariffs=False), inputs=QUIET), 18)
    assert np.abs(s.month.rival_price).max() < 1e-12
    assert np.abs(s.month.market_price).max() < 1e-12


def test_rivals_follow_a_dearer_brand_up_in_part(tariffs: Any) -> None:
    """Cars are dearer in the US after their duty; the others' price rises by less."""
    s = run(simulation(tiny.world(), tariffs, inputs=QUIET), 48)
    row = in_america(s)
    own, rival = np.log(s.state.consumer_price[row, 0]), s.month.rival_price[row, 0]
    assert np.all(own > 0.0)
    part = s.market_part[row, 0] * s.parameters["rival_reply"][0, 0]
    np.testing.assert_allclose(rival, part * own)


def test_a_brand_loses_less_where_rivals_reply(tariffs: Any) -> None:
    lost = []
    for reply in (0.0, 0.7):
        s = run(simulation(tiny.world(60, rival_reply=reply), tariffs, inputs=QUIET), 48)
        lost.append(float((s.month.base_demand - s.month.demand)[in_america(s), 0].sum()))
    assert 0.0 < lost[1] < lost[0]


def test_where_markets_are_as_elastic_as_brands_the_reply_does_nothing(tariffs: Any) -> None:
    flows = []
    for reply in (0.0, 0.7):
        world = tiny.world(60, eta=3.0, market_elasticity=3.0, rival_reply=reply)
        flows.append(run(simulation(world, tariffs), 48).month.flow)
    np.testing.assert_array_equal(*flows)


def test_the_outcome_is_the_rivals_price_over_2017(tariffs: Any) -> None:
    s = run(simulation(tiny.world(), tariffs, inputs=QUIET), 48)
    group, values = measured(s, "rival_price")
    value = values[group.row(product="cars", country="US")]
    np.testing.assert_allclose(value, np.exp(s.month.rival_price[in_america(s)][0]))
    assert np.all(value > 1.0)


def test_a_falling_yen_lowers_lagging_invoices_from_japan_at_once(tariffs: Any) -> None:
    """The yen falls by a quarter in month 48: invoices of that month follow by their yen part."""
    inputs = {**LOUD, "noise": False, "freight": False}
    prices: dict[float, np.ndarray] = {}
    for share in (0.0, 0.5):
        world = tiny.world(60, invoice_maker_share=share)
        seen: list[np.ndarray] = []
        s = simulation(world, tariffs, inputs=inputs)
        run(s, 49, lambda now, seen=seen: seen.append(now.state.transfer_price.copy()))
        prices[share] = np.array(seen[47:])
    japanese = (s.layout.route_origin == JP) & (s.layout.route_line == 0)
    ratio = prices[0.5][1, japanese] / prices[0.0][1, japanese]
    assert np.all(ratio < 0.99)
    others = ~np.isin(s.layout.route_origin, [JP])
    np.testing.assert_allclose(prices[0.5][1, others], prices[0.0][1, others], rtol=1e-3)
