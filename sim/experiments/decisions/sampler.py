"""Posterior draws by adaptive importance sampling.

Population Monte Carlo (Cappe, Guillin, Marin and Robert 2004): a Sobol sample of the prior, then
rounds drawn from a normal density around what was likely so far; every draw is weighed by the
mixture of all rounds (Cornuet, Marin, Mira and Robert 2012). Densities live on the normal scores
of the unit cube, where the prior is standard normal and nothing has an edge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp, ndtr, ndtri
from scipy.stats import norm, qmc

from sim.arrays import Floats, Ints

LogLikelihood = Callable[[Floats], Floats]
"""Places in the unit cube, (a row a draw) -> log-likelihood of each."""

EDGE = 1e-6
"""Places keep this far from the faces of the cube."""
WIDEN = 1.2
"""Variance of a proposal over that of the sample so far."""
PRIOR_SHARE = 0.2
"""Part of every later round that is drawn from the prior."""
FEWEST = 0.1
"""A round's weights are flattened until this part of its draws counts, to choose where to go on."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Weighted places of the unit cube.

    ``at``: by (draws, dials); ``likely``: by (draws), log-likelihoods; ``weight``:
    by (draws), posterior weights that sum to 1.
    """

    at: Floats
    likely: Floats
    weight: Floats

    @property
    def effective(self) -> float:
        """Effective number of draws, ``1 / sum(weight^2)``."""
        return float(1.0 / np.square(self.weight).sum())

    def resampled(self, count: int, seed: int) -> Ints:
        """Rows of as many draws of equal weight, by (count): systematic resampling."""
        first = np.random.default_rng(seed).random()
        marks = (first + np.arange(count)) / count
        chosen = np.searchsorted(np.cumsum(self.weight), marks)
        return np.minimum(chosen, len(self.weight) - 1).astype(np.int64)


def sample(
    likelihood: LogLikelihood,
    dials: int,
    *,
    rounds: Sequence[int],
    seed: int,
    say: Callable[[str], None] | None = None,
) -> Sample:
    """Sample a posterior whose prior is uniform on the unit cube.

    ``rounds``: draws of each round; the first is a Sobol sample (a power of 2 is best).

    >>> def peak(at):
    ...     return -0.5 * ((at[:, 0] - 0.3) / 0.05) ** 2
    >>> found = sample(peak, 2, rounds=(256, 256, 256), seed=1)
    >>> abs(float(found.weight @ found.at[:, 0]) - 0.3) < 0.02, found.effective > 50
    (True, True)
    """
    generator = np.random.default_rng(seed)
    at, likely = np.empty((0, dials)), np.empty(0)
    proposals: list[tuple[int, _Proposal | None]] = []
    proposal = None
    for count in rounds:
        if proposal is None:
            new = qmc.Sobol(dials, rng=generator).random(count)
        else:
            new = ndtr(proposal.draw(count, generator))
        new = np.clip(new, EDGE, 1.0 - EDGE)
        at, likely = np.concatenate([at, new]), np.concatenate([likely, likelihood(new)])
        proposals.append((count, proposal))
        found = _weighed(at, likely, proposals)
        proposal = _Proposal.around(found)
        if say is not None:
            say(f"{len(at)} draws, {found.effective:.0f} effective, best {likely.max():.1f}")
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Proposal:
    """A normal density over the normal scores of what is likely so far, and some of the prior."""

    centre: Floats
    sd: Floats

    @classmethod
    def around(cls, found: Sample) -> _Proposal:
        """Matched to the moments so far, flattened where few draws would count."""
        share, scores = _flattened(found), ndtri(found.at)
        centre = share @ scores
        spread = share @ np.square(scores - centre)
        return cls(centre, np.sqrt(WIDEN * spread))

    def draw(self, count: int, generator: np.random.Generator) -> Floats:
        """Normal scores of new places, by (count, dials)."""
        noise = generator.standard_normal((count, len(self.centre)))
        prior = generator.random((count, 1)) < PRIOR_SHARE
        return np.where(prior, noise, self.centre + self.sd * noise)

    def log_density(self, at: Floats) -> Floats:
        """Log of the density at normal scores over that of the prior, by (draws)."""
        near = norm.logpdf(at, self.centre, self.sd) - norm.logpdf(at)
        return np.logaddexp(np.log(PRIOR_SHARE), np.log(1.0 - PRIOR_SHARE) + near.sum(axis=1))


def _flattened(found: Sample) -> Floats:
    """Weights raised to the greatest power at which enough draws count."""
    wanted = FEWEST * len(found.weight)
    logs = np.log(np.maximum(found.weight, 1e-300))
    for power in np.linspace(1.0, 0.0, 21):
        share = np.exp(power * (logs - logs.max()))
        share /= share.sum()
        if 1.0 / np.square(share).sum() >= wanted:
            break
    return np.asarray(share)


def _weighed(
    at: Floats, likely: Floats, proposals: Sequence[tuple[int, _Proposal | None]]
) -> Sample:
    """Weights of all draws by the proposal of all rounds."""
    total = sum(count for count, _ in proposals)
    logs = [
        np.log(count / total) + (np.zeros(len(at)) if one is None else one.log_density(ndtri(at)))
        for count, one in proposals
    ]
    log_weight = likely - logsumexp(np.stack(logs), axis=0)
    return Sample(at, likely, np.exp(log_weight - logsumexp(log_weight)))
