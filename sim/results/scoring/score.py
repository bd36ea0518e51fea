"""Score a run against targets: whether the median over replications lies in a target's band.

Every row of the target file gets a verdict. A row whose ask fails, returns nothing or cannot be
asked of this run is a miss with its reason, never skipped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import nearest
from sim.results.run_folder.query import RunFolder
from sim.results.scoring.guarded import Guarded, Refused
from sim.results.scoring.targets import Target

BAND = (0.025, 0.975)
"""Quantiles over replications that the band tells."""


class Answers(Protocol):
    """What an ask is put to: a guarded run, or tables in memory."""

    def ask(self, query: str) -> pd.DataFrame:
        """Answer one SELECT, or raise :class:`Refused`."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one target fared: the median over replications, their central 95 %, and the bounds."""

    id: str
    simulated: float | None
    band_low: float | None
    band_high: float | None
    low: float | None
    high: float | None
    within: bool
    why_not: str

    def row(self) -> dict[str, Any]:
        """Give the verdict as a JSON object."""
        return asdict(self)


def score(run: RunFolder, targets: Iterable[Target]) -> list[Verdict]:
    """Judge every target in its order."""
    rows = list(targets)
    verdicts: dict[str, Verdict] = {}
    for policy, against in dict.fromkeys((row.policy, row.against) for row in rows):
        own = [row for row in rows if (row.policy, row.against) == (policy, against)]
        wrong = _unknown(run, policy, against)
        misses = {row.id: _miss(row, wrong or _incomplete(row)) for row in own}
        verdicts |= misses
        asked = [row for row in own if not misses[row.id].why_not]
        if asked:
            with Guarded(run, policy, against) as tables:
                verdicts |= {row.id: judge(tables, row) for row in asked}
    return [verdicts[row.id] for row in rows]


def _unknown(run: RunFolder, policy: str, against: str) -> str:
    """Why the run cannot be asked about these policies, or nothing."""
    finished = run.lanes()
    for key, name in (("policy", policy), ("against", against)):
        if key == "policy" and not name:
            return "the row names no policy"
        if name and name not in run.policies:
            return f"{key} `{name}` is not in this run; {nearest(name, run.policies)}"
        if name and name not in finished:
            return f"{key} `{name}` has no finished run yet"
    return ""


def _incomplete(target: Target) -> str:
    """What the row lacks to be asked at all, or nothing."""
    if not target.ask:
        return "the row asks nothing"
    return "" if target.bounded else "the row gives neither low nor high"


def judge(tables: Answers, target: Target) -> Verdict:
    """Put one target's ask and say whether the median over replications lies in its band."""
    try:
        values = _values(tables.ask(target.ask))
    except Refused as refusal:
        return _miss(target, str(refusal))
    low, middle, high = (float(q) for q in np.quantile(values, [BAND[0], 0.5, BAND[1]]))
    why_not = ""
    if middle < target.low:
        why_not = f"median {middle:.6g} is below {target.low:g}"
    elif middle > target.high:
        why_not = f"median {middle:.6g} is above {target.high:g}"
    return _verdict(target, (middle, low, high), why_not)


def _values(frame: pd.DataFrame) -> NDArray[np.float64]:
    """One finite value a replication.

    Raises
    ------
    Refused
        Other columns, no row, a repeated replication, a value that is null or not a number.
    """
    frame = frame.rename(columns=str.lower)
    if not {"replication", "value"} <= set(frame.columns):
        raise Refused(f"the ask returns {list(frame.columns)} instead of replication, value")
    extra = [name for name in frame.columns if name not in ("scenario", "replication", "value")]
    if extra:
        raise Refused(f"the ask returns {extra} beside replication, value")
    if frame.empty:
        raise Refused("the ask returns no row")
    keys = [name for name in ("scenario", "replication") if name in frame.columns]
    repeated = frame.loc[frame.duplicated(keys), "replication"]
    if len(repeated):
        raise Refused(f"replication {repeated.iloc[0]} is returned more than once")
    try:
        values: NDArray[np.float64] = np.asarray(frame["value"].astype(float), dtype=np.float64)
    except (TypeError, ValueError):
        raise Refused("value is not a number") from None
    bad = int((~np.isfinite(values)).sum())
    if bad:
        raise Refused(f"value is null or infinite in {bad} of {len(values)} replications")
    return values


def _miss(target: Target, reason: str) -> Verdict:
    return _verdict(target, None, reason)


def _verdict(target: Target, told: tuple[float, float, float] | None, why_not: str) -> Verdict:
    middle, low, high = told or (None, None, None)
    return Verdict(
        id=target.id,
        simulated=middle,
        band_low=low,
        band_high=high,
        low=target.low if math.isfinite(target.low) else None,
        high=target.high if math.isfinite(target.high) else None,
        within=told is not None and not why_not,
        why_not=why_not,
    )
