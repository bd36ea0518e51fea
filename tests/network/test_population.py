import numpy as np
import pytest

from sim.axes import COUNTRIES
from sim.errors import InputError
from sim.network.parameters import load_parameters
from sim.network.population import PLACES
from tests.network.worlds import population


def tail(values, share=0.01):
    """Hill's estimate of the exponent of the cumulative tail."""
    ranked = np.sort(values)[::-1]
    top = int(len(ranked) * share)
    return 1.0 / np.mean(np.log(ranked[:top] / ranked[top]))


@pytest.fixture(scope="module")
def large():
    return population(firms=100_000)


def test_links_are_four_to_five_a_firm(large):
    assert 4.0 < large.network.links / large.network.firms < 5.0


def test_sizes_and_numbers_of_customers_and_suppliers_have_heavy_tails(large):
    links = large.network.flow()
    suppliers, customers = np.diff(links.indptr), np.bincount(links.indices)
    assert 1.2 < tail(suppliers) < 1.7
    assert 0.9 < tail(customers) < 1.4
    assert 0.7 < tail(large.network.base) < 1.3
    assert np.corrcoef(np.log(suppliers), np.log(large.network.base))[0, 1] > 0.4


def test_money_closes_and_every_firm_adds_value(large):
    network = large.network
    assert (network.value_added > 0.0).all()
    np.testing.assert_allclose(network.value_added.sum(), network.final.sum(), rtol=1e-10)
    bought = 1.0 - network.value_added / network.base
    np.testing.assert_allclose(bought, load_parameters().input_share, rtol=1e-9)


def test_inventory_targets_are_poisson_with_the_published_mean(large):
    target = large.network.target
    assert target.mean() == pytest.approx(15.0, abs=0.1)
    assert target.var() == pytest.approx(15.0, abs=0.3)
    assert target.min() >= 2.0


def test_one_seed_gives_one_population_and_another_seed_another():
    first, again, other = population(5), population(5), population(6)
    np.testing.assert_array_equal(first.network.inputs.data, again.network.inputs.data)
    np.testing.assert_array_equal(first.network.inputs.indices, again.network.inputs.indices)
    assert not np.array_equal(first.network.base, other.network.base)


def test_named_plants_are_nodes_with_their_product_country_sales_and_name(makers):
    drawn = population(anchors=makers)
    network, nodes = drawn.network, drawn.anchors
    np.testing.assert_array_equal(network.product[nodes], makers.product)
    np.testing.assert_array_equal(network.country[nodes], makers.country)
    np.testing.assert_array_equal(network.final[nodes], makers.sales)
    assert [network.names[i] for i in nodes.tolist()] == list(makers.names)


def test_named_plants_have_the_most_suppliers_and_buy_where_their_country_buys(makers):
    drawn = population(firms=20_000, anchors=makers)
    links = drawn.network.flow()
    suppliers = np.diff(links.indptr)
    by_sales = drawn.anchors[np.argsort(makers.sales)]
    assert np.argsort(suppliers)[-3:].tolist() == by_sales.tolist()
    row = links[[int(drawn.anchors[0])]]  # Toyota's plants in the US
    bought = (
        np.bincount(drawn.network.country[row.indices], weights=row.data, minlength=PLACES)
        / row.data.sum()
    )
    assert bought[COUNTRIES.index("US")] == pytest.approx(0.5, abs=0.01)
    assert bought[COUNTRIES.index("JP")] == pytest.approx(0.3, abs=0.01)
    assert bought[COUNTRIES.index("CN")] == pytest.approx(0.2, abs=0.01)


def test_the_random_graph_has_as_many_links_and_no_hubs():
    heavy, even = population(firms=20_000), population(firms=20_000, scale_free=False)
    assert even.network.links == pytest.approx(heavy.network.links, rel=0.1)
    assert np.bincount(even.network.inputs.indices).max() < 100
    assert np.bincount(heavy.network.inputs.indices).max() > 1000


def test_too_few_firms_for_the_named_plants_are_refused(makers):
    with pytest.raises(InputError, match="106 is the least"):
        population(firms=50, anchors=makers)


def test_a_population_can_be_as_small_as_a_thousand_firms():
    assert population(firms=1000).network.firms == 1000
