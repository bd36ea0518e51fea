"""The literature's findings as tests of shape, at 5,000 firms and paired shocks."""

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import InputError
from sim.network.parameters import load_parameters
from sim.network.study import profile, run, shut_share
from tests.network.worlds import population

LANES = np.arange(8)
PARAMETERS = load_parameters()


@pytest.fixture(scope="module")
def graphs():
    return {
        name: population(3, firms=5_000, scale_free=name == "scale_free").network
        for name in ("scale_free", "random")
    }


def shut_for_a_month(network, share, days=60, parameters=PARAMETERS):
    return run(network, shut_share(network, share, LANES), profile(30, 0, days), parameters)


def test_indirect_losses_exceed_direct_ones_many_times(graphs):
    assert np.median(shut_for_a_month(graphs["scale_free"], 0.01).ratio) > 5.0


@pytest.mark.parametrize("share", [0.001, 0.005, 0.02])
def test_indirect_losses_are_larger_on_the_scale_free_than_on_the_random_graph(graphs, share):
    ratio = {name: np.median(shut_for_a_month(graphs[name], share).ratio) for name in graphs}
    assert ratio["scale_free"] > 1.4 * ratio["random"]


def test_losses_grow_while_the_shock_lasts_and_fade_after_it(graphs):
    loss = shut_for_a_month(graphs["scale_free"], 0.02).loss.mean(axis=1)
    assert loss[29] > 3.0 * loss[9] > 0.0
    assert loss[-1] < 0.01 * loss.max()


def test_shutting_one_product_also_stops_the_others(graphs):
    network = graphs["scale_free"]
    product = np.bincount(network.product).argmax()
    among = np.flatnonzero(network.product == product)
    damage = shut_share(network, 1.0, LANES[:1], among=among)
    assert (damage[among] == 1.0).all()
    assert damage.sum() == len(among)
    assert run(network, damage, profile(30, 10, 60), PARAMETERS).ratio[0] > 0.0


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("scale_free", [True, False])
def test_a_larger_shock_never_raises_total_output_in_paired_draws(seed, scale_free):
    network = population(seed, scale_free=scale_free).network
    light, heavy = shut_share(network, 0.01, LANES), shut_share(network, 0.02, LANES)
    both = np.concatenate([0.5 * light, light, heavy], axis=1)
    total = run(network, both, profile(30, 0, 60), PARAMETERS).loss.sum(axis=0)
    half, one, two = np.split(total, 3)
    assert (half <= one + 1e-9).all()
    assert (one <= two + 1e-9).all()


def test_a_larger_share_shuts_the_same_firms_and_more(graphs):
    network = graphs["random"]
    few, many = shut_share(network, 0.01, LANES), shut_share(network, 0.05, LANES)
    assert (few.sum(axis=0) == 50).all()
    assert (many >= few).all()


def test_with_targets_that_follow_output_a_tiny_shock_starts_a_destocking_wave(graphs):
    """The papers' order rule amplifies: why the default keeps the initial inventory."""
    network = graphs["random"]
    tiny = 0.01 * shut_share(network, 0.001, LANES)
    standing = profile(30, 0, 60)
    stable = run(network, tiny, standing, PARAMETERS)
    follows = run(network, tiny, standing, replace(PARAMETERS, target_follow_share=1.0))
    assert (follows.ratio > 20.0 * stable.ratio).all()


def test_shares_outside_nought_to_one_are_refused(graphs):
    with pytest.raises(InputError, match=r"outside 0\.\.1"):
        shut_share(graphs["random"], 1.5, LANES)
