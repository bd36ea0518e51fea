"""The axes of every array: codes and their order, one letter each, and what tables say of codes.

Claims of shape such as ``float64[P, R]`` are written with the letters of :data:`LETTERS` and the
words of :data:`SMALL_AXES`, and a test holds every one of them against a running world.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

LETTERS: dict[str, str] = {
    "A": "account: a line of chip tools and one of its customers",
    "B": "legal basis of a duty (LEGAL_BASES)",
    "C": "cell of the order book: account x tool class",
    "E": "route: from a plant to an outlet of the same line",
    "F": "firm (firms.csv); in sim.network a firm of the supplier network",
    "G": "group of an outcome",
    "H": "set of hazards that some lanes share",
    "I": "origin country (COUNTRIES)",
    "J": "market country (COUNTRIES)",
    "K": "product (PRODUCTS)",
    "L": "law: one for each policy of a block",
    "M": "outlet: a line in one market",
    "N": "line: firm x product (lines.csv)",
    "O": "outlet of a line of chip tools",
    "P": "plant: capacity of one line in one country",
    "Q": "slice: what a line makes in one country for one market",
    "R": "replication lane, 0 .. LANES - 1; always the last axis",
    "S": "stretch of days in which a law stays the same",
    "T": "month (ISO date of its first day)",
    "U": "customer: a chip maker (customers.csv)",
    "V": "country of makers of chip tools, Japan first",
    "W": "route of a tool outlet, counted from its first",
    "X": "exporter that the law knows (LAW_COUNTRIES)",
    "Y": "query that the law of export controls answers",
    "Z": "class of chip tools",
}
"""Letter of an axis -> what it counts; one meaning each, everywhere."""

SMALL_AXES: dict[str, str] = {
    "age_steps": "ages from which waiting one more month teaches something",
    "ages": "months for which a duty has been in force",
    "ahead": "months after a shock",
    "anchors": "named firms within the supplier network",
    "bands": "bands of US content in a chip tool",
    "cells": "country x product in the supplier network",
    "codes": "answers that the law of export controls may give",
    "class_materials": "controlled materials that goods other than chip tools need",
    "columns": "columns of a table",
    "days": "days",
    "earth_bands": "bands of Chinese rare earths in a chip tool",
    "entities": "whatever a random draw is made for",
    "fields": "fields of a proposal (sim.decisions.proposal)",
    "grants": "dated sizes of subsidies in one cell",
    "groups": "groups that rows are summed into",
    "inputs": "inputs of the firms in the supplier network",
    "kinds": "kinds of cars by drive: petrol, hybrid, plug-in, battery",
    "lags": "months back, newest first",
    "leads": "months until work ordered today is done",
    "links": "supplier links in the network",
    "materials": "materials that chip tools need",
    "node_groups": "kinds of chips that customers make",
    "offers": "offers of technology partners",
    "resamples": "draws of a bootstrap",
    "rivals": "countries of makers of chip tools outside Japan",
    "rows": "rows of any table",
    "rules": "rules of export control that may decide",
    "segments": "segments of a firm's books",
    "series": "series of figures side by side",
    "stages": "how far an announced duty has come (ordered, proposed, said)",
    "stacking_groups": "groups of duties that stack",
    "tool_routes": "routes that carry chip tools",
    "when": "now, and the base year",
    "years": "years",
}
"""Word for an axis of one room -> what it counts."""


@dataclass(frozen=True, slots=True)
class Country:
    """One row of ``countries.csv``: a place that is simulated, or one that only the law knows.

    Texts are as the file has them; empty where a place that is not simulated needs none.
    """

    code: str
    name: str
    also: tuple[str, ...]
    """Other names that people write."""
    article: str
    """``the`` where running text says so."""
    simulated: bool
    currency: str
    segment: str
    """Segment of a firm's books, one of :data:`sim.tables.SEGMENTS`; a trade block as well."""
    billings_region: str
    """Region whose record of chip-tool billings the place follows."""
    government: bool
    """Whether the Mesa face has an agent for its government."""
    position: tuple[float, float]
    """Longitude and latitude at which maps draw it: near its industry, apart from neighbours."""
    maps: str
    """Maps that name it: ``world``, ``asia`` or ``asia_and_world``."""
    label_side: str
    colour: str


@dataclass(frozen=True, slots=True)
class Product:
    """One row of ``products.csv``."""

    code: str
    name: str
    also: tuple[str, ...]
    """Other names that people write."""
    sector: str
    vehicle: bool


