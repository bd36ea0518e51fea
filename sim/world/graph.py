"""The trade graph: countries, plants and markets, joined by what flows, what it pays and costs."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_NAMES, PRODUCTS
from sim.world.world import World


def trade_graph(
    world: World,
    flow: Floats | None = None,
    duty: Floats | None = None,
    capacity: Floats | None = None,
    licence: Floats | None = None,
) -> nx.MultiDiGraph[str]:
    """Countries, plants and markets as a directed multigraph.

    Parameters
    ----------
    world
        Gives names, prices, freight and the base year.
    flow
        float64[N, I, J], units a year; the base flows when None.
    duty
        float64[N, I, J], share of customs value; edges carry no duty when None.
    capacity
        float64[N, I], units a year; the base capacity when None.
    licence
        float64[N, I, J], share of the flow that may ship; edges carry no licence when None.

    Returns
    -------
    A graph whose nodes have ``kind`` ``country``, ``plant`` (``line@country``) or ``market``
    (``product>country``). Edges ``flow`` run from a plant to a market, one for each line (its id is
    the key), with ``units``, ``value_usd``, ``freight_share``, ``sea_months``,
    ``preference_share`` and, where given, ``duty_share`` and ``licence_share``. Edges ``hosts``
    join a country to its plants, edges ``in`` a market to its country.

    >>> from sim.world.build import load_world
    >>> graph = trade_graph(load_world())
    >>> graph.edges["toyota_cars@JP", "cars>US", "toyota_cars"]["kind"]
    'flow'
    """
    flows = world.base_flow if flow is None else flow
    held = world.base_capacity if capacity is None else capacity
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for code in COUNTRIES:
        graph.add_node(code, kind="country", name=COUNTRY_NAMES[code])
    for n, i in np.argwhere((held > 0.0) | (flows.sum(axis=2) > 0.0)):
        _add_plant(graph, world, int(n), int(i), float(held[n, i]))
    for n, i, j in np.argwhere(flows > 0.0):
        cell = (int(n), int(i), int(j))
        _add_flow(graph, world, cell, float(flows[cell]))
        edge = graph.edges[_edge(world, *cell)]
        if duty is not None:
            edge["duty_share"] = float(duty[cell])
        if licence is not None:
            edge["licence_share"] = float(licence[cell])
    return graph


def plant_node(world: World, line: int, country: int) -> str:
    """Name of a plant's node."""
    return f"{world.lines[line].id}@{COUNTRIES[country]}"


def market_node(world: World, line: int, country: int) -> str:
    """Name of the node of the line's product in a market."""
    return f"{PRODUCTS[world.product_of_line[line]]}>{COUNTRIES[country]}"


def _edge(world: World, n: int, i: int, j: int) -> tuple[str, str, str]:
    return plant_node(world, n, i), market_node(world, n, j), world.lines[n].id


def _add_plant(graph: nx.MultiDiGraph[str], world: World, n: int, i: int, capacity: float) -> None:
    line = world.lines[n]
    node = plant_node(world, n, i)
    facts: dict[str, Any] = {
        "firm": line.firm,
        "line": line.id,
        "product": line.product,
        "country": COUNTRIES[i],
        "capacity_units": capacity,
        "sites": int(world.site_count[n, i]),
    }
    graph.add_node(node, kind="plant", **facts)
    graph.add_edge(COUNTRIES[i], node, key="hosts", kind="hosts")


def _add_flow(
    graph: nx.MultiDiGraph[str], world: World, cell: tuple[int, int, int], units: float
) -> None:
    n, i, j = cell
    plant, market, line = _edge(world, *cell)
    if market not in graph:
        facts = {"product": world.lines[n].product, "country": COUNTRIES[j]}
        graph.add_node(market, kind="market", **facts)
        graph.add_edge(market, COUNTRIES[j], key="in", kind="in")
    graph.add_edge(
        plant,
        market,
        key=line,
        kind="flow",
        units=units,
        value_usd=units * float(world.price_usd[n]),
        freight_share=float(world.freight_share[cell]),
        sea_months=int(world.sea_months[i, j]),
        preference_share=float(world.preference_share[cell]),
    )
