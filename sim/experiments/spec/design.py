"""Which lanes an experiment has, in which order, and how they are cut into chunks.

Order is policy, then scenario, then replication. It follows from the configuration alone, so that
results do not depend on how many workers there are or what was finished before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.data.dataset import load_dataset
from sim.experiments.spec.config import ExperimentConfig, Range
from sim.world.dials import NARROWED, dials
from sim.world.parameter_table import split_key
from sim.world.posterior import posterior_draws

BASE_SCENARIO = "base"
"""Name of the only scenario when nothing varies."""


@dataclass(frozen=True, slots=True)
class CaseLane:
    """One run: a replication of a case, with what the engine must know of it.

    ``law`` is the index of the policy in the configuration's order; ``overrides`` sets parameters.
    """

    policy: str
    scenario: str
    replication: int
    law: int
    overrides: Mapping[str, float]
    detail: bool
    behaviours: Mapping[str, str]
    """Firm -> class that decides for it under the policy."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One draw of the uncertainties."""

    name: str
    values: Mapping[str, float]


def scenarios(config: ExperimentConfig) -> tuple[Scenario, ...]:
    """All scenarios of the design, in order; the fixed parameters are part of each.

    Their names carry the number of the draw: ``s0000``, or ``base`` when nothing varies.
    """
    fixed = dict(config.parameters)
    names = list(config.uncertainties)
    if config.design.kind == "none":
        return (Scenario(BASE_SCENARIO, fixed),)
    if config.design.kind == "posterior":
        return _given_decisions(config)
    if config.design.kind == "factorial":
        rows: Sequence[Sequence[float]] = list(product(*map(levels, config.uncertainties.values())))
    else:
        rows = _drawn(config).tolist()
    return tuple(
        Scenario(f"s{number:04d}", fixed | dict(zip(names, row, strict=True)))
        for number, row in enumerate(rows)
    )


def _given_decisions(config: ExperimentConfig) -> tuple[Scenario, ...]:
    """The first ``samples`` posterior draws; what the experiment itself sets goes before them."""
    fixed, settled = dict(config.parameters), fixed_names(config)
    draws = posterior_draws(load_dataset(overlays=config.data))[: config.design.samples]
    return tuple(
        Scenario(
            f"s{number:04d}",
            fixed | {key: x for key, x in draw.items() if split_key(key)[0] not in settled},
        )
        for number, draw in enumerate(draws)
    )


def fixed_names(config: ExperimentConfig) -> frozenset[str]:
    """Parameters that the experiment itself sets."""
    return frozenset(split_key(key)[0] for key in config.parameters)


def unconstrained(drawn: Sequence[Scenario], config: ExperimentConfig) -> tuple[str, ...]:
    """Keys that vary over posterior draws as widely as over their declared ranges."""
    names = dict.fromkeys(split_key(key)[0] for key in drawn[0].values)
    names = dict.fromkeys(name for name in names if name not in fixed_names(config))
    ranges = dials(names, load_dataset(overlays=config.data))
    wide = {one.key: np.std([one.place(each.values[one.key]) for each in drawn]) for one in ranges}
    return tuple(key for key, sd in wide.items() if sd * np.sqrt(12.0) >= NARROWED)


def levels(uncertainty: Range | tuple[float, ...]) -> tuple[float, ...]:
    """Values that a factorial design crosses: a list's own, or both ends of a range.

    >>> levels(Range(low=5, high=11.5)), levels((1.0, 2.0, 4.0))
    ((5.0, 11.5), (1.0, 2.0, 4.0))
    """
    if isinstance(uncertainty, Range):
        return (uncertainty.low, uncertainty.high)
    return uncertainty


def quantile(
    uncertainty: Range | tuple[float, ...], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Values at ``share`` (0..1) of the way through an uncertainty.

    >>> quantile(Range(low=1, high=100, scale="log"), np.array([0.0, 0.5])).round(6).tolist()
    [1.0, 10.0]
    >>> quantile((3.0, 7.0), np.array([0.2, 0.8])).tolist()
    [3.0, 7.0]
    """
    if not isinstance(uncertainty, Range):
        place = np.minimum((share * len(uncertainty)).astype(np.int64), len(uncertainty) - 1)
        return np.asarray(uncertainty, dtype=np.float64)[place]
    if uncertainty.scale == "log":
        low, high = np.log(uncertainty.low), np.log(uncertainty.high)
        return np.asarray(np.exp(low + share * (high - low)))
    return uncertainty.low + share * (uncertainty.high - uncertainty.low)


def _drawn(config: ExperimentConfig) -> NDArray[np.float64]:
    """Scenario x uncertainty: a scrambled Sobol or a Latin hypercube sample."""
    design, count = config.design, len(config.uncertainties)
    generator = np.random.default_rng(design.seed)
    if design.kind == "sobol":
        shares = qmc.Sobol(count, scramble=True, rng=generator).random(design.samples)
    else:
        shares = qmc.LatinHypercube(count, rng=generator).random(design.samples)
    columns = [quantile(u, shares[:, c]) for c, u in enumerate(config.uncertainties.values())]
    return np.stack(columns, axis=1)


def lanes(config: ExperimentConfig) -> tuple[CaseLane, ...]:
    """Every lane of the experiment, in the order of the results."""
    drawn = scenarios(config)
    behaviours = {policy: config.behaviours_of(policy) for policy in config.policies}
    return tuple(
        CaseLane(
            policy=policy,
            scenario=scenario.name,
            replication=replication,
            law=law,
            overrides=scenario.values,
            detail=_in_detail(config, number, replication),
            behaviours=behaviours[policy],
        )
        for law, policy in enumerate(config.policies)
        for number, scenario in enumerate(drawn)
        for replication in range(config.replications)
    )


def _in_detail(config: ExperimentConfig, draw: int, replication: int) -> bool:
    """Whether a run is kept in full: of posterior draws so many in all."""
    before = draw * config.replications if config.design.kind == "posterior" else 0
    return before + replication < config.detail_replications


def chunks(config: ExperimentConfig) -> tuple[tuple[CaseLane, ...], ...]:
    """The lanes cut into chunks of ``chunk_lanes``; the last may be shorter."""
    every = lanes(config)
    size = config.chunk_lanes
    return tuple(every[first : first + size] for first in range(0, len(every), size))
