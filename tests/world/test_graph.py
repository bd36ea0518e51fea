"""The trade graph is the world: its edges carry the flows, and its nodes the plants."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from sim.axes import COUNTRIES
from sim.world.build import load_world
from sim.world.graph import trade_graph


@pytest.fixture(scope="module")
def graph() -> nx.MultiDiGraph[str]:
    return trade_graph(load_world())


def kind(graph: nx.MultiDiGraph[str], name: str) -> list[str]:
    return [node for node, facts in graph.nodes(data=True) if facts["kind"] == name]


def test_nodes_are_countries_plants_and_markets(graph: nx.MultiDiGraph[str]) -> None:
    world = load_world()
    assert kind(graph, "country") == list(COUNTRIES)
    assert len(kind(graph, "plant")) == int((world.base_capacity > 0.0).sum())
    assert set(graph.nodes) == {n for k in ("country", "plant", "market") for n in kind(graph, k)}


def test_flows_into_a_market_are_its_sales(graph: nx.MultiDiGraph[str]) -> None:
    world = load_world()
    cars = [n for n, line in enumerate(world.lines) if line.product == "cars"]
    entering = sum(units for *_, units in graph.in_edges("cars>US", data="units"))
    assert entering == pytest.approx(world.base_flow[cars, :, COUNTRIES.index("US")].sum())


def test_flows_out_of_a_plant_are_its_output_and_below_its_capacity(
    graph: nx.MultiDiGraph[str],
) -> None:
    for node in kind(graph, "plant"):
        leaving = sum(units for *_, units in graph.out_edges(node, data="units"))
        assert 0.0 < leaving < graph.nodes[node]["capacity_units"]


def test_two_lines_of_a_product_are_two_edges(graph: nx.MultiDiGraph[str]) -> None:
    lines = {key for _, _, key in graph.in_edges("printers>US", keys=True)}
    assert {"canon_printers_inkjet", "canon_printers_laser"} <= lines


def test_duties_licences_and_other_flows_can_be_laid_over_the_edges() -> None:
    world = load_world()
    flow = np.zeros_like(world.base_flow)
    n = [line.id for line in world.lines].index("tokyo_electron_chip_tools")
    i, j = COUNTRIES.index("JP"), COUNTRIES.index("CN")
    flow[n, i, j] = 5e9
    duty, licence = np.full_like(flow, 0.1), np.full_like(flow, 0.4)
    graph = trade_graph(world, flow, duty, licence=licence)
    edges = [e for e in graph.edges(data=True) if e[2]["kind"] == "flow"]
    assert len(edges) == 1
    assert edges[0][:2] == ("tokyo_electron_chip_tools@JP", "chip_tools>CN")
    facts = edges[0][2]
    assert (facts["units"], facts["duty_share"], facts["licence_share"]) == (5e9, 0.1, 0.4)


def test_every_plant_hangs_on_its_country(graph: nx.MultiDiGraph[str]) -> None:
    for node in kind(graph, "plant"):
        assert graph.has_edge(graph.nodes[node]["country"], node, "hosts")
