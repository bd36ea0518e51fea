"""What the panel may turn: parameters that move the headline's answer or bear on a decision."""

from __future__ import annotations

from collections.abc import Sequence

from sim.arrays import Floats
from sim.world.dials import Dial

NAMES: tuple[str, ...] = (
    "existing_gap_factor", "entry_gap", "own_affiliate_odds", "distance_gap", "place_spread",
    "growth_penalty", "theta_slice", "agglomeration", "kin_share", "capacity_moved_share",
    "transfer_sunk", "ems_fee", "ems_sunk", "fixed_project_usd", "discount", "diffusion_sigma",
    "labour_share", "wage_exponent", "macro_exponent", "scale_elasticity", "start_up_premium",
    "decision_probability", "plan_review_weight", "shock_review", "imitation",
    "risk_aversion", "alarm_half_life_months", "ambiguity_aversion",
    "proposed_prior_yes", "proposed_prior_no", "hazard_section_301", "hazard_cv",
    "china_drift_per_year",
)  # fmt: skip
"""Parameters that bear on the panel's decisions, in the order of the places of a draw."""
OPEN: tuple[str, ...] = (
    "hazard_ieepa", "hazard_section_232", "host_followers", "labour_supply_scale", "plant_pace",
    "subsidy_weight", "keiretsu_share", "keiretsu_odds",
)  # fmt: skip
"""Parameters that move later answers and that nothing before 2021 bears on: drawn as declared."""


def sets(at: Floats, turned: Sequence[Dial]) -> list[dict[str, float]]:
    """Parameter keys and values at places of the unit cube; ``at``: by (draws, dials)."""
    return [
        {one.key: one.value(float(place)) for one, place in zip(turned, row, strict=True)}
        for row in at
    ]
