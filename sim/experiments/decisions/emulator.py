"""The chances of the panel as smooth functions of the parameters.

A few seeds a set tell each chance with noise that would drown the likelihood. All sets together
tell much more: every chance that the likelihood asks for is fitted over all of them by logistic
regression on the normal scores of the places, their squares and the products of those that count
most, with a ridge (an emulator in the sense of Kennedy and O'Hagan 2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit, ndtri

from sim.arrays import Floats, Ints
from sim.experiments.decisions.likelihood import (
    AFFILIATES_MOVED,
    AFFILIATES_SD,
    EXPOSED,
    RHO,
    SMOOTHING,
    Panel,
)
from sim.experiments.decisions.trials import Chances

PAIRED = 8
"""Parameters of greatest effect whose products enter."""
RIDGE = 4.0
"""Penalty on squared coefficients, in seeds."""
STEPS = 25
"""Newton steps at most."""
SMALL = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """One chance as a function of places.

    ``weights``: by (features); ``paired``: the dials whose products enter.
    """

    weights: Floats
    paired: Ints

    @classmethod
    def fitted(cls, scores: Floats, share: Floats, count: float) -> Chance:
        """Fit to parts of ``count`` seeds; ``scores``: by (sets, dials); ``share``: by (sets)."""
        plain = _newton(_features(scores, np.empty(0, dtype=np.int64)), share, count)
        effect = np.abs(plain[1 : 1 + scores.shape[1]])
        paired = np.sort(np.argsort(-effect)[:PAIRED])
        return cls(_newton(_features(scores, paired), share, count), paired)

    def at(self, scores: Floats) -> Floats:
        """Chance at normal scores, by (draws)."""
        return np.asarray(expit(_features(scores, self.paired) @ self.weights))


def _features(scores: Floats, paired: Ints) -> Floats:
    """One, the scores, their squares and products of pairs, by (draws, features)."""
    columns = [np.ones((len(scores), 1)), scores, np.square(scores) - 1.0]
    pairs = [(a, b) for n, a in enumerate(paired) for b in paired[n + 1 :]]
    columns += [(scores[:, a] * scores[:, b])[:, None] for a, b in pairs]
    return np.hstack(columns)


def _newton(x: Floats, share: Floats, count: float) -> Floats:
    """Penalised logistic regression of shares of ``count`` trials on features."""
    penalty = np.full(x.shape[1], RIDGE)
    penalty[0] = SMALL
    mean = np.clip(share.mean(), 1e-3, 1.0 - 1e-3)
    weights = np.zeros(x.shape[1])
    weights[0] = np.log(mean / (1.0 - mean))
    worth = _penalised(x, share, count, penalty, weights)
    for _ in range(STEPS):
        p = expit(x @ weights)
        slope = count * x.T @ (share - p) - penalty * weights
        bend = count * (x * (p * (1.0 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        size = 1.0
        while (new := _penalised(x, share, count, penalty, weights + size * step)) < worth:
            size /= 2.0
            if size < SMALL:
                return weights
        weights = weights + size * step
        if new - worth < 1e-6:
            break
        worth = new
    return np.asarray(weights)


def _penalised(x: Floats, share: Floats, count: float, penalty: Floats, weights: Floats) -> float:
    """Log-likelihood of a logistic regression less its penalty."""
    score = x @ weights
    fit = count * (share @ log_expit(score) + (1.0 - share) @ log_expit(-score))
    return float(fit - 0.5 * penalty @ np.square(weights))


@dataclass(frozen=True, slots=True, eq=False)
class Emulator:
    """Every chance that the likelihood of the panel asks for."""

    panel: Panel
    seeds: int
    stays: tuple[Chance, ...]
    observed: tuple[tuple[tuple[int, float, Chance], ...], ...]
    """By case: cell, its part of the outcome, its chance; none for stayers."""
    moved: Chance

    @classmethod
    def of(cls, at: Floats, found: Sequence[Chances], panel: Panel, seeds: int) -> Emulator:
        """Fit to simulated chances; ``at``: by (sets, dials), places in the unit cube."""
        scores = ndtri(at)
        decided = np.stack([one.decided for one in found])
        stays = [Chance.fitted(scores, decided[:, c, -1], seeds) for c in range(len(panel.weight))]
        observed = [
            tuple(
                (int(k), float(y[k]), Chance.fitted(scores, decided[:, c, k], seeds))
                for k in np.flatnonzero(y[:-1])
            )
            for c, y in enumerate(panel.observed)
        ]
        moved = Chance.fitted(scores, np.array([one.moved for one in found]), seeds)
        return cls(panel, seeds, tuple(stays), tuple(observed), moved)

    def log_likelihood(self, at: Floats) -> Floats:
        """Log-likelihood at places of the unit cube for each odds, by (draws, RHO)."""
        total = self.by_case(at) @ self.panel.weight
        share = EXPOSED * self.moved.at(ndtri(at))
        told = (share - AFFILIATES_MOVED) / AFFILIATES_SD
        return np.asarray(total - 0.5 * np.square(told)[:, None])

    def by_case(self, at: Floats) -> Floats:
        """Log chance of what each case did at places of the unit cube, by (draws, RHO, C)."""
        scores = ndtri(at)
        cases = range(len(self.panel.weight))
        return np.stack([self._of_case(case, scores) for case in cases], axis=-1)

    def _of_case(self, case: int, scores: Floats) -> Floats:
        """Log chance of what one case did, by (draws, RHO)."""
        base, rho = self.panel.base[case], np.array(RHO)
        stay = self._mixed(self.stays[case].at(scores), base[-1])
        whole = (1.0 - stay)[:, None] + stay[:, None] * rho
        if not self.observed[case]:
            return np.asarray(np.log(stay[:, None] * rho / whole))
        log = np.zeros_like(whole)
        for cell, part, chance in self.observed[case]:
            log += part * np.log(self._mixed(chance.at(scores), base[cell])[:, None] / whole)
        return log

    def _mixed(self, chance: Floats, base: float) -> Floats:
        """Chance with some of the base rate, as in the likelihood of simulated chances."""
        return np.asarray((self.seeds * chance + SMOOTHING * base) / (self.seeds + SMOOTHING))
