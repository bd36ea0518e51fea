"""The month in hand: what the phases have come to so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES
from sim.decisions.proposal import FIELDS
from sim.decisions.views import Outlook
from sim.world.layout import Layout


@dataclass(slots=True, eq=False)
class Month:
    """What the month in hand has come to so far; arrays are lane last, money in real USD."""

    macro: Floats
    wage: Floats
    macro_at_base_fx: Floats
    wage_at_base_fx: Floats
    energy: Floats
    energy_at_base_fx: Floats
    crowding: Floats
    """float64[I, R]: jobs come since base, over the workforce of regions that take such plants."""
    host_wage: Floats
    """float64[I, R]: rise of pay that this work brings, over what it would be without."""
    duty: Floats
    parts_rate: Floats
    """float64[P, R]: duty on bought parts over their value, net of the credit."""
    parts_duty: Floats
    """float64[P, R]: the same, above base."""
    controls: Floats
    """float64[E, R]: what export rules are expected to cost on a route, share of price; filled by
    mechanisms before a review."""
    factor: Floats
    """float64[P, R]: learning and scale, in the full cost and not in the planning costs."""
    full_cost: Floats
    plan_cost: Floats
    plan_at_base_fx: Floats
    market_price: Floats
    """float64[M, R]: log of the price index of the outlet's market."""
    rival_price: Floats
    """float64[M, R]: log of what other makers charge there."""
    delivered: Floats
    index: Floats
    """float64[M, R]: size of the outlet's market over 2017, rivals and brand trend counted."""
    base_demand: Floats
    demand: Floats
    lawful: Floats
    """float64[M, R]: orders under export rules over those without, as a review looks at them."""
    orders: Floats
    flow: Floats
    output: Floats
    capacity: Floats
    """float64[P, R], units a year: capacity in force while the month's goods were made."""
    usable: Floats
    """float64[P, R]: what of it may be used."""
    share: Floats
    """float64[E, R]: sourcing shares by which the month's orders are served."""
    line_cost: Floats
    """float64[N, R], USD: what mechanisms cost a line this month, booked with its programmes."""
    arrived: Floats
    sold: Floats
    column: Floats
    followed: Floats
    """float64[M, R]: by how much demand follows assemblers in the market, over 2017."""
    spare: Floats
    """float64[P, R], units a year: capacity that programmes may take up in the month's review."""
    room_worth: Floats
    """float64[P, R], USD a unit-year: what more room at a plant earns, as the review sees it."""
    elsewhere: Floats
    """float64[Q, R]: what serving a slice's market from elsewhere is worth, share of price."""
    proposals: Floats
    capacity_proposals: Floats
    outlook: Outlook | None = None


def allocate_month(layout: Layout, lines: int, lanes: int) -> Month:
    """A month of zeros."""

    def rows(count: int) -> Floats:
        return np.zeros((count, lanes))

    countries, plants = len(COUNTRIES), len(layout.plant_line)
    outlets, routes = len(layout.outlet_line), len(layout.route_line)
    return Month(
        macro=rows(countries), wage=rows(countries),
        macro_at_base_fx=rows(countries), wage_at_base_fx=rows(countries),
        energy=rows(countries), energy_at_base_fx=rows(countries),
        crowding=rows(countries), host_wage=rows(countries), factor=rows(plants),
        market_price=rows(outlets), rival_price=rows(outlets), usable=rows(plants),
        duty=rows(routes), controls=rows(routes), parts_rate=rows(plants), parts_duty=rows(plants),
        full_cost=rows(plants), plan_cost=rows(plants), plan_at_base_fx=rows(plants),
        delivered=rows(routes), index=rows(outlets),
        base_demand=rows(outlets), demand=rows(outlets),
        lawful=np.ones((outlets, lanes)), orders=rows(outlets),
        flow=rows(routes), output=rows(plants), capacity=rows(plants),
        arrived=rows(routes),
        followed=np.ones((outlets, lanes)), sold=rows(outlets), spare=rows(plants),
        room_worth=rows(plants),
        elsewhere=rows(len(layout.slice_line)), column=rows(outlets), share=rows(routes),
        line_cost=rows(lines),
        proposals=np.zeros((lines, lanes, FIELDS)),
        capacity_proposals=np.zeros((plants, lanes, FIELDS)),
    )  # fmt: skip
