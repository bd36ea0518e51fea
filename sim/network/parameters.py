"""Parameters of the network and the table of purchased inputs, read from ``sim/data/network``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from sim.axes import PRODUCT_INDEX, PRODUCTS
from sim.errors import DataError, Fault, nearest


@dataclass(frozen=True, slots=True)
class Parameters:
    """Published or declared values; sources, ranges and evidence stand in ``parameters.csv``.

    >>> load_parameters().adjustment_days
    6.0
    """

    target_days: float
    target_floor_days: float
    adjustment_days: float
    target_follow_share: float
    even_rationing: float
    links_per_firm: float
    supplier_tail: float
    customer_tail: float
    size_tail: float
    input_share: float
    final_share: float
    varieties: float
    pass_through: float


def load_parameters() -> Parameters:
    """Default values; raises :class:`DataError` that names every faulty row at once."""
    known = {field.name for field in fields(Parameters)}
    values, faults = {}, []
    for line, row in _rows("parameters.csv"):
        name = row["parameter"]
        if name not in known:
            faults.append(_fault("parameters.csv", line, name, "unknown", nearest(name, known)))
            continue
        low, value, high = (float(row[key]) for key in ("low", "value", "high"))
        if not low <= value <= high:
            faults.append(_fault("parameters.csv", line, name, f"{value} outside {low}..{high}"))
        values[name] = value
    faults += [
        _fault("parameters.csv", None, name, "missing") for name in sorted(known - values.keys())
    ]
    if faults:
        raise DataError(faults)
    return Parameters(**values)


def load_inputs() -> NDArray[np.float64]:
    """float64[K, K]: share of the goods a maker of product ``k`` buys that are of product ``l``."""
    table, faults = np.zeros((len(PRODUCTS), len(PRODUCTS))), []
    for line, row in _rows("inputs.csv"):
        for key in ("product", "input_product"):
            if row[key] not in PRODUCT_INDEX:
                cure = nearest(row[key], PRODUCTS)
                faults.append(_fault("inputs.csv", line, key, f"unknown `{row[key]}`", cure))
        if row["product"] in PRODUCT_INDEX and row["input_product"] in PRODUCT_INDEX:
            table[PRODUCT_INDEX[row["product"]], PRODUCT_INDEX[row["input_product"]]] += float(
                row["share"]
            )
    faults += [
        _fault("inputs.csv", None, PRODUCTS[k], f"shares add up to {table[k].sum():.6g}, not 1")
        for k in np.flatnonzero(np.abs(table.sum(axis=1) - 1.0) > 1e-9)
    ]
    if faults:
        raise DataError(faults)
    return table


def _rows(name: str) -> list[tuple[int, Mapping[str, str]]]:
    text = files("sim").joinpath("data", "network", name).read_text(encoding="utf-8")
    return list(enumerate(csv.DictReader(text.splitlines()), start=2))


def _fault(name: str, line: int | None, key: str, wrong: str, cure: str = "") -> Fault:
    return Fault(f"sim/data/network/{name}", key, wrong, cure, line)
