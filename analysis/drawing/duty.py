"""Duties over time as steps, with the instruments that made them as dated rules below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.duties import changing_exporters, instrument_spans, rate_steps, same_duty
from analysis.outcomes import records
from analysis.style import (
    COUNTRY_COLOURS,
    INK,
    QUIET,
    RULE,
    dressed,
    empty,
    place,
    plain,
    product_name,
    years_apart,
)

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_ROW = 24


def duty_timeline(
    steps: pd.DataFrame,
    importer: str,
    product: str,
    policy: str,
    titles: Mapping[str, str] | None = None,
    rates: Mapping[str, Sequence[tuple[str, float]]] | None = None,
) -> go.Figure:
    """Draw what an importer charges on a product, by exporter, and which rules are in force.

    ``steps`` is :func:`analysis.duties.duty_steps`; ``titles`` names instruments by id and
    ``rates`` gives their dated values, ISO date and share (:mod:`analysis.law_page`). Rates are
    day-weighted within a month and without preference; exporters whose duty never changes are left
    out, and those with one duty share a line.
    """
    title = f"{place(importer)}, duty on {product_name(product).lower()}: {policy}"
    shown = changing_exporters(steps) if len(steps) else []
    if not shown:
        return empty(title, f"{place(importer)} never changes this duty under {policy}.")
    names = titles or {}
    spans = instrument_spans(steps[steps["exporter"].isin(shown)])
    first = spans.groupby("instrument")["start"].min().sort_values(kind="stable")
    ids = [str(code) for code in first.index[::-1]]
    rows = max(len(ids), 1)
    heights = [300, _ROW * rows + 10]
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.06, row_heights=heights
    )
    for number, code in enumerate(shown):
        _step(figure, steps, code, _DASHES[number % len(_DASHES)])
    labels = [names.get(code) or plain(code) for code in ids]
    _rules(figure, spans, ids, labels)
    _values(figure, ids, labels, rates or {}, (spans["start"].min(), spans["end"].max()))
    _starts(figure, spans)
    figure.update_yaxes(
        row=2, tickvals=list(range(rows)), ticktext=[_brief(label) for label in labels],
        range=[-0.6, rows - 0.4], tickfont={"size": 11}, showgrid=False, ticks="",
    )  # fmt: skip
    figure.update_yaxes(row=1, tickformat=".1~%", rangemode="tozero", title_text="duty, % of value")
    figure.update_xaxes(
        type="date", showgrid=False, tickformat="%Y",
        dtick=years_apart(spans["start"].min(), spans["end"].max(), 16),
        range=[steps["month"].min(), spans["end"].max()],
    )  # fmt: skip
    note = "Per cent of customs value, without preference; below: rules in force, from first day on"
    return dressed(figure, title, note, 220 + sum(heights))


def _step(figure: go.Figure, steps: pd.DataFrame, code: str, dash: str) -> None:
    twins = same_duty(steps, code)
    name = ", ".join(place(c) for c in (code, *twins[:2]))
    name += f" and {len(twins) - 2} more" if len(twins) > 2 else ""
    rows = rate_steps(steps[steps["exporter"] == code])
    figure.add_scatter(
        x=rows["month"], y=rows["rate_share"], mode="lines", name=f"from {name}",
        line={
            "shape": "hv", "width": 2.2, "dash": dash, "color": COUNTRY_COLOURS.get(code, INK)
        },
        hovertemplate=f"<b>from {name}</b><br>%{{x|%b %Y}}: %{{y:.1%}}<extra></extra>",
        row=1, col=1,
    )  # fmt: skip


def _rules(figure: go.Figure, spans: pd.DataFrame, ids: list[str], names: list[str]) -> None:
    """Bars from the first to the last day of every rule, one row a rule."""
    row = {code: number for number, code in enumerate(ids)}
    days = (spans["end"] - spans["start"]).dt.total_seconds() * 1000
    figure.add_bar(
        y=[row[code] for code in spans["instrument"]], x=days, base=spans["start"],
        orientation="h", width=0.55, marker={"color": QUIET, "opacity": 0.55}, showlegend=False,
        customdata=[
            [names[row[s.instrument]], f"{s.start:%b %Y}", _until(s.end, spans), _from(s)]
            for s in records(spans)
        ],
        hovertemplate=(
            "<b>%{customdata[0]}</b><br>%{customdata[1]} to %{customdata[2]}"
            "<br>on goods from %{customdata[3]}<extra></extra>"
        ),
        row=2, col=1,
    )  # fmt: skip


_ROOM = pd.Timedelta(days=190)
"""A rate is written on its bar when the next one is farther off than this; hovering tells all."""


def _values(
    figure: go.Figure,
    ids: list[str],
    labels: list[str],
    rates: Mapping[str, Sequence[tuple[str, float]]],
    span: tuple[pd.Timestamp, pd.Timestamp],
) -> None:
    """Ticks on the bars where a dated value begins, with its rate where there is room."""
    days, rows, texts, hovers = [], [], [], []
    for row, code in enumerate(ids):
        dated = [(day, rate) for day, rate in rates.get(code, ()) if pd.Timestamp(day) < span[1]]
        for number, (day, rate) in enumerate(dated, 1):
            after = pd.Timestamp(dated[number][0]) if number < len(dated) else span[1]
            if after <= span[0]:
                continue
            days.append(max(day, f"{span[0]:%Y-%m-%d}"))
            rows.append(row)
            texts.append(f" {_rate(rate)}" if after - pd.Timestamp(days[-1]) > _ROOM else "")
            hovers.append(f"<b>{labels[row]}</b><br>{_rate(rate)} from {day}")
    if days:
        figure.add_scatter(
            x=days, y=rows, mode="markers+text", text=texts, textposition="middle right",
            textfont={"size": 10.5, "color": INK}, hovertext=hovers, hoverinfo="text",
            marker={"symbol": "line-ns-open", "size": 13, "color": INK}, showlegend=False,
            row=2, col=1,
        )  # fmt: skip


def _rate(share: float) -> str:
    return f"{round(share * 100, 2):g} %"


def _until(end: pd.Timestamp, spans: pd.DataFrame) -> str:
    last = end - pd.DateOffset(months=1)
    return "the end of the run" if end == spans["end"].max() else f"{last:%b %Y}"


def _from(span: Any) -> str:
    return ", ".join(place(code) for code in str(span.exporters).split())


def _starts(figure: go.Figure, spans: pd.DataFrame) -> None:
    """Thin vertical lines through both panels where a rule starts or ends."""
    edges = set(spans["start"]) | set(spans["end"])
    for edge in sorted(edges - {spans["start"].min(), spans["end"].max()}):
        figure.add_shape(
            type="line", x0=edge, x1=edge, y0=0, y1=1, xref="x", yref="paper", layer="below",
            line={"color": RULE, "width": 1},
        )  # fmt: skip


def _brief(name: str, length: int = 46) -> str:
    """Shorten a title at a word so that it fits beside its bar."""
    return name if len(name) <= length else name[:length].rsplit(" ", 1)[0] + " ..."
