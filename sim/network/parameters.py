"""Parameters of the network and the table of purchased inputs, read from ``sim/data/network``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.axes import PRODUCT_INDEX, PRODUCTS
from sim.data.columns import Field, Spec
from sim.data.evidence import CONFIDENCE, EVIDENCE
from sim.data.reading import read_table
from sim.errors import DataError, Fault


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


FOLDER = Path(str(files("sim") / "data" / "network"))
"""Where both tables lie."""
_PROVENANCE = (
    Field("source", required=False, optional=True),
    Field("source_url", required=False, optional=True),
    Field("confidence", choices=CONFIDENCE),
    Field("evidence", choices=EVIDENCE),
    Field("note", required=False),
)
_PARAMETERS = Spec(
    "parameters",
    (
        Field("parameter", choices=tuple(field.name for field in fields(Parameters))),
        *(Field(name, "number") for name in ("value", "low", "high")),
        Field("unit"),
        *_PROVENANCE,
    ),
    key=("parameter",),
    ranges=(("value", "low", "high"),),
)
_INPUTS = Spec(
    "inputs",
    (
        *(Field(name, choices=PRODUCTS) for name in ("product", "input_product")),
        *(Field(name, "number", low=0.0, high=1.0) for name in ("share", "low", "high")),
        *_PROVENANCE,
    ),
    key=("product", "input_product"),
    ranges=(("share", "low", "high"),),
)


def load_parameters(folder: Path = FOLDER) -> Parameters:
    """Default values; raises :class:`DataError` that names every faulty row at once."""
    rows, faults = read_table(folder / "parameters.csv", _PARAMETERS, _name("parameters"))
    values = {row.text("parameter"): row.number("value") for row in rows}
    faults += [
        Fault(_name("parameters"), field.name, "is missing", "add its row")
        for field in fields(Parameters)
        if field.name not in values
    ]
    if faults:
        raise DataError(faults)
    return Parameters(**values)


def load_inputs(folder: Path = FOLDER) -> NDArray[np.float64]:
    """float64[K, K]: share of the goods a maker of product ``k`` buys that are of product ``l``.

    Raises
    ------
    DataError
        Every faulty row at once, and every product whose shares do not add up to one.
    """
    rows, faults = read_table(folder / "inputs.csv", _INPUTS, _name("inputs"))
    table = np.zeros((len(PRODUCTS), len(PRODUCTS)))
    for row in rows:
        k, other = PRODUCT_INDEX[row.text("product")], PRODUCT_INDEX[row.text("input_product")]
        table[k, other] = row.number("share")
    faults += [
        Fault(_name("inputs"), PRODUCTS[k], f"shares add up to {table[k].sum():.6g}, not 1")
        for k in np.flatnonzero(np.abs(table.sum(axis=1) - 1.0) > 1e-9)
    ]
    if faults:
        raise DataError(faults)
    return table


def _name(name: str) -> str:
    return f"sim/data/network/{name}.csv"
