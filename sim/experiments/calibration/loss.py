"""How far verdicts are from their bands, in widths of the band."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.results.scoring.score import Verdict

WORST = 3.0
"""No row counts for more than this many widths: a hopeless one must not drown the others."""
MARGIN = 0.05
"""Part of the width at either edge that counts as outside, as few seeds stand for many."""
PULL = 0.25
"""Weight of the squared distance of a dial from its declared place, in whole ranges."""


def distance(verdict: Verdict, unit: float, margin: float = MARGIN) -> float:
    """Distance of the median from the band, in widths of the band.

    ``unit`` is the width of a band that is open on one side.

    >>> from sim.results.scoring.score import Verdict
    >>> one = Verdict("x", 3.0, 3.0, 3.0, 1.0, 2.0, False, "")
    >>> distance(one, 1.0, margin=0.0)
    1.0
    """
    if verdict.simulated is None:
        return WORST
    low = -math.inf if verdict.low is None else verdict.low
    high = math.inf if verdict.high is None else verdict.high
    width = high - low if math.isfinite(high - low) else unit
    edge = margin * width
    outside = max(low + edge - verdict.simulated, verdict.simulated - (high - edge), 0.0)
    return min(outside / width, WORST)


def open_units(verdicts: Mapping[str, Verdict]) -> dict[str, float]:
    """Width for every row that is open on one side: its distance from the bound as declared."""
    units = {}
    for name, one in verdicts.items():
        bounds = [bound for bound in (one.low, one.high) if bound is not None]
        if len(bounds) == 1:
            away = abs((one.simulated or 0.0) - bounds[0])
            units[name] = max(away, 1e-9)
    return units
