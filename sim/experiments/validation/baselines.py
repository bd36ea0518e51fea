"""Two plain forecasts beside the model: nothing changes, and fixed plants with full duties.

*Persistence* keeps the value of 2017, or of the year before where the target is a change.
*Fixed plants* is an Armington model: every plant stays as in 2017, buyers of a brand turn between
its plants with the dispersion of Head and Mayer (2019, 7.7) and between brands with their demand
elasticity (3.87), duties are passed on in full and at once. It is given the same market sizes,
rivals and brand trends as the model, the same law and the same exchange rates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.axes import COUNTRY_INDEX, LEGAL_BASES, VEHICLES, month_range, months_between
from sim.law.law import load_law
from sim.law.rates.monthly import MonthlyDuty, monthly
from sim.world.build import load_world
from sim.world.world import World

Rows = NDArray[np.bool_]

THETA = 7.7
"""Elasticity between plants of one brand."""
ETA = 3.87
"""Elasticity between brands."""
FIRST, LAST = date(2017, 1, 1), date(2026, 12, 1)
CAR_BASES = ("section_232", "ieepa")
"""Legal bases of the tariff costs that carmakers told."""
GOODS = (
    "printers",
    "consoles_cameras",
    "phones_laptops",
    "consumer_electronics",
    "general_goods",
    "machinery",
    "components",
)
_JP, _US, _CN = (COUNTRY_INDEX[code] for code in ("JP", "US", "CN"))


def persistence(world: World) -> dict[str, float]:
    """Value of every row for which keeping the last known value makes sense."""
    flow = world.base_flow
    cars, tools = products(world, VEHICLES), products(world, ("chip_tools",))
    maker = firms(world, "tokyo_electron")
    abroad = flow[tools, _JP].sum(axis=0) - _at(flow[tools, _JP].sum(axis=0), _JP)
    sold = (flow[maker].sum(axis=1) * world.price_usd[maker, None]).sum(axis=0)
    china = float(sold[_CN] / sold.sum())
    told = dict.fromkeys(
        ("A01", "A02", "A05", "A07", "A13", "B01", "B02", "B03", "B06", "T01v", "T01u", "T02v",
         "T02u", "T03v", "T03u", "P02", "E13a", "E13b", "G01", "G02", "G04a", "G04b", "G06", "G17",
         "G27a", "G27b", "G28", "G29"), 0.0,
    )  # fmt: skip
    told |= dict.fromkeys(("D01", "D02_1", "D02_2", "D02_3", "D03"), china)
    told["D07"] = float(abroad[_CN] / abroad.sum())
    told["P09"] = float(flow[cars, _US].sum() / 1e6)
    told["E16"] = 1.0
    for name in ("honda", "toyota", "subaru"):
        told[f"P10_{name}"] = us_built(flow, firms(world, name) & cars)
    return told


def _at(row: Floats, place: int) -> Floats:
    only = np.zeros_like(row)
    only[place] = row[place]
    return only


def products(world: World, names: tuple[str, ...]) -> Rows:
    """Lines of these products, bool[N]."""
    return np.array([line.product in names for line in world.lines])


def firms(world: World, *names: str) -> Rows:
    """Lines of these firms, bool[N]."""
    return np.array([line.firm in names for line in world.lines])


def us_built(flow: Floats, rows: Rows) -> float:
    """US-built share of what some lines sell in the United States."""
    return float(flow[rows, _US, _US].sum() / flow[rows, :, _US].sum())


def reacted(flow: Floats, before: Floats, now: Floats) -> Floats:
    """Flows float64[N, I, J] when duties go from ``before`` to ``now`` and plants stay.

    Sourcing shares s' = s r^-theta / sum, price index P = (sum s r^-theta)^(-1/theta), what a brand
    sells P^-eta; r = (1 + now) / (1 + before) in full.

    >>> import numpy as np
    >>> flow = np.zeros((1, 5, 5))
    >>> flow[0, 0, 4] = flow[0, 4, 4] = 1.0
    >>> later = np.zeros_like(flow)
    >>> later[0, 0, 4] = 0.25
    >>> reacted(flow, np.zeros_like(flow), later)[0, [0, 4], 4].round(2).tolist()
    [0.23, 1.3]
    """
    total = flow.sum(axis=1, keepdims=True)
    share = np.divide(flow, total, out=np.zeros_like(flow), where=total > 0.0)
    pulled = share * ((1.0 + now) / (1.0 + before)) ** -THETA
    index = pulled.sum(axis=1, keepdims=True)
    kept = np.divide(pulled, index, out=np.zeros_like(flow), where=index > 0.0)
    price = np.where(index > 0.0, index, 1.0) ** (-1.0 / THETA)
    return np.asarray(kept * total * price**-ETA)


@dataclass(frozen=True, eq=False)
class FixedPlants:
    """The fixed-plant model of the law as enacted, month by month."""

    world: World
    duty: MonthlyDuty

    def month(self, text: str) -> int:
        """Index of a month such as ``2025-04``."""
        return months_between(FIRST, date.fromisoformat(f"{text}-01"))

    def rates(self, t: int) -> Floats:
        """Duty in full with preferences as they are claimed, float64[N, I, J]."""
        d = self.duty
        extra, claimed = d.extra[t].sum(axis=-1), d.extra_claimed[t].sum(axis=-1)
        return self._mixed(d.preference[t] + claimed, d.mfn[t] + extra)

    def added(self, t: int, bases: tuple[str, ...]) -> Floats:
        """Duty above the base rate by some legal bases, float64[N, I, J]."""
        rows = [LEGAL_BASES.index(basis) for basis in bases]
        claimed = self.duty.extra_claimed[t][..., rows].sum(axis=-1)
        return self._mixed(claimed, self.duty.extra[t][..., rows].sum(axis=-1))

    def _mixed(self, claimed: Floats, plain: Floats) -> Floats:
        by_line = (slice(None), slice(None), self.world.product_of_line)
        share = self.world.preference_share
        one, other = (
            rate[by_line].transpose(2, 1, 0)[:, : share.shape[1]] for rate in (claimed, plain)
        )
        return np.asarray(share * one + (1.0 - share) * other)

    def flows(self, t: int) -> Floats:
        """Yearly flows at the month's markets and duties, float64[N, I, J]."""
        w = self.world
        index = (w.market_index * w.rival_factor * w.brand_trend)[:, :, t]
        return reacted(w.base_flow * index[:, None, :], self.rates(0), self.rates(t))

    def year(self, year: int) -> Floats:
        """Flows of a calendar year."""
        first = self.month(f"{year}-01")
        return np.asarray(np.mean([self.flows(t) for t in range(first, first + 12)], axis=0))

    def cost(self, rows: Rows, first: str, last: str) -> float:
        """Duty on cars in the United States above the base rate, bn JPY."""
        total = 0.0
        for t in range(self.month(first), self.month(last) + 1):
            units = self.flows(t)[rows, :, _US] / 12.0
            rate = self.added(t, CAR_BASES)[rows, :, _US]
            usd = (units * rate * self.world.price_usd[rows, None]).sum()
            total += usd * self.level(t) * self.world.fx_per_usd[_JP, t]
        return total / 1e9

    def level(self, t: int) -> float:
        """US price level, 2017 = 1."""
        return float(self.world.price_level[_US, t])


