"""The supplier network in its frozen form, and its networkx face.

A network is links from suppliers to buyers with the money that flows over them in one base day.
Frozen, it is a CSR matrix whose rows are **inputs**: one row for each (buyer, kind of input) that
holds the suppliers who can replace each other there. Extra axis letters of this room: ``S`` inputs
(all buyers' rows, buyer after buyer) and ``E`` links.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCT_INDEX, PRODUCTS
from sim.errors import Fault, InputError, nearest


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A frozen supplier network at rest; every money flow is USD a day at base prices.

    ``base`` is what the links and final users take, so at rest nothing moves: output equals demand.
    """

    product: Ints
    """int64[F]: index into :data:`sim.axes.PRODUCTS`."""
    country: Ints
    """int64[F]: index into :data:`sim.axes.COUNTRIES`."""
    kind: Ints
    """int64[F]: kind of input that the firm makes; one kind belongs to one product."""
    target: Floats
    """float64[F], days: inventory that the firm wants of each input."""
    final: Floats
    """float64[F]: sales to final users."""
    base: Floats
    """float64[F]: output at rest, final sales and sales to firms."""
    value_added: Floats
    """float64[F]: output at rest less the inputs it takes."""
    inputs: csr_array
    """float64[inputs, F]: flow of each input from each of its suppliers."""
    customers: csr_array
    """float64[F, inputs]: the same flows seen from the suppliers."""
    input_ptr: NDArray[np.int32]
    """int32[F + 1]: inputs ``input_ptr[i] .. input_ptr[i + 1]`` belong to firm ``i``."""
    use: Floats
    """float64[inputs]: flow of each input from all its suppliers."""
    names: Mapping[int, str]
    """Names of the firms that have one (the named firms' plants)."""

    @property
    def firms(self) -> int:
        """Number of firms ``F``."""
        return len(self.base)

    @property
    def links(self) -> int:
        """Number of links ``E``."""
        return int(self.inputs.nnz)

    def buyer_of_input(self) -> Ints:
        """int64[inputs]: the firm that each input belongs to."""
        return np.repeat(np.arange(self.firms), np.diff(self.input_ptr))

    def flow(self) -> csr_array:
        """Buyers x suppliers, float64[F, F]: the links as one matrix, at no cost."""
        first_link = self.inputs.indptr[self.input_ptr]
        shape = (self.firms, self.firms)
        return csr_array((self.inputs.data, self.inputs.indices, first_link), shape=shape)

    def neighbourhood(self, nodes: ArrayLike, hops: int = 1) -> Ints:
        """Firms within ``hops`` links up or down of ``nodes``, sorted; hubs make this grow fast."""
        links = self.flow()
        near = np.zeros(self.firms)
        near[np.asarray(nodes, dtype=np.int64)] = 1.0
        for _ in range(hops):
            near = ((near + links @ near + links.T @ near) > 0.0).astype(np.float64)
        return np.flatnonzero(near)


def freeze(
    buyer: Ints,
    supplier: Ints,
    flow: Floats,
    *,
    product: Ints,
    country: Ints,
    kind: Ints,
    final: Floats,
    target: Floats,
    names: Mapping[int, str] | None = None,
) -> Network:
    """Freeze links ``(buyer[E], supplier[E], flow[E])`` and firms ``[F]`` into a :class:`Network`.

    Repeated links are added. Refuses (:class:`InputError`) firms without any sales, negative money
    and targets below one day: with less than a day's stock the day's production cannot be served.
    """
    count = len(product)
    kinds = int(kind.max(initial=0)) + 1
    key = (buyer * kinds + kind[supplier]) * count + supplier
    order = np.argsort(key)
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    amount = np.add.reduceat(flow[order], first) if len(first) else np.zeros(0)
    link = order[first]
    key_of_input = key[link] // count
    start = np.flatnonzero(np.diff(key_of_input, prepend=-1))
    indptr = np.append(start, len(link)).astype(np.int32)
    indices = supplier[link].astype(np.int32)
    inputs = csr_array((amount, indices, indptr), shape=(len(start), count))
    customers = inputs.T.tocsr()
    of_input = buyer[link[start]]
    input_ptr = np.searchsorted(of_input, np.arange(count + 1)).astype(np.int32)
    use = inputs @ np.ones(count)
    base = customers @ np.ones(len(start)) + final
    _refuse(count, buyer, supplier, flow, final, base, target)
    value_added = base - np.bincount(of_input, weights=use, minlength=count)
    return Network(product, country, kind, target, final, base, value_added, inputs, customers,
                   input_ptr, use, dict(names or {}))  # fmt: skip


