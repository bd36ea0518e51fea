"""What each mechanism adds to the forecast of the panel: scores with it switched off.

The draws stay as they are: a mechanism that others can stand in for loses little, and a pair of
parameters that stand in for each other shows as a correlation (:meth:`Fit.tied`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.experiments.decisions.fit import Fit
from sim.experiments.decisions.likelihood import log_scores
from sim.experiments.decisions.skill import chances_of
from sim.experiments.decisions.trials import Trials

OFF: Mapping[str, Mapping[str, float]] = {
    "imitation": {"imitation": 0.0},
    "hedging of exposure": {"risk_aversion": 0.0},
    "boards called by alarm": {"shock_review": 0.0},
    "doubt about enforcement": {"ambiguity_aversion": 0.0},
    "sister industry": {"agglomeration": 0.0},
    "own network": {"own_affiliate_odds": 0.0},
    "places differ unseen": {"place_spread.scale": 0.0},
    "growth of small plants is dear": {"growth_penalty": 0.0},
    "distance from headquarters": {"distance_gap": 0.0},
    "hosts fill up": {"labour_supply_scale": 1e3, "land_response": 0.0},
}
"""Mechanism -> parameters that switch it off."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the mean log score of the panel is without a mechanism, less the score with it.

    Positive: the forecast is better without it.
    """

    mechanism: str
    change: float


def losses(found: Fit, workers: int = 1) -> list[Loss]:
    """Change of the mean log score when each mechanism of :data:`OFF` is switched off."""
    trials = Trials(found.cases, found.seeds, workers)
    draws = found.draws()
    every = [{**draw, **off} for off in ({}, *OFF.values()) for draw in draws]
    chances = trials.chances(every)
    rho = found.by_rho.sum(axis=0)
    share = found.panel.weight / found.panel.weight.sum()
    scores = []
    for first in range(0, len(every), len(draws)):
        chance = chances_of(chances[first : first + len(draws)], found.panel, found.seeds)
        mean = np.einsum("r,drck->ck", rho, chance) / len(draws)
        scores.append(float(share @ log_scores(mean, found.panel.observed)))
    return [Loss(name, score - scores[0]) for name, score in zip(OFF, scores[1:], strict=True)]
