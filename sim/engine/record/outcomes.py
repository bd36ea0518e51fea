"""Outcomes of goods and firms: output, trade, duty, prices, profit.

Each is defined here and nowhere else; :mod:`sim.engine.outcomes` lists every one that ships.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCTS
from sim.engine.record.grouping import (
    Grouping,
    country_codes,
    firm_codes,
    group_rows,
    product_codes,
)
from sim.engine.record.outcome import Outcome
from sim.engine.simulation import Simulation

Names = NDArray[np.object_]

_CHINA, _US = COUNTRY_INDEX["CN"], COUNTRY_INDEX["US"]


def by_plant(s: Simulation) -> Grouping:
    """Plants by product and country."""
    return group_rows(_pairs(s, s.layout.plant_line, s.layout.plant_country))


def by_maker(s: Simulation) -> Grouping:
    """Plants by product, country and firm."""
    line = s.layout.plant_line
    makers = {"firm": firm_codes(s.world, line)}
    return group_rows(_pairs(s, line, s.layout.plant_country) | makers)


def by_outlet(s: Simulation) -> Grouping:
    """Outlets by product and market."""
    return group_rows(_pairs(s, s.layout.outlet_line, s.layout.outlet_market))


def _pairs(s: Simulation, line: Ints, country: Ints) -> dict[str, Names]:
    return {"product": product_codes(s.world, line), "country": country_codes(country)}


def _by_market(s: Simulation) -> Grouping:
    """Routes by product and market."""
    return group_rows(_pairs(s, s.layout.route_line, s.layout.route_market))


def _supply(s: Simulation) -> Grouping:
    """Routes to the US by product and origin."""
    origins = _pairs(s, s.layout.route_line, s.layout.route_origin)
    return group_rows(origins, s.layout.route_market == _US)


def _prices(s: Simulation) -> Grouping:
    """Mean of the routes to the US that are used in 2017, weighted by their value then."""
    weights = s.base.flow * s.base.price[s.layout.route_line]
    origins = _pairs(s, s.layout.route_line, s.layout.route_origin)
    used = (s.layout.route_market == _US) & (weights > 0.0)
    return group_rows(origins, used, weights).mean()


def _rivals(s: Simulation) -> Grouping:
    """Mean of outlets by product and market, weighted by the value of their sales in 2017."""
    layout = s.layout
    pairs = _pairs(s, layout.outlet_line, layout.outlet_market)
    weights = s.base.demand * s.base.price[layout.outlet_line]
    return group_rows(pairs, weights=weights).mean()


def _hosts(s: Simulation) -> Grouping:
    """Countries that may host a plant."""
    known = np.isfinite(s.world.host_wage)
    return group_rows({"country": country_codes(np.arange(len(COUNTRIES)))}, known)


def _programmes(s: Simulation) -> Grouping:
    """Slices made in China with their destinations, by product and destination."""
    layout, places = s.layout, len(COUNTRIES)
    chinese = layout.route_origin[layout.slice_route] == _CHINA
    destinations = np.asarray(layout.slice_destination) >= 0
    country = np.tile(np.arange(places), len(layout.slice_line))
    pairs = _pairs(s, np.repeat(layout.slice_line, places), country)
    return group_rows(pairs, (chinese[:, None] & destinations).reshape(-1))


def _plants_by_product(s: Simulation) -> Grouping:
    return group_rows({"product": product_codes(s.world, s.layout.plant_line)})


def _routes_to_us(s: Simulation) -> Grouping:
    products = {"product": product_codes(s.world, s.layout.route_line)}
    return group_rows(products, s.layout.route_market == _US)


def _by_firm(s: Simulation) -> Grouping:
    return group_rows({"firm": [firm.id for firm in s.world.firms]})


def _duty_by_importer(s: Simulation) -> Grouping:
    """Duty rows by product and importer."""
    layout, bought = s.layout, s.world.parts_product_of_line
    parts = np.concatenate([layout.plant_line, layout.outlet_line])
    products = np.concatenate([s.world.product_of_line[layout.route_line], bought[parts]])
    return group_rows(
        {
            "product": np.array(PRODUCTS, dtype=object)[products],
            "country": country_codes(_importers(s)),
        }
    )


def _duty_in_us(s: Simulation) -> Grouping:
    """Duty rows in the US by firm."""
    layout, importers = s.layout, _importers(s)
    lines = np.concatenate([layout.route_line, layout.plant_line, layout.outlet_line])
    codes = {"firm": firm_codes(s.world, lines), "country": country_codes(importers)}
    return group_rows(codes, importers == _US)


def _importers(s: Simulation) -> Ints:
    """Importer of every row of duty: on goods, on parts for assembly and on service parts."""
    layout = s.layout
    return np.concatenate([layout.route_market, layout.plant_country, layout.outlet_market])


def _duty(s: Simulation, group: Grouping) -> Floats:
    books = s.closed_books
    paid = np.concatenate([books.duty, books.parts_duty, books.service_duty])
    return group.sum(s.nominal * paid)


def _us_built_share(s: Simulation, group: Grouping) -> Floats:
    built_here = (s.layout.route_origin == _US)[:, None] * s.month.arrived
    return ratio(group.sum(built_here), group.sum(s.month.arrived))


def _border_price(s: Simulation, group: Grouping) -> Floats:
    return group.sum(s.state.transfer_price / s.base.price[s.layout.route_line, None])


def _landed_price(s: Simulation, group: Grouping) -> Floats:
    base = s.base.price[s.layout.route_line, None] * (1.0 + s.base_duty)
    return group.sum(s.state.transfer_price * (1.0 + s.month.duty) / base)


def _capacity_rent(s: Simulation, group: Grouping) -> Floats:
    """Shadow price of capacity over unit cost, its mean by capacity; 0 where there is none."""
    capacity = s.month.capacity
    rent = s.state.shadow / s.parameters["theta"][s.layout.plant_line]
    return ratio(group.sum(capacity * rent), group.sum(capacity))


def ratio(over: Floats, under: Floats) -> Floats:
    """Ratio, 0 where there is nothing to divide by."""
    return np.divide(over, under, out=np.zeros_like(over), where=under > 0.0)


def _china_content(s: Simulation, group: Grouping) -> Floats:
    """Chinese value in output: assembly in China and Chinese parts."""
    layout, parts = s.layout, s.parameters["parts_share"][s.layout.plant_line]
    china, at_home = s.state.parts_mix[:, 0], layout.plant_country == _CHINA
    local = np.where(at_home[:, None], china + s.state.parts_mix[:, 2], china)
    content = parts * local + np.where(at_home[:, None], 1.0 - parts, 0.0)
    value = s.month.output * s.base.price[layout.plant_line, None] * content
    return group.sum(s.nominal * value)


_PLACE = ("product", "country")

CORE: tuple[Outcome, ...] = (
    Outcome(
        "output", "units a month", "flow", _PLACE, "production by country",
        by_plant, lambda s, group: group.sum(s.month.output),
    ),
    Outcome(
        "firm_output", "units a month", "flow", (*_PLACE, "firm"), "production by firm and country",
        by_maker, lambda s, group: group.sum(s.month.output),
    ),
    Outcome(
        "capacity", "units a year", "stock", _PLACE, "capacity by country",
        by_plant, lambda s, group: group.sum(s.month.capacity),
    ),
    Outcome(
        "us_supply", "units a month", "flow", _PLACE, "sent to the US by origin",
        _supply, lambda s, group: group.sum(s.month.flow),
    ),
    Outcome(
        "sales", "units a month", "flow", _PLACE, "sales by market",
        by_outlet, lambda s, group: group.sum(s.month.sold),
    ),
    Outcome(
        "lost_demand", "units a month", "flow", _PLACE,
        "sales below the base demand of the month that prices explain, by market",
        by_outlet, lambda s, group: group.sum(s.month.base_demand - s.month.sold),
    ),
    Outcome(
        "programmes_from_china", "units a year", "stock", _PLACE,
        "yearly production that has moved out of China and operates, by destination",
        _programmes, lambda s, group: group.sum(s.state.moved.reshape(-1, s.lanes)),
    ),
    Outcome(
        "china_content_usd", "USD a month", "flow", ("product",),
        "Chinese value content (assembly and parts) in output wherever made",
        _plants_by_product, _china_content,
    ),
    Outcome(
        "duty_usd", "USD a month", "flow", _PLACE, "duty paid by importer",
        _duty_by_importer, _duty,
    ),
    Outcome(
        "firm_duty_usd", "USD a month", "flow", ("firm", "country"), "duty paid in the US by firm",
        _duty_in_us, _duty,
    ),
    Outcome(
        "operating_profit_usd", "USD a month", "flow", ("firm",),
        "operating profit, of joint ventures the firm's share",
        _by_firm, lambda s, group: group.sum(s.nominal * s.closed_books.profit),
    ),
    Outcome(
        "us_built_share", "share", "share", ("product",), "US-built share of US sales",
        _routes_to_us, _us_built_share,
    ),
    Outcome(
        "border_price", "2017 = 1", "price", _PLACE,
        "fixed-weight transfer price of goods shipped to the US, by origin",
        _prices, _border_price,
    ),
    Outcome(
        "landed_price", "2017 = 1", "price", _PLACE,
        "fixed-weight duty-inclusive price of goods shipped to the US, by origin",
        _prices, _landed_price,
    ),
    Outcome(
        "rival_price", "2017 = 1", "price", _PLACE,
        "what other makers charge, as they answer the modelled ones' prices, by market",
        _rivals, lambda s, group: group.sum(np.exp(s.month.rival_price)),
    ),
    Outcome(
        "bought_ahead", "units", "stock", _PLACE,
        "goods set aside that were shipped ahead of an announced duty, by market",
        _by_market, lambda s, group: group.sum(s.state.ahead),
    ),
    Outcome(
        "overtime_usd", "USD a month", "flow", _PLACE,
        "what overtime adds to the cost of output, by country",
        by_plant, lambda s, group: group.sum(s.nominal * s.closed_books.overtime),
    ),
    Outcome(
        "host_wage", "1 without it", "price", ("country",),
        "pay in manufacturing over what it would be had no work come since 2017, by country",
        _hosts, lambda s, group: group.sum(s.month.host_wage),
    ),
    Outcome(
        "capacity_rent_share", "share of unit cost", "share", _PLACE,
        "what the plants' scarce capacity is worth at the margin, by country",
        by_plant, _capacity_rent,
    ),
)  # fmt: skip
