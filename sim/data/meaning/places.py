"""Countries and the paths that are given for them: none is missing, each has its 2017."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

from sim.axes import COUNTRIES
from sim.data.meaning.faults import Tables, fault
from sim.data.schema import HOST_MEASURES
from sim.errors import Fault

FREIGHT_RATES = (
    "car_sea_fixed_usd",
    "car_sea_usd_per_day",
    "car_land_usd",
    "box_sea_fixed_usd",
    "box_sea_usd_per_day",
    "box_land_usd",
    "port_days",
)
BASE_YEAR, RESIDUAL = 2017, "ROW"
"""The year that paths are read over, and the place that no plant goes to."""
_QUARTER = re.compile(r"\d{4}Q[1-4]")


def place_faults(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Faults of countries, connections and given paths."""
    yield from _countries(folder, tables)
    yield from _whole_axes(folder, tables)
    yield from _hosts(folder, tables)
    yield from _connections(folder, tables)
    yield from _quarters(folder, tables)
    yield from _bases(folder, tables)


def _countries(folder: Path, tables: Tables) -> Iterator[Fault]:
    """A simulated country has all that the model must know of it, and its currency a record."""
    needed = (
        "segment", "billings_region", "government", "longitude", "latitude", "maps",
        "label_side", "colour", "parts_duty_share",
    )  # fmt: skip
    recorded = {row.text("currency") for row in tables["fx_monthly"]} | {"USD"}
    for row in tables["countries"]:
        simulated = row.text("role") == "simulated"
        for column in needed if simulated else ():
            if not row.text(column):
                wrong = f"{row.text('country')} is simulated and has none"
                yield fault(folder, "countries", column, wrong, "fill it in", row)
        if simulated and row.text("currency") not in recorded:
            wrong = f"{row.text('currency')} of {row.text('country')} has no rates"
            yield fault(folder, "fx_monthly", "currency", wrong, "add its months", None)


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
                yield fault(folder, table, column, f"{code} is missing", "add its row", None)


def _hosts(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Every country that a plant may go to says what it offers in 2017."""
    held = {
        (row.text("country"), row.text("measure"))
        for row in tables["hosts"]
        if row.integer("year") == BASE_YEAR
    }
    for code, measure in product(COUNTRIES, HOST_MEASURES):
        if code != RESIDUAL and (code, measure) not in held:
            wrong = f"{code} has no {measure} of {BASE_YEAR}"
            yield fault(folder, "hosts", "country", wrong, "add its row", None)


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
        yield fault(folder, "connections", "origin", wrong, "add one each, either way round", None)
        for other in alone.pop(most):
            alone[other].remove(most)
    for row in tables["connections"]:
        if row.text("mode") == "sea" and math.isnan(row.number("sailing_days")):
            yield fault(folder, "connections", "sailing_days", "is empty", "give days at sea", row)


def _quarters(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Billings are by quarter, and every region that is named has those of 2017."""
    quarters = {(row.text("region"), row.text("quarter")) for row in tables["equipment_billings"]}
    for row in tables["equipment_billings"]:
        if not _QUARTER.fullmatch(row.text("quarter")):
            wrong = f"`{row.text('quarter')}` is no quarter"
            yield fault(folder, "equipment_billings", "quarter", wrong, "write 2017Q1", row)
    for region in sorted({region for region, _ in quarters} | {"ROW"}):
        for quarter in ("2017Q1", "2017Q2", "2017Q3", "2017Q4"):
            if (region, quarter) not in quarters:
                wrong = f"{region} has no {quarter}"
                yield fault(folder, "equipment_billings", "quarter", wrong, "add it", None)


def _bases(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Paths that are read over 2017 have a 2017."""
    for row in tables["price_levels"]:
        if row.integer("year") == 2017 and row.number("index_2017") != 1.0:
            wrong = "2017 is not 1"
            yield fault(folder, "price_levels", "index_2017", wrong, "rebase the path", row)
    for table, columns in (
        ("rivals", ("market", "series", "kind")),
        ("rival_prices", ("market", "kind")),
        ("market_size", ("market",)),
        ("goods_markets", ("path", "place")),
        ("energy_prices", ("country",)),
    ):
        groups: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for row in tables[table]:
            groups[tuple(row.text(name) for name in columns)].add(row.integer("year"))
        for key, years in groups.items():
            if 2017 not in years:
                wrong = f"{', '.join(key)} has no 2017"
                yield fault(folder, table, "year", wrong, "add the base year", None)
