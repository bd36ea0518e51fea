"""The report's tables of chip tools, policy by policy, where a run has tools."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from analysis.pages import Column, fragment, joined, table
from analysis.report.tables import interval
from analysis.report.totals import PRECISION_HINT
from analysis.summaries.chip_tools import has_mechanisms
from analysis.summaries.outcomes import records
from sim.results.comparing.chip_tools import ROWS, ToolTables, sells_tools, tool_tables
from sim.results.names import policy_name
from sim.results.numbers import percent, short
from sim.results.run_folder.query import RunFolder

MIXED = (
    "This run switches the mechanisms of chip tools on and off in every combination. Its other "
    "figures would mix all of them: see those of a run with every mechanism on."
)


def tool_tables_of(run: RunFolder, policy: str, against: str) -> Markup:
    """Tables of a policy; empty for a run without tools."""
    if has_mechanisms(run):
        return fragment("note", text=MIXED)
    found = tool_tables(run, policy, against) if sells_tools(run) else None
    if found is None:
        return Markup("")
    names = (policy_name(run, policy), policy_name(run, against))
    return joined([_shares(found, *names), _orders(found, *names)])


def _columns(found: ToolTables, first: str, policy: str, against: str) -> list[Column]:
    columns = [Column(first)]
    for year in found.years:
        columns.append(Column(f"{year}: {policy}", True))
        if found.policy != found.against:
            columns.append(Column(f"{year}: {against}", True))
            columns.append(Column("Difference", True, f"paired by run; below it {PRECISION_HINT}"))
    return columns


def _shares(found: ToolTables, policy: str, against: str) -> Markup:
    """China's part of sales, maker by maker."""
    rows = [
        [str(maker), *_cells(found, own, share=True)]
        for maker, own in found.shares.groupby("maker", sort=False)
    ]
    caption = (
        "China's part of the yearly chip-tool sales of each maker; differences in points, "
        "below them the precision of the mean"
    )
    return table(caption, _columns(found, "Maker", policy, against), rows, "wide dense")


def _orders(found: ToolTables, policy: str, against: str) -> Markup:
    """Orders lost and waiting, and who sells in China."""
    rows = [
        [_capital(ROWS[str(row)]), *_cells(found, own, share=row == "local")]
        for row, own in found.orders.groupby("row", sort=False)
    ]
    caption = (
        "Orders for chip tools and who sells them in China, USD a year, mean over runs; "
        "below differences the precision of the mean"
    )
    return table(caption, _columns(found, "", policy, against), rows, "wide dense")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _cells(found: ToolTables, own: pd.DataFrame, *, share: bool) -> list[object]:
    """Levels and difference of every year."""
    cells: list[object] = []
    for row in records(own):
        levels = (row.level, row.base) if found.policy != found.against else (row.level,)
        cells += [percent(v) if share else short(v) for v in levels]
        if found.policy != found.against:
            told = (row.difference, row.low, row.high)
            cells.append(_points(*told) if share else interval(*told))
    return cells


def _points(difference: float, low: float, high: float) -> Markup:
    """Write a difference of shares in percentage points."""
    mean, first, last = (f"{100.0 * value:+z.1f}" for value in (difference, low, high))
    return fragment("interval", value=mean, low=first, high=last)
