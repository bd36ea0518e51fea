"""A line's part of its market: known for cars, a share of what Japanese makers supply elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.world.build import load_world
from sim.world.markets import market_parts, product_parts, product_sales, supplied_parts
from sim.world.narrowing import narrowed
from sim.world.world import World

US, MY = COUNTRY_INDEX["US"], COUNTRY_INDEX["MY"]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def line(world: World, name: str) -> int:
    return [one.id for one in world.lines].index(name)


def test_a_carmakers_part_is_its_sales_over_the_market(world: World) -> None:
    n = line(world, "toyota_cars")
    sold = world.base_flow[n, :, US].sum()
    assert market_parts(world)[n, US] == pytest.approx(sold / 17_244_347)


def test_all_lines_of_a_product_have_at_most_the_whole_market(world: World) -> None:
    assert world.market_units is not None
    tight = replace(world, market_units=world.market_units / 100.0)
    cars = np.array([one.product == "cars" for one in world.lines])
    for one in (world, tight):
        held = market_parts(one)[cars, US].sum()
        assert held <= 1.0 + 1e-12
    assert market_parts(tight)[cars, US].sum() == pytest.approx(1.0)


def test_where_the_size_is_not_known_all_lines_together_have_the_supply_share(world: World) -> None:
    n, cars = line(world, "toyota_cars"), [one.product == "cars" for one in world.lines]
    assert np.isnan(market_parts(world)[n, MY])
    known, among = market_parts(world)[cars, MY], product_parts(world)[cars, MY]
    parts = supplied_parts(known, among, np.full((len(known), 1), 0.25))
    assert parts.sum() == pytest.approx(0.25)


def test_goods_have_no_known_market(world: World) -> None:
    goods = np.array([one.product != "cars" for one in world.lines])
    assert np.all(np.isnan(market_parts(world)[goods]))


def test_a_narrowed_world_keeps_each_lines_part(world: World) -> None:
    one = narrowed(world, ["toyota_cars", "ricoh_printers"])
    for n, name in enumerate(("toyota_cars", "ricoh_printers")):
        whole = line(world, name)
        np.testing.assert_array_equal(product_sales(one)[n], product_sales(world)[whole])
        np.testing.assert_array_equal(market_parts(one)[n], market_parts(world)[whole])
        np.testing.assert_array_equal(product_parts(one)[n], product_parts(world)[whole])
