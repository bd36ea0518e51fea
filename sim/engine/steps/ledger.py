"""Books of the month: revenue, cost, duty and profit, row by row (``docs/model.md`` 9)."""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.arrays import Floats, Out
from sim.axes import COUNTRY_INDEX, MONTHS_PER_YEAR, PLACES
from sim.engine.books import Books
from sim.engine.row_sums import add_rows, add_weighted
from sim.engine.simulation import Simulation
from sim.engine.steps.economy import freight_index
from sim.engine.steps.subsidies import unit_subsidy
from sim.engine.steps.suppliers import support
from sim.tables import SEGMENTS

_PROFIT = 2


def close_month(s: Simulation) -> Books:
    """Books of the month in hand."""
    month, layout = s.month, s.layout
    customs, carried, due = _routes(s)
    revenue = month.sold * s.wholesale * s.state.consumer_price * month.macro[layout.outlet_market]
    rows = {
        "revenue": revenue,
        "production": month.output * month.full_cost,
        "freight": carried,
        "duty": due,
        "programme": programme_cost(s),
        "idle": idle_cost(s),
        "overtime": overtime(s),
        "support": support(s, parts_value(s)),
        "subsidy": month.output * unit_subsidy(s),
        "service_duty": service_value(s, revenue) * _service_rate(s),
    }
    parts_duty = parts_value(s) * month.parts_rate
    profit = _profit(s, rows, customs)
    return Books(customs=customs, parts_duty=parts_duty, profit=profit, **rows)


def _routes(s: Simulation) -> tuple[Floats, Floats, Floats]:
    """Customs value, freight and duty of every route, float64[E, R]."""
    month = s.month
    customs, carried, due = (np.zeros_like(month.flow) for _ in range(3))
    _value_routes(
        arrived=month.arrived,
        price=s.state.transfer_price,
        duty=month.duty,
        flow=month.flow,
        carriage=s.base.freight * s.base.price[s.layout.route_line] * freight_index(s),
        customs=customs,
        due=due,
        carried=carried,
    )
    return customs, carried, due


@njit(cache=True, error_model="numpy")
def _value_routes(
    arrived: Floats, price: Floats, duty: Floats, flow: Floats, carriage: Floats,
    customs: Out[Floats], due: Out[Floats], carried: Out[Floats],
) -> None:  # fmt: skip
    """Fill customs value, duty and freight of every route, float64[E, R]; most carry nothing.

    ``carriage``: float64[E], USD a unit. What is not filled stays 0.
    """
    for e in range(carriage.size):
        for r in range(flow.shape[1]):
            if arrived[e, r] != 0.0:
                customs[e, r] = arrived[e, r] * price[e, r]
                due[e, r] = customs[e, r] * duty[e, r]
            if flow[e, r] != 0.0:
                carried[e, r] = flow[e, r] * carriage[e]


def programme_cost(s: Simulation) -> Floats:
    """Gaps and fees of what programmes moved, and what mechanisms cost, float64[N, R]."""
    price, line = s.base.price, s.layout.slice_line
    volume = np.einsum("qir,qir->qr", s.state.moved, s.state.gap_paid)
    cost = np.zeros((len(price), s.lanes))
    add_rows(line, np.ascontiguousarray(volume * price[line, None] / MONTHS_PER_YEAR), cost)
    cost += s.month.line_cost
    return cost


def idle_cost(s: Simulation) -> Floats:
    """Cost of the month's idle capacity, float64[P, R]; what is laid up costs a part of it."""
    line, laid = s.layout.plant_line, s.state.mothballed
    usual = s.parameters["base_use_share"][line] / MONTHS_PER_YEAR
    spare = np.maximum(0.0, usual * (s.state.capacity - laid) - s.month.output)
    spare += s.parameters["mothball_cost_share"][line] * usual * laid
    return np.asarray(spare * s.parameters["idle_cost_share"][line] * s.base.price[line, None])


def overtime(s: Simulation) -> Floats:
    """What overtime costs, float64[P, R]: each hour beyond straight time is dearer."""
    month, premium = s.month, s.parameters["overtime_premium"][s.layout.plant_line]
    beyond = np.maximum(0.0, month.output - s.straight * month.usable)
    room = (1.0 - s.straight) * month.usable
    mean = np.divide(beyond, 2.0 * room, out=np.zeros_like(room), where=room > 0.0)
    return np.asarray(month.full_cost * premium * mean * beyond)


