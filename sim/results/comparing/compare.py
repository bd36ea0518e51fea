"""One policy against another over common random numbers: how much, how sure, since when, why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic_core import to_jsonable_python

from sim.errors import Fault, QueryError
from sim.meanings import Group
from sim.results.comparing.cube import cubes
from sim.results.comparing.futures import spreads
from sim.results.comparing.moves import relocation_changes
from sim.results.comparing.pairs import Paired, common_pairs, paired
from sim.results.run_folder.query import RunFolder

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """``policy`` less ``against``, paired by (scenario, replication).

    ``monthly`` and ``yearly`` hold ``outcome``, the keys of :class:`sim.meanings.Group`, ``month``
    (the first day of the period), ``base`` (mean under ``against``) and
    :data:`sim.results.comparing.futures.SPREAD` over pairs;
    ``divergence`` holds ``outcome``, the keys, ``first_difference, first_clear``: the first month
    in which any pair differs, and the first whose mean is told from zero (NaT: never);
    ``relocations`` is what :func:`sim.results.comparing.moves.relocation_changes` gives.
    """

    policy: str
    against: str
    pairs: int
    monthly: pd.DataFrame
    yearly: pd.DataFrame
    divergence: pd.DataFrame
    relocations: pd.DataFrame

    def rows(self, every: str = "month", year: int | None = None) -> list[dict[str, Any]]:
        """Rows for ``--json``: dates as ISO text, an interval that cannot be told as None.

        ``year`` keeps its months alone.
        """
        frame = self.monthly if every == "month" else self.yearly
        return plain_rows(frame if year is None else frame[frame["month"].dt.year == year])


def compare(
    run: RunFolder, policy: str, against: str | None = None, outcome: str | None = None
) -> Comparison:
    """Compare two policies of a run; ``against`` is the baseline unless named.

    Raises
    ------
    QueryError
        An unknown policy or outcome, or no run that both policies share.
    """
    other = run.baseline if against is None else against
    pairs = common_pairs(run, run.require_policy(policy), run.require_policy(other))
    names = [run.require_outcome(outcome).name] if outcome else present_outcomes(run)
    for name in (policy, other):
        cubes(run, name, names)
    both = [paired(run, policy, other, name) for name in names]
    monthly = [_rows(one) for one in both]
    return Comparison(
        policy=policy,
        against=other,
        pairs=len(pairs),
        monthly=_frame(monthly),
        yearly=_frame([_rows(one.yearly()) for one in both]),
        divergence=_frame(
            [_divergence(one, rows) for one, rows in zip(both, monthly, strict=True)]
        ),
        relocations=relocation_changes(run, policy, other),
    )


def present_outcomes(run: RunFolder) -> list[str]:
    """Outcomes that the run holds, in the order of its ``outcomes.json``.

    Raises
    ------
    QueryError
        None at all.
    """
    held = set(run.sql("SELECT DISTINCT outcome FROM outcomes")["outcome"])
    names = [name for name in run.outcomes if name in held]
    if not names:
        raise QueryError(Fault(str(run.path), "outcomes", "the run holds no outcome"))
    return names


def _frame(parts: list[Columns]) -> pd.DataFrame:
    """One table of the columns of every outcome."""
    return pd.DataFrame({name: np.concatenate([one[name] for one in parts]) for name in parts[0]})


def _rows(both: Paired) -> Columns:
    """Every cell's difference and its spreads, groups first, then months."""
    groups, periods = len(both.groups), len(both.periods)
    return {
        **_about(both, periods),
        "month": np.tile(both.periods.astype("datetime64[s]"), groups),
        "base": both.b.mean(axis=2).ravel(),
        **{name: values.ravel() for name, values in spreads(both.difference).items()},
    }


def _divergence(both: Paired, rows: Columns) -> Columns:
    shape = (len(both.groups), len(both.periods))
    differs = (np.nan_to_num(both.difference) != 0).any(axis=2)
    low, high = (rows[name].reshape(shape) for name in ("low", "high"))
    clear = (low > 0) | (high < 0)
    return {
        **_about(both, 1),
        "first_difference": _first(differs, both.periods),
        "first_clear": _first(clear, both.periods),
    }


def _about(both: Paired, times: int) -> Columns:
    """Outcome and codes of every group, each so many times."""
    names = {"outcome": np.repeat(both.outcome.name, len(both.groups))}
    names |= {key: both.group_codes(key) for key in Group._fields}
    return {name: np.repeat(codes.astype(object), times) for name, codes in names.items()}


def _first(true: NDArray[np.bool_], periods: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Earliest period of every row that is true; NaT where none is."""
    if not true.size:
        return np.full(len(true), np.datetime64("NaT", "s"))
    found: NDArray[np.datetime64] = periods.astype("datetime64[s]")[true.argmax(axis=1)]
    found[~true.any(axis=1)] = np.datetime64("NaT", "s")
    return found


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as JSON can hold them: ISO dates, None for what is unknown."""
    columns = to_jsonable_python(
        {str(name): _plain(frame[name]) for name in frame}, inf_nan_mode="null"
    )
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(values: pd.Series[Any]) -> list[Any]:
    dated = pd.api.types.is_datetime64_any_dtype(values)
    told = values.dt.strftime("%Y-%m-%d") if dated else values
    return told.to_numpy(dtype=object).tolist()
