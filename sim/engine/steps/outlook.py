"""Duties of the month as investors see them (``docs/model.md`` 2)."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.decisions.views import Outlook
from sim.engine.simulation import Simulation
from sim.engine.steps.stockpile import announced_priors, enforcement
from sim.engine.steps.subsidies import subsidies_view


def outlook_view(s: Simulation) -> Outlook:
    """What each duty will be worth: survival by age, announced duties by their record."""
    t, laws = s.state.month, s.laws
    enforced = enforcement(s)
    return Outlook(
        law=s.law,
        hazard_set=s.beliefs.hazard_set,
        permanent=np.stack([one.permanent[t] for one in laws]),
        most=np.stack(
            [one.permanent[t] + (one.extra[t] + one.announced[t]).sum(axis=-1) for one in laws]
        ),
        extra=np.stack([one.extra[t] for one in laws]),
        age=np.stack([one.age[t] for one in laws]),
        announced=np.stack([one.announced[t] for one in laws]),
        announced_in=np.stack([one.announced_in[t] for one in laws]),
        announced_stage=np.stack([one.announced_stage[t] for one in laws]),
        enforced=enforced,
        deviation=np.sqrt(enforced * (1.0 - enforced) / (_cases(s) + 1.0)),
        act_within=np.rint(s.parameters["act_within_months"][0]).astype(np.int64),
        weights=s.beliefs.weights,
        hurdles=s.beliefs.hurdles,
        subsidies=subsidies_view(s),
    )


def _cases(s: Simulation) -> Floats:
    """Cases that each belief rests on, the prior's among them, float64[L, stages, B, R]."""
    yes, no = announced_priors(s)
    t = s.state.month
    return np.stack([yes + no + law.announced_count[t][..., None] for law in s.laws])
