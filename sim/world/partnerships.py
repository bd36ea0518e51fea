"""Technology partners on offer to car lines in China, as the table lists them."""

from __future__ import annotations

from sim.data.dataset import Dataset
from sim.world.world import Line, Partnership


def read_partnerships(data: Dataset, lines: tuple[Line, ...]) -> tuple[Partnership, ...]:
    """Partners on offer to these lines, in the order of the table.

    The order is that of preference among partners of equal worth; the dates of the real agreements
    (column ``agreed``) are for the reader and do not enter.
    """
    known = {line.id for line in lines}
    return tuple(
        Partnership(
            line=row.text("line"),
            partner=row.text("partner"),
            field=row.text("field"),
            offered=row.month("offered_from"),
        )
        for row in data["partnerships"]
        if row.text("line") in known
    )
