"""The population tied to the real world of the named firms."""

from dataclasses import replace

import numpy as np
import pytest

from sim.axes import COUNTRIES, PRODUCTS
from sim.network.exposure import multipliers
from sim.network.parameters import load_parameters
from sim.network.population import DAYS_A_YEAR, anchors_of
from sim.network.study import profile, run, shut_share
from sim.world.build import load_world
from tests.network.worlds import population

PARAMETERS = load_parameters()


@pytest.fixture(scope="module")
def world():
    return load_world()


@pytest.fixture(scope="module")
def drawn(world):
    return population(anchors=anchors_of(world))


def test_every_named_firm_stands_in_the_network_with_its_whole_base_output(world, drawn):
    firms = {line.id: line.firm for line in world.lines}
    standing = {firms[name.split(":")[0]] for name in drawn.network.names.values()}
    assert standing == {firm.id for firm in world.firms}


def test_named_plants_make_their_base_output_unless_drawn_customers_want_more(world, drawn):
    sales, base = anchors_of(world).sales, drawn.network.base[drawn.anchors]
    final = drawn.network.final[drawn.anchors]
    made = (world.base_flow.sum(axis=(1, 2)) * world.price_usd).sum() / DAYS_A_YEAR
    assert sales.sum() == pytest.approx(made)
    np.testing.assert_allclose(base[final > 0.0], sales[final > 0.0], rtol=1e-9)
    assert (base >= sales * (1.0 - 1e-9)).all()
    assert (final > 0.0).mean() > 0.7


def test_every_place_that_buys_parts_spends_its_whole_bill(world, drawn):
    sources = anchors_of(world).source
    np.testing.assert_allclose(sources.sum(axis=2), 1.0, rtol=1e-12)
    np.testing.assert_allclose(drawn.sourcing.sum(axis=1), 1.0, rtol=1e-12)


def test_dearer_chinese_suppliers_hurt_makers_in_china_more_than_in_the_united_states(drawn):
    cost = np.zeros((12, len(COUNTRIES), len(PRODUCTS)))
    cost[:, COUNTRIES.index("CN")] = 0.10
    bill = multipliers(drawn, cost, np.ones_like(cost), PARAMETERS).parts_cost[-1]
    assert (bill[COUNTRIES.index("CN")] > bill[COUNTRIES.index("US")]).all()
    assert (bill > 1.0).all()


@pytest.mark.slow
def test_proportional_rationing_can_lock_the_economy_up_for_good_and_even_rationing_does_not(world):
    network = population(1, firms=20_000, anchors=anchors_of(world)).network
    damage = 0.5 * shut_share(network, 0.01, np.array([0]))
    last = {
        even: run(
            network, damage, profile(60, 0, 240), replace(PARAMETERS, even_rationing=even)
        ).loss[-1, 0]
        for even in (1.0, 0.0)
    }
    assert last[1.0] < 1e-6
    assert last[0.0] > 0.9
