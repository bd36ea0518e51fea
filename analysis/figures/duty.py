"""Duties over time as steps, with the instruments that made them as dated rules below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.equations import DUTY
from analysis.figure import DUTIES, Asked, Caption, Figure, Layout
from analysis.needs import DUTIED, IMPORTER
from analysis.style import (
    COUNTRY_COLOURS,
    INK,
    QUIET,
    RULE,
    as_text,
    clipped,
    empty,
    place,
    plain,
    product_name,
    template,
    years_apart,
)
from analysis.summaries.duties import (
    changing_exporters,
    duty_steps,
    instrument_spans,
    rate_steps,
)
from analysis.summaries.instruments import rates, titles
from analysis.summaries.outcomes import records

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_ROW, _STEPS = 24, 300
"""Pixels of a rule's row and of the steps above."""

_BRIEF = 46
"""Letters of a rule's title beside its bar."""

_ROOM = pd.Timedelta(days=190)
"""A rate is written on its bar when the next one is farther off than this; hovering tells all."""

_NOTE = (
    "Per cent of customs value where no agreement's lower rate is claimed;"
    " below: rules in force, from first day on"
)

Span = tuple[pd.Timestamp, pd.Timestamp]
Trace = dict[str, Any]


def duty_timeline(
    steps: pd.DataFrame,
    importer: str,
    product: str,
    policy: str,
    named: Mapping[str, str],
    dated: Mapping[str, Sequence[tuple[str, float]]],
) -> go.Figure:
    """Draw what an importer charges on a product, by exporter, and which rules are in force.

    ``steps`` is :func:`analysis.summaries.duties.duty_steps`; ``named`` names instruments by id
    and ``dated`` gives their values, ISO date and share (:mod:`analysis.summaries.instruments`).
    Rates are day-weighted within a month and without preference; exporters whose duty never changes
    are left out, and those with one duty share a line.
    """
    goods = product_name(product).lower()
    title = f"{place(importer)}, duty on {goods} without preference: {policy}"
    shown = changing_exporters(steps) if len(steps) else {}
    if not shown:
        return empty(title, f"{place(importer)} never changes this duty under {policy}.")
    spans = instrument_spans(steps[steps["exporter"].isin(list(shown))])
    first = spans.groupby("instrument")["start"].min().sort_values(kind="stable")
    ids = [str(code) for code in first.index[::-1]]
    labels = [as_text(named.get(code) or plain(code)) for code in ids]
    short = [as_text(clipped(named.get(code) or plain(code), _BRIEF)) for code in ids]
    span = (steps["month"].min(), steps["month"].max() + pd.DateOffset(months=1))
    kept = rate_steps(steps)
    traces = [
        _step(kept[kept["exporter"] == code], code, twins, _DASHES[number % len(_DASHES)])
        for number, (code, twins) in enumerate(shown.items())
    ]
    traces += _rules(spans, ids, labels, span) + _values(ids, labels, dated, span)
    return _figure(traces, title, short, span, _edges(spans, span))


def _figure(
    traces: list[Trace], title: str, labels: list[str], span: Span, edges: list[pd.Timestamp]
) -> go.Figure:
    """Lay out the steps above and one row for each rule below, with lines through both."""
    rows = max(len(labels), 1)
    low = (_ROW * rows + 10) / (_STEPS + _ROW * rows + 10)
    years = {
        "type": "date",
        "showgrid": False,
        "tickformat": "%Y",
        "range": list(map(_day, span)),
        "dtick": years_apart(*span, 16),
    }
    return go.Figure({"data": traces, "layout": {
        "template": template(), "height": 220 + _STEPS + _ROW * rows + 10,
        "title": {"text": title, "subtitle": {"text": _NOTE}},
        "xaxis": years | {"anchor": "y", "matches": "x2", "showticklabels": False},
        "xaxis2": years | {"anchor": "y2"},
        "yaxis": {"domain": [low + 0.05, 1.0], "tickformat": ".1~%", "rangemode": "tozero",
                  "title": {"text": "duty without preference, % of value"}},
        "yaxis2": {"domain": [0.0, low], "anchor": "x2", "range": [-0.6, rows - 0.4],
                   "tickvals": list(range(rows)), "ticktext": labels,
                   "tickfont": {"size": 11}, "showgrid": False, "ticks": "", "zeroline": False},
        "shapes": [{"type": "line", "x0": _day(edge), "x1": _day(edge), "y0": 0, "y1": 1,
                    "yref": "paper", "layer": "below", "line": {"color": RULE, "width": 1}}
                   for edge in edges],
    }})  # fmt: skip