def parts_value(s: Simulation) -> Floats:
    """Value of the parts in the month's output before duty, float64[P, R]."""
    line = s.layout.plant_line
    return np.asarray(s.month.output * s.base_cost[line] * s.parameters["parts_share"][line])


def service_value(s: Simulation, revenue: Floats) -> Floats:
    """Customs value of service parts that come from Japan, float64[M, R], a share of revenue."""
    return np.asarray(revenue * s.parameters["service_parts_share"][s.layout.outlet_line])


def _service_rate(s: Simulation) -> Floats:
    rate = np.stack([law.service_rate[s.state.month].sum(axis=-1) for law in s.laws], axis=1)
    return np.asarray(rate[:, s.law])


def _profit(s: Simulation, rows: dict[str, Floats], customs: Floats) -> Floats:
    """Operating profit by firm, float64[F, R]: its shares of revenue and of every cost.

    Goods that leave a joint venture, or enter one, are sold at the transfer price (``customs``).
    """
    layout, held = s.layout, s.world.equity_share
    lines = np.arange(len(layout.line_firm))
    plants = layout.plant_line, held[layout.plant_line, layout.plant_country]
    outlets = layout.outlet_line, held[layout.outlet_line, layout.outlet_market]
    routes = layout.route_line, held[layout.route_line, layout.route_market]
    at = {
        **dict.fromkeys(("production", "idle", "overtime", "support", "subsidy"), plants),
        **dict.fromkeys(("revenue", "service_duty"), outlets),
        **dict.fromkeys(("freight", "duty"), routes),
        "programme": (lines, np.ones(len(lines))),
    }
    exporter = held[layout.route_line, layout.route_origin]
    profit = np.zeros((len(s.world.firms), s.lanes))
    add_weighted(layout.line_firm[routes[0]], exporter - routes[1], customs, profit)
    for name, values in rows.items():
        line, share = at[name]
        by_firm = np.zeros_like(profit)
        add_weighted(layout.line_firm[line], share, np.ascontiguousarray(values), by_firm)
        profit += by_firm if name in ("revenue", "subsidy") else -by_firm
    return profit


def segment_books(s: Simulation, lane: int) -> Floats:
    """Revenue, duty and profit of one lane by firm and segment, float64[3, F, segments].

    Three entries a flow: the exporter earns the transfer price less its cost where it makes, the
    importer the wholesale price less transfer price, freight and duty where it sells. Of profit
    the firm has its share in the line's business there; revenue and duty are told in full. The
    first segment is the total.
    """
    books, layout = s.closed_books, s.layout
    sheet = np.zeros((3, len(s.world.firms), len(SEGMENTS)))
    segment = np.array([SEGMENTS.index(name) for name in SEGMENT_OF])
    route, plant, outlet = layout.route_line, layout.plant_line, layout.outlet_line
    lines = np.arange(len(layout.line_firm))
    home = np.full(len(lines), COUNTRY_INDEX["JP"])
    entries = (
        (0, outlet, layout.outlet_market, books.revenue),
        (1, route, layout.route_market, books.duty),
        (1, plant, layout.plant_country, books.parts_duty + books.support),
        (1, outlet, layout.outlet_market, books.service_duty),
        (2, outlet, layout.outlet_market, books.revenue - books.service_duty),
        (2, route, layout.route_market, -books.duty - books.customs - books.freight),
        (2, route, layout.route_origin, books.customs),
        (2, plant, layout.plant_country, books.subsidy - books.production - books.idle),
        (2, plant, layout.plant_country, -books.overtime - books.support),
        (2, lines, home, -books.programme),
    )
    for row, line, country, value in entries:
        share = s.world.equity_share[line, country] if row == _PROFIT else 1.0
        entry = layout.line_firm[line], segment[country]
        np.add.at(sheet[row], entry, share * value[:, lane])
    sheet[:, :, 0] = sheet[:, :, 1:].sum(axis=2)
    return sheet


SEGMENT_OF: tuple[str, ...] = tuple(one.segment for one in PLACES)
"""Segment of every country."""
