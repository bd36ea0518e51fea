"""Lines and their base year: shares that add up, units that fit, facts about flows that exist."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sim.axes import VEHICLES
from sim.data.columns import Row
from sim.data.demand_tables import KINDS
from sim.data.meaning.faults import SHARE_TOLERANCE, Tables, fault, missing_rows
from sim.data.shared_columns import ALL
from sim.errors import Fault


def line_faults(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Faults of what lines make, sell, buy and share with partners."""
    yield from _line_totals(folder, tables)
    yield from _flow_facts(folder, tables)
    yield from _parts_sources(folder, tables)
    yield from _mixes(folder, tables)
    yield from _kinds_of_markets(folder, tables)
    yield from _partnerships(folder, tables)
    yield from _plant_partners(folder, tables)
    yield from _ventures(folder, tables)


def _line_totals(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Vehicles are counted; other lines have shares that add up to one of a USD total."""
    cars = {row.text("id"): row.text("product") in VEHICLES for row in tables["lines"]}
    needs = {row.text("id"): row for row in tables["lines"]}
    for table in ("output_2017", "sales_2017"):
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in tables[table]:
            rows[row.text("line")].append(row)
            if row.text("unit") != ("vehicles" if cars.get(row.text("line")) else "share"):
                wrong = f"`{row.text('unit')}` does not fit the line's product"
                cure = "vehicles are counted, other lines have shares of base_output_usd"
                yield fault(folder, table, "unit", wrong, cure, row)
        for line, is_cars in cars.items():
            total = sum(row.number("quantity") for row in rows[line])
            if not rows[line]:
                cure = f"add them to {table}.csv or drop the line"
                yield missing_rows(table, "line", f"{line} has no rows", cure, needs[line])
            elif total <= 0.0:
                wrong = f"quantities of {line} add up to {total:g}"
                yield fault(folder, table, "quantity", wrong, "give it some", rows[line][0])
            elif not is_cars and abs(total - 1.0) > SHARE_TOLERANCE:
                wrong = f"shares of {line} add up to {total:.4f}"
                yield fault(folder, table, "quantity", wrong, "make them 1", rows[line][0])
    for row in tables["lines"]:
        if not cars[row.text("id")] and math.isnan(row.number("base_output_usd")):
            yield fault(folder, "lines", "base_output_usd", "is empty", "give an estimate", row)


def _flow_facts(folder: Path, tables: Tables) -> Iterator[Fault]:
    output = {(row.text("line"), row.text("country")) for row in tables["output_2017"]}
    sales = {(row.text("line"), row.text("market")) for row in tables["sales_2017"]}
    for row in tables["flow_facts"]:
        if row.number("share") == 0.0:
            continue
        line = row.text("line")
        if (line, row.text("origin")) not in output:
            wrong = f"{line} makes nothing in {row.text('origin')}"
            yield fault(folder, "flow_facts", "origin", wrong, "drop the row", row)
        if (line, row.text("market")) not in sales:
            wrong = f"{line} sells nothing in {row.text('market')}"
            yield fault(folder, "flow_facts", "market", wrong, "drop the row", row)


def _parts_sources(folder: Path, tables: Tables) -> Iterator[Fault]:
    shares = ("china_share", "japan_share", "local_share")
    default = set()
    for row in tables["parts_sources"]:
        total = sum(row.number(name) for name in shares)
        if abs(total - 1.0) > 1e-6:
            wrong = f"the three shares add up to {total:.4f}"
            yield fault(folder, "parts_sources", "local_share", wrong, "make them 1", row)
        if row.text("country") == "*":
            default.add(row.text("line_class"))
    for row in tables["line_classes"]:
        if row.text("id") not in default:
            wrong = f"{row.text('id')} has no row `*`"
            cure = "add the default for countries that are not named"
            yield missing_rows("parts_sources", "country", wrong, cure, row)


def _mixes(folder: Path, tables: Tables) -> Iterator[Fault]:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in tables["kind_mix"]:
        sums[row.text("line"), row.text("market")] += row.number("share")
    for (line, market), total in sums.items():
        if abs(total - 1.0) > SHARE_TOLERANCE:
            wrong = f"kinds of {line} in {market} add up to {total:.4f}"
            cure = f"{', '.join(KINDS)} must make 1"
            yield fault(folder, "kind_mix", "share", wrong, cure, None)


def _kinds_of_markets(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Kinds other than petrol are given all or none, and leave something to petrol."""
    most: dict[str, dict[str, float]] = defaultdict(dict)
    first: dict[str, Row] = {}
    for row in tables["rivals"]:
        market, kind = row.text("market"), row.text("kind")
        if row.text("series") == "kind_share":
            first.setdefault(market, row)
            most[market][kind] = max(row.number("share"), most[market].get(kind, 0.0))
    for market, shares in most.items():
        if set(shares) != set(KINDS[1:]):
            wrong = f"{market} has shares of {', '.join(shares)} alone"
            yield fault(folder, "rivals", "kind", wrong, f"give {', '.join(KINDS[1:])}",
                        first[market])  # fmt: skip
        elif sum(shares.values()) >= 1.0:
            wrong = f"kinds in {market} add up to {sum(shares.values()):.3f} at their highest"
            yield fault(folder, "rivals", "share", wrong, "leave a part to petrol", first[market])
    for market in sorted({row.text("market") for row in tables["rivals"]}):
        held = {
            row.text("kind")
            for row in tables["rivals"]
            if row.text("market") == market and row.text("series") == "rival_share"
        }
        needed = {ALL, *(KINDS[1:] if market in most else ())}
        for kind in sorted(needed - held):
            wrong = f"rivals' share of {kind} in {market} is missing"
            yield fault(folder, "rivals", "kind", wrong, "add it", None)


def _partnerships(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Partners come to lines that sell cars in China; nobody agrees before there is an offer."""
    cars = {row.text("id") for row in tables["lines"] if row.text("product") == "cars"}
    there = {row.text("line") for row in tables["sales_2017"] if row.text("market") == "CN"}
    for row in tables["partnerships"]:
        if row.text("line") not in cars & there:
            wrong = f"{row.text('line')} sells no cars in China"
            yield fault(folder, "partnerships", "line", wrong, "drop the row", row)
        agreed = row.values["agreed"]
        if agreed is not None and row.month("agreed") < row.month("offered_from"):
            wrong = "lies after the agreement"
            yield fault(folder, "partnerships", "offered_from", wrong, "mend one of them", row)


def _plant_partners(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Two firms, told once."""
    seen: set[frozenset[str]] = set()
    for row in tables["plant_partners"]:
        pair = frozenset((row.text("firm"), row.text("partner")))
        if len(pair) < 2:
            wrong = f"{row.text('firm')} is tied to itself"
            yield fault(folder, "plant_partners", "partner", wrong, "name another firm", row)
        elif pair in seen:
            wrong = f"{row.text('firm')} and {row.text('partner')} stand here twice"
            yield fault(folder, "plant_partners", "partner", wrong, "drop one of the rows", row)
        seen.add(pair)


def _ventures(folder: Path, tables: Tables) -> Iterator[Fault]:
    """A joint venture stands where the line makes something in the base year."""
    output = {(row.text("line"), row.text("country")) for row in tables["output_2017"]}
    for row in tables["ventures"]:
        line, place = row.text("line"), row.text("country")
        if (line, place) not in output:
            wrong = f"{line} makes nothing in {place}"
            yield fault(folder, "ventures", "country", wrong, "drop the row", row)
