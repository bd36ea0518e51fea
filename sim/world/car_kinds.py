"""Car markets by kind (petrol, hybrid, plug-in, battery) and what rivals in them leave of a line.

A line fares by what it sold in 2017: its part of a kind moves with the kind's share of the market
and with what rivals leave of that kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.data.demand_tables import KINDS
from sim.data.shared_columns import ALL
from sim.world.lines import Line
from sim.world.paths import BASE_YEAR, positions, yearly_at, yearly_path

Years = dict[int, float]
Series = dict[tuple[str, str, str], Years]
_MOST = 0.99
"""Rivals never have more than this of a kind: the base divides by what they leave."""


@dataclass(frozen=True, slots=True, eq=False)
class CarKinds:
    """Kinds of every car market, 2017 first of all months."""

    share: Floats
    """float64[kinds, J, T]: part of the market; all petrol where no kinds are known."""
    rivals: Floats
    """float64[kinds, J, T]: rivals' part of the kind, 0 where it is not known."""
    price: Floats
    """float64[kinds, J, T]: log of what rivals charge over 2017, at consumer prices."""


def read_car_kinds(data: Dataset, months: Sequence[date]) -> CarKinds:
    """Paths of ``rivals.csv`` and ``rival_prices.csv``; after its last year each is held."""
    shape = len(KINDS), len(COUNTRIES), len(months)
    share, rivals, price = (np.zeros(shape) for _ in range(3))
    share[0] = 1.0
    series = _series(data)
    for market in sorted({market for market, _, _ in series}):
        j = COUNTRY_INDEX[market]
        share[:, j], rivals[:, j] = _market(series, market, months)
    prices: dict[tuple[str, str], Years] = defaultdict(dict)
    for row in data["rival_prices"]:
        years = prices[row.text("market"), row.text("kind")]
        years[row.integer("year")] = row.number("index_2017")
    for (market, kind), years in prices.items():
        path = yearly_path(months, years, log=True)
        price[KINDS.index(kind), COUNTRY_INDEX[market]] = np.log(path)
    return CarKinds(share, rivals, price)


def rival_paths(
    data: Dataset, lines: tuple[Line, ...], months: Sequence[date]
) -> tuple[Floats, Floats]:
    """What rivals' rise leaves of a line, and what they charge over 2017, float64[N, J, T] both.

    With shares m_g of the kinds, the line's mix b_g of 2017 and the rivals' part R_g, the line
    keeps ``sum_g b_g m_g(t)/m_g(0) (1 - R_g(t))/(1 - R_g(0))``: 1 for goods and where nothing is
    known. Rivals' prices are geometric means, weighted with what it
    sells of each kind by then.
    """
    kinds = read_car_kinds(data, [date(BASE_YEAR, 1, 1), *months])
    left = kinds.share * (1.0 - kinds.rivals)
    held = left[:, :, :1] > 0.0
    over = np.divide(left[:, :, 1:], left[:, :, :1], out=np.zeros_like(left[:, :, 1:]), where=held)
    factor = np.ones((len(lines), len(COUNTRIES), len(months)))
    price = np.ones_like(factor)
    mixes = _mixes(data)
    for n, line in enumerate(lines):
        if line.product == "cars":
            mix = np.zeros((len(KINDS), len(COUNTRIES)))
            mix[0] = 1.0
            for market, own in mixes.get(line.id, {}).items():
                mix[:, COUNTRY_INDEX[market]] = [own.get(kind, 0.0) for kind in KINDS]
            sold = mix[:, :, None] * over
            total = sold.sum(axis=0)
            factor[n] = total / mix[:, :, None].sum(axis=0)
            price[n] = np.exp((sold * kinds.price[:, :, 1:]).sum(axis=0) / total)
    return factor, price


def _mixes(data: Dataset) -> dict[str, dict[str, dict[str, float]]]:
    """Line -> market -> kind -> part of what it sold there in 2017."""
    mixes: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in data["kind_mix"]:
        mixes[row.text("line")][row.text("market")][row.text("kind")] = row.number("share")
    return mixes


def _series(data: Dataset) -> Series:
    series: Series = defaultdict(dict)
    for row in data["rivals"]:
        key = row.text("market"), row.text("series"), row.text("kind")
        series[key][row.integer("year")] = row.number("share")
    return dict(series)


def _market(series: Series, market: str, months: Sequence[date]) -> tuple[Floats, Floats]:
    """Shares of the kinds in a market and the rivals' part of each, float64[kinds, T] both.

    The rivals' part of petrol cars is what remains of their total after the other kinds, in the
    years of that total; a market without kinds is all petrol.
    """
    total = series[market, "rival_share", ALL]
    share, rivals = np.zeros((2, len(KINDS), len(months)))
    share[0] = 1.0
    if (market, "kind_share", KINDS[1]) not in series:
        rivals[0] = yearly_path(months, total)
        return share, rivals
    parts, held = _others(series, market, [year + 0.5 for year in total])
    rest = (np.array(list(total.values())) - (parts * held).sum(axis=0)) / (1.0 - parts.sum(axis=0))
    in_petrol = dict(zip(total, rest.tolist(), strict=True))
    share[1:], rivals[1:] = _others(series, market, positions(months))
    share[0] -= share[1:].sum(axis=0)
    rivals[0] = yearly_path(months, in_petrol)
    return share, np.clip(rivals, 0.0, _MOST)


def _others(series: Series, market: str, at: Sequence[float] | Floats) -> tuple[Floats, Floats]:
    """Shares and rivals' parts of the kinds other than petrol at points in years.

    float64[kinds, years] both.
    """
    share = [yearly_at(at, series[market, "kind_share", kind]) for kind in KINDS[1:]]
    rivals = [yearly_at(at, series[market, "rival_share", kind]) for kind in KINDS[1:]]
    return np.stack(share), np.stack(rivals)
