"""What rows mean together: shares that add up, units that fit, paths that start in 2017."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from pathlib import Path

from sim.axes import COUNTRIES
from sim.data.columns import Row
from sim.data.kinds import KINDS
from sim.data.schema import ALL, NODE_GROUPS, SEGMENTS
from sim.errors import Fault, nearest

Tables = Mapping[str, tuple[Row, ...]]
SHARE_TOLERANCE = 2e-3
"""Shares of a line are rounded; they must add up to one within this."""
FREIGHT_RATES = (
    "car_sea_fixed_usd", "car_sea_usd_per_day", "car_land_usd", "box_sea_fixed_usd",
    "box_sea_usd_per_day", "box_land_usd", "port_days",
)  # fmt: skip
_QUARTER = re.compile(r"\d{4}Q[1-4]")


def meaning_faults(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Faults that no single cell shows."""
    yield from _countries(folder, tables)
    yield from _line_totals(folder, tables)
    yield from _flow_facts(folder, tables)
    yield from _parts_sources(folder, tables)
    yield from _whole_axes(folder, tables)
    yield from _connections(folder, tables)
    yield from _bases(folder, tables)
    yield from _scopes(folder, tables)
    yield from _kinds(folder, tables)
    yield from _calibrated(folder, tables)
    yield from _mixes(folder, tables)
    yield from _tools(folder, tables)
    yield from _partnerships(folder, tables)
    yield from _ventures(folder, tables)


def _fault(folder: Path, table: str, key: str, wrong: str, cure: str, row: Row | None) -> Fault:
    if row is None:
        return Fault(str(folder / f"{table}.csv"), key, wrong, cure)
    return Fault(row.file, key, wrong, cure, row.line)


def _missing(table: str, key: str, wrong: str, cure: str, needed_by: Row) -> Fault:
    """Rows that are not there, told at the table beside the one whose row needs them."""
    return Fault(str(Path(needed_by.file).with_name(f"{table}.csv")), key, wrong, cure)


def _countries(folder: Path, tables: Tables) -> Iterator[Fault]:
    """A simulated country has all that the model must know of it, and its currency a record."""
    needed = (
        "segment", "high_wages", "billings_region", "government", "longitude", "latitude", "maps",
        "label_side", "colour", "parts_duty_share",
    )  # fmt: skip
    names = {row.text("parameter") for row in tables["parameters"]}
    recorded = {row.text("currency") for row in tables["fx_monthly"]} | {"USD"}
    for row in tables["countries"]:
        factor, simulated = row.text("gap_parameter"), row.text("role") == "simulated"
        for column in needed if simulated else ():
            if not row.text(column):
                wrong = f"{row.text('country')} is simulated and has none"
                yield _fault(folder, "countries", column, wrong, "fill it in", row)
        if factor and factor not in names:
            wrong = f"`{factor}` is no parameter"
            yield _fault(folder, "countries", "gap_parameter", wrong, nearest(factor, names), row)
        if simulated and row.text("currency") not in recorded:
            wrong = f"{row.text('currency')} of {row.text('country')} has no rates"
            yield _fault(folder, "fx_monthly", "currency", wrong, "add its months", None)


