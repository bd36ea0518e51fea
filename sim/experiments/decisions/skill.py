"""How well chances forecast the panel: against base rates and against nobody moving.

Log score: mean log chance of what happened, larger is better. Brier: squared distance over
half-years, places and staying, smaller is better. A case left out is forecast by draws weighed
without it (importance sampling, Gelfand, Dey and Chang 1992, weights cut as by Ionides 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.experiments.decisions.likelihood import (
    RHO,
    Panel,
    brier_scores,
    log_scores,
    reported,
    smoothed,
)
from sim.experiments.decisions.panel import HALVES, Case
from sim.experiments.decisions.trials import Chances

STAYS = 0.98
"""Chance of staying where nobody is expected to move."""


@dataclass(frozen=True, slots=True, eq=False)
class Skill:
    """Scores of one forecaster: ``log``, ``brier``: by (C); ``chance``: by (C, cells)."""

    name: str
    chance: Floats
    log: Floats
    brier: Floats

    def mean(self, weight: Floats) -> tuple[float, float]:
        """Weighted mean log score and Brier score."""
        share = weight / weight.sum()
        return float(share @ self.log), float(share @ self.brier)

    def hits(self, observed: Floats, weight: Floats) -> float:
        """Weighted part of the cases in which moving or staying was held the likelier rightly."""
        right = (self.chance[:, -1] < 0.5) == (observed[:, -1] < 0.5)
        return float(weight @ right / weight.sum())


def forecasts(
    found: Sequence[Chances], weights: Floats, own: Floats, panel: Panel, seeds: int
) -> tuple[Skill, ...]:
    """Scores of the model, of it with each case left out, of base rates and of nobody moving.

    ``weights``: by (draws, RHO), posterior weights that sum to 1; ``own``: by (draws, RHO,
    C), what each case adds to their log-likelihood.
    """
    chance = chances_of(found, panel, seeds)
    return (
        scored("model", np.einsum("dr,drck->ck", weights, chance), panel),
        scored("model, case left out", left_out(chance, weights, own), panel),
        scored("base rates", panel.base, panel),
        scored("nobody moves", _nobody(panel), panel),
    )


def chances_of(found: Sequence[Chances], panel: Panel, seeds: int) -> Floats:
    """Chances in the panel by draw and odds of reporting, by (draws, RHO, C, cells)."""
    plain = [smoothed(one.decided, panel.base, seeds) for one in found]
    return np.stack([[reported(one, rho) for rho in RHO] for one in plain])


def left_out(chance: Floats, weights: Floats, own: Floats) -> Floats:
    """Chances of every case by draws weighed without it, by (C, cells).

    ``own`` comes from the emulator: by the chances themselves, weights would choose the draws whose
    seeds happened to miss the case.
    """
    told = []
    for case in range(own.shape[-1]):
        without = weights * np.exp(own[..., case].min() - own[..., case])
        without /= without.sum()
        without = np.minimum(without, np.sqrt(np.count_nonzero(without)) / without.size)
        told.append(np.einsum("dr,drk->k", without / without.sum(), chance[:, :, case]))
    return np.stack(told)


def scored(name: str, chance: Floats, panel: Panel) -> Skill:
    """Scores of chances, by (C, cells)."""
    observed = panel.observed
    return Skill(name, chance, log_scores(chance, observed), brier_scores(chance, observed))


def _nobody(panel: Panel) -> Floats:
    """Nearly all on staying, the rest spread as base rates say."""
    moving = panel.base[:, :-1] / panel.base[:, :-1].sum(axis=1, keepdims=True)
    return np.column_stack([(1.0 - STAYS) * moving, np.full(len(panel.base), STAYS)])


@dataclass(frozen=True, slots=True)
class CaseForecast:
    """What the model says of one case: chance of moving by the end of 2020, likeliest place."""

    case: str
    moved: bool
    to: tuple[str, ...]
    half: str
    chance_of_moving: float
    likeliest: str
    log_over_base: float


def by_case(
    cases: Sequence[Case], model: Skill, base: Skill, codes: Sequence[str]
) -> list[CaseForecast]:
    """One row a case, in their order."""
    told = []
    for number, case in enumerate(cases):
        cells = model.chance[number, :-1].reshape(len(HALVES), len(codes))
        told.append(
            CaseForecast(
                case=case.id,
                moved=case.moved,
                to=case.to,
                half=HALVES[case.half] if case.moved else "",
                chance_of_moving=float(cells.sum()),
                likeliest=str(codes[int(cells.sum(axis=0).argmax())]),
                log_over_base=float(model.log[number] - base.log[number]),
            )
        )
    return told
