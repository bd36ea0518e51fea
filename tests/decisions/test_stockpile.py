"""What importers ship ahead of an announced duty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.decisions.stockpile import buy_ahead
from sim.engine.state import Base, build_base
from sim.world.layout import Layout, build_layout
from tests.reference import tiny

CN, US = COUNTRY_INDEX["CN"], COUNTRY_INDEX["US"]
BELIEF, HOLDING = 0.8, 0.2


@pytest.fixture(scope="module")
def layout() -> Layout:
    return build_layout(tiny.world())


@pytest.fixture(scope="module")
def base(layout: Layout) -> Base:
    return build_base(tiny.world(), layout)


def hit(layout: Layout) -> np.ndarray:
    """Printers from China to the United States."""
    return (
        (layout.route_line == 1) & (layout.route_origin == CN) & (layout.route_market == US)
    )  # fmt: skip


def bought(layout: Layout, base: Base, duty: float = 0.25, months: int = 3, **terms: Any) -> Any:
    """Units shipped ahead, made for it and standing, when that route's duty is announced."""
    routes, plants = (len(layout.route_line), 1), (len(layout.plant_line), 1)
    announced = np.zeros((1, routes[0], 2))
    announced[0, hit(layout), 1] = duty
    one, spare = np.ones((2, 1)), np.full(plants, terms.get("spare", 1e15))
    out, made, ahead = np.empty(routes), np.empty(plants), np.empty(routes)
    buy_ahead(
        layout,
        law=np.zeros(1, dtype=np.int64),
        announced=announced,
        announced_in=np.full((1, routes[0], 2), months, dtype=np.int16),
        announced_stage=np.zeros((1, routes[0], 2), dtype=np.int8),
        enforced=np.full((1, 1, 2, 1), BELIEF),
        demand=base.demand[:, None],
        share=base.share[:, None].copy(),
        spare=spare,
        before=np.full(routes, terms.get("before", 0.0)),
        ahead_months=terms.get("most", 2.0) * one,
        holding_cost=HOLDING * one,
        bought=out,
        made=made,
        ahead=ahead,
    )
    return out[:, 0], made[:, 0], ahead[:, 0]


def test_stock_is_spread_over_the_months_in_which_goods_still_arrive(
    layout: Layout, base: Base
) -> None:
    out, _, ahead = bought(layout, base)
    route = hit(layout)
    np.testing.assert_allclose(out[route], 2.0 * base.flow[route] / (3 - 1))
    np.testing.assert_array_equal(ahead, out)
    assert not out[~route].any()


def test_a_small_duty_pays_for_little_stock(layout: Layout, base: Base) -> None:
    route = hit(layout)
    out, _, _ = bought(layout, base, duty=0.01)
    worth = 12.0 * BELIEF * 0.01 / HOLDING
    assert worth < 2.0
    np.testing.assert_allclose(out[route], worth * base.flow[route] / 2)


@pytest.mark.parametrize("terms", [{"most": 0.0}, {"duty": 0.0}, {"months": 1}])
def test_nothing_is_bought_where_it_cannot_pay_or_arrive(
    layout: Layout, base: Base, terms: dict[str, Any]
) -> None:
    out, made, _ = bought(layout, base, **terms)
    assert not out.any()
    assert not made.any()


def test_what_stands_is_not_bought_again(layout: Layout, base: Base) -> None:
    route = hit(layout)
    standing = float(1.5 * base.flow[route][0])
    out, _, ahead = bought(layout, base, before=standing)
    np.testing.assert_allclose(out[route], 0.5 * base.flow[route] / 2)
    np.testing.assert_allclose(ahead[route], standing + out[route])


def test_what_stands_is_forgotten_where_no_duty_waits(layout: Layout, base: Base) -> None:
    _, _, ahead = bought(layout, base, before=7.0)
    assert not ahead[~hit(layout)].any()


def test_what_stands_waits_with_a_duty_for_which_it_is_too_late(layout: Layout, base: Base) -> None:
    _, _, ahead = bought(layout, base, before=7.0, months=1)
    np.testing.assert_array_equal(ahead[hit(layout)], 7.0)


def test_a_plant_ships_ahead_no_more_than_it_can_make(layout: Layout, base: Base) -> None:
    plant = layout.route_plant[hit(layout)]
    out, made, _ = bought(layout, base, spare=1000.0)
    np.testing.assert_allclose(out.sum(), 1000.0)
    np.testing.assert_allclose(made[plant], 1000.0)
    assert made.sum() == pytest.approx(1000.0)
