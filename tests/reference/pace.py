"""The length of a step: rates a month become rates a step, lags in months lags in steps.

One month is the model; three show that its figures do not hang on the length of its step.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

SHARES = ("reallocation_share", "price_adjustment", "parts_reallocation")
"""Parts that change each month."""

WORK = (
    "transfer_months", "brownfield_months", "open_months", "shared_months", "expand_months",
    "ems_months",
)  # fmt: skip
"""Leads of investment, in whole months whatever the step; NaN where a class lacks the way."""

HALF_LIVES = ("freight_half_life_months", "alarm_half_life_months", "start_up_half_life_months")


def over(share: float, months: int) -> float:
    """What a part that changes each month comes to over a step."""
    return share if months == 1 else 1 - (1 - share) ** months


def steps(lag_months: float, months: int) -> int:
    """A lag in whole steps."""
    return int(lag_months / months + 0.5)


def paced(par: SimpleNamespace, months: int) -> SimpleNamespace:
    """A line's parameters for steps of so many months."""
    changed = vars(par).copy()
    for name in WORK:
        if not math.isnan(changed[name]):
            changed[name] = math.floor(changed[name] + 0.5)
    for name in SHARES:
        changed[name] = over(changed[name], months)
    for name in HALF_LIVES:
        changed[name] /= months
    changed["invoice_lag"] /= months
    changed["demand_noise_ar"] **= months
    changed["retooling_lag_months"] = steps(changed["retooling_lag_months"], months)
    return SimpleNamespace(**changed)
