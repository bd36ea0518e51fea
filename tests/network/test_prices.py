import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import diags_array, eye_array
from scipy.sparse.linalg import spsolve

from sim.network.propagation import pass_on
from tests.network import reference
from tests.network.worlds import networks

seeds = st.integers(0, 2**32 - 1)
shares = st.floats(0.0, 1.0)


def settle(network, cost, pass_through, months=60):
    price = np.zeros_like(cost)
    for _ in range(months):
        price = pass_on(network, price, cost, pass_through)
    return price


@settings(deadline=None, max_examples=30)
@given(networks(), seeds, shares)
def test_prices_agree_with_the_plain_reference(network, seed, share):
    cost = np.random.default_rng(seed).normal(size=network.firms)
    firms, price = reference.firms_of(network), np.zeros(network.firms)
    for _ in range(12):
        price = pass_on(network, price, cost, share)
        plain = reference.one_month_of_prices(firms, cost, share)
        np.testing.assert_allclose(price, plain, rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(networks(), shares)
def test_without_a_cost_rise_no_price_moves(network, share):
    assert (settle(network, np.zeros(network.firms), share, months=5) == 0.0).all()


@settings(deadline=None, max_examples=30)
@given(networks(productive=True), seeds, shares)
def test_a_lasting_cost_converges_to_the_input_output_price_model(network, seed, share):
    cost = np.random.default_rng(seed).random(network.firms)
    matrix = diags_array(1.0 / network.base) @ network.flow()
    exact = spsolve((eye_array(network.firms) - share * matrix).tocsc(), share * cost)
    np.testing.assert_allclose(settle(network, cost, share), exact, rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(networks(productive=True), seeds)
def test_with_full_pass_through_final_users_pay_the_whole_cost(network, seed):
    cost = np.random.default_rng(seed).random(network.firms)
    paid = network.final @ settle(network, cost, 1.0)
    np.testing.assert_allclose(paid, network.base @ cost, rtol=1e-9)


@settings(deadline=None, max_examples=30)
@given(networks(), seeds, shares)
def test_a_larger_cost_rise_lowers_no_price_and_twice_the_rise_is_twice_the_price(
    network, seed, share
):
    rng = np.random.default_rng(seed)
    cost, more = rng.random(network.firms), rng.random(network.firms)
    price = settle(network, cost, share, months=8)
    assert (settle(network, cost + more, share, months=8) >= price * (1.0 - 1e-12)).all()
    np.testing.assert_allclose(settle(network, 2.0 * cost, share, months=8), 2.0 * price)


@settings(deadline=None, max_examples=20)
@given(networks(), seeds)
def test_price_lanes_are_the_lanes_one_by_one(network, seed):
    cost = np.random.default_rng(seed).random((network.firms, 3))
    stacked = settle(network, cost, 0.7, months=6)
    for lane in range(3):
        alone = settle(network, cost[:, lane], 0.7, months=6)
        np.testing.assert_allclose(stacked[:, lane], alone, rtol=1e-12)