def fixed_plants(world: World, duty: MonthlyDuty) -> dict[str, float]:
    """Value of every row that fixed plants and full duties say something about."""
    model = FixedPlants(world, duty)
    cars, vehicles = products(world, ("cars",)), products(world, VEHICLES)
    told = _costs(model, vehicles) | _exports(model, cars) | _places(model, vehicles)
    told |= _tools(model)
    told |= _goods(model)
    told |= {"B06": 1.0, "G04a": 1.0, "G06": 1.0, "G27a": THETA, "G27b": ETA, "E16": 1.0}
    told |= dict.fromkeys(("E13a", "E13b", "G04b", "G17", "G28", "G29"), 0.0)
    return told


def _costs(model: FixedPlants, cars: Rows) -> dict[str, float]:
    rows: Callable[[str], Rows] = lambda name: firms(model.world, name) & cars  # noqa: E731 - short
    return {
        "A01": model.cost(rows("toyota"), "2025-04", "2025-06"),
        "A02": model.cost(rows("toyota"), "2025-07", "2025-09"),
        "A05": model.cost(rows("honda"), "2025-04", "2025-06"),
        "A07": model.cost(rows("nissan"), "2025-04", "2025-06"),
        "A13": model.cost(cars, "2025-04", "2025-09"),
    }


