"""Whether the direction of a difference survives the assumptions that a run varies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from sim.results.answer.measures import Measured
from sim.results.answer.parameter_spread import ParameterSpread, parameter_spread
from sim.results.answer.totals import Total
from sim.results.run_folder.query import RunFolder

A_THIRD = 1 / 3
CLEAR = 1.96
"""Standard errors from which a rank correlation is more than chance (95 %)."""
LEAST_DRAWS = 8
"""Draws of the parameters below which no parameter is named as one that decides."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """How a difference leans on one parameter, over the draws of a run.

    ``correlation`` is Spearman's rank correlation of the parameter with the difference (its mean
    over a draw's seeds); ``low_half`` and ``high_half`` are the mean differences of the draws whose
    value lies below and above the parameter's median.
    """

    parameter: str
    correlation: float
    low_half: float
    high_half: float

    @property
    def turns(self) -> bool:
        """Whether the two halves have different signs."""
        return self.low_half * self.high_half < 0


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Which parameters varied, and in how many draws the mean over seeds keeps its sign.

    ``varied`` is empty where only seeds did; ``leanings`` stand by falling correlation.
    """

    varied: tuple[str, ...]
    draws: int
    agree: int
    leanings: tuple[Leaning, ...]
    spread: ParameterSpread | None = None
    open: tuple[str, ...] = ()
    """Parameters that nothing observed constrains and whose halves lie more than a third of the
    mean difference apart, those that move it most first."""


def assumptions(run: RunFolder, found: Measured, total: Total) -> Assumptions:
    """Group the differences of ``total`` by draw and see what they lean on.

    Raises
    ------
    QueryError
        Scenarios vary in a run of an earlier version, which did not keep their values.
    """
    drawn = pd.Series(total.differences, index=[scenario for scenario, _ in found.pairs])
    by_draw = drawn.groupby(level=0, sort=True).mean()
    if len(by_draw) < 2:
        return Assumptions((), len(by_draw), len(by_draw), ())
    values = run.scenarios.loc[by_draw.index]
    varied = values.loc[:, values.min() < values.max()]
    leanings = _leanings(varied, by_draw) if len(by_draw) >= LEAST_DRAWS else []
    agree = int((np.sign(by_draw) == np.sign(total.difference)).sum())
    held = set(map(str, varied)) - set(run.drawn.unconstrained)
    moving = [
        one
        for one in leanings
        if one.parameter not in held
        and abs(one.high_half - one.low_half) > A_THIRD * abs(total.difference)
        and abs(one.correlation) > CLEAR / (len(by_draw) - 1) ** 0.5
    ]
    return Assumptions(
        tuple(map(str, varied)),
        len(by_draw),
        agree,
        tuple(leanings),
        parameter_spread(drawn),
        tuple(one.parameter for one in moving),
    )


def _leanings(varied: pd.DataFrame, by_draw: pd.Series) -> list[Leaning]:
    found = []
    if by_draw.nunique() < 2:
        return []
    for name in varied:
        own = varied[name]
        low = own <= own.median()
        found.append(
            Leaning(
                parameter=str(name),
                correlation=float(spearmanr(own, by_draw).statistic),
                low_half=float(by_draw[low].mean()),
                high_half=float(by_draw[~low].mean()),
            )
        )
    return sorted(found, key=lambda one: -abs(one.correlation))
