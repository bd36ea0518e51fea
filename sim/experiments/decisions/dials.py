"""What the panel may turn: parameters that move the headline's answer or bear on a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.data.dataset import Dataset
from sim.data.shared_columns import ALL
from sim.world.parameter_table import SCALE, Parameter, load_parameters

NAMES: tuple[str, ...] = (
    "existing_gap_factor", "entry_gap", "own_affiliate_odds", "distance_gap", "place_spread",
    "growth_penalty", "theta_slice", "agglomeration", "kin_share", "capacity_moved_share",
    "transfer_sunk", "ems_fee", "ems_sunk", "fixed_project_usd", "discount", "diffusion_sigma",
    "labour_share", "wage_exponent", "macro_exponent", "scale_elasticity", "start_up_premium",
    "decision_probability", "plan_review_weight", "shock_review", "imitation",
    "risk_aversion", "alarm_half_life_months", "ambiguity_aversion",
    "proposed_prior_yes", "proposed_prior_no", "hazard_section_301", "hazard_cv",
    "hazard_ieepa", "hazard_section_232", "china_drift_per_year", "host_followers",
    "labour_supply_scale", "plant_pace", "subsidy_weight", "keiretsu_share",
)  # fmt: skip
"""Parameters in the order of the places of a draw."""
WIDE = 4.0
"""A positive range of at least this ratio is spread evenly by its logarithm."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A parameter that is the same for all classes, or a factor on the values of all of them."""

    key: str
    low: float
    high: float

    @property
    def by_log(self) -> bool:
        """Whether the prior is even over the logarithm."""
        return 0.0 < self.low * WIDE <= self.high

    def value(self, place: float) -> float:
        """Value at a place from 0 to 1 of its range.

        >>> Dial("x", 1.0, 4.0).value(0.5), Dial("x", 2.0, 4.0).value(0.5)
        (2.0, 3.0)
        """
        if self.by_log:
            return float(self.low * (self.high / self.low) ** place)
        return self.low + place * (self.high - self.low)

    def place(self, value: float) -> float:
        """Place of a value, from 0 to 1."""
        if self.by_log:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)


def dials(data: Dataset | None = None, names: Sequence[str] = NAMES) -> tuple[Dial, ...]:
    """The dials in their order, with the ranges that ``parameters.csv`` declares.

    >>> [one.key for one in dials()][:2]
    ['existing_gap_factor', 'entry_gap.scale']
    """
    rows = load_parameters(data)
    return tuple(_dial(name, [row for row in rows if row.name == name]) for name in names)


def _dial(name: str, rows: Sequence[Parameter]) -> Dial:
    """The range of a single row, or the factors that keep every class within its own range."""
    if len(rows) == 1 and rows[0].scope == ALL:
        return Dial(name, rows[0].low, rows[0].high)
    held = [row for row in rows if row.low < row.high and row.value > 0.0]
    low = max(row.low / row.value for row in held)
    high = min(row.high / row.value for row in held)
    return Dial(f"{name}.{SCALE}", low, high)


def sets(at: Floats, turned: Sequence[Dial]) -> list[dict[str, float]]:
    """Parameter keys and values at places of the unit cube; ``at``: float64[draws, dials]."""
    return [
        {one.key: one.value(float(place)) for one, place in zip(turned, row, strict=True)}
        for row in at
    ]
