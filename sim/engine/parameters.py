"""Parameters of a block: one value for every line and lane, and what follows from them alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import LEGAL_BASES
from sim.decisions.expectations import diffusion_hurdle, learning_hurdles, survival_weights
from sim.decisions.views import Terms


@dataclass(frozen=True, slots=True, eq=False)
class Beliefs:
    """Tables of beliefs by hazard set (H): lines and lanes of equal terms share a row."""

    hazard_set: Ints
    """int64[N, R]: row of the line in the lane."""
    weights: Floats
    """float64[H, B, ages, leads]."""
    hurdles: Floats
    """float64[H, B, ages, leads]."""


def build_beliefs(parameters: dict[str, Floats], months: int) -> Beliefs:
    """Survival weights and learning hurdles of every distinct set of hazards in the block.

    A line believes with the hazards, the discount and the depreciation of its own class.
    """
    names = [f"hazard_{basis}" for basis in LEGAL_BASES]
    columns = [parameters[name] for name in (*names, "hazard_cv", "discount", "depreciation")]
    cells = np.stack([values.reshape(-1) for values in columns], axis=1)
    sets, rows = np.unique(cells, axis=0, return_inverse=True)
    longest = np.stack([whole_months(parameters, way) for way in _WAYS])
    leads = 1 + int(np.nanmax(longest))
    weights, hurdles = [], []
    for values in sets:
        hazard, (cv, discount, depreciation) = values[: len(names)], values[len(names) :]
        shape = 1.0 / cv**2
        table = survival_weights(hazard, shape, discount, depreciation, months + 2, leads)
        weights.append(table)
        hurdles.append(learning_hurdles(table, hazard, shape, discount))
    rows = rows.reshape(columns[0].shape).astype(np.int64)
    return Beliefs(rows, np.stack(weights), np.stack(hurdles))


def whole_months(parameters: dict[str, Floats], way: str) -> Floats:
    """Lead of a way in whole months, float64[N, R]: beliefs are tabled by the month."""
    return np.asarray(np.floor(parameters[f"{way}_months"] + 0.5))


_NAMES = {
    "ambiguity": "ambiguity_aversion",
    "fixed_project": "fixed_project_usd",
    "existing_gap": "existing_gap_factor",
    "idle_cost": "idle_cost_share",
    "exit_cost": "exit_cost_share",
    "mothball_cost": "mothball_cost_share",
    "mothball_exit": "mothball_exit_share",
    "minimum_scale": "minimum_scale_units",
    "full_use": "full_use_share",
    "restart_use": "restart_use_share",
    "exit_use": "exit_use_share",
    "moved_share": "capacity_moved_share",
    "usual_use": "base_use_share",
}
"""Term -> the parameter behind it; the others have one name."""
_WAYS = ("transfer", "brownfield", "open", "expand", "ems", "shared")


def build_terms(parameters: dict[str, Floats]) -> Terms:
    """Investment parameters as the kernels take them, float64[N, R]."""
    hurdle = diffusion_hurdle(parameters["discount"], parameters["diffusion_sigma"])
    made = {"diffusion": np.ascontiguousarray(hurdle)}
    weight = parameters["wage_exponent"] * parameters["labour_share"]
    made["wage_gap"] = np.ascontiguousarray((1.0 - parameters["base_margin"]) * weight)
    made["brownfield_sunk"] = parameters["transfer_sunk"] + parameters["expand_sunk"]
    made |= {f"{way}_months": whole_months(parameters, way) for way in _WAYS}
    given = {term: parameters[_NAMES.get(term, term)] for term in Terms._fields if term not in made}
    return Terms(**made, **given)