def _refuse(
    count: int,
    buyer: Ints,
    supplier: Ints,
    flow: Floats,
    final: Floats,
    base: Floats,
    target: Floats,
) -> None:
    wrong = [
        ("flow", "a link with no or negative flow", np.flatnonzero(~(flow > 0.0))),
        ("flow", "a firm that buys from itself", np.flatnonzero(buyer == supplier)),
        ("final", "negative final sales", np.flatnonzero(~(final >= 0.0))),
        ("base", "a firm that sells nothing", np.flatnonzero(~(base > 0.0))),
        ("target", "an inventory target below one day", np.flatnonzero(~(target >= 1.0))),
    ]
    faults = [
        Fault("network", key, f"{text}: {len(where)} of {count} firms or links, first {where[0]}")
        for key, text, where in wrong
        if len(where)
    ]
    if faults:
        raise InputError(faults)


def to_networkx(network: Network, nodes: Iterable[int] | None = None) -> nx.DiGraph[int]:
    """Links from supplier to buyer as a ``networkx.DiGraph``, of ``nodes`` or of all firms.

    Node attributes: ``product, country, kind, final_usd, target_days`` and, where there is one,
    ``name``; edge attribute ``flow_usd`` (USD a day). A sub-graph keeps its firms' true final sales
    and drops links that leave it. With ``nodes=None`` the whole network is built: about 0.1 s and
    15 MB at 10^4 firms, but 40 s and 2 GB at 10^6 firms, so ask for
    ``network.neighbourhood(...)`` instead.
    """
    chosen = np.arange(network.firms) if nodes is None else np.unique(np.fromiter(nodes, np.int64))
    graph: nx.DiGraph[int] = nx.DiGraph()
    for i in chosen.tolist():
        named = {"name": network.names[i]} if i in network.names else {}
        graph.add_node(
            i,
            product=PRODUCTS[network.product[i]],
            country=COUNTRIES[network.country[i]],
            kind=int(network.kind[i]),
            final_usd=float(network.final[i]),
            target_days=float(network.target[i]),
            **named,
        )
    part = network.flow()[chosen][:, chosen].tocoo()
    buyer, supplier = chosen[part.coords[0]].tolist(), chosen[part.coords[1]].tolist()
    graph.add_weighted_edges_from(
        zip(supplier, buyer, part.data.tolist(), strict=True), weight="flow_usd"
    )
    return graph


def from_networkx(graph: nx.DiGraph[Hashable]) -> Network:
    """Freeze a graph with the attributes of :func:`to_networkx`; firms take the graph's order.

    A node may leave out ``kind`` (its product is then one kind of its own, beyond all given ones).
    Raises :class:`InputError` that names every node and edge whose attribute is missing or unknown.

    >>> graph = nx.DiGraph()
    >>> firm = {"country": "JP", "target_days": 15.0}
    >>> graph.add_node("mill", product="metals", final_usd=1.0, **firm)
    >>> graph.add_node("maker", product="cars", final_usd=5.0, **firm)
    >>> graph.add_edge("mill", "maker", flow_usd=2.0)
    >>> from_networkx(graph).base.tolist()
    [3.0, 5.0]
    """
    _check_attributes(graph)
    place = {node: i for i, node in enumerate(graph)}
    of = [graph.nodes[node] for node in place]
    given = max((int(node["kind"]) for node in of if "kind" in node), default=-1)
    product = np.array([PRODUCT_INDEX[node["product"]] for node in of])
    kind = [int(node.get("kind", given + 1 + k)) for node, k in zip(of, product, strict=True)]
    edges: list[tuple[Hashable, Hashable, float]] = list(graph.edges(data="flow_usd"))
    return freeze(
        np.array([place[buyer] for _, buyer, _ in edges], dtype=np.int64),
        np.array([place[supplier] for supplier, _, _ in edges], dtype=np.int64),
        np.array([flow for _, _, flow in edges], dtype=np.float64),
        product=product,
        country=np.array([COUNTRY_INDEX[node["country"]] for node in of]),
        kind=np.array(kind),
        final=np.array([node["final_usd"] for node in of], dtype=np.float64),
        target=np.array([node["target_days"] for node in of], dtype=np.float64),
        names={i: str(node["name"]) for i, node in enumerate(of) if "name" in node},
    )


def _check_attributes(graph: nx.DiGraph[Hashable]) -> None:
    faults: list[Fault] = []
    codes = {"product": PRODUCT_INDEX, "country": COUNTRY_INDEX}
    for node, data in graph.nodes(data=True):
        missing = {"product", "country", "final_usd", "target_days"} - data.keys()
        faults += [Fault("graph", f"node {node}", f"no `{key}`") for key in sorted(missing)]
        faults += [
            Fault("graph", f"node {node}", f"`{data[key]}`: no {key}", nearest(data[key], known))
            for key, known in codes.items()
            if key in data and data[key] not in known
        ]
    faults += [
        Fault("graph", f"edge {supplier} -> {buyer}", "no `flow_usd`")
        for supplier, buyer, data in graph.edges(data=True)
        if "flow_usd" not in data
    ]
    if faults:
        raise InputError(faults)
