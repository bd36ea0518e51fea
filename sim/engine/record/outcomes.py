"""Reduced monthly outcomes of every lane, as the long table that comparisons read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCTS
from sim.engine.chip_tools.outcomes import tool_groupings, tool_outcomes
from sim.engine.partners import month as partners
from sim.engine.record.grouping import Grouping, group_rows
from sim.engine.simulation import Simulation
from sim.tables import OUTCOMES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CHINA, _US = COUNTRY_INDEX["CN"], COUNTRY_INDEX["US"]


class OutcomeRecorder:
    """Collects :data:`sim.tables.OUTCOMES` month by month for one block."""

    def __init__(self, s: Simulation) -> None:
        self._group = groupings(s)
        self._sheets: dict[str, list[Floats]] = {name: [] for name in sorted(OUTCOMES)}

    def record(self, s: Simulation) -> None:
        """Take the outcomes of the month just closed."""
        for name, values in month_outcomes(s, self._group).items():
            self._sheets[name].append(values)

    def frame(self, keys: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
        """Outcomes table; ``keys`` holds one row of run keys for each lane kept."""
        names = sorted(self._sheets)
        groups = [(name, group) for name in names for group in self._group[name].names]
        values = np.concatenate([np.stack(self._sheets[name]) for name in names], axis=1)
        lanes, (count, wide) = len(keys), values.shape[:2]
        data = {
            column: pd.Categorical.from_codes(
                np.repeat(codes, count * wide), pd.Index(categories, dtype=object)
            )
            if column != "replication"
            else np.repeat(keys[column].to_numpy(np.int32), count * wide)
            for column, (codes, categories) in _codes(keys).items()
        }
        data["month"] = np.tile(np.repeat(months.to_numpy(), wide), lanes)
        data["outcome"] = _tiled([name for name, _ in groups], lanes * count)
        data["group"] = _tiled([group for _, group in groups], lanes * count)
        data["value"] = values.transpose(2, 0, 1)[:lanes].reshape(-1)
        return pd.DataFrame(data)


def _codes(keys: pd.DataFrame) -> dict[str, tuple[NDArray[np.int16], list[str]]]:
    coded = {}
    for column in keys.columns:
        codes, categories = pd.factorize(keys[column], sort=True)
        coded[str(column)] = (codes.astype(np.int16), [str(name) for name in categories])
    return coded


def _tiled(names: list[str], times: int) -> pd.Categorical:
    codes, categories = pd.factorize(np.array(names, dtype=object), sort=True)
    labels = pd.Index(list(categories), dtype=object)
    return pd.Categorical.from_codes(np.tile(codes.astype(np.int16), times), labels)


def groupings(s: Simulation) -> dict[str, Grouping]:
    """Groups of every outcome."""
    layout, world = s.layout, s.world
    product = [PRODUCTS[k] for k in world.product_of_line]
    firm = [world.firms[f].id for f in world.firm_of_line]

    plants = group_rows(_pairs(product, "product", layout.plant_line, layout.plant_country))
    outlets = group_rows(_pairs(product, "product", layout.outlet_line, layout.outlet_market))
    to_us = layout.route_market == _US
    from_origin = _pairs(product, "product", layout.route_line, layout.route_origin)
    supply = [label if us else {} for label, us in zip(from_origin, to_us, strict=True)]
    weights = s.base.flow * s.base.price[layout.route_line]
    shipped = [label if weight > 0.0 else {} for label, weight in zip(supply, weights, strict=True)]
    origin = layout.route_origin[layout.slice_route]
    programmes = [
        {"product": product[n], "country": code} if o == _CHINA and route >= 0 else {}
        for n, o, routes in zip(layout.slice_line, origin, layout.slice_destination, strict=True)
        for code, route in zip(COUNTRIES, routes, strict=True)
    ]
    return {
        "output": plants, "capacity": plants, "sales": outlets, "lost_demand": outlets,
        "us_supply": group_rows(supply),
        "programmes_from_china": group_rows(programmes),
        "china_content_usd": group_rows([{"product": product[n]} for n in layout.plant_line]),
        "operating_profit_usd": group_rows([{"firm": one.id} for one in world.firms]),
        "china_partners": group_rows([
            {"firm": code} if offers else {}
            for code, offers in zip(firm, partners.offered(s), strict=True)
        ]),
        "us_built_share": group_rows([
            {"product": product[n]} if us else {}
            for n, us in zip(layout.route_line, to_us, strict=True)
        ]),
        "border_price": _mean(shipped, weights),
        "landed_price": _mean(shipped, weights),
        "rival_price": _mean(
            _pairs(product, "product", layout.outlet_line, layout.outlet_market),
            s.base.demand * s.base.price[layout.outlet_line],
        ),
        "bought_ahead": group_rows(
            _pairs(product, "product", layout.route_line, layout.route_market)
        ),
        "overtime_usd": plants, "capacity_rent_share": plants,
        **_duty_groupings(s, product, firm),
        **tool_groupings(s),
    }  # fmt: skip


def _pairs(kind: list[str], key: str, line: Ints, country: Ints) -> list[dict[str, str]]:
    return [{key: kind[n], "country": COUNTRIES[i]} for n, i in zip(line, country, strict=True)]


def _duty_groupings(s: Simulation, product: list[str], firm: list[str]) -> dict[str, Grouping]:
    """Groups of duty on goods, on parts for assembly and on service parts, in this order."""
    layout = s.layout
    bought = [PRODUCTS[k] for k in s.world.parts_product_of_line]
    goods, parts, service = (
        (layout.route_line, layout.route_market),
        (layout.plant_line, layout.plant_country),
        (layout.outlet_line, layout.outlet_market),
    )
    by_firm = [one for rows in (goods, parts, service) for one in _pairs(firm, "firm", *rows)]
    return {
        "duty_usd": group_rows([
            *_pairs(product, "product", *goods),
            *_pairs(bought, "product", *parts),
            *_pairs(bought, "product", *service),
        ]),
        "firm_duty_usd": group_rows([one if one["country"] == "US" else {} for one in by_firm]),
    }  # fmt: skip


def _mean(labels: list[dict[str, str]], weights: Floats) -> Grouping:
    """Grouping that averages with fixed weights."""
    summed = group_rows(labels, weights)
    total = np.asarray(summed.matrix.sum(axis=1)).reshape(-1, 1)
    return Grouping(summed.names, csr_array(summed.matrix.multiply(1.0 / total)))


def month_outcomes(s: Simulation, group: Mapping[str, Grouping]) -> dict[str, Floats]:
    """Every outcome of the month, float64[groups, R]; money nominal."""
    month, state, books, layout = s.month, s.state, s.closed_books, s.layout
    nominal = s.nominal
    price = s.base.price[layout.route_line, None]
    duty = nominal * np.concatenate([books.duty, books.parts_duty, books.service_duty])
    built_here = (layout.route_origin == _US)[:, None] * month.arrived
    rows: dict[str, Callable[[], Floats]] = {
        "output": lambda: month.output,
        "capacity": lambda: 12.0 * month.capacity,
        "sales": lambda: month.sold,
        "lost_demand": lambda: month.base_demand - month.sold,
        "us_supply": lambda: month.flow,
        "programmes_from_china": lambda: state.moved.reshape(-1, s.lanes),
        "china_content_usd": lambda: nominal * _china_content(s),
        "duty_usd": lambda: duty,
        "firm_duty_usd": lambda: duty,
        "china_partners": lambda: partners.agreements(s),
        "operating_profit_usd": lambda: nominal * books.profit,
        "border_price": lambda: state.transfer_price / price,
        "landed_price": lambda: (
            state.transfer_price * (1.0 + month.duty) / (price * (1.0 + s.base_duty))
        ),
        "rival_price": lambda: np.exp(month.rival_price),
        "bought_ahead": lambda: state.ahead,
        "overtime_usd": lambda: nominal * books.overtime,
    }
    sums = {name: group[name].sum(values()) for name, values in rows.items()}
    shares = group["us_built_share"]
    total = shares.sum(month.arrived)
    sums["us_built_share"] = np.divide(
        shares.sum(built_here), total, out=np.zeros_like(total), where=total > 0.0
    )
    sums["capacity_rent_share"] = _capacity_rent(s, group["capacity_rent_share"])
    return sums | tool_outcomes(s, group)


def _capacity_rent(s: Simulation, plants: Grouping) -> Floats:
    """Shadow price of capacity over unit cost, its mean by capacity; 0 where there is none."""
    month = s.month
    rent = s.state.shadow / s.parameters["theta"][s.layout.plant_line]
    total = plants.sum(month.capacity)
    return np.divide(
        plants.sum(month.capacity * rent), total, out=np.zeros_like(total), where=total > 0.0
    )


def _china_content(s: Simulation) -> Floats:
    """Chinese value in output by plant, float64[P, R]: assembly in China and Chinese parts."""
    layout, parts = s.layout, s.parameters["parts_share"][s.layout.plant_line]
    china, at_home = s.state.parts_mix[:, 0], layout.plant_country == _CHINA
    local = np.where(at_home[:, None], china + s.state.parts_mix[:, 2], china)
    content = parts * local + np.where(at_home[:, None], 1.0 - parts, 0.0)
    return s.month.output * s.base.price[layout.plant_line, None] * content
