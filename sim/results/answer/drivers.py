"""What drives a difference: the reasons of the moves, and the duties and rules that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.axes import VEHICLES
from sim.results.answer.measures import VEHICLES_UNIT, Measured
from sim.results.answer.totals import Total
from sim.results.comparing.moves import matched_events
from sim.results.route_rates import Text, by_measure, charged_measures, value_on
from sim.results.run_folder.query import RunFolder

REASONS: dict[str, str] = {
    "duty": "duty",
    "controls": "export controls",
    "wage": "wages",
    "fx": "exchange rates",
    "freight": "freight",
    "demand": "demand",
    "uncertainty": "uncertainty",
    "subsidy": "subsidies",
    "entry": "the cost of moving",
}
"""Driver of a move -> the words for it."""

_RATES = """
SELECT CAST(a.month AS VARCHAR) AS month, a.importer, a.exporter, a.product,
    a.instruments AS under, b.instruments AS without,
    abs(a.rate_share - b.rate_share) AS apart
FROM duties a JOIN duties b USING (scenario, replication, month, importer, exporter, product)
WHERE a.policy = $policy AND b.policy = $against AND year(a.month) = $year
    AND month(a.month) = (SELECT max(month(month)) FROM duties WHERE year(month) = $year)
    AND a.rate_share <> b.rate_share AND a.replication = 0
ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Driven:
    """What drives a total.

    ``reasons`` maps a driver to its part (0..1) of the production that moves under one policy only,
    by the main reason of each move; ``instruments`` holds titles of the duties that differ where it
    counts, by falling weight; ``rules`` titles of the export-control rules that differ. ``told`` is
    False where the run kept no duties, so that no instrument can be named.
    """

    reasons: Mapping[str, float]
    instruments: tuple[str, ...]
    rules: tuple[str, ...]
    told: bool


def driven(run: RunFolder, found: Measured, total: Total) -> Driven:
    """Find what drives ``total``."""
    kept = run.sql("SELECT 1 FROM duties WHERE policy = $p LIMIT 1", {"p": found.policy})
    reasons = _reasons(run, found, total) if total.from_country else {}
    tools = total.measure.startswith("tool")
    return Driven(
        reasons=reasons,
        instruments=() if tools or kept.empty else _instruments(run, found, total),
        rules=_rules(run, found),
        told=tools or not kept.empty,
    )


def _reasons(run: RunFolder, found: Measured, total: Total) -> dict[str, float]:
    """Part of each main reason in what leaves ``total``'s place under one policy alone."""
    events = matched_events(run, found.policy, found.against)
    vehicles = events["product"].isin(VEHICLES) == (total.unit == VEHICLES_UNIT)
    change = "gained" if total.difference > 0 else "lost"
    early = events["announced_month"].dt.year <= found.year
    leaving = (events["from_country"] == total.from_country) & (events["to_country"] != "")
    own = events[vehicles & early & leaving & (events["change"] == change)]
    weight = own.groupby("reason", sort=True)["units"].sum()
    whole = float(weight.sum())
    if whole <= 0:
        return {}
    ordered = weight.sort_values(ascending=False, kind="stable")
    return {str(reason): float(value) / whole for reason, value in ordered.items()}


def _instruments(run: RunFolder, found: Measured, total: Total) -> tuple[str, ...]:
    """Titles of the instruments that make duties differ in the year, those that weigh most first.

    A route weighs by how far its duty differs, by what its product's makers made in the exporting
    place in the base year, and by how far the importer's receipts differ.
    """
    year = {"policy": found.policy, "against": found.against, "year": found.year}
    rates = run.sql(_RATES, year)
    rates = rates[rates["product"].isin(VEHICLES) == (total.unit == VEHICLES_UNIT)]
    if total.from_country:
        rates = rates[rates["exporter"] == total.from_country]
    receipts = {one.country: abs(one.difference) for one in found.of("duty")}
    made, law = _made(run.lines), _law(run, found)
    weights: dict[str, float] = {}
    for row in rates.to_dict("records"):
        weight = row["apart"] * receipts.get(row["importer"], 0.0)
        weight *= made.get((row["product"], row["exporter"]), 0.0)
        for name in _changed(row, law):
            weights[name] = weights.get(name, 0.0) + weight
    ordered = sorted((one for one in weights.items() if one[1] > 0), key=lambda one: -one[1])
    titles = {name: str(parts[0]["title"]) for one in law for name, parts in one.items()}
    return tuple(dict.fromkeys(titles.get(name, name) for name, _ in ordered))


def _made(lines: pd.DataFrame) -> dict[tuple[str, str], float]:
    """(Product, place) -> base-year output."""
    made: dict[tuple[str, str], float] = {}
    for line in lines.to_dict("records"):
        places = line.get("base_by_country")
        for place, units in (places if isinstance(places, dict) else {}).items():
            key = (str(line["product"]), place)
            made[key] = made.get(key, 0.0) + units
    return made


Law = Mapping[str, Sequence[Text]]


def _law(run: RunFolder, found: Measured) -> tuple[Law, Law]:
    under, without = (run.law.get(name, {}) for name in (found.policy, found.against))
    return by_measure(under), by_measure(without)


def _changed(row: Mapping[Any, Any], law: tuple[Law, Law]) -> Sequence[str]:
    """Measures that one side alone charges on a route, or that both charge at another rate."""
    one, other = (charged_measures(row[side]) for side in ("under", "without"))
    same = {name for name in one & other if _terms(law[0], name, row) == _terms(law[1], name, row)}
    return sorted((one | other) - same)


def _terms(law: Law, name: str, row: Mapping[Any, Any]) -> list[tuple[object, object]]:
    """Rate and kind of a measure on the row's route, on the first and last day of its month."""
    route, month = (row["importer"], row["exporter"], row["product"]), pd.Period(row["month"], "M")
    days = [f"{day:%Y-%m-%d}" for day in (month.start_time, month.end_time)]
    found = [value_on(law.get(name, ()), route, day) or {} for day in days]
    return [(value.get("rate"), value.get("kind")) for value in found]


def _rules(run: RunFolder, found: Measured) -> tuple[str, ...]:
    """Titles of rules of export control that differ, by falling difference of the orders lost."""
    one, other = (run.controls.get(name, {}) for name in (found.policy, found.against))
    apart = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    if not apart:
        return ()
    lost = run.sql(
        """SELECT rule, abs(sum(CASE WHEN policy = $policy THEN value ELSE -value END)) AS usd
        FROM outcomes WHERE outcome = 'lost_by_rule_usd' AND policy IN ($policy, $against)
        AND year(month) <= $year GROUP BY rule""",
        {"policy": found.policy, "against": found.against, "year": found.year},
    )
    usd = dict(zip(lost["rule"], lost["usd"], strict=True))
    apart.sort(key=lambda name: (-usd.get(name, 0.0), name))
    titles = {name: text["title"] for rules in (other, one) for name, text in rules.items()}
    return tuple(dict.fromkeys(str(titles[name]) for name in apart))
