"""Outcomes as one long table: a row for an outcome, a group and a period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.meanings import Group
from sim.results.exporting.spreads import Chosen, Spread, pairs_of, spread

Columns = dict[str, NDArray[Any]]


def long_table(asked: Chosen) -> pd.DataFrame:
    """One row for every policy, outcome, group and period.

    Columns: ``policy``, ``against`` where differences are told, ``outcome``, the keys of
    :class:`sim.meanings.Group` by which any of the outcomes is told apart, ``year`` (or ``month``,
    the first day), ``mean`` (or ``mean_difference``), ``precision_low, precision_high`` (95 %
    bootstrap interval of the mean), ``futures_low, futures_high`` (10th and 90th percentile of
    single runs), ``runs``, ``unit``, ``description``. What is unknown is empty.
    """
    parts = [part for policy in asked.policies for part in _parts(asked, policy)]
    frame = pd.DataFrame({name: np.concatenate([one[name] for one in parts]) for name in parts[0]})
    meanings = [asked.run.outcomes[name] for name in asked.outcomes]
    unused = [key for key in Group._fields if not any(key in one.keys for one in meanings)]
    return frame.drop(columns=unused)


def _parts(asked: Chosen, policy: str) -> Iterator[Columns]:
    for both in pairs_of(asked, policy):
        yield _rows(asked, policy, spread(both, asked.against))


def _rows(asked: Chosen, policy: str, found: Spread) -> Columns:
    periods, outcome = len(found.periods), found.outcome
    told = {"policy": policy}
    told |= {} if asked.against is None else {"against": asked.against}
    told |= {"outcome": outcome.name}
    rows = len(found.groups) * periods
    units = [str(outcome.unit_of(asked.every, group.product)) for group in found.groups]
    mean = "mean" if asked.against is None else "mean_difference"
    return {
        **{name: np.full(rows, value, dtype=object) for name, value in told.items()},
        **{
            key: _repeated([getattr(g, key) for g in found.groups], periods)
            for key in Group._fields
        },
        asked.every: np.tile(_dates(asked, found), len(found.groups)),
        mean: found.mean.ravel(),
        "precision_low": found.precision[0].ravel(),
        "precision_high": found.precision[1].ravel(),
        "futures_low": found.futures[0].ravel(),
        "futures_high": found.futures[1].ravel(),
        "runs": np.full(rows, found.runs),
        "unit": _repeated(units, periods),
        "description": np.full(rows, outcome.description, dtype=object),
    }


def _repeated(words: list[str], times: int) -> NDArray[Any]:
    return np.repeat(np.array(words, dtype=object), times)


def _dates(asked: Chosen, found: Spread) -> NDArray[Any]:
    """Years as whole numbers, months as their first day."""
    if asked.every == "year":
        years: NDArray[np.int64] = found.periods.astype("datetime64[Y]").astype(np.int64) + 1970
        return years
    return found.periods.astype("datetime64[s]")
