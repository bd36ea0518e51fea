"""A synthetic population of supplier firms behind the named ones, from a seed.

No firm-level link data are public, so firms are drawn in the setting of Inoue and Todo's Japanese
supply chains: heavy-tailed sizes and degrees, four to five links a firm, hubs. What ties them to
this world are the named firms' plants (:class:`Anchors`): they are nodes, and the other firms stand
where the plants' money goes, through the table of inputs and each country's sources of parts.

A cell (axis letter ``C``) is one (product, country). Firms are numbered cell by cell, big ones
first. Every kind of draw has its own Philox stream, so that a change to one moves no other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCTS
from sim.errors import InputError
from sim.network.graph import Network, freeze
from sim.network.parameters import Parameters
from sim.world.world import World

PLACES = len(COUNTRIES)
CELLS = len(PRODUCTS) * PLACES
STREAMS = {"size": 1, "suppliers": 2, "cell": 3, "firm": 4, "target": 5, "variety": 6, "shut": 7}
"""One stream for each kind of draw; a number, once given, is never reused."""
DAYS_A_YEAR = 365.0


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """Plants of the named firms, and where the makers in a country buy their parts."""

    names: tuple[str, ...]
    product: Ints
    """int64[anchors]"""
    country: Ints
    """int64[anchors]"""
    sales: Floats
    """float64[anchors], USD a day: base output."""
    source: Floats
    """float64[K, I, I]: share of parts that makers of ``k`` in country ``i`` buy from each."""


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """A network of anchors and synthetic firms, with the rule its links were drawn by."""

    network: Network
    anchors: Ints
    """int64[anchors]: node of each anchor."""
    sourcing: Floats
    """float64[cells, cells]: share of a buyer's parts bill by the supplier's cell."""

    @property
    def cell(self) -> Ints:
        """int64[F]: cell of each firm, ascending."""
        return self.network.product * PLACES + self.network.country


def anchors_of(world: World) -> Anchors:
    """One anchor for each (line, country) with base output; sources averaged by line output."""
    made = world.base_flow.sum(axis=2) * world.price_usd[:, None] / DAYS_A_YEAR
    source = np.zeros((len(PRODUCTS), PLACES, PLACES))
    for k in range(len(PRODUCTS)):
        lines = np.flatnonzero(world.product_of_line == k)
        lines = lines if len(lines) else np.arange(len(world.lines))
        weights = made[lines].sum(axis=1)
        china, japan, local = np.average(world.parts_source[lines], axis=0, weights=weights).T
        source[k] = np.diag(local)
        source[k, :, COUNTRY_INDEX["CN"]] += china
        source[k, :, COUNTRY_INDEX["JP"]] += japan
    line, place = np.nonzero(made)
    names = tuple(f"{world.lines[n].id}:{COUNTRIES[i]}" for n, i in zip(line, place, strict=True))
    return Anchors(names, world.product_of_line[line], place, made[line, place], source)


def no_anchors(country: str = "JP") -> Anchors:
    """No named firms: the suppliers of one country, demand spread evenly over the products."""
    source = np.zeros((len(PRODUCTS), PLACES, PLACES))
    source[:, :, COUNTRY_INDEX[country]] = 1.0
    none = np.zeros(0, dtype=np.int64)
    return Anchors((), none, none, np.zeros(0), source)


def draw(
    seed: int,
    firms: int,
    anchors: Anchors,
    inputs: Floats,
    parameters: Parameters,
    *,
    scale_free: bool = True,
) -> Population:
    """Draw ``firms`` firms, the anchors among them; one seed gives one population.

    Money closes by Leontief's identity ``Y = final + A' Y``: a buyer spends ``input_share`` of its
    sales, split over cells by the sourcing rule and within a cell in proportion to the suppliers'
    numbers of customers (Watanabe, Takayasu and Takayasu 2012), so that sizes follow from links.
    ``scale_free=False`` draws the random graph of as many firms and links, with even sizes: the
    comparison of Inoue and Todo. ``inputs`` is :func:`sim.network.parameters.load_inputs`.

    >>> from sim.network.parameters import load_inputs, load_parameters
    >>> small = draw(7, 1000, no_anchors(), load_inputs(), load_parameters())
    >>> bool((small.network.value_added > 0).all())
    True
    """
    least = 2 * len(anchors.names) + 100
    if firms < least:
        raise InputError(f"network: {firms} firms are too few, {least} is the least")
    rule = (inputs[:, None, :, None] * anchors.source[:, :, None, :]).reshape(CELLS, CELLS)
    cell, rank, nodes = _settle(seed, firms, anchors, rule, parameters.input_share)
    sourcing = _where_firms_are(rule, np.bincount(cell, minlength=CELLS))
    per_firm, pull, size = _degrees(seed, rank if scale_free else None, firms, parameters)
    buyer, supplier = _link(seed, cell, per_firm, pull, sourcing)
    share = parameters.input_share * _split(buyer, supplier, cell, sourcing)
    final = _final_sales(anchors, nodes, size, parameters.final_share)
    sales, final = _close(buyer, supplier, share, final, nodes, parameters.input_share)
    varieties = int(parameters.varieties)
    network = freeze(
        buyer,
        supplier,
        share * sales[buyer],
        product=cell // PLACES,
        country=cell % PLACES,
        kind=cell // PLACES * varieties + stream(seed, "variety").integers(0, varieties, firms),
        final=final,
        target=_targets(seed, firms, parameters),
        names=dict(zip(nodes.tolist(), anchors.names, strict=True)),
    )
    return Population(network, nodes, sourcing)


def stream(seed: int, name: str) -> np.random.Generator:
    """Generator of one kind of draw: a Philox counter of its own, whatever the others do."""
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(STREAMS[name],))
    return np.random.Generator(np.random.Philox(sequence))


def _settle(
    seed: int, firms: int, anchors: Anchors, rule: Floats, input_share: float
) -> tuple[Ints, Floats, Ints]:
    """Cell and rank (0..1, small is big) of every firm in order, and the anchors' nodes.

    The anchors take the smallest ranks, in the order of their sales.
    """
    named = len(anchors.names)
    by_sales = np.argsort(-anchors.sales, kind="stable")
    anchor_cell = (anchors.product * PLACES + anchors.country)[by_sales]
    counts = _firms_by_cell(firms - named, anchors, rule, input_share)
    cell = np.concatenate([anchor_cell, np.repeat(np.arange(CELLS), counts)])
    rank = 1.0 - stream(seed, "size").random(firms)
    rank = np.concatenate([np.sort(rank)[:named], rank[np.argsort(np.argsort(rank)) >= named]])
    order = np.lexsort((rank, cell))
    node = np.empty(firms, dtype=np.int64)
    node[order] = np.arange(firms)
    return cell[order], rank[order], node[np.argsort(by_sales)]


def _firms_by_cell(firms: int, anchors: Anchors, rule: Floats, input_share: float) -> Ints:
    """Firms by cell, int64[cells]: where final users' money goes, tier after tier."""
    if anchors.names:
        anchor_cell = anchors.product * PLACES + anchors.country
        demand = np.bincount(anchor_cell, weights=anchors.sales, minlength=CELLS)
    else:
        demand = anchors.source.sum(axis=1).ravel()  # even over the products of the one country
    sales = np.linalg.solve(np.eye(CELLS) - input_share * rule.T, demand)
    money = np.maximum(sales - demand, 0.0)
    exact: Floats = firms * money / money.sum()
    counts: Ints = np.floor(exact).astype(np.int64)
    counts[np.argsort(counts - exact, kind="stable")[: firms - int(counts.sum())]] += 1
    return counts


