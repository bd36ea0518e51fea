from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.network.graph import freeze
from sim.network.parameters import load_parameters
from sim.network.propagation import at_rest, step
from tests.network import reference
from tests.network.worlds import chain, networks

PARAMETERS = load_parameters()


def days(network, capacity, count, rules=PARAMETERS):
    """The path from rest: the shock for half of the days, then full capacity again."""
    path = [at_rest(network, *capacity.shape[1:])]
    for d in range(count):
        shut = capacity if d < count // 2 else np.ones_like(capacity)
        path.append(step(network, path[-1], shut, rules))
    return path


def deliveries(network, before, day, even):
    """Goods that every firm sold, final users included, and that every input received."""
    links = network.inputs.tocoo()
    s, j = links.coords
    share = np.minimum(day.level, 1.0)
    given = np.minimum(before.order[s], day.level[j]) if even else before.order[s] * share[j]
    goods = links.data * given
    sold = np.bincount(j, weights=goods, minlength=network.firms) + network.final * share
    return sold, np.bincount(s, weights=goods, minlength=len(network.use))


seeds = st.integers(0, 2**32 - 1)
rules = st.builds(
    lambda follow, even: replace(PARAMETERS, target_follow_share=follow, even_rationing=even),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.sampled_from([0.0, 1.0]),
)


@settings(deadline=None, max_examples=40)
@given(networks(), seeds, rules)
def test_kernel_agrees_with_the_plain_reference(network, seed, rule):
    capacity = np.random.default_rng(seed).random(network.firms).round(1)
    firms = reference.firms_of(network)
    day = at_rest(network)
    for _ in range(40):
        day = step(network, day, capacity, rule)
        reference.one_day(
            firms, capacity, rule.adjustment_days, rule.target_follow_share, rule.even_rationing
        )
        np.testing.assert_allclose(
            day.output * network.base, [f.output for f in firms], rtol=1e-9, atol=1e-9
        )
    stock = [f.stock[k] for f in firms for k in sorted(f.stock)]
    np.testing.assert_allclose(day.stock * network.use, stock, rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(networks(), rules)
def test_without_a_shock_nothing_moves_to_the_last_bit(network, rule):
    rest = at_rest(network)
    day = days(network, np.ones(network.firms), 20, rule)[-1]
    for name in ("output", "demand", "level", "stock", "ready", "order"):
        np.testing.assert_array_equal(getattr(day, name), getattr(rest, name))


@settings(deadline=None, max_examples=40)
@given(networks(), seeds, rules)
def test_every_good_made_is_delivered_and_every_good_used_was_in_stock(network, seed, rule):
    capacity = np.random.default_rng(seed).random(network.firms)
    path = days(network, capacity, 30, rule)
    for before, day in pairwise(path):
        sold, bought = deliveries(network, before, day, rule.even_rationing)
        np.testing.assert_allclose(sold, day.output * network.base, rtol=1e-9)
        used = day.output[network.buyer_of_input()]
        np.testing.assert_allclose(
            day.stock, before.stock + bought / network.use - used, rtol=1e-9, atol=1e-9
        )


@settings(deadline=None, max_examples=40)
@given(networks(), seeds, rules)
def test_no_stock_is_negative_and_no_output_exceeds_capacity_or_demand(network, seed, rule):
    capacity = np.random.default_rng(seed).random(network.firms)
    for d, day in enumerate(days(network, capacity, 40, rule)[1:]):
        room = capacity if d < 20 else np.ones_like(capacity)
        assert (day.stock >= 0.0).all()
        assert (day.output <= room).all()
        assert (day.output <= day.demand).all()
        assert (day.output >= 0.0).all()
        assert (day.order >= 0.0).all()


@settings(deadline=None, max_examples=25)
@given(networks(), seeds, rules)
def test_stacked_lanes_are_the_lanes_one_by_one(network, seed, rule):
    capacity = np.random.default_rng(seed).random((network.firms, 3))
    stacked = days(network, capacity, 20, rule)[-1]
    for lane in range(3):
        alone = days(network, capacity[:, lane].copy(), 20, rule)[-1]
        np.testing.assert_allclose(stacked.output[:, lane], alone.output, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(stacked.stock[:, lane], alone.stock, rtol=1e-12, atol=1e-12)


@settings(deadline=None, max_examples=25)
@given(networks(), seeds)
def test_renaming_the_firms_changes_nothing(network, seed):
    rng = np.random.default_rng(seed)
    new = rng.permutation(network.firms)
    capacity = rng.random(network.firms)
    links = network.flow().tocoo()
    old = np.argsort(new)
    renamed = freeze(
        new[links.coords[0]], new[links.coords[1]], links.data,
        product=network.product[old], country=network.country[old], kind=network.kind[old],
        final=network.final[old], target=network.target[old],
    )  # fmt: skip
    here, there = days(network, capacity, 30)[-1], days(renamed, capacity[old], 30)[-1]
    np.testing.assert_allclose(there.output[new], here.output, rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=25)
@given(networks(), seeds)
def test_scaling_the_currency_changes_nothing_real(network, seed):
    capacity = np.random.default_rng(seed).random(network.firms)
    links = network.flow().tocoo()
    yen = freeze(
        links.coords[0], links.coords[1], links.data * 110.0, product=network.product,
        country=network.country, kind=network.kind, final=network.final * 110.0,
        target=network.target,
    )  # fmt: skip
    np.testing.assert_allclose(
        days(yen, capacity, 30)[-1].output,
        days(network, capacity, 30)[-1].output,
        rtol=1e-9,
        atol=1e-9,
    )


def test_a_shortage_moves_one_tier_down_each_time_a_tier_runs_out_of_stock():
    network = chain(4)
    day, first = at_rest(network), {}
    for d in range(1, 20):
        day = step(network, day, np.array([0.0, 1, 1, 1]), PARAMETERS)
        for firm in range(4):
            if day.output[firm] == 0.0:
                first.setdefault(firm, d)
    assert first == {0: 1, 1: 4, 2: 7, 3: 10}


def test_what_one_rival_for_a_scarce_part_cannot_use_the_other_gets():
    """So total output is no monotone function of the damage: the law holds on average only."""
    mill, small, large = 0, 1, 2
    network = freeze(
        np.array([small, large]), np.array([mill, mill]), np.array([1.0, 1.0]),
        product=np.array([15, 0, 0]), country=np.zeros(3, int), kind=np.array([0, 1, 2]),
        final=np.array([0.1, 2.0, 20.0]), target=np.full(3, 2.0),
    )  # fmt: skip
    total = []
    for left in (1.0, 0.0):
        path = days(network, np.array([0.5, left, 1.0]), 60)
        total.append(sum(network.base @ day.output for day in path))
    assert total[1] > total[0]