def _line_totals(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Cars are counted in vehicles; other lines in shares that add up to one of a USD total."""
    cars = {row.text("id"): row.text("product") == "cars" for row in tables["lines"]}
    needs = {row.text("id"): row for row in tables["lines"]}
    for table in ("output_2017", "sales_2017"):
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in tables[table]:
            rows[row.text("line")].append(row)
            if row.text("unit") != ("vehicles" if cars.get(row.text("line")) else "share"):
                wrong = f"`{row.text('unit')}` does not fit the line's product"
                cure = "cars are counted in vehicles, other lines in shares of base_output_usd"
                yield _fault(folder, table, "unit", wrong, cure, row)
        for line, is_cars in cars.items():
            total = sum(row.number("quantity") for row in rows[line])
            if not rows[line]:
                cure = f"add them to {table}.csv or drop the line"
                yield _missing(table, "line", f"{line} has no rows", cure, needs[line])
            elif total <= 0.0:
                wrong = f"quantities of {line} add up to {total:g}"
                yield _fault(folder, table, "quantity", wrong, "give it some", rows[line][0])
            elif not is_cars and abs(total - 1.0) > SHARE_TOLERANCE:
                wrong = f"shares of {line} add up to {total:.4f}"
                yield _fault(folder, table, "quantity", wrong, "make them 1", rows[line][0])
    for row in tables["lines"]:
        if not cars[row.text("id")] and math.isnan(row.number("base_output_usd")):
            yield _fault(folder, "lines", "base_output_usd", "is empty", "give an estimate", row)


def _flow_facts(folder: Path, tables: Tables) -> Iterator[Fault]:
    output = {(row.text("line"), row.text("country")) for row in tables["output_2017"]}
    sales = {(row.text("line"), row.text("market")) for row in tables["sales_2017"]}
    for row in tables["flow_facts"]:
        if row.number("share") == 0.0:
            continue
        line = row.text("line")
        if (line, row.text("origin")) not in output:
            wrong = f"{line} makes nothing in {row.text('origin')}"
            yield _fault(folder, "flow_facts", "origin", wrong, "drop the row", row)
        if (line, row.text("market")) not in sales:
            wrong = f"{line} sells nothing in {row.text('market')}"
            yield _fault(folder, "flow_facts", "market", wrong, "drop the row", row)


def _parts_sources(folder: Path, tables: Tables) -> Iterator[Fault]:
    shares = ("china_share", "japan_share", "local_share")
    default = set()
    for row in tables["parts_sources"]:
        total = sum(row.number(name) for name in shares)
        if abs(total - 1.0) > 1e-6:
            wrong = f"the three shares add up to {total:.4f}"
            yield _fault(folder, "parts_sources", "local_share", wrong, "make them 1", row)
        if row.text("country") == "*":
            default.add(row.text("line_class"))
    for row in tables["line_classes"]:
        if row.text("id") not in default:
            wrong = f"{row.text('id')} has no row `*`"
            cure = "add the default for countries that are not named"
            yield _missing("parts_sources", "country", wrong, cure, row)


def _whole_axes(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Every country and rate that an array needs is there."""
    wanted = [
        (table, "country", COUNTRIES)
        for table in ("countries", "price_levels", "wage_growth", "energy_prices")
    ]
    for table, column, codes in (*wanted, ("freight_rates", "rate", FREIGHT_RATES)):
        held = {row.text(column) for row in tables[table]}
        for code in codes:
            if code not in held:
                yield _fault(folder, table, column, f"{code} is missing", "add its row", None)


def _connections(folder: Path, tables: Tables) -> Iterator[Fault]:
    """One connection between any two places; one by sea has its days."""
    connected = {
        frozenset((row.text("origin"), row.text("market"))) for row in tables["connections"]
    }
    alone: dict[str, list[str]] = {code: [] for code in COUNTRIES}
    for one, other in combinations(COUNTRIES, 2):
        if frozenset((one, other)) not in connected:
            alone[one].append(other)
            alone[other].append(one)
    while most := max(alone, key=lambda code: len(alone[code])):
        if not alone[most]:
            break
        wrong = f"no connection between {most} and {', '.join(alone[most])}"
        yield _fault(folder, "connections", "origin", wrong, "add one each, either way round", None)
        for other in alone.pop(most):
            alone[other].remove(most)
    for row in tables["connections"]:
        if row.text("mode") == "sea" and math.isnan(row.number("sailing_days")):
            yield _fault(folder, "connections", "sailing_days", "is empty", "give days at sea", row)


def _bases(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Paths that are read over 2017 have a 2017; quarters are quarters."""
    quarters = {(row.text("region"), row.text("quarter")) for row in tables["equipment_billings"]}
    for row in tables["equipment_billings"]:
        if not _QUARTER.fullmatch(row.text("quarter")):
            wrong = f"`{row.text('quarter')}` is no quarter"
            yield _fault(folder, "equipment_billings", "quarter", wrong, "write 2017Q1", row)
    for region in sorted({region for region, _ in quarters} | {"ROW"}):
        for quarter in ("2017Q1", "2017Q2", "2017Q3", "2017Q4"):
            if (region, quarter) not in quarters:
                wrong = f"{region} has no {quarter}"
                yield _fault(folder, "equipment_billings", "quarter", wrong, "add it", None)
    for row in tables["price_levels"]:
        if row.integer("year") == 2017 and row.number("index_2017") != 1.0:
            wrong = "2017 is not 1"
            yield _fault(folder, "price_levels", "index_2017", wrong, "rebase the path", row)
    for table, columns in (
        ("rivals", ("market", "series", "segment")),
        ("market_size", ("market",)),
        ("energy_prices", ("country",)),
    ):
        groups: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for row in tables[table]:
            groups[tuple(row.text(name) for name in columns)].add(row.integer("year"))
        for key, years in groups.items():
            if 2017 not in years:
                wrong = f"{', '.join(key)} has no 2017"
                yield _fault(folder, table, "year", wrong, "add the base year", None)


def _scopes(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Parameters: known scopes, and every class has a value or an open one."""
    classes = {row.text("id"): row for row in tables["line_classes"]}
    held: dict[str, set[str]] = defaultdict(set)
    for row in tables["parameters"]:
        scope = row.text("scope")
        held[row.text("parameter")].add(scope)
        if scope not in (ALL, *classes):
            cure = nearest(scope, (ALL, *classes))
            yield _fault(folder, "parameters", "scope", f"`{scope}` is no class", cure, row)
    for name, scopes in held.items():
        missing = [code for code in classes if ALL not in scopes and code not in scopes]
        if missing:
            wrong = f"{name} has no value for {', '.join(missing)}"
            needed_by = classes[missing[0]]
            yield _missing("parameters", "parameter", wrong, "add a row for `all`", needed_by)


def _kinds(folder: Path, tables: Tables) -> Iterator[Fault]:
    """A parameter is of one kind, and its value and range have a meaning for that kind."""
    first = {row.text("parameter"): row for row in reversed(tables["parameters"])}
    for row in tables["parameters"]:
        name, kind = row.text("parameter"), KINDS[row.text("kind")]
        for column in ("kind", "settled", "by"):
            if row.text(column) != first[name].text(column):
                wrong = f"{name} has `{first[name].text(column)}` in an earlier row"
                yield _fault(folder, "parameters", column, wrong, "a parameter has one", row)
        for column in ("value", "low", "high"):
            number = row.number(column)
            if not math.isnan(number) and not kind.holds(number):
                wrong = f"{number:g} has no meaning for {kind.what}"
                yield _fault(folder, "parameters", column, wrong, kind.cure, row)


def _calibrated(folder: Path, tables: Tables) -> Iterator[Fault]:
    """A calibrated value has a class and stays in the range that was declared for it."""
    classes = [row.text("id") for row in tables["line_classes"]]
    declared = {(row.text("parameter"), row.text("scope")): row for row in tables["parameters"]}
    for row in tables["calibrated"]:
        name, scope, value = row.text("parameter"), row.text("scope"), row.number("value")
        if scope not in (ALL, *classes):
            cure = nearest(scope, (ALL, *classes))
            yield _fault(folder, "calibrated", "scope", f"`{scope}` is no class", cure, row)
            continue
        prior = declared.get((name, scope)) or declared.get((name, ALL))
        if prior is None:
            wrong = f"{name} has no row for {scope}"
            yield _fault(folder, "calibrated", "scope", wrong, "declare it first", row)
        elif not prior.number("low") <= value <= prior.number("high"):
            wrong = f"{value:g} leaves {prior.number('low'):g}..{prior.number('high'):g}"
            cure = "calibrate within the declared range"
            yield _fault(folder, "calibrated", "value", wrong, cure, row)


def _mixes(folder: Path, tables: Tables) -> Iterator[Fault]:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in tables["segment_mix"]:
        sums[row.text("line"), row.text("market")] += row.number("share")
    for (line, market), total in sums.items():
        if abs(total - 1.0) > SHARE_TOLERANCE:
            wrong = f"segments of {line} in {market} add up to {total:.4f}"
            cure = f"{', '.join(SEGMENTS)} must make 1"
            yield _fault(folder, "segment_mix", "share", wrong, cure, None)


def _tools(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Classes of tools make 1 for every maker and node group; customers leave no market short."""
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for table, column in (("tool_mix", "line"), ("tool_rivals", "maker")):
        for row in tables[table]:
            sums[table, row.text(column), row.text("node_group")] += row.number("share")
    chip_lines = {
        row.text("id"): row for row in tables["lines"] if row.text("product") == "chip_tools"
    }
    for line, group in product(sorted(chip_lines), NODE_GROUPS):
        if ("tool_mix", line, group) not in sums:
            wrong, cure = f"{line} has no classes for {group} fabs", "add rows that make 1"
            yield _missing("tool_mix", "share", wrong, cure, chip_lines[line])
    for (table, maker, group), total in sums.items():
        if abs(total - 1.0) > SHARE_TOLERANCE:
            wrong = f"classes of {maker} for {group} fabs add up to {total:.4f}"
            yield _fault(folder, table, "share", wrong, "make them 1", None)
    market = {row.text("customer"): row.text("market") for row in tables["customers"]}
    taken: dict[tuple[str, int], float] = defaultdict(float)
    for row in tables["customer_spending"]:
        taken[market.get(row.text("customer"), ""), row.integer("year")] += row.number("share")
    for (place, year), total in taken.items():
        if total > 1.0:
            wrong = f"customers of {place} take {total:.4f} of {year}"
            yield _fault(folder, "customer_spending", "share", wrong, "leave a rest", None)


def _partnerships(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Partners come to lines that sell cars in China; nobody agrees before there is an offer."""
    cars = {row.text("id") for row in tables["lines"] if row.text("product") == "cars"}
    there = {row.text("line") for row in tables["sales_2017"] if row.text("market") == "CN"}
    for row in tables["partnerships"]:
        if row.text("line") not in cars & there:
            wrong = f"{row.text('line')} sells no cars in China"
            yield _fault(folder, "partnerships", "line", wrong, "drop the row", row)
        agreed = row.values["agreed"]
        if agreed is not None and row.month("agreed") < row.month("offered_from"):
            wrong = "lies after the agreement"
            yield _fault(folder, "partnerships", "offered_from", wrong, "mend one of them", row)


def _ventures(folder: Path, tables: Tables) -> Iterator[Fault]:
    """A joint venture stands where the line makes something in the base year."""
    output = {(row.text("line"), row.text("country")) for row in tables["output_2017"]}
    for row in tables["ventures"]:
        line, place = row.text("line"), row.text("country")
        if (line, place) not in output:
            wrong = f"{line} makes nothing in {place}"
            yield _fault(folder, "ventures", "country", wrong, "drop the row", row)