def _where_firms_are(rule: Floats, firms: Ints) -> Floats:
    """The rule without empty cells: a product keeps its share, its sources become those that exist.

    A hair of weight on every firm of the product stands in where no wanted source has any.
    """
    present = firms.reshape(len(PRODUCTS), PLACES) / max(1, int(firms.sum()))
    wanted = rule.reshape(CELLS, len(PRODUCTS), PLACES)
    product_share = wanted.sum(axis=2, keepdims=True)
    source: Floats = (wanted + 1e-9 * present * product_share) * (present > 0.0)
    total = source.sum(axis=2, keepdims=True)
    source = np.divide(source, total, out=np.zeros_like(source), where=total > 0.0) * product_share
    source = source.reshape(CELLS, CELLS)
    bill = source.sum(axis=1, keepdims=True)
    return np.divide(source, bill, out=np.zeros_like(source), where=bill > 0.0)


def _degrees(
    seed: int, rank: Floats | None, firms: int, parameters: Parameters
) -> tuple[Ints, Floats, Floats]:
    """Number of suppliers, pull on customers and size of each firm; without ranks, all even."""
    draws = stream(seed, "suppliers")
    if rank is None:
        even = np.ones(firms)
        return draws.poisson(parameters.links_per_firm, firms), even, even
    weight: Floats = rank ** (-1.0 / parameters.supplier_tail)
    exact = parameters.links_per_firm * weight / weight.mean()
    per_firm = np.floor(exact + draws.random(firms)).astype(np.int64)
    pull, size = (
        rank ** (-1.0 / tail) for tail in (parameters.customer_tail, parameters.size_tail)
    )
    return per_firm, pull, size


