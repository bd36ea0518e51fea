"""Joint ventures: what part of a line's business in a country is its firm's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.world.world import Line


def equity_shares(data: Dataset, lines: tuple[Line, ...]) -> NDArray[np.float64]:
    """The firm's share in each line's plants and sales by country, float64[N, I]; 1 without a row.

    Rows stand only where the line has a plant in the base year (``sim.data.meaning``).
    """
    share = np.ones((len(lines), len(COUNTRIES)))
    row_of = {line.id: n for n, line in enumerate(lines)}
    for row in data["ventures"]:
        if row.text("line") in row_of:
            place = COUNTRY_INDEX[row.text("country")]
            share[row_of[row.text("line")], place] = row.number("equity_share")
    return share
