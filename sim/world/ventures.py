"""Firms with others: joint ventures by country, and technology partners on offer in China."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.data.dataset import Dataset
from sim.world.lines import Line, Partnership, PlantPartners


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


def read_partnerships(data: Dataset, lines: tuple[Line, ...]) -> tuple[Partnership, ...]:
    """Partners on offer to these lines, in the order of the table.

    The order is that of preference among partners of equal worth; the dates of the real agreements
    (column ``agreed``) are for the reader and do not enter.
    """
    known = {line.id for line in lines}
    brings = {row.text("field"): row for row in data["partner_fields"]}
    return tuple(
        Partnership(
            line=row.text("line"),
            partner=row.text("partner"),
            field=row.text("field"),
            offered=row.month("offered_from"),
            kind=row.text("kind"),
            content=brings[row.text("field")].number("content"),
            appeal=brings[row.text("field")].number("appeal"),
            lead_months=brings[row.text("field")].integer("lead_months"),
        )
        for row in data["partnerships"]
        if row.text("line") in known
    )


def read_plant_partners(data: Dataset) -> tuple[PlantPartners, ...]:
    """Firms with ties of capital or production, in the order of the table."""
    return tuple(
        PlantPartners(frozenset((row.text("firm"), row.text("partner"))), row.month("since"))
        for row in data["plant_partners"]
    )
