"""Tables of 2017 to arrays of lines: output, sales, given flows, prior, and the fitted flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.data.evidence import EVIDENCE
from sim.data.schema import BLOCKS
from sim.errors import DataError, Fault
from sim.world.inversion import InfeasibleError, fit_flows
from sim.world.lines import Line

CARRIES_WEIGHT = 0.1
"""A row with this share of the line's output counts for its grade of evidence."""


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """Base year of every line: margins as in the tables, the sales' scale, and the flows."""

    output: Floats
    """float64[N, I], units a year."""
    sales: Floats
    """float64[N, J], units a year, as in the table (before scaling)."""
    scale: Floats
    """float64[N]: output over sales; the sales are multiplied by it."""
    flow: Floats
    """float64[N, I, J], units a year."""


def preference_group(line_class: str) -> str:
    """Group of a line class in ``preference_shares`` and ``flow_prior``.

    >>> preference_group("tyres"), preference_group("printers")
    ('auto', 'goods')
    """
    if line_class in {"cars", "battery_cars"}:
        return "cars"
    return "auto" if line_class in {"car_parts", "tyres", "wire_harness"} else "goods"


def read_lines(data: Dataset) -> tuple[Line, ...]:
    """Lines in the order of ``lines.csv``, each with the weakest evidence that carries weight."""
    return tuple(
        Line(
            id=row.text("id"),
            firm=row.text("firm"),
            product=row.text("product"),
            line_class=row.text("line_class"),
            name=row.text("name"),
            evidence=_weakest(data, row.text("id"), row.text("evidence")),
        )
        for row in data["lines"]
    )


def _weakest(data: Dataset, line: str, own: str) -> str:
    rows = list(data.where("output_2017", line=line))
    total = sum(row.number("quantity") for row in rows)
    heavy = [row for row in rows if row.number("quantity") >= CARRIES_WEIGHT * total]
    grades = [row.text("evidence") for row in heavy]
    if rows[0].text("unit") == "share":
        grades.append(own)
    return max(grades, key=EVIDENCE.index)


def read_margins(data: Dataset, table: str, place: str, lines: tuple[Line, ...]) -> Floats:
    """Output or sales by line and country, float64[N, I], units a year.

    Shares are rounded in the tables; they are scaled to add up to the line's output.
    """
    index = {line.id: n for n, line in enumerate(lines)}
    margins = np.zeros((len(lines), len(COUNTRIES)))
    for row in data[table]:
        cell = index[row.text("line")], COUNTRY_INDEX[row.text(place)]
        margins[cell] += row.number("quantity")
    for row in data["lines"]:
        usd = row.number("base_output_usd")
        if not np.isnan(usd):
            shares = margins[index[row.text("id")]]
            shares *= usd / shares.sum()
    return margins


def read_footprint(
    data: Dataset, lines: tuple[Line, ...], values: Mapping[str, Floats]
) -> Footprint:
    """Fit the flows of every line; output exactly, sales scaled to it.

    ``values``: float64[N], the parameters of the lines.

    Raises
    ------
    DataError
        Every line whose given flows do not fit its margins, all at once.
    """
    output = read_margins(data, "output_2017", "country", lines)
    sales = read_margins(data, "sales_2017", "market", lines)
    scale = output.sum(axis=1) / sales.sum(axis=1)
    priors = read_priors(data)
    flow = np.zeros((len(lines), len(COUNTRIES), len(COUNTRIES)))
    faults = []
    for n, line in enumerate(lines):
        wanted = sales[n] * scale[n]
        small = values["home_plant_share"][n], values["home_plant_weight"][n]
        prior = _line_prior(priors[preference_group(line.line_class)], output[n], wanted, *small)
        given = _given_flows(data, line.id, output[n], wanted)
        try:
            flow[n] = fit_flows(output[n], wanted, prior, given)
        except InfeasibleError as error:
            path = str(data.path("flow_facts"))
            faults.append(Fault(path, line.id, str(error), "mend its rows or the margins"))
    if faults:
        raise DataError(faults)
    return Footprint(output, sales, scale, flow)


def read_priors(data: Dataset) -> dict[str, Floats]:
    """Relative weights of routes before the margins are met: group -> float64[I, J].

    Rows of ``flow_prior`` are applied in their order; a later row replaces an earlier one.
    """
    priors: dict[str, Floats] = {}
    for row in sorted(data["flow_prior"], key=lambda row: row.integer("order")):
        prior = priors.setdefault(row.text("group"), np.ones((len(COUNTRIES), len(COUNTRIES))))
        for origin in _members(row.text("origin")):
            market = row.text("market")
            for target in (origin,) if market == "home" else _members(market):
                prior[COUNTRY_INDEX[origin], COUNTRY_INDEX[target]] = row.number("weight")
    return priors


def _members(name: str) -> tuple[str, ...]:
    return COUNTRIES if name == "*" else BLOCKS.get(name, (name,))


def _line_prior(
    prior: Floats, output: Floats, sales: Floats, share: float, weight: float
) -> Floats:
    """Prior of one line: plants of little output serve their home market."""
    small = (output > 0.0) & (output < share * output.sum()) & (sales >= output)
    factor = np.where(small, weight, 1.0)[:, None] * np.ones_like(prior)
    np.fill_diagonal(factor, 1.0)
    # Entropy is relative to the margins: a prior of ones is independence of origin and market.
    return prior * factor * output[:, None] * sales[None, :]


def _given_flows(data: Dataset, line: str, output: Floats, sales: Floats) -> Floats:
    """Cells that facts give, units a year; NaN where free."""
    given = np.full((len(COUNTRIES), len(COUNTRIES)), np.nan)
    for row in data.where("flow_facts", line=line):
        origin, market = COUNTRY_INDEX[row.text("origin")], COUNTRY_INDEX[row.text("market")]
        base = sales[market] if row.text("of") == "sales" else output[origin]
        given[origin, market] = row.number("share") * base
    return given


def sales_scale(data: Dataset, lines: tuple[Line, ...], footprint: Footprint) -> dict[str, float]:
    """Firm id -> output over sales, weighted with the value of its lines."""
    price = {row.text("id"): row.number("price_usd") for row in data["lines"]}
    out: dict[str, float] = {}
    for firm in dict.fromkeys(line.firm for line in lines):
        own = [n for n, line in enumerate(lines) if line.firm == firm]
        made = sum(price[lines[n].id] * footprint.output[n].sum() for n in own)
        sold = sum(price[lines[n].id] * footprint.sales[n].sum() for n in own)
        out[firm] = float(made / sold)
    return out
