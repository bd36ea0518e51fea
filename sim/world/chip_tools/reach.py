"""How much of a buyer's purchases rules reach: those in force, and those announced as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.law.controls import Query
from sim.law.controls.codes import FREE_CODES, US_CODES
from sim.law.controls.history import ControlHistory, known, pending
from sim.law.controls.switches import Switches
from sim.world.chip_tools.answers import Answer, Asked
from sim.world.chip_tools.queries import INDIVIDUAL, middles, offers, with_content
from sim.world.customers import ToolMarket

HORIZON_DAYS = 365
"""How far ahead an announced rule counts."""
PRESUMED_DENIAL = US_CODES.index("LIC_PoD")


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What the law says of each maker's sales to each buyer.

    Makers (V) are Japan first, then the rivals of the market. Bands of US content matter to Japan
    alone. Shares are of the maker's sales to the buyer, by the classes that it buys.
    """

    in_force: Floats
    """float64[2, T, V, U, bands]: share that needs a licence, and share presumed to be denied."""
    announced: Floats
    """float64[2, T, V, U, bands]: the same with rules announced to start within a year."""
    us: NDArray[np.int8]
    """int8[T, V, U, Z]: US answer in the lowest band, a place in ``US_CODES``."""
    own: NDArray[np.bool_]
    """bool[T, V, U, Z]: whether the maker's own list asks for an individual licence."""


def reach(
    market: ToolMarket,
    home: Floats,
    history: ControlHistory,
    switches: Switches,
    days: Sequence[date],
    content: Sequence[float],
) -> Reach:
    """Ask the law for every maker, buyer and class on every day, and of what is announced.

    ``home``: float64[node_groups, Z], classes of Japanese makers' tools.
    """
    asked = Asked(history.law, switches)
    makers = ("JP", *market.rivals)
    mixes = np.stack([home, *market.rival_mix])[:, market.group]
    buyers, kinds, bands = len(market.customers), len(market.classes), len(content) + 1
    shares = np.zeros((2, 2, len(days), len(makers), buyers, bands))
    us = np.zeros((len(days), len(makers), buyers, kinds), dtype=np.int8)
    own = np.zeros(us.shape, dtype=np.bool_)
    for v, maker in enumerate(makers):
        for b, share in enumerate(middles(content)):
            if v > 0 and b > 0:
                shares[:, :, :, v, :, b] = shares[:, :, :, v, :, 0]
                continue
            queries = [with_content(query, share) for query in offers(market, maker)]
            codes, lists = _in_force(asked, queries, days)
            soon = _announced(history, switches, queries, days)
            for k, flags in enumerate((_flags(codes, lists), soon)):
                shares[k, :, :, v, :, b] = _weighted(flags, mixes[v])
            if b == 0:
                us[:, v] = codes.reshape(us[:, v].shape)
                own[:, v] = lists.reshape(own[:, v].shape)
    return Reach(shares[0], np.maximum(shares[0], shares[1]), us, own)


def _weighted(flags: NDArray[np.bool_], mix: Floats) -> Floats:
    """``flags`` bool[2, T, U x Z] by the classes that buyers take, float64[2, T, U]."""
    grid = flags.reshape(*flags.shape[:2], *mix.shape)
    return np.asarray((grid * mix).sum(axis=-1))


def _flags(codes: NDArray[np.int8], lists: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Licence needed, and presumed to be denied; bool[2, ...]."""
    denied = codes == PRESUMED_DENIAL
    free = np.array([code in FREE_CODES for code in US_CODES])
    return np.stack([(~free[codes] | lists) & ~denied, denied])


def _in_force(
    asked: Asked, queries: Sequence[Query], days: Sequence[date]
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """US answers int8[T, Y] and whether the own list asks for an individual licence, bool[T, Y]."""
    codes = np.zeros((len(days), len(queries)), dtype=np.int8)
    lists = np.zeros(codes.shape, dtype=np.bool_)
    for t, day in enumerate(days):
        if t and asked.same(days[t - 1], day):
            codes[t], lists[t] = codes[t - 1], lists[t - 1]
        else:
            codes[t], lists[t] = _read(asked.answers(queries, day))
    return codes, lists


def _announced(
    history: ControlHistory, switches: Switches, queries: Sequence[Query], days: Sequence[date]
) -> NDArray[np.bool_]:
    """Flags under the strictest day ahead on which an announced rule starts, bool[2, T, Y]."""
    flags = np.zeros((2, len(days), len(queries)), dtype=np.bool_)
    for t, day in enumerate(days):
        law = history.on(day)
        ahead = pending(law, day, switches, HORIZON_DAYS)
        if not ahead:
            continue
        told = Asked(known(law, day, switches), switches)
        for start in ahead:
            flags[:, t] |= _flags(*_read(told.answers(queries, start)))
    flags[0] &= ~flags[1]
    return flags


def _read(answers: Sequence[Answer]) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    codes = np.array([answer.us for answer in answers], dtype=np.int8)
    return codes, np.array([answer.own == INDIVIDUAL for answer in answers], dtype=np.bool_)
