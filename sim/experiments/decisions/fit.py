"""Posterior draws of the parameters given the panel: sampled, scored, written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import logsumexp, softmax
from scipy.stats import qmc

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES
from sim.experiments.decisions.dials import NAMES, OPEN, sets
from sim.experiments.decisions.emulator import Emulator
from sim.experiments.decisions.likelihood import RHO, Panel, log_likelihood, panel_of
from sim.experiments.decisions.panel import PATH, Case, check_lines, fitted, read_panel
from sim.experiments.decisions.sampler import Sample, sample
from sim.experiments.decisions.skill import CaseForecast, Skill, by_case, forecasts
from sim.experiments.decisions.trials import Chances, Trials
from sim.world.dials import NARROWED, Dial, dials
from sim.world.posterior import Draw

Say = Callable[[str], None]

ROUNDS = (1024, 512)
"""Sets of parameters that are simulated in each round, to fit the emulator."""
EMULATED = (16384,) * 5
"""Sets that are looked at with the emulator in each round."""
SEEDS = 16
DRAWS = 64
SEED = 20201201
TIED = 0.4
"""Posterior rank correlation from which two dials stand in for each other."""


@dataclass(frozen=True, slots=True)
class Constrained:
    """What the panel says of one dial: its range before, its posterior mean and 5 and 95 %.

    ``narrowing`` is the posterior's standard deviation over the prior's, in places of the range.
    """

    key: str
    low: float
    high: float
    mean: float
    p05: float
    p95: float
    narrowing: float

    @property
    def by_panel(self) -> bool:
        """Whether the panel constrains the dial."""
        return bool(self.narrowing < NARROWED)


@dataclass(frozen=True, eq=False)
class Fit:
    """A sampled posterior of the dials with what it forecasts."""

    cases: tuple[Case, ...]
    panel: Panel
    turned: tuple[Dial, ...]
    sample: Sample
    chosen: Ints
    """by (draws): rows of the sample that are the draws, each of the same weight."""
    found: tuple[Chances, ...]
    """What the draws make likely, simulated."""
    by_rho: Floats
    """by (draws, RHO), posterior weights that sum to 1."""
    own: Floats
    """by (draws, RHO, C), what each case adds to their log-likelihood."""
    seeds: int

    def draws(self) -> list[Draw]:
        """Draws of equal weight, in an order that says nothing; open parameters as declared."""
        free = dials(OPEN)
        at = qmc.LatinHypercube(len(free), rng=SEED).random(len(self.chosen))
        given, others = sets(self.sample.at[self.chosen], self.turned), sets(at, free)
        return [one | other for one, other in zip(given, others, strict=True)]

    def skills(self) -> tuple[Skill, ...]:
        """Scores of the model and of what it is compared with."""
        return forecasts(self.found, self.by_rho, self.own, self.panel, self.seeds)

    def forecast(self) -> list[CaseForecast]:
        """What the model says of every case, left in."""
        model, _, base, _ = self.skills()
        return by_case(self.cases, model, base, COUNTRIES)

    def constrained(self) -> list[Constrained]:
        """What the panel says of every dial."""
        return [self._constrained(number, one) for number, one in enumerate(self.turned)]

    def _constrained(self, number: int, one: Dial) -> Constrained:
        at, weight = self.sample.at[:, number], self.sample.weight
        order = np.argsort(at)
        marks = np.searchsorted(np.cumsum(weight[order]), (0.05, 0.95))
        low, high = (float(at[order[min(mark, len(at) - 1)]]) for mark in marks)
        mean = float(weight @ at)
        sd = float(np.sqrt(weight @ np.square(at - mean)))
        ends = (one.low, one.high, one.value(mean), one.value(low), one.value(high))
        return Constrained(one.key, *ends, narrowing=float(sd * np.sqrt(12.0)))

    @property
    def reporting_odds(self) -> float:
        """Posterior mean of the odds that a stayer is reported over those of a mover."""
        return float(self.by_rho.sum(axis=0) @ np.array(RHO))

    def tied(self) -> list[tuple[str, str, float]]:
        """Pairs of dials that the panel cannot tell apart, with their rank correlation."""
        rows = self.sample.resampled(4096, SEED)
        ranks = self.sample.at[rows].argsort(axis=0).argsort(axis=0)
        tie = np.atleast_2d(np.corrcoef(ranks, rowvar=False))
        return [
            (self.turned[a].key, self.turned[b].key, float(tie[a, b]))
            for a, b in zip(*np.nonzero(np.triu(np.abs(tie), 1) >= TIED), strict=True)
        ]


def fit(
    path: Path = PATH,
    *,
    rounds: Sequence[int] = ROUNDS,
    seeds: int = SEEDS,
    workers: int = 1,
    say: Say = print,
) -> Fit:
    """Sample the parameters given the panel at ``path``; the same whatever the workers."""
    every = read_panel(path)
    cases = fitted(every)
    trials, panel, turned = Trials(cases, seeds, workers), panel_of(cases, every), dials(NAMES)
    check_lines(cases, trials.world, path)
    emulator = _emulator(trials, panel, turned, rounds, say)

    def likelihood(at: Floats) -> Floats:
        return np.asarray(logsumexp(emulator.log_likelihood(at), axis=1) - np.log(len(RHO)))

    sampled = sample(likelihood, len(turned), rounds=EMULATED, seed=SEED, say=say)
    chosen = np.random.default_rng(SEED).permutation(sampled.resampled(DRAWS, SEED))
    at = sampled.at[chosen]
    by_rho = softmax(emulator.log_likelihood(at), axis=1) / DRAWS
    found = tuple(trials.chances(sets(at, turned)))
    own = panel.weight * emulator.by_case(at)
    return Fit(cases, panel, turned, sampled, chosen, found, by_rho, own, seeds)


def _emulator(
    trials: Trials, panel: Panel, turned: Sequence[Dial], rounds: Sequence[int], say: Say
) -> Emulator:
    """Simulate sets of parameters, ever more of them where the panel is likely, and fit chances."""
    found: list[Chances] = []

    def likelihood(at: Floats) -> Floats:
        new = trials.chances(sets(at, turned))
        found.extend(new)
        likely = np.stack([log_likelihood(one, panel, trials.seeds) for one in new])
        return np.asarray(logsumexp(likely, axis=1) - np.log(len(RHO)))

    say(f"{sum(rounds)} sets of parameters with {trials.seeds} seeds each are simulated")
    simulated = sample(likelihood, len(turned), rounds=rounds, seed=SEED, say=say)
    say("the chances are fitted over all of them, and sampled")
    return Emulator.of(simulated.at, found, panel, trials.seeds)
