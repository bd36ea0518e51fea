"""Fields of a proposal: what a firm would do with one line or plant, and why.

A proposal is a vector of float64; kernels fill it, the engine acts on it and logs it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.tables import DRIVERS, RELOCATION_KINDS

NET = 0
"""Yearly value net of gap and hurdle, USD; the option value."""
KIND = 1
"""Index into :data:`sim.tables.RELOCATION_KINDS`."""
SLICE = 2
"""Slice of a programme; of a partner, the offer that is taken."""
COUNTRY = 3
"""Destination of a programme, or the country whose programme returns."""
PLANT = 4
VOLUME = 5
"""Units a year."""
SUNK = 6
"""Outlay that cannot be recovered, USD."""
LEAD = 7
"""Months until the first output."""
EXTRA = 8
"""Gap and fee that the moved volume bears, share of price."""
HURDLE = 9
"""Multiple that the sunk cost must earn."""
HOST = 10
"""Plant whose spare room a programme counts on, or of the partner who shares a new one; else -1."""
ROOM = 11
"""Units a year of spare capacity that it takes up there."""
GRANT = 12
"""What subsidies pay of the outlay, USD."""
FIRST_DRIVER = 13
FIELDS = FIRST_DRIVER + len(DRIVERS)

(
    TRANSFER, BROWNFIELD, OPEN, SHARED, EMS, EXPAND, CLOSE, EXIT, RETURN, MOTHBALL, RESTART,
    PARTNER,
) = range(len(RELOCATION_KINDS))  # fmt: skip
ON_A_PLANT = (TRANSFER, BROWNFIELD)
"""Kinds of programmes that a standing plant of the line takes on."""
SHRINKS = (CLOSE, EXIT, MOTHBALL)
"""Kinds by which a plant makes less."""
IN_PLACE = (EXPAND, RESTART, PARTNER, *SHRINKS)
"""Kinds that move no work from one place to another: they have no slice."""
DUTY, CONTROLS, WAGE, FX, FREIGHT, DEMAND, UNCERTAINTY, SUBSIDY, ENTRY = (
    FIRST_DRIVER + d for d in range(len(DRIVERS))
)


class Listed(NamedTuple):
    """Proposals of one line in one lane, those that are not worth it too."""

    proposals: NDArray[np.float64]
    """float64[rows, fields]."""
    wanted: NDArray[np.bool_]
    """bool[rows]: whether each passes its kernel's own test."""
    drawn: NDArray[np.bool_]
    """bool[rows]: whether this quarter's draw lets the line or plant decide on it."""
