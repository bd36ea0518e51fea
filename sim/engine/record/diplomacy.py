"""Exposure to the two powers, and what governments' acts of a month are called."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats


def hedging_index(china: Floats, united_states: Floats) -> Floats:
    """Evenness of exposure to China and the US: 1 when equal, 0 when all on one side or none.

    ``china, united_states``: exposures of one shape, shares or money.

    >>> import numpy as np
    >>> hedging_index(np.array([0.2, 0.3]), np.array([0.2, 0.0])).tolist()
    [1.0, 0.0]
    """
    both = china + united_states
    with np.errstate(invalid="ignore", divide="ignore"):
        even = 1.0 - np.abs(china - united_states) / both
    return np.where(both > 0.0, even, 0.0)


def acts(before: Floats, after: Floats, threshold: float = 1e-9) -> NDArray[np.str_]:
    """Name the change of a duty from one month to the next: start, raise, cut, end or empty.

    >>> import numpy as np
    >>> acts(np.array([0.0, 0.1, 0.2, 0.2]), np.array([0.1, 0.2, 0.1, 0.0])).tolist()
    ['start', 'raise', 'cut', 'end']
    """
    change = after - before
    kinds = np.full(np.shape(change), "", dtype="<U5")
    kinds[change > threshold] = "raise"
    kinds[change < -threshold] = "cut"
    kinds[(change > threshold) & (before <= threshold)] = "start"
    kinds[(change < -threshold) & (after <= threshold)] = "end"
    return kinds
