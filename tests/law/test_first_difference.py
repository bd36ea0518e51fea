"""The first day on which two laws differ is the first month in which the engine would see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.axes import PRODUCT_INDEX, month_range
from sim.law.law import Law, load_law
from sim.law.rates.monthly import monthly
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import named_reforms, parse_reforms, seed_reforms
from sim.law.telling.first_difference import first_announced, first_in_force

MONTHS = month_range(date(2017, 1, 1), date(2027, 12, 1))

OWN: dict[str, list[dict[str, Any]]] = {
    "stops_at_25": [
        {"op": "cap", "importer": "US", "exporters": "CN", "basis": "section_301", "rate": 0.25}
    ],
    "stops_at_10": [
        {"op": "cap", "importer": "US", "exporters": "CN", "basis": "section_301", "rate": 0.1}
    ],
    "repealed_after_its_end": [
        {"op": "repeal", "instrument": "us_ieepa_brazil", "start": "2026-06-01"}
    ],
    "announced_long_before": [
        {"op": "add", "id": "x", "importer": "US", "rate": 0.1, "start": "2024-07-15",
         "announced": "2021-05-03"}
    ],
    "within_a_month": [
        {"op": "add", "id": "x", "importer": "US", "rate": 0.1, "start": "2024-07-15",
         "announced": "2024-07-02"}
    ],
    "the_same_rate": [
        {"op": "set", "instrument": "us_232_autos", "rate": 0.25, "start": "2025-04-03"}
    ],
    "later": [{"op": "delay", "instrument": "us_232_autos", "months": 3, "start": "2025-01-01"}],
    "no_offset": [{"op": "repeal", "importer": "US", "kind": "output_credit"}],
}  # fmt: skip
NAMES = [*OWN, *seed_reforms()]


def reformed(name: str) -> Law:
    reforms = parse_reforms(OWN[name]) if name in OWN else named_reforms(name)
    return apply_reforms(load_law(), reforms)


def first_difference(law: Law, other: Law, *products: set[str]) -> date | None:
    found = (first_in_force(law, other, *products), first_announced(law, other, *products))
    return min((day for day in found if day is not None), default=None)


def seen(law: Law) -> Iterator[tuple[str, np.ndarray]]:
    """Arrays of what the engine reads, months first."""
    made = monthly(law, MONTHS)
    for field in fields(made):
        value = getattr(made, field.name)
        if isinstance(value, np.ndarray):
            yield field.name, value


@pytest.fixture(scope="module")
def enacted() -> dict[str, np.ndarray]:
    return dict(seen(load_law()))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_first_month_that_a_run_would_see(
    name: str, enacted: dict[str, np.ndarray]
) -> None:
    law = reformed(name)
    found = [
        np.flatnonzero((a != enacted[n]).any(axis=tuple(range(1, a.ndim)))) for n, a in seen(law)
    ]
    first = min((int(months[0]) for months in found if months.size), default=None)
    day = first_difference(load_law(), law)
    assert day == first_difference(law, load_law())
    told = None if day is None or day > MONTHS[-1] else day.replace(day=1)
    assert told == (None if first is None else MONTHS[first])


def test_goods_that_nobody_makes_do_not_count() -> None:
    add = {"op": "add", "id": "x", "importer": "US", "products": "metals", "rate": 0.1}
    law = apply_reforms(load_law(), parse_reforms([add | {"start": "2024-07-01"}]))
    assert first_difference(load_law(), law) == date(2024, 7, 1)
    assert first_difference(load_law(), law, set(PRODUCT_INDEX) - {"metals"}) is None


def test_a_reform_of_later_years_teaches_nothing_before() -> None:
    """A measure cut for some of its flows was announced once, not once for each part."""
    day = first_difference(load_law(), reformed("china_60"))
    assert day == date(2025, 2, 1)


def test_a_repealed_subsidy_counts_from_the_day_on_which_it_would_have_been_paid() -> None:
    repeal = {"op": "repeal", "instrument": "us_45x", "start": "2025-01-20"}
    law = apply_reforms(load_law(), parse_reforms([repeal]))
    assert first_in_force(load_law(), law) == date(2025, 1, 20)
    assert first_in_force(load_law(), law, {"printers"}) is None