def _exports(model: FixedPlants, cars: Rows) -> dict[str, float]:
    """Japanese car exports to the United States and their price, change on the year."""
    told: dict[str, float] = {}
    for number, month in enumerate(("2025-04", "2025-05", "2025-06"), start=1):
        now, before = model.month(month), model.month(month) - 12
        units = [model.flows(t)[cars, _JP, _US].sum() for t in (now, before)]
        price = model.level(now) / model.level(before)
        yen = model.world.fx_per_usd[_JP, now] / model.world.fx_per_usd[_JP, before]
        told[f"T0{number}u"] = float(units[0] / units[1] - 1.0)
        told[f"T0{number}v"] = float(units[0] / units[1] * price * yen - 1.0)
        told[f"B0{number}"] = price - 1.0
    return told


def _places(model: FixedPlants, cars: Rows) -> dict[str, float]:
    last, this = model.year(2024), model.year(2025)
    told = {
        "P02": float(this[cars, :, _US].sum() / last[cars, :, _US].sum() - 1.0),
        "P09": float(last[cars, _US].sum() / 1e6),
    }
    for name in ("honda", "toyota", "subaru"):
        told[f"P10_{name}"] = us_built(last, firms(model.world, name) & cars)
    return told


def _tools(model: FixedPlants) -> dict[str, float]:
    world, tools = model.world, products(model.world, ("chip_tools",))
    maker = firms(world, "tokyo_electron") & tools

    def mean(first: str, last: str) -> Floats:
        months = range(model.month(first), model.month(last) + 1)
        return np.asarray(np.mean([model.flows(t) for t in months], axis=0))

    def share(first: str, last: str) -> float:
        sold = mean(first, last)[maker].sum(axis=(0, 1))
        return float(sold[_CN] / sold.sum())

    shipped = mean("2023-07", "2024-03")[tools, _JP].sum(axis=0)
    return {
        "D01": share("2022-04", "2023-03"),
        "D02_1": share("2023-04", "2023-06"),
        "D02_2": share("2023-07", "2023-09"),
        "D02_3": share("2023-10", "2023-12"),
        "D03": share("2023-04", "2024-03"),
        "D07": float(shipped[_CN] / (shipped.sum() - shipped[_JP])),
    }


def _goods(model: FixedPlants) -> dict[str, float]:
    """A duty of 14 points on Chinese goods."""
    flow, before = model.world.base_flow, model.rates(0)
    rows, after = products(model.world, GOODS), before.copy()
    after[rows, _CN, _US] += 0.14
    now = reacted(flow, before, after)[rows, :, _US].sum(axis=0)
    was = flow[rows, :, _US].sum(axis=0)
    return {"G01": float(now[_CN] / was[_CN] - 1.0), "G02": THETA}


def baselines() -> Mapping[str, Mapping[str, float]]:
    """Both forecasts: name -> row -> value; a row that one cannot say is left out."""
    world = load_world(FIRST, LAST)
    duty = monthly(load_law(), month_range(FIRST, LAST))
    return {"persistence": persistence(world), "fixed plants": fixed_plants(world, duty)}
