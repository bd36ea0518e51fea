"""A world whose parameters are drawn from their ranges: mechanisms far from their defaults."""

from __future__ import annotations

import csv
import dataclasses
import math
from pathlib import Path

import numpy as np

import sim.data
from sim.world.world import World

STRUCTURAL = (
    "programmes", "programme_lump_share", "programme_lump_units", "programme_slice_share",
    "retooling_lag_months",
)  # fmt: skip
"""Parameters that say which rows a world has, or how much state."""


def drawn(world: World, seed: int) -> World:
    """The world with every parameter that has a range drawn uniformly from it, class by class."""
    draws = np.random.default_rng(seed)
    parameters = {name: values.copy() for name, values in world.parameters.items()}
    path = Path(sim.data.__file__).parent / "world" / "parameters.csv"
    with path.open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["scope"] != "all")
    for row in rows:
        name = row["parameter"]
        if not row["low"] or name in STRUCTURAL or name.endswith("_on"):
            continue
        value = draws.uniform(float(row["low"]), float(row["high"]))
        for n, line in enumerate(world.lines):
            if row["scope"] in ("all", line.line_class) and not math.isnan(parameters[name][n]):
                parameters[name][n] = value
    return dataclasses.replace(world, parameters=parameters)
