"""The part of the report on chip tools: tables and figures of a policy, where a run has tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.pages import Column, Html, figure_content, fragment, joined, table
from analysis.report.tables import interval
from analysis.style import percent, short
from analysis.summaries.chip_tools import mechanism_shares
from analysis.summaries.outcomes import policy_name, records
from analysis.tool_figures import TOOL_FIGURES
from sim.results.comparing.chip_tools import ROWS, ToolTables, sells_tools, tool_tables
from sim.results.run_folder.query import RunFolder

MIXED = (
    "This run switches the mechanisms of chip tools on and off in every combination. Its other "
    "figures would mix all of them: see those of a run with every mechanism on."
)


def tool_section(run: RunFolder, shown: Sequence[str], against: str) -> Html:
    """Tables of every policy and places for the figures; empty for a run without tools."""
    if not sells_tools(run):
        return Html("")
    if has_mechanisms(run):
        return fragment("tools", tables=fragment("note", text=MIXED), figures=_places(run))
    tables = (
        fragment("of_policy", policy=policy, content=_tables(run, policy, against))
        for policy in shown
    )
    return fragment("tools", tables=joined(tables), figures=_places(run))


def _places(run: RunFolder) -> Html:
    return joined(fragment("figure", figure=name) for name in tool_figure_names(run))


def has_mechanisms(run: RunFolder) -> bool:
    """Whether the run switches mechanisms on and off in every combination."""
    return not mechanism_shares(run).empty


def tool_link(run: RunFolder) -> Html:
    """Link to that section; empty for a run without tools."""
    return fragment("tools_link") if sells_tools(run) else Html("")


def tool_figure_names(run: RunFolder) -> list[str]:
    """Figures of the section: `hump` of a run of mechanisms, every other one of the other runs."""
    if not sells_tools(run):
        return []
    return ["hump"] if has_mechanisms(run) else [name for name in TOOL_FIGURES if name != "hump"]


def tool_payload(run: RunFolder, policy: str, against: str) -> dict[str, Any]:
    """Figures of one policy as plain content, by name."""
    return {
        name: figure_content(TOOL_FIGURES[name](run, policy, against))
        for name in tool_figure_names(run)
    }


def _tables(run: RunFolder, policy: str, against: str) -> Html:
    found = tool_tables(run, policy, against)
    if found is None:
        return Html("")
    names = (policy_name(run, policy), policy_name(run, against))
    return joined([_shares(found, *names), _orders(found, *names)])


def _columns(found: ToolTables, first: str, policy: str, against: str) -> list[Column]:
    columns = [Column(first)]
    for year in found.years:
        columns.append(Column(f"{year}: {policy}", True))
        if found.policy != found.against:
            columns.append(Column(f"{year}: {against}", True))
            columns.append(Column("Difference", True, "paired by run, with its 95 % interval"))
    return columns


def _shares(found: ToolTables, policy: str, against: str) -> Html:
    """China's part of sales, maker by maker."""
    rows = [
        [str(maker), *_cells(found, own, share=True)]
        for maker, own in found.shares.groupby("maker", sort=False)
    ]
    caption = "China's part of the yearly chip-tool sales of each maker; differences in points"
    return table(caption, _columns(found, "Maker", policy, against), rows, "wide dense")


def _orders(found: ToolTables, policy: str, against: str) -> Html:
    """Orders lost and waiting, and who sells in China."""
    rows = [
        [_capital(ROWS[str(row)]), *_cells(found, own, share=row == "local")]
        for row, own in found.orders.groupby("row", sort=False)
    ]
    caption = "Orders for chip tools and who sells them in China, USD a year, mean over runs"
    return table(caption, _columns(found, "", policy, against), rows, "wide dense")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _cells(found: ToolTables, own: pd.DataFrame, *, share: bool) -> list[object]:
    """Levels and difference of every year."""
    cells: list[object] = []
    for row in records(own):
        levels = (row.level, row.base) if found.policy != found.against else (row.level,)
        cells += [percent(v, 1) if share else short(v) for v in levels]
        if found.policy != found.against:
            told = (row.difference, row.low, row.high)
            cells.append(_points(*told) if share else interval(*told))
    return cells


def _points(difference: float, low: float, high: float) -> Html:
    """Write a difference of shares in percentage points."""
    mean, first, last = (f"{100.0 * value:+z.1f}" for value in (difference, low, high))
    return fragment("interval", value=mean, low=first, high=last)