def _rows(name: str) -> list[dict[str, str]]:
    path = Path(__file__).with_name("data") / "world" / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float:
    """A number, NaN where there is none: :mod:`sim.data` tells what is wrong with a table."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _country(row: dict[str, str]) -> Country:
    cell = {name: value or "" for name, value in row.items()}
    return Country(
        code=cell["country"],
        name=cell["name"],
        also=_listed(cell.get("also")),
        article=cell["article"],
        simulated=cell["role"] == "simulated",
        currency=cell["currency"],
        segment=cell["segment"],
        billings_region=cell["billings_region"],
        government=cell["government"] == "yes",
        position=(_number(cell["longitude"]), _number(cell["latitude"])),
        maps=cell["maps"],
        label_side=cell["label_side"],
        colour=cell["colour"],
    )


EVERY_COUNTRY: tuple[Country, ...] = tuple(map(_country, _rows("countries")))
"""All places that are known, in the order of the table."""

PLACES: tuple[Country, ...] = tuple(one for one in EVERY_COUNTRY if one.simulated)
"""Places that are simulated: one entry of every array's country axis each."""

COUNTRIES: tuple[str, ...] = tuple(one.code for one in PLACES)
"""Simulated places: ISO 3166 alpha-2, ``EU`` (with EFTA and the UK as one market) and ``ROW``."""

COUNTRY_NAMES: dict[str, str] = {one.code: one.name for one in EVERY_COUNTRY}

COUNTRY_WORDS: dict[str, str] = {
    one.code: f"{one.article} {one.name}".strip() for one in EVERY_COUNTRY
} | {"ROW": "the rest of the world"}
"""Code -> name as it stands in a sentence."""

LAW_ONLY_COUNTRIES: tuple[str, ...] = tuple(one.code for one in EVERY_COUNTRY if not one.simulated)
"""Exporters that the law can rate although no plant is simulated there."""

LAW_COUNTRIES: tuple[str, ...] = COUNTRIES + LAW_ONLY_COUNTRIES

PRODUCT_TABLE: tuple[Product, ...] = tuple(
    Product(
        row["product"],
        row["name"],
        _listed(row.get("also")),
        row["sector"],
        row["vehicle"] == "yes",
    )
    for row in _rows("products")
)

PRODUCTS: tuple[str, ...] = tuple(one.code for one in PRODUCT_TABLE)
"""Products of ``products.csv``; ``cars_large`` and ``metals`` are known to the law only."""

PRODUCT_NAMES: dict[str, str] = {one.code: one.name for one in PRODUCT_TABLE}

VEHICLES: tuple[str, ...] = tuple(one.code for one in PRODUCT_TABLE if one.vehicle)

LEGAL_BASES: tuple[str, ...] = (
    "section_301",
    "section_232",
    "ieepa",
    "section_122",
    "forced_labour_301",
    "retaliation",
    "other",
)
"""Classes of legal authority for duties above MFN; beliefs hold one hazard for each."""

LANES = 64
"""Lanes of a block: every block is padded to this width so that sums never depend on chunking."""

MONTHS_PER_YEAR = 12.0
"""Capacity and volumes are units a year; what flows in a month is units of that month."""

CURRENCIES: dict[str, str] = {one.code: one.currency for one in PLACES}

COUNTRY_INDEX: dict[str, int] = {code: i for i, code in enumerate(COUNTRIES)}
PRODUCT_INDEX: dict[str, int] = {code: k for k, code in enumerate(PRODUCTS)}
BASIS_INDEX: dict[str, int] = {code: b for b, code in enumerate(LEGAL_BASES)}


def months_between(first: date, last: date) -> int:
    """Whole calendar months from the month of ``first`` to that of ``last``.

    >>> months_between(date(2017, 1, 1), date(2018, 3, 31))
    14
    """
    return (last.year - first.year) * 12 + last.month - first.month


def month_range(first: date, last: date) -> tuple[date, ...]:
    """First days of the months from ``first`` to ``last``, both included.

    >>> [d.isoformat() for d in month_range(date(2017, 11, 1), date(2018, 1, 1))]
    ['2017-11-01', '2017-12-01', '2018-01-01']
    """
    count = months_between(first, last) + 1
    start = first.year * 12 + first.month - 1
    return tuple(date((start + t) // 12, (start + t) % 12 + 1, 1) for t in range(count))