def _targets(seed: int, firms: int, parameters: Parameters) -> Floats:
    days = stream(seed, "target").poisson(parameters.target_days, firms)
    return np.maximum(days, parameters.target_floor_days).astype(np.float64)


def _link(
    seed: int, cell: Ints, per_firm: Ints, pull: Floats, sourcing: Floats
) -> tuple[Ints, Ints]:
    """Buyer and supplier of every link, sorted; repeats and purchases from oneself are dropped."""
    buys = (sourcing.sum(axis=1) > 0.0)[cell]
    buyer = np.repeat(np.arange(len(cell)), per_firm * buys)
    rows = np.cumsum(sourcing, axis=1) + np.arange(CELLS)[:, None]
    at = cell[buyer] + stream(seed, "cell").random(len(buyer))
    wanted = np.searchsorted(rows.ravel(), at, side="right") - CELLS * cell[buyer]
    wanted = np.minimum(wanted, _last_positive(sourcing)[cell[buyer]])
    edge = np.searchsorted(cell, np.arange(CELLS + 1))
    reach = np.concatenate([[0.0], np.cumsum(pull)])
    low, high = reach[edge[wanted]], reach[edge[wanted + 1]]
    at = low + (high - low) * stream(seed, "firm").random(len(buyer))
    supplier = np.searchsorted(reach[1:], at, side="right")
    supplier = np.clip(supplier, edge[wanted], edge[wanted + 1] - 1)
    key: Ints = np.unique((buyer * len(cell) + supplier)[buyer != supplier])
    return key // len(cell), key % len(cell)


def _last_positive(sourcing: Floats) -> Ints:
    """int64[cells]: last cell with weight, the guard against a cumulative sum just short of one."""
    from_end: Ints = np.argmax(sourcing[:, ::-1] > 0.0, axis=1)
    return CELLS - 1 - from_end


def _split(buyer: Ints, supplier: Ints, cell: Ints, sourcing: Floats) -> Floats:
    """float64[links]: share of the buyer's parts bill on every link."""
    group = buyer * CELLS + cell[supplier]
    start = np.flatnonzero(np.diff(group, prepend=-1))
    of_link = np.repeat(np.arange(len(start)), np.diff(np.append(start, len(buyer))))
    customers = np.bincount(supplier, minlength=len(cell))[supplier].astype(np.float64)
    weight = sourcing[cell[buyer[start]], cell[supplier[start]]]
    whole = np.bincount(buyer[start], weights=weight, minlength=len(cell))
    rivals = np.add.reduceat(customers, start)
    share: Floats = customers / rivals[of_link] * weight[of_link] / whole[buyer]
    return share


def _final_sales(anchors: Anchors, nodes: Ints, size: Floats, share: float) -> Floats:
    """float64[F]: the anchors' own sales, and ``share`` of all final demand spread by size."""
    behind = np.ones(len(size), dtype=np.bool_)
    behind[nodes] = False
    total = anchors.sales.sum() * share / (1.0 - share) if len(nodes) else float(len(size))
    final: Floats = np.where(behind, size, 0.0) / size[behind].sum() * total
    final[nodes] = anchors.sales
    return final


def _close(
    buyer: Ints, supplier: Ints, share: Floats, final: Floats, nodes: Ints, input_share: float
) -> tuple[Floats, Floats]:
    """Sales and final sales, float64[F], that satisfy ``Y = final + A' Y`` to 1e-12.

    What the links take of an anchor's output is not sold to final users, as far as it lasts.
    """
    matrix = csr_array((share, (buyer, supplier)), shape=(len(final), len(final)))
    sales, final, named = final, final.copy(), final[nodes]
    for _ in range(int(np.ceil(np.log(1e-12) / np.log(input_share)))):
        taken = np.asarray(matrix.T @ sales, dtype=np.float64)
        final[nodes] = np.maximum(named - taken[nodes], 0.0)
        sales = final + taken
    return sales, final
