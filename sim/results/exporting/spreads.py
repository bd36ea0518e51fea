"""An outcome over its runs, as tables for other programs tell it: mean and the two spreads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.errors import Fault, QueryError, nearest
from sim.meanings import Group, OutcomeMeaning
from sim.results.comparing.compare import present_outcomes
from sim.results.comparing.cube import Pair, cubes
from sim.results.comparing.futures import spreads
from sim.results.comparing.pairs import Paired, paired
from sim.results.run_folder.query import RunFolder
from sim.units import Every


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a run is written: outcomes, policies, whether as differences, and the step."""

    run: RunFolder
    outcomes: tuple[str, ...]
    policies: tuple[str, ...]
    against: str | None = None
    every: Every = "year"


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """One outcome of one policy, or its difference: float64[G, T] by group and period.

    ``precision`` bounds the mean (95 % bootstrap interval), ``futures`` single runs (10th and 90th
    percentile); both are NaN where there is one run alone.
    """

    outcome: OutcomeMeaning
    groups: tuple[Group, ...]
    periods: NDArray[np.datetime64]
    runs: int
    mean: Floats
    precision: tuple[Floats, Floats]
    futures: tuple[Floats, Floats]


def chosen(
    run: RunFolder,
    outcomes: Sequence[str] | None = None,
    policies: Sequence[str] | None = None,
    against: str | None = None,
    every: str = "year",
) -> Chosen:
    """What is asked for, checked; every outcome and policy where none is named.

    With ``against``, the policies are all others unless named.

    Raises
    ------
    QueryError
        An unknown outcome, policy or step.
    """
    if every not in get_args(Every):
        raise QueryError(Fault("", "every", f"no step `{every}`", nearest(every, get_args(Every))))
    other = None if against is None else run.require_policy(against)
    named = policies or [policy for policy in run.policies if policy != other]
    return Chosen(
        run,
        tuple(run.require_outcome(name).name for name in outcomes or present_outcomes(run)),
        tuple(run.require_policy(policy) for policy in named),
        other,
        "month" if every == "month" else "year",
    )


def pairs_of(asked: Chosen, policy: str) -> Iterator[Paired]:
    """Every outcome of a policy beside the other one (itself for levels), in the step asked for."""
    other = asked.against or policy
    for name in dict.fromkeys((policy, other)):
        cubes(asked.run, name, asked.outcomes)
    for outcome in asked.outcomes:
        both = paired(asked.run, policy, other, outcome)
        yield both if asked.every == "month" else both.yearly()


def spread(both: Paired, against: str | None, kept: Sequence[Pair] | None = None) -> Spread:
    """Mean and spreads over runs, all of them or those ``kept``."""
    values = both.a if against is None else both.difference
    if kept is not None:
        held = set(kept)
        values = values[:, :, [index for index, pair in enumerate(both.pairs) if pair in held]]
    known = spreads(values)
    return Spread(
        both.outcome,
        both.groups,
        both.periods,
        values.shape[2],
        known["difference"],
        (known["low"], known["high"]),
        (known["futures_low"], known["futures_high"]),
    )
