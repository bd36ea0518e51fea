"""Numbered marks of dated acts on panels over time, listed below the figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.style import BASELINE, INK, PAPER, QUIET, as_text, clipped
from analysis.summaries.acts import Act

LISTED = "act"
"""Name of the lines of the list: a page takes them out of the figure and writes them below it."""
_LINE, _ROOM = 16, 150
"""Pixels of a line of the list; letters that a laptop's figure has room for."""
_CLOSE = pd.DateOffset(months=8)
"""Marks nearer than this in time stand on different levels."""


def mark_acts(figure: go.Figure, acts: Sequence[Act], countries: Sequence[str]) -> go.Figure:
    """Mark acts in the panels of the countries on which they bear (:func:`panels`)."""
    if not acts:
        return figure
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for panel, country in enumerate(countries):
        end = "" if panel == 0 else str(panel + 1)
        last, level = pd.Timestamp(0), 0
        for number, act in enumerate(acts, 1):
            if act.bears_on(country):
                level = (level + 1) % 3 if last + _CLOSE > act.day else 0
                last = act.day
                shapes.append(_rule(act, end))
                notes.append(_number(act, number, end, level))
    below = int(figure.layout.margin.b or 56) + 26
    notes += [_listed(act, number, below) for number, act in enumerate(acts, 1)]
    room = _LINE * len(acts) + 30
    return figure.update_layout(
        shapes=shapes,
        annotations=[*(note.to_plotly_json() for note in figure.layout.annotations), *notes],
        height=figure.layout.height + room,
        margin={"b": below + room},
        meta={"acts": room},
    )


def _rule(act: Act, end: str) -> dict[str, Any]:
    return {
        "type": "line", "x0": f"{act.day:%Y-%m-%d}", "x1": f"{act.day:%Y-%m-%d}", "y0": 0, "y1": 1,
        "xref": f"x{end}", "yref": f"y{end} domain", "layer": "below",
        "line": {"color": BASELINE, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _number(act: Act, number: int, end: str, level: int) -> dict[str, Any]:
    return {
        "text": f"<b>{number}</b>", "x": f"{act.day:%Y-%m-%d}", "y": 1, "xref": f"x{end}",
        "yref": f"y{end} domain", "yanchor": "top", "yshift": -2 - 13 * level,
        "showarrow": False, "bgcolor": PAPER, "borderpad": 1,
        "font": {"size": 10.5, "color": INK}, "hovertext": as_text(act.text),
    }  # fmt: skip


def _listed(act: Act, number: int, below: int) -> dict[str, Any]:
    return {
        "name": LISTED, "text": f"<b>{number}</b>  {as_text(clipped(act.text, _ROOM))}",
        "x": 0, "y": 0, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top",
        "yshift": -(below + _LINE * (number - 1)), "showarrow": False, "align": "left",
        "font": {"size": 11, "color": QUIET},
    }  # fmt: skip
