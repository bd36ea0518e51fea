import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from sim.errors import InputError
from sim.network.graph import freeze, from_networkx, to_networkx
from tests.network.worlds import chain, networks, population

FIELDS = ("product", "country", "kind", "target", "final", "base", "value_added", "use")


@settings(deadline=None, max_examples=25)
@given(networks())
def test_a_network_survives_the_way_to_networkx_and_back(network):
    again = from_networkx(to_networkx(network))
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(again, name), getattr(network, name))
    np.testing.assert_array_equal(again.input_ptr, network.input_ptr)
    assert (again.flow() != network.flow()).nnz == 0


def test_links_run_from_supplier_to_buyer():
    assert list(to_networkx(chain(3)).edges(data="flow_usd")) == [(0, 1, 1.0), (1, 2, 1.0)]


def test_a_sub_graph_keeps_only_its_own_firms_and_links():
    graph = to_networkx(chain(5), nodes=[1, 2, 4])
    assert sorted(graph) == [1, 2, 4]
    assert list(graph.edges) == [(1, 2)]


def test_a_neighbourhood_reaches_up_and_down_by_its_hops():
    assert chain(7).neighbourhood([3], hops=2).tolist() == [1, 2, 3, 4, 5]


def test_a_drawn_population_exports_its_hub_with_names_of_axes():
    network = population().network
    hub = int(np.argmax(network.base))
    graph = to_networkx(network, network.neighbourhood([hub]))
    assert graph.out_degree(hub) == np.count_nonzero(network.inputs.indices == hub)
    assert graph.nodes[hub]["country"] == "JP"


def test_repeated_links_add_up_and_only_suppliers_of_one_kind_share_an_input():
    network = freeze(
        np.array([3, 3, 3, 3]), np.array([0, 1, 0, 2]), np.array([1.0, 2.0, 4.0, 8.0]),
        product=np.zeros(4, int), country=np.zeros(4, int), kind=np.array([5, 5, 4, 6]),
        final=np.ones(4), target=np.full(4, 2.0),
    )  # fmt: skip
    assert network.links == 3
    assert network.use.tolist() == [8.0, 7.0]
    assert network.base.tolist() == [6.0, 3.0, 9.0, 1.0]


def test_a_node_without_a_kind_makes_one_that_no_other_product_makes():
    graph = to_networkx(chain(3))
    del graph.nodes[0]["kind"], graph.nodes[1]["kind"]
    graph.nodes[1]["product"] = graph.nodes[0]["product"]
    first, second, given = from_networkx(graph).kind
    assert first == second
    assert first > given


def test_everything_wrong_with_a_network_is_said_at_once():
    with pytest.raises(InputError) as caught:
        freeze(
            np.array([0, 1]), np.array([0, 0]), np.array([1.0, -2.0]),
            product=np.zeros(3, int), country=np.zeros(3, int), kind=np.zeros(3, int),
            final=np.array([5.0, -1.0, 0.0]), target=np.array([2.0, 2.0, 0.5]),
        )  # fmt: skip
    said = str(caught.value)
    for text in ("negative flow", "buys from itself", "negative final", "sells nothing", "one day"):
        assert text in said


def test_a_graph_with_missing_and_misspelt_attributes_names_them_all():
    graph = nx.DiGraph()
    graph.add_node("mill", product="metal", country="JP", final_usd=1.0, target_days=9.0)
    graph.add_node("maker", product="cars", final_usd=1.0, target_days=9.0)
    graph.add_edge("mill", "maker")
    with pytest.raises(InputError) as caught:
        from_networkx(graph)
    said = str(caught.value)
    assert "did you mean `metals`?" in said
    assert "node maker: no `country`" in said
    assert "edge mill -> maker: no `flow_usd`" in said
