"""Tables of the answer's totals: both policies, their difference, and its two spreads by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from markupsafe import Markup

from analysis.pages import Column, fragment, table
from analysis.style import place
from sim.results.answer.answer import Answer
from sim.results.answer.speech import quantity
from sim.results.answer.totals import Total
from sim.results.comparing.pairs import paired
from sim.results.run_folder.query import RunFolder

ROWS = 12
"""Rows of a table before the others are folded away."""
RANGE_HINT = "10th to 90th percentile of single paired runs: 8 in 10 lie in it"
PRECISION_HINT = "95 % bootstrap interval of the mean: it shrinks with more runs"
_NOTHING = 5e-4
"""Part of the largest difference that a row must differ by to be told."""


def totals_table(
    caption: str, first: Sequence[str], rows: Iterable[tuple[Sequence[str], Total]], told: Answer
) -> Markup:
    """Lay out totals; ``first`` heads the columns that say what a row is of."""
    kept = list(rows)
    largest = max((abs(total.difference) for _, total in kept), default=0.0)
    kept = [row for row in kept if abs(row[1].difference) > _NOTHING * largest]
    if not kept:
        return Markup("")
    names = (told.names[told.policy], told.names[told.against])
    columns = [
        *(Column(name) for name in first),
        *(Column(name, True) for name in names),
        Column("Difference, mean", True),
        Column("Range of futures", True, RANGE_HINT),
        Column("Precision of the mean", True, PRECISION_HINT),
        Column("Same sign", True, "futures whose difference has the sign of the mean"),
    ]
    cells = [[*name, *_cells(total)] for name, total in kept]
    return long_table(caption, columns, cells, "wide")


def long_table(
    caption: str, columns: Sequence[Column], rows: Sequence[Sequence[object]], kind: str = ""
) -> Markup:
    """A table of which the rows after the first :data:`ROWS` are shown when asked for."""
    whole = table(caption, columns, rows, kind)
    if len(rows) <= ROWS:
        return whole
    return fragment("long", content=whole, count=len(rows))


def _cells(total: Total) -> list[object]:
    known = total.spread
    agree = f"{known.agree} of {known.futures}"
    return [
        quantity(total.level, "", total.unit),
        quantity(total.base, "", total.unit),
        signed(known.difference, total.unit),
        _between(known.futures_low, known.futures_high, total.unit),
        _between(known.low, known.high, total.unit),
        agree if known.futures > 1 else "",
    ]


def signed(value: float, unit: str) -> str:
    """Write an amount of a unit with its sign."""
    sign = "-" if value < 0 else "+" if value else ""
    return f"{sign}{quantity(abs(value), '', unit)}"


def _between(low: float, high: float, unit: str) -> str:
    return "" if np.isnan(low) else f"{signed(low, unit)} to {signed(high, unit)}"


def ways_table(told: Answer) -> Markup:
    """Production moved from place to place, net, each way once."""
    rows = [
        ([place(one.from_country), place(one.country), one.unit], one)
        for one in told.found.of("moved")
        if one.difference > 0
    ]
    caption = f"Production moved and in force at the end of {told.year}, net of what came back"
    return totals_table(caption, ("From", "To", "Unit a year"), rows, told)


def places_table(told: Answer, measure: str, caption: str) -> Markup:
    """A measure by place, each unit apart."""
    found = []
    for unit in dict.fromkeys(one.unit for one in told.found.of(measure)):
        rows = [([place(one.country)], one) for one in told.found.of(measure, unit)]
        found.append(totals_table(f"{caption} {told.year}, {unit}", ("Place",), rows, told))
    return Markup("").join(found)


def firms_table(run: RunFolder, told: Answer, names: Mapping[str, str]) -> Markup:
    """What firms move out of a place, and their operating profit."""
    moved = [
        ([names.get(one.firm, one.firm), place(one.from_country), one.unit], one)
        for one in told.found.of("moved_by_firm")
        if one.difference
    ]
    moved.sort(key=lambda row: (row[1].unit, -abs(row[1].difference)))
    caption = f"Production that a firm moved out of a place by the end of {told.year}, net"
    profit = [([names.get(one.firm, one.firm)], one) for one in profits(run, told)]
    head = f"Operating profit of {told.year}, nominal USD"
    return Markup("").join(
        [
            totals_table(caption, ("Firm", "Out of", "Unit a year"), moved, told),
            totals_table(head, ("Firm",), profit, told),
        ]
    )


def profits(run: RunFolder, told: Answer) -> list[Total]:
    """Operating profit of every firm in the answer's year, largest change first."""
    found = paired(run, told.policy, told.against, "operating_profit_usd")
    if not found.groups:
        return []
    both = found.yearly()
    at = np.flatnonzero(both.periods.astype("datetime64[Y]").astype(int) + 1970 == told.year)
    totals = [
        Total("profit", "USD", both.a[g, at].sum(0), both.b[g, at].sum(0), firm=str(firm))
        for g, firm in enumerate(both.group_codes("firm"))
    ]
    return sorted((one for one in totals if one.difference), key=lambda t: -abs(t.difference))
