"""How likely the panel is under what a set of parameters makes likely.

Firms that moved are reported oftener than those that stayed: with ``rho`` the odds that a stayer
is in the panel over those of a mover, an outcome of chance p has in the panel the chance
``p r / sum(p r)``, ``r = 1`` for moves and ``rho`` for staying. What ties ``rho`` down is the
population: of affiliates in China under a tenth had moved work by autumn 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.experiments.decisions.panel import Case
from sim.experiments.decisions.trials import Chances

RHO: tuple[float, ...] = tuple(np.geomspace(0.25, 1.0, 5).tolist())
"""Odds of reporting that are weighed, alike by log before the data."""
SMOOTHING = 2.0
"""Seeds' worth of the base rate that every case's chances are mixed with: no outcome is certain."""
AFFILIATES_MOVED, AFFILIATES_SD = 0.09, 0.03
"""Part of affiliates in China that had moved production or changed a source by autumn 2019: under
a tenth (JETRO), while 11 to 13 % of firms considered it (Reuters); standard deviation."""
EXPOSED = 0.28
"""Part of firms that handled goods under the duties (NNA, October 2018, 71 firms)."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Observed outcomes of the fitted cases with their weights and base rates.

    ``observed``: by (C, cells); ``weight``: by (C); ``base``: by (C, cells), what the
    other cases did.
    """

    observed: Floats
    weight: Floats
    base: Floats


def panel_of(cases: Sequence[Case], among: Sequence[Case]) -> Panel:
    """Outcomes of ``cases``, with base rates from all cases ``among`` which they are."""
    observed = np.stack([case.observed() for case in cases])
    every = {case.id: case.observed() for case in among}
    base = [base_rate([y for name, y in every.items() if name != case.id]) for case in cases]
    return Panel(observed, np.array([case.weight for case in cases]), np.stack(base))


def base_rate(others: Sequence[Floats]) -> Floats:
    """Chances of the cells from what others did, by (cells); never 0.

    One case's worth is spread evenly: half on staying, half over half-years and places.
    """
    cells = len(others[0])
    even = np.append(np.full(cells - 1, 0.5 / (cells - 1)), 0.5)
    return np.asarray((np.sum(others, axis=0) + even) / (len(others) + 1.0))


def smoothed(decided: Floats, base: Floats, seeds: int) -> Floats:
    """Chances of the cells with some of the base rate, by (C, cells)."""
    return np.asarray((seeds * decided + SMOOTHING * base) / (seeds + SMOOTHING))


def reported(chance: Floats, rho: float) -> Floats:
    """Chances in a panel in which a stayer is ``rho`` times as likely to be found.

    >>> reported(np.array([[0.25, 0.75]]), 1 / 3).tolist()
    [[0.5, 0.5]]
    """
    weighed = chance.copy()
    weighed[..., -1] *= rho
    return np.asarray(weighed / weighed.sum(axis=-1, keepdims=True))


def log_scores(chance: Floats, observed: Floats) -> Floats:
    """Mean log chance of what was observed, by (C): larger is better."""
    return np.asarray((observed * np.log(chance)).sum(axis=-1))


def brier_scores(chance: Floats, observed: Floats) -> Floats:
    """Squared distance of chances from what was observed, by (C): smaller is better."""
    return np.asarray(((chance - observed) ** 2).sum(axis=-1))


def log_likelihood(found: Chances, panel: Panel, seeds: int) -> Floats:
    """Log-likelihood of the panel for each of :data:`RHO`, by (RHO)."""
    chance = smoothed(found.decided, panel.base, seeds)
    population = -0.5 * ((EXPOSED * found.moved - AFFILIATES_MOVED) / AFFILIATES_SD) ** 2
    return np.array(
        [
            panel.weight @ log_scores(reported(chance, rho), panel.observed) + population
            for rho in RHO
        ]
    )
