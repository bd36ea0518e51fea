import numpy as np
import pytest

from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCT_INDEX, PRODUCTS
from sim.errors import InputError
from sim.network.exposure import by_cell, by_place, multipliers, parts_cost, price_response
from sim.network.parameters import load_parameters
from tests.network.worlds import population

PARAMETERS = load_parameters()
SHAPE = (6, len(COUNTRIES), len(PRODUCTS))
CARS, PARTS = PRODUCT_INDEX["cars"], PRODUCT_INDEX["auto_parts"]
JP, US, CN, VN = (COUNTRY_INDEX[code] for code in ("JP", "US", "CN", "VN"))


@pytest.fixture
def drawn(makers):
    return population(firms=3000, anchors=makers)


def test_without_shocks_every_multiplier_is_exactly_one(drawn):
    quiet = multipliers(drawn, np.zeros(SHAPE), np.ones(SHAPE), PARAMETERS)
    assert (quiet.parts_cost == 1.0).all()
    assert (quiet.parts_supply == 1.0).all()


def test_dearer_chinese_parts_raise_bills_by_their_share_and_more_as_tiers_pass_it_on(drawn):
    cost = np.zeros(SHAPE)
    cost[1:, CN, PARTS] = 0.10
    bill = multipliers(drawn, cost, np.ones(SHAPE), PARAMETERS).parts_cost[:, :, CARS]
    assert (bill[0] == 1.0).all()
    direct = 1.0 + 0.10 * drawn.sourcing.reshape(17, 15, 17, 15)[CARS, US, PARTS, CN]
    assert bill[1, US] == pytest.approx(direct)
    assert (np.diff(bill[1:, US]) > 0.0).all()
    assert bill[-1, CN] > bill[-1, US] > 1.0


def test_a_place_without_a_plant_buys_by_the_same_rule(drawn):
    cost = np.zeros(SHAPE)
    cost[:, JP] = 0.10
    bill = multipliers(drawn, cost, np.ones(SHAPE), PARAMETERS).parts_cost
    assert bill[0, VN, CARS] > 1.0


def test_the_response_stands_for_the_whole_network_lanes_too(drawn):
    cost = np.random.default_rng(0).normal(0.0, 0.1, (*SHAPE, 2))
    whole = multipliers(drawn, cost, np.ones_like(cost), PARAMETERS).parts_cost
    response = price_response(drawn, months=SHAPE[0], pass_through=PARAMETERS.pass_through)
    np.testing.assert_allclose(parts_cost(drawn, response, cost), whole, rtol=1e-12)
    np.testing.assert_allclose(parts_cost(drawn, response, cost[..., 1]), whole[..., 1], rtol=1e-12)


def test_shut_chinese_component_makers_starve_makers_once_stocks_are_gone(drawn):
    capacity = np.ones(SHAPE)
    capacity[1:4, CN, PRODUCT_INDEX["components"]] = 0.2
    supply = multipliers(drawn, np.zeros(SHAPE), capacity, PARAMETERS).parts_supply
    assert (supply[0] == 1.0).all()
    assert supply[2, JP, CARS] < supply[1, JP, CARS] < 1.0
    assert ((supply >= 0.0) & (supply <= 1.0)).all()
    assert supply[2, VN, CARS] == pytest.approx(
        np.average(supply[2, [US, JP], CARS], weights=drawn.network.base[drawn.anchors[:2]])
    )


def test_supply_lanes_are_the_lanes_one_by_one(drawn):
    capacity = np.ones((3, *SHAPE[1:], 2))
    capacity[1, CN, :, 0], capacity[0, JP, :, 1] = 0.5, 0.7
    both = multipliers(drawn, np.zeros_like(capacity), capacity, PARAMETERS).parts_supply
    for lane in range(2):
        alone = multipliers(drawn, np.zeros((3, *SHAPE[1:])), capacity[..., lane], PARAMETERS)
        np.testing.assert_allclose(both[..., lane], alone.parts_supply, rtol=1e-12)


def test_cells_and_places_are_two_orders_of_the_same_numbers():
    places = np.arange(15.0 * 17).reshape(15, 17)
    assert by_cell(places)[PARTS * 15 + CN] == places[CN, PARTS]
    np.testing.assert_array_equal(by_place(by_cell(places)), places)


def test_shocks_of_a_wrong_shape_or_range_are_refused(drawn):
    with pytest.raises(InputError, match=r"not \[T, I, K"):
        multipliers(drawn, np.zeros((2, 17, 15)), np.ones((2, 17, 15)), PARAMETERS)
    with pytest.raises(InputError, match=r"0\.\.1"):
        multipliers(drawn, np.zeros(SHAPE), np.full(SHAPE, 1.2), PARAMETERS)