def _step(rows: pd.DataFrame, code: str, twins: list[str], dash: str) -> Trace:
    name = ", ".join(place(c) for c in (code, *twins[:2]))
    name += f" and {len(twins) - 2} more" if len(twins) > 2 else ""
    colour = COUNTRY_COLOURS.get(code, INK)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"from {name}",
        "x": [_day(month) for month in rows["month"]],
        "y": rows["rate_share"].tolist(),
        "line": {"shape": "hv", "width": 2.2, "dash": dash, "color": colour},
        "hovertemplate": f"<b>from {name}</b><br>%{{x|%b %Y}}: %{{y:.1%}}<extra></extra>",
    }


def _rules(spans: pd.DataFrame, ids: list[str], labels: list[str], span: Span) -> list[Trace]:
    """Bars from the first to the last month of every rule, one row a rule."""
    row = {code: number for number, code in enumerate(ids)}
    told = records(spans)
    return [{
        "type": "bar", "orientation": "h", "xaxis": "x2", "yaxis": "y2", "width": 0.55,
        "y": [row[s.instrument] for s in told], "base": [_day(s.start) for s in told],
        "x": [(s.end - s.start).total_seconds() * 1000 for s in told],
        "marker": {"color": QUIET, "opacity": 0.55}, "showlegend": False, "hoverinfo": "text",
        "hovertext": [
            f"<b>{labels[row[s.instrument]]}</b><br>{s.start:%b %Y} to {_until(s.end, span)}"
            f"<br>on goods from {', '.join(place(code) for code in s.exporters.split())}"
            for s in told
        ],
    }] if told else []  # fmt: skip


def _until(end: pd.Timestamp, span: Span) -> str:
    last = end - pd.DateOffset(months=1)
    return "the end of the run" if end >= span[1] else f"{last:%b %Y}"


def _values(
    ids: list[str],
    labels: list[str],
    rates: Mapping[str, Sequence[tuple[str, float]]],
    span: Span,
) -> list[Trace]:
    """Ticks on the bars where a dated value begins, with its rate where there is room."""
    days, rows, texts, hovers = [], [], [], []
    for row, code in enumerate(ids):
        dated = [(day, rate) for day, rate in rates.get(code, ()) if pd.Timestamp(day) < span[1]]
        for number, (day, rate) in enumerate(dated, 1):
            after = pd.Timestamp(dated[number][0]) if number < len(dated) else span[1]
            if after <= span[0]:
                continue
            days.append(max(day, _day(span[0])))
            rows.append(row)
            texts.append(f" {_rate(rate)}" if after - pd.Timestamp(days[-1]) > _ROOM else "")
            hovers.append(f"<b>{labels[row]}</b><br>{_rate(rate)} from {day}")
    return [{
        "type": "scatter", "mode": "markers+text", "xaxis": "x2", "yaxis": "y2",
        "x": days, "y": rows, "text": texts, "textposition": "middle right",
        "textfont": {"size": 10.5, "color": INK}, "hovertext": hovers, "hoverinfo": "text",
        "marker": {"symbol": "line-ns-open", "size": 13, "color": INK}, "showlegend": False,
    }] if days else []  # fmt: skip


def _edges(spans: pd.DataFrame, span: Span) -> list[pd.Timestamp]:
    """Months in which a rule starts or ends, the run's own ends left out."""
    return sorted({*spans["start"], *spans["end"]} - set(span))


def _rate(share: float) -> str:
    return f"{round(share * 100, 2):g} %"


def _day(moment: pd.Timestamp) -> str:
    return f"{moment:%Y-%m-%d}"


def _duty(asked: Asked) -> go.Figure:
    run, policy = asked.run, asked.policy
    steps = duty_steps(run, policy, asked[IMPORTER], asked[DUTIED])
    law = (titles(run, policy), rates(run, policy))
    return duty_timeline(steps, asked[IMPORTER], asked[DUTIED], asked.names[0], *law)


FIGURES = (
    Figure(
        "duty",
        "duty of an importer on a product over time, with the instruments behind it",
        DUTIES,
        _duty,
        needs=(IMPORTER, DUTIED),
        layout=Layout.BOTH,
        report={},
        narrowest_mm=140.0,
        caption=Caption(
            unit="per cent of customs value, without preference of a trade agreement",
            band="none: the law is the same in every run",
            method="day-weighted within a month; exporters whose duty changes alike share a line",
            equation=DUTY,
            sources="table duties and law.json of the run; sources of each instrument under The "
            "law that was used",
        ),
    ),
)
